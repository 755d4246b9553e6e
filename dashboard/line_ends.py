"""Value and name at the right end of every curve, on one line where there is room, instead of a legend."""

from collections.abc import Mapping
from textwrap import wrap

from reports.files.spread import spread
from reports.words.plain import typeset

LINE_HEIGHT = 0.065  # of the plot's height: the least distance between two labels
LETTER_WIDTH = 7  # pixels
LETTERS = 40  # of a line that has room, so that names leave half of a chart to its curves
FEW = 24  # of one at a line's end on a telephone, where whole names would not all find a place
NARROW_LETTERS, NARROW_MARGIN = 16, 120  # of a line on a telephone; pixels of all


def named(layout: Mapping, ends: Mapping[str, float], words: Mapping[str, tuple[str, str]],
          colours: Mapping[str, str], axis: tuple[float, float], letters: int = LETTERS) -> dict:  # fmt: skip
    """A layout with the labels at the curves' ends, and what of it is `narrow`: another one on a telephone."""
    others, margin = layout.get("annotations", []), layout["margin"]
    meta = {**layout.get("meta", {}), "room": LINE_HEIGHT}  # for those who move the labels (live_charts.js)
    wide = {
        "margin": {**margin, "r": names_margin(words, letters)},
        "annotations": [*end_labels(ends, words, colours, axis, letters), *others],
    }
    few = _fitting({slug: words[slug] for slug in ends}, NARROW_LETTERS)
    narrow = {
        "margin": {**margin, "r": min(NARROW_MARGIN, names_margin(words, NARROW_LETTERS))},
        "annotations": [*end_labels(ends, few, colours, axis, NARROW_LETTERS), *others],
    }
    return {"layout": {**layout, **wide, "meta": meta}, "narrow": narrow}


def names_margin(words: Mapping[str, tuple[str, str]], letters: int = LETTERS) -> int:
    """Pixels that the longest (value, name) at a curve's end takes, in lines of at most so many `letters`."""
    return 24 + LETTER_WIDTH * min(letters, max(len(" ".join(told)) for told in words.values()))


def end_labels(ends: Mapping[str, float], words: Mapping[str, tuple[str, str]], colours: Mapping[str, str],
               axis: tuple[float, float], letters: int = LETTERS) -> list[dict]:  # fmt: skip
    """(value, name) at the right end of each curve, moved apart so that none covers another, the lowest first.

    `axis` are the ends of the axis; a line has at most so many `letters`.
    """
    low, room = axis[0], (axis[1] - axis[0]) or 1.0
    told = {slug: _wrapped(" ".join(filter(None, words[slug])), letters) for slug in ends}
    heights = [LINE_HEIGHT * (text.count("<br>") + 1) for text in told.values()]
    places = spread([(float(end) - low) / room for end in ends.values()], heights, 0, 1)
    at = {slug: low + place * room for slug, place in zip(ends, places, strict=True)}
    return [
        {"name": slug, "xref": "paper", "x": 1, "xanchor": "left", "xshift": 8, "y": at[slug], "align": "left",
         "showarrow": False, "text": f"{_dot(colours[slug])}{_bold(told[slug], escaped(words[slug][0]))}"}
        for slug in sorted(ends, key=lambda slug: ends[slug])
    ]  # fmt: skip


def _dot(colour: str) -> str:
    """A dot in the colour of the curve; lines in colours of the theme are told apart by their places alone."""
    return f'<span style="color:{colour}">\u25cf</span> ' if colour.startswith("#") else ""


def _bold(text: str, beginning: str) -> str:
    return f"<b>{beginning}</b>{text.removeprefix(beginning)}" if beginning else text


def _wrapped(label: str, letters: int) -> str:
    """A label in lines of at most so many letters, with the characters that plotly reads as markup made harmless."""
    return "<br>".join(escaped(line) for line in wrap(label, letters, break_on_hyphens=False))


def labelled(name: str, value: str, letters: int) -> str:
    """A name and its value, if any, in lines of at most so many letters, which stand above a bar."""
    lines = wrap(name, letters, break_on_hyphens=False)
    gap = "  " if len(lines[-1]) + 2 + len(value) <= letters else "<br>"
    return "<br>".join(map(escaped, lines)) + (f"{gap}<b>{value}</b>" if value else "")


def _cut(label: str, letters: int) -> str:
    return label if len(label) <= letters else f"{label[: letters - 1].rstrip()}\u2026"


def _fitting(words: Mapping[str, tuple[str, str]], letters: int) -> Mapping[str, tuple[str, str]]:
    """The (value, name) of all curves; with their names cut where together they are higher than the plot."""
    lines = sum(len(wrap(" ".join(told), letters)) for told in words.values())
    if lines * LINE_HEIGHT <= 1:
        return words
    return {slug: (value, _cut(name, FEW)) for slug, (value, name) in words.items()}


def escaped(label: str) -> str:
    """A label as it is set, with the characters that plotly reads as markup made harmless."""
    return typeset(label).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
