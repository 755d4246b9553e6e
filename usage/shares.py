"""Shares in a line: what a percentage is of, and those in words: half of it batch, two thirds cached, no caching."""

import re
from collections.abc import Iterable

from costmodel.errors import ScenarioError

SHARES = {  # how a line writes what a percentage is of
    "cached": r"(of (it|(the |our )?(input|prompts?)( tokens)?) )?(is |are )?"
    r"(cach(ed|ing)|(read )?from (a |the )?cache|cache( hits?)?( rate)?)",
    "discount": r"(negotiated |volume )?(discount|off|less|rebate)",
    "batch": r"(of (it|(the |our )?(requests|tokens|traffic|calls)) )?((is|are|runs?|goes|go|sent) )*"
    r"((in|as|via|through|on|over|using) )?(the |a )?batch",
}
FRACTIONS = {
    r"(?:a |one )?half": 1 / 2,
    r"(?:a |one )third": 1 / 3,
    r"two[ -]thirds": 2 / 3,
    r"(?:a |one )(?:quarter|fourth)": 1 / 4,
    r"three[ -](?:quarters|fourths)": 3 / 4,
    r"all|everything|entirely|fully|always|only": 1.0,
    r"no|not|none|nothing|never|without(?: any)?": 0.0,
}
_ROUGH = r"(?<!not )(?<!n't )(?<!almost )(?<!nearly )(?<!than )(?<!over )(?<!under )"  # not the share that is written
_RUNS = (
    r"(?:\s+(?:of|it|them|that|the|our|a|inputs?|prompts?|tokens|requests|calls|traffic|is|are|be|runs?|goes|go|sent|"
    r"read|served|from|in|as|via|through|using))*"
)
_WORDS = {
    "cached": r"\s+(?:prompt[ -])?cach(?:ed|ing|es?)\b(?:\s+(?:reads?|hits?)\b)?",
    "batch": r"\s+batch(?:e[sd]|ing)?\b(?:\s+api\b)?",
}
_OF_A_NUMBER = re.compile(r"(?:%|percent|per cent)[^,;.%]*$", re.IGNORECASE)
_ASKED = {
    "cached": (r"\b(?:un)?cach", "How much is read from a cache? Write it like 60 % cached, or no caching."),
    "batch": (r"\bbatch", "How much runs as batch? Write it like 20 % batch, or all batch."),
    "discount": (r"\b(?:discount|rebate)", "How much is the discount? Write it like 10 % discount."),
}
_SAID = (
    *((what, rf"{_ROUGH}\b(?:{said}){_RUNS}{word}", share)
      for what, word in _WORDS.items() for said, share in FRACTIONS.items()),
    ("cached", r"\buncached\b", 0.0),
    ("batch", r"\b(?:via|through|on|over|using|with)(?: the| a)? batch(?: api)?\b", 1.0),
    ("discount", r"\b(?:no|without(?: any| a)?) (?:negotiated |volume )?(?:discount|rebate)s?\b", 0.0),
)  # fmt: skip
_READ = tuple((what, re.compile(pattern, re.IGNORECASE), share) for what, pattern, share in _SAID)


def in_words(text: str) -> tuple[dict[str, float], str]:
    """(what -> share from 0 to 1, the text without what said it); ScenarioError where one is said twice."""
    found: dict[str, float] = {}
    for what, pattern, share in _READ:
        match = pattern.search(text)
        if match and not _OF_A_NUMBER.search(text[: match.start()]):
            if what in found:
                raise ScenarioError(_ASKED[what][1])
            found[what] = share
            text = f"{text[: match.start()]}; {text[match.end() :]}"
    return found, text


def ask_for_the_rest(text: str, found: Iterable[str]) -> None:
    """ScenarioError where a text speaks of a share that nothing in it gives."""
    for what, (words, question) in _ASKED.items():
        if what not in found and re.search(words, text, re.IGNORECASE):
            raise ScenarioError(question)
