"""What the names of a bill's lines say: which model, which kind of tokens, whether batch, and how many to the unit."""

import re
from dataclasses import dataclass

from usage.row import Row

MARKETPLACE_UNIT = 1e6  # "Units" of a line of AWS's Marketplace are millions of tokens
OTHER = "not generative"
NO_TOKENS = "Some lines of {} are billed by {}, not by tokens: their cost counts, their tokens are not known."
MULTIPLES = {"": 1, "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "billion": 1e9}
UNIT = re.compile(r"(?:per\s+)?(\d[\d,]*)?\s*(k|m|b|thousand|million|billion)?\s*tokens?$", re.I)
BLOCK = re.compile(r"(\d[\d,]*)?\s*(k|m)?$", re.I)

# Words of a line that begin what is said about the tokens; the model stands before them.
WRITES = re.compile(r"cache[\s_-]*(?:d\s*)?(?:wr|creat|storage write)|\bcd wr\b|cachewrite", re.I)
READS = re.compile(r"cach(?:e|ing)|\bcchd\b|\bcd\b", re.I)
THINKING = re.compile(r"thinking|reasoning", re.I)
INPUTS = re.compile(r"input|inpt|\binp\b|\bin\b|prompt|embedding", re.I)
OUTPUTS = re.compile(r"output|outpt|\boutp\b|\bopt\b|\bout\b|completion", re.I)
BATCH = re.compile(r"batch", re.I)
HOUR = re.compile(r"1[\s_-]*h(?:our|r)?\b|1h", re.I)


@dataclass(frozen=True)
class Meter:
    """A line's name: the model as it writes it, what `kind_of` says, batch, lifetime of what was written to a cache."""

    model: str | None
    kind: str | None
    batch: bool = False
    lifetime: str | None = None

    def row(self, tokens: float | None, **known) -> Row:
        """The line as a row. Lines are disjoint: those of cached tokens are part of all input, and none of another."""
        row = Row(model=self.model, batch=self.batch or None, **known)
        if tokens is None or self.kind is None:
            return row
        if self.kind in ("output", "reasoning"):
            row.output_tokens = tokens
            row.reasoning_tokens = tokens if self.kind == "reasoning" else None
            return row
        row.input_tokens = tokens
        if self.kind == "cached_read":
            row.cached_read_tokens = tokens
        elif self.kind == "cache_write":
            row.cache_write_tokens = tokens
            row.ttl_tokens = ((self.lifetime, tokens),) if self.lifetime else ()
        return row


def kind_of(name: str) -> str | None:
    """The kind of tokens that a name speaks of. Cached wins over input, writing over reading."""
    if WRITES.search(name):
        return "cache_write"
    if READS.search(name):
        return "cached_read"
    if THINKING.search(name) and not INPUTS.search(name):
        return "reasoning"
    if OUTPUTS.search(name):
        return "output"
    return "input" if INPUTS.search(name) else None


def tokens_to_the_unit(unit: str | None) -> float | None:
    """How many tokens a unit such as Tokens, 1000 Tokens, 1K tokens or 1M Tokens has; None when it counts others."""
    found = UNIT.match((unit or "").strip())
    return _times(found) if found else None


def block(unit: str | None) -> float | None:
    """The size of a block such as 1K or 1M; None for a unit that is none."""
    text = (unit or "").strip()
    found = BLOCK.match(text) if text else None
    return _times(found) if found else tokens_to_the_unit(text)


def _times(found: re.Match) -> float:
    return float((found[1] or "1").replace(",", "")) * MULTIPLES[(found[2] or "").lower()]


# Azure: "gpt 4o 1120 cached Inp glbl Tokens", "5.4 inp Gl 1M", "6-sol ShortCo Cd Wr Std Gl".
AZURE_WORDS = {
    "cached_read": {"cached", "cchd", "cd", "cache"},
    "input": {"inp", "inpt", "input", "in", "prompt"},
    "output": {"outp", "outpt", "opt", "output", "out", "completion"},
    "cache_write": {"wr", "write"},
}
AZURE_ENDS = {
    "glbl", "gl", "global", "dz", "dzone", "data", "zone", "regnl", "regional", "rgnl", "batch", "pp", "std", "l",
    "longco", "shortco", "tokens", "token", "1m", "1k", "aud", "audio", "txt", "img", "ptu", "hosting",
}  # fmt: skip


def azure(name: str) -> Meter:
    """The meter of Azure's models: abbreviated, and never twice in the same way."""
    words, between = name.split(), " "
    if not any(_azure_kind(word) for word in words[1:]):
        words, between = re.split(r"[\s-]+", name), "-"
    kinds = [(_azure_kind(word), place) for place, word in enumerate(words) if place]
    said = {kind for kind, _ in kinds if kind}
    kind = next((kind for kind in ("cache_write", "cached_read", "input", "output") if kind in said), None)
    ends = [place for place, word in enumerate(words) if place and (_azure_kind(word) or word.lower() in AZURE_ENDS)]
    model = between.join(words[: ends[0]] if ends else words)
    if kind is None and "embedding" in name.lower():
        kind = "input"
    return Meter(model or None, kind, batch=any(word.lower() == "batch" for word in words))


def _azure_kind(word: str) -> str | None:
    return next((kind for kind, words in AZURE_WORDS.items() if word.lower() in words), None)


# AWS: "USE1-NovaLite-input-tokens-batch", "...-mantle-cache-write-tokens-global-standard", "USE1-MP:USE1_...-Units".
REGION = re.compile(r"^(?:US|UG|EU|AP|CA|SA|ME|AF|IL|MX|CN)(?:[A-Z]\d)?-")
AWS_KIND = re.compile(
    r"-(?:mantle-)?(?:text-|speech-|image-|video-|audio-)?((?:cache-(?:read|write)|input|output)(?:-.*)?)$"
)
TOKEN_NAME = re.compile(r"token|count", re.I)


def aws(usage_type: str, product: str | None) -> Meter:
    """The usage type of Bedrock. The model of a Marketplace line stands in the product's name alone."""
    name = REGION.sub("", usage_type)
    if name.startswith("MP:"):
        said = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
        kind = kind_of(said.replace("_", " ")) if TOKEN_NAME.search(said) else None
        return Meter(product, kind, bool(BATCH.search(said)), _lifetime(said) if kind == "cache_write" else None)
    found = AWS_KIND.search(name)
    if not found or not TOKEN_NAME.search(found[1]):
        return Meter(None, None)
    kind = kind_of(found[1].replace("-", " "))
    lifetime = _lifetime(found[1]) if kind == "cache_write" else None
    return Meter(name[: found.start()] or None, kind, bool(BATCH.search(found[1])), lifetime)


def _lifetime(name: str) -> str | None:
    found = re.search(r"(\d+)[\s_-]*(h|m)(?:our|in)?", name, re.I)
    return f"{found[1]}{found[2].lower()}" if found else None


# Google: "Gemini 2.5 Flash GA Text Input - Predictions", "Generate content input token count gemini 2.5 flash short".
GOOGLE_API = re.compile(r"token count(?: for)? (.*)$")
GOOGLE_END = re.compile(
    r"\b(?:ga|text|audio|video|input|output|thinking|cached|caching|batch|priority|flex|short|long|predictions|standard"
    r"|image (?=input|output)|context|token|cache)\b|\(long\)| - ",
)
GOOGLE_NO_TOKENS = re.compile(r"storage|tuning|training", re.I)


def google(sku: str, service: str = "") -> Meter:
    """The SKU of Vertex AI, of the Gemini API, or of a partner's model, which the service names."""
    name = sku.lower()
    found = GOOGLE_API.search(name)
    model = GOOGLE_END.split(found[1] if found else name, maxsplit=1)[0].strip(" -") or None
    kind = None if GOOGLE_NO_TOKENS.search(name) else kind_of(name)
    if service.lower().startswith(("claude", "mistral", "llama", "grok", "deepseek", "qwen")):
        model = service
    return Meter(model, kind, bool(BATCH.search(name)), "1h" if kind == "cache_write" and HOUR.search(name) else None)
