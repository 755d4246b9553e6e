"""Names of providers and models as files write them, and the list price that belongs to them."""

import re
from datetime import date, datetime
from functools import lru_cache

from genai_prices.data import providers as _bundled

from costmodel.errors import ScenarioError
from pricing.token_prices import PRICES_AS_OF, TokenPrice, price

# How files write a provider -> its id in the price catalogue. Azure sells OpenAI's models at prices of its own.
PROVIDERS = {
    "microsoft": "azure", "microsoftazure": "azure", "aws": "aws", "awsbedrock": "aws", "awsmarketplace": "aws",
    "gemini": "google", "google": "google", "googlecloud": "google", "googlecloudplatform": "google",
    "googleaistudio": "google", "googlevertex": "google",
    "xai": "x-ai", "mistralai": "mistral", "mistral": "mistral", "moonshotai": "moonshotai", "moonshot": "moonshotai",
    "togetherai": "together", "together": "together", "fireworksai": "fireworks", "fireworks": "fireworks",
    "openai": "openai", "anthropic": "anthropic", "deepseek": "deepseek", "groq": "groq", "cohere": "cohere",
    "coherechat": "cohere", "perplexity": "perplexity", "openrouter": "openrouter", "cerebras": "cerebras",
    "textcompletionopenai": "openai",
}  # fmt: skip
FAMILIES = {"vertex": "google", "gcp": "google", "bedrock": "aws", "amazon": "aws", "azure": "azure"}
MAKERS = {"claude": "anthropic", "gpt": "openai", "gemini": "google", "nova": "aws", "deepseek": "deepseek"}
SOLD_AS = {"nova": "amazon.{}-v1:0", "claude": "anthropic.{}"}  # how Bedrock writes the models of a maker
LIKE_A_MODEL = re.compile(r"[a-z][\w.:/-]*\d[\w.:/-]*$", re.I)


@lru_cache(maxsize=1024)
def provider_id(name: str | None) -> str | None:
    """The id of a provider in the price catalogue, its own name in small letters when the catalogue has none."""
    if not name or not name.strip():
        return None
    key = re.sub(r"[^a-z0-9]", "", name.lower())
    if key in PROVIDERS:
        return PROVIDERS[key]
    if family := next((family for family in FAMILIES if key.startswith(family)), None):
        return FAMILIES[family]
    ids = {re.sub(r"[^a-z0-9]", "", provider.id): provider.id for provider in _bundled}
    return ids.get(key, name.strip().lower())


def provider_name(provider: str) -> str:
    """How a provider of the price catalogue writes its name."""
    return next((entry.name for entry in _bundled if entry.id == provider), provider)


@lru_cache(maxsize=1024)
def split(model: str | None, provider: str | None = None) -> tuple[str | None, str | None]:
    """(provider, model) of a gateway's name such as anthropic/claude-sonnet-4-5; OpenRouter's ids keep their maker."""
    seller = provider_id(provider)
    if not model or "/" not in model:
        return seller, model or None
    head, rest = model.split("/", 1)
    if seller == provider_id(head):
        return seller, rest
    if seller is None and provider_id(head) in {entry.id for entry in _bundled}:
        return provider_id(head), rest
    return seller, model


@lru_cache(maxsize=1024)
def maker(model: str | None) -> str | None:
    """The provider of a model that names none, when exactly one may be meant."""
    if not model:
        return None
    found = [p.id for p in _bundled if p.model_match and p.model_match.is_match(model.lower())]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=2048)
def is_model(name: str, provider: str) -> bool:
    """Whether a text is the name of a model: one that is in the price catalogue, or written like one."""
    return listed(provider, name) is not None or bool(LIKE_A_MODEL.match(name))


def listed(provider: str | None, model: str | None, on: datetime | None = None) -> TokenPrice | None:
    """The list price of a model on a day, also of one that a bill names for display; None when none is known."""
    return _listed(provider, model, min(on.date(), PRICES_AS_OF) if on else PRICES_AS_OF) if model else None


@lru_cache(maxsize=4096)
def _listed(provider: str | None, model: str, on: date) -> TokenPrice | None:
    plain = re.sub(r"\s*\(.*?\)", "", model).strip()
    slug = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", plain).lower().replace(" ", "-")
    slug = re.sub(r"-(\d{4})$", "", slug) if provider == "azure" else slug
    slugs = list(dict.fromkeys((plain, slug, slug.replace(".", "-"))))
    if provider == "azure":
        slugs += [f"gpt-{slug}", f"kimi-{slug}"]
    family = next((family for family in SOLD_AS if family in slug), None)
    if provider == "aws" and family:
        slugs += [SOLD_AS[family].format(slug.replace(".", "-"))]
    owner = next((owner for family, owner in MAKERS.items() if family in slug), None)
    sellers = [provider] if provider else []
    sellers += {"azure": ["openai", "moonshotai"], "aws": [owner], "google": [owner]}.get(provider, [])
    sellers += [maker(slug)] if provider is None else []
    for seller in filter(None, sellers):
        for name in slugs:
            try:
                return price(seller, name, on)
            except ScenarioError:
                continue
    return None
