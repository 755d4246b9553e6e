"""Which model a line names, and who sells it: at whose list price its usage counts."""

import re
from collections.abc import Sequence
from functools import cache

from costmodel import numerals
from costmodel.errors import ScenarioError
from pricing import token_prices
from pricing.market import hosts, title
from pricing.same_model import plain_name, variant
from pricing.token_prices import TokenPrice
from usage.names import PROVIDERS, listed, provider_id, provider_name
from usage.terms import REQUESTS

MAKERS = ("anthropic", "openai", "google", "deepseek", "mistral", "x-ai", "cohere", "moonshotai")  # who sell their own
RESELLERS = r"(?:aws|amazon|bedrock|azure|vertex|gcp|openrouter|groq|cerebras|fireworks)"
CLASS = re.compile(r"[\s-]?(?:mini|nano|micro|lite|flash|pro|turbo|ultra|codex)\b", re.I)  # another model than without
PLACES = {"global", "regional"}  # what a seller may have of a model, at different prices
_LAST_WORD = re.compile(r"\b[a-z]{3,}[\s-]?$", re.I)
_WORDS, MOST_NAMED = re.compile(r"\b(?!and\b)[a-z]{3,}"), 3  # of a name; models that a refusal names
SEVERAL = "write one for each, with a semicolon between"


def model_of(line: str) -> tuple[TokenPrice, str]:
    """The price of the model that the line names, and the line without the name."""
    provider = _provider(line)
    for pattern, seller, model in sorted(_known(), key=lambda known: known[1] != provider):
        if found := pattern.search(line):
            if CLASS.match(line, found.end()):
                break
            rest = f"{line[: found.start()]} {line[found.end() :]}"
            price = _at(provider, model) if provider else listed(seller, model)
            if price is None:
                raise ScenarioError(
                    f"No list price of {found[0].strip()} is known at {provider_name(provider)}; name who sells it."
                )
            if provider is None and seller not in MAKERS:
                _one_seller(model)
            _only_one(found[0], rest)
            return price, rest
    at = f" at {provider_name(provider)}" if provider else ""
    few = _meant(line, provider) or ["Claude Sonnet 4.6", "GPT-5.4"]
    raise ScenarioError(f"Which model{at}? Name it as the price list does, such as {_either(few)}.")


def ask_for_model(before: str, number: str) -> None:
    """ScenarioError where a number that means nothing else ends the name of a model, which the list has not."""
    word = _LAST_WORD.search(before)
    if word and provider_id(word[0]) not in _sellers() and (few := _meant(word[0], None)):
        name = f"{word[0]}{number}"
        raise ScenarioError(f"Which model is {name}? Name it as the price list does, such as {_either(few)}.")


def names_model(text: str) -> bool:
    """Whether a part of a text names a model that a line may be of."""
    return any(pattern.search(text) for pattern, *_ in _known())


def names_seller(text: str) -> bool:
    """Whether a part of a text names who sells a model."""
    return _provider(text) is not None


def _at(provider: str, model: str) -> TokenPrice | None:
    """The price of a model at its seller, whose name for it may be another; None where it is not known there."""
    price = listed(provider, model)
    if price and price.provider == provider:
        return price
    return next((row for row in hosts(plain_name(model)) if row.provider == provider), None)


def _one_seller(model: str) -> None:
    """ScenarioError where several sell a model that none of them made, each at its own price."""
    sellers = sorted({row.seller for row in hosts(plain_name(model))})
    if len(sellers) > 1:
        few = _either(sellers[:MOST_NAMED])
        raise ScenarioError(
            f"Who sells it? {len(sellers)} have {title(plain_name(model))}: write, for example, at {few}."
        )


def _only_one(name: str, rest: str) -> None:
    """ScenarioError where what a line says beside a model names another."""
    if other := next((found[0] for pattern, *_ in _known() if (found := pattern.search(rest))), None):
        raise ScenarioError(f"Is it of {name} or of {other}? A line tells of one model; {SEVERAL}.")


def _either(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _meant(line: str, provider: str | None) -> list[str]:
    """A few models that the line may mean: those with most of its words, of the provider that it names."""
    said = set(_WORDS.findall(line.lower()))
    alike: dict[str, int] = {}
    for row in token_prices.listed():
        name = title(plain_name(row.model))
        if provider in (None, row.provider) and re.search(r"\d", name):  # without a number, no name is known in a line
            words = _WORDS.findall(f"{name} {provider_name(row.provider)}".lower())
            alike[name] = max(alike.get(name, 0), len(said.intersection(words)))
    most = max(alike.values(), default=0)
    return [name for name, count in alike.items() if count == most and (most or provider)][:MOST_NAMED]


def placed(price: TokenPrice, line: str) -> tuple[TokenPrice, TokenPrice | None]:
    """(the price of where the line says that the model runs, else of everywhere; what it may be where that is open)."""
    sold = {variant(row.model): row for row in hosts(plain_name(price.model)) if row.provider == price.provider}
    if not sold.keys() >= PLACES:
        return price, None
    said = [place for place in PLACES if re.search(rf"\b{place}", line, re.IGNORECASE)]
    return (sold[said[0]], None) if len(said) == 1 else (sold["global"], sold["regional"])


def _provider(line: str) -> str | None:
    """The id of the provider that a line names: after a word such as at or through, else one that sells for others."""
    for before in (r"\b(?:at|from|through|via)\s+", r"\b(?:with|on|to|using)\s+", rf"\b(?={RESELLERS}\b)"):
        phrases = re.findall(rf"{before}(?=([a-z][\w.-]*(?:\s+[a-z][\w.-]*)?))", line, re.IGNORECASE)
        named = dict.fromkeys(filter(None, map(_provider_of, phrases)))
        if len(named) > 1:
            whose = _either([provider_name(provider) for provider in named])
            raise ScenarioError(f"Is it {whose} whose bill that is? A line tells of one; {SEVERAL}.")
        if named:
            return next(iter(named))
    return None


def _provider_of(phrase: str) -> str | None:
    """The provider that a phrase, or its first word, is a name of."""
    known = _sellers()
    return next((found for name in (phrase, phrase.split()[0]) if (found := provider_id(name)) in known), None)


def _sellers() -> set[str]:
    return {*PROVIDERS.values(), *token_prices.providers()}


@cache
def _known() -> tuple[tuple[re.Pattern, str, str], ...]:
    """(how it may be written, seller, model) of every model with a number in its name, the longest names first.

    Makers come before those who sell the models of others, since theirs are the names that models are known by.
    """
    entries = []
    for price in token_prices.listed():
        rank = MAKERS.index(price.provider) if price.provider in MAKERS else len(MAKERS)
        for name in {price.name, price.model, price.name.removeprefix("Claude "), title(plain_name(price.model))}:
            words = re.findall(r"[a-z]+|\d+", name.lower())
            if any(word.isdigit() for word in words) and len("".join(words)) > 2:
                entries.append((rank, -len("".join(words)), words, price))
    entries.sort(key=lambda entry: entry[:2])
    return tuple((_spelled(words), price.provider, price.model) for _, _, words, price in entries)


def _spelled(words: Sequence[str]) -> re.Pattern:
    """A name with points, strokes or spaces between its words, and no further digits behind it.

    No space stands between two of its numbers, unless a size follows: in 'GPT-5 1 M requests' 1 is no part of it.
    """
    joins = (
        r"[._-]?" if (one + other).isdigit() and not behind.isalpha() else r"[\s._:/()-]*"
        for one, other, behind in zip(words[:-1], words[1:], [*words[2:], ""], strict=True)
    )
    spelled = "".join(f"{word}{join}" for word, join in zip(words, [*joins, ""], strict=True))
    is_counted = rf"|\s?{REQUESTS}" if words[-1] in numerals.SCALE else ""
    return re.compile(rf"(?<![\w.]){spelled}(?!\w|[.-]\d{is_counted})", re.IGNORECASE)
