"""Value and name at the right end of every curve, on one line where there is room, instead of a legend."""

from collections.abc import Mapping

import numpy as np

LINE_HEIGHT = 0.065  # of the plot's height: the least distance between two labels
LETTER_WIDTH = 7  # pixels
NARROW_LETTERS, NARROW_MARGIN = 16, 120  # of a line on a telephone; pixels of all


def names_margin(words: Mapping[str, tuple[str, str]]) -> int:
    """Pixels that the longest (value, name) at a curve's end takes on one line."""
    return 24 + LETTER_WIDTH * max(len(" ".join(told)) for told in words.values())


def end_labels(ends: Mapping[str, float], words: Mapping[str, tuple[str, str]], colours: Mapping[str, str],
               span: float, letters: int = 100) -> list[dict]:  # fmt: skip
    """(value, name) at the right end of each curve, moved apart so that none covers another, the lowest first.

    `span` is the height of the axis, in its units; a line has at most so many `letters`.
    """
    gap, order = (span or 1) * LINE_HEIGHT, sorted(ends, key=lambda slug: ends[slug])
    told = {slug: _wrapped(" ".join(filter(None, words[slug])), letters) for slug in ends}
    half = {slug: gap * (told[slug].count("<br>") + 1) / 2 for slug in ends}
    places: dict[str, float] = {}
    taken = -np.inf
    for slug in order:
        places[slug] = max(float(ends[slug]), taken + half[slug])
        taken = places[slug] + half[slug]
    free = (span or 1) + half[order[-1]]  # plotly leaves out what is beyond the axis
    for slug in reversed(order):
        places[slug] = min(places[slug], free - half[slug])
        free = places[slug] - half[slug]
    return [
        {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 8, "y": y, "showarrow": False, "align": "left",
         "text": f'<span style="color:{colours[slug]}">\u25cf</span> {_bold(told[slug], words[slug][0])}'}
        for slug, y in places.items()
    ]  # fmt: skip


def _bold(text: str, beginning: str) -> str:
    return f"<b>{beginning}</b>{text.removeprefix(beginning)}" if beginning else text


def _wrapped(label: str, letters: int) -> str:
    """A label broken into lines of a few words, with the characters that plotly reads as markup made harmless."""
    lines, line = [], ""
    for word in label.split():
        if line and len(line) + 1 + len(word) > letters:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "<br>".join(escaped(part) for part in [*lines, line])


def escaped(label: str) -> str:
    """A label with the characters that plotly reads as markup made harmless."""
    return label.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
