"""Colours: one for each option, the same on screen, slide and sheet, and greys and tints for what is not an option.

Options keep their hue when others come and go. Hues can be told apart under the common kinds of colour blindness, and
stand out from white and from dark paper by at least 3 to 1; cost groups, roles and parts have hardly any hue.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

from pricing.colours import places

OPTION_COLOURS = ("#0072b2", "#d55e00", "#32a0bb", "#a168ff", "#9c5d6a", "#c4807a", "#c524a0", "#9543e3")
GROUP_COLOURS = {
    "Tokens": "#4d6a8c",
    "Seats": "#b2add0",
    "GPU rental": "#7a90a8",
    "Hardware": "#437470",
    "Site and upkeep": "#a3bcc0",
    "Network and storage": "#779b8f",
    "Support and licences": "#c6cccf",
    "Tuning": "#8d7c97",
    "Retrieval and guardrails": "#b1a49b",
    "Application": "#8b866a",
    "People": "#75654e",
    "Governance": "#c4b498",
    "One-time": "#9e8d89",
    "Risk": "#8d5e60",
}
SHADES = ("#7a90a8", "#c4b498", "#75654e", "#c6cccf", "#8d7c97", "#a3bcc0", "#988c86", "#446c77")
PAPER = "#ffffff"
TEXT_CONTRAST = 4.5  # to 1: of text and its paper
_BY_ORDER: Mapping[str, int] = MappingProxyType({})
_shown: ContextVar[Mapping[str, int]] = ContextVar("places of the options shown", default=_BY_ORDER)


def show_with(kept: Mapping[str, int]) -> None:
    """Draw these options in the colours of their places from now on, in this thread."""
    _shown.set(kept)


@contextmanager
def shown_with(kept: Mapping[str, int]) -> Iterator[None]:
    """Draw these options in the colours of their places within the block."""
    token = _shown.set(kept)
    try:
        yield
    finally:
        _shown.reset(token)


def option_colours(slugs: Iterable[str]) -> dict[str, str]:
    """Slug -> colour: of the place that the scenario shown keeps for it, else by order; a ninth place starts again."""
    kept = places(slugs, _shown.get())
    return {slug: OPTION_COLOURS[place % len(OPTION_COLOURS)] for slug, place in kept.items()}


def luminance(colour: str) -> float:
    """Relative luminance of a colour, as WCAG 2.2 defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How much two colours stand out from each other, from 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def as_text(colour: str) -> str:
    """The colour as dark as letters on white paper must be to be read."""
    parts, share = [int(colour[at : at + 2], 16) for at in (1, 3, 5)], 1.0
    while contrast(colour, PAPER) < TEXT_CONTRAST:
        share -= 0.02
        colour = "#" + "".join(f"{round(part * share):02x}" for part in parts)
    return colour


def readable_on(colour: str) -> str:
    """Of white and black what stands out more from a colour, for letters on it."""
    return max((PAPER, "#000000"), key=lambda letters: contrast(letters, colour))
