"""The strip of switching values on a slide, of native shapes that can be edited."""

from collections.abc import Mapping, Sequence

import numpy as np
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import PP_ALIGN
from pptx.util import Emu, Inches, Pt

from reports.files.deck import INK, LEAST, MUTED, text
from reports.files.deck_charts import Box
from reports.files.letters import lines_of, width_of
from reports.words.briefing import Drawn

LABEL, BAR = 0.25, 0.35  # of the width: the name before a bar, the bar; words take the rest
GAP = Inches(0.2)
PALE = 0.72  # how far towards white
LETTERED = Inches(0.9)  # width of a figure at its place
BOLD = 1.08  # of the width of what is not
LINE = Pt(14.4)  # of the smallest type
AIR = Pt(2.5)  # between the words of two rows
TALLEST, LOWEST = Inches(0.6), Inches(0.385)  # of a row: its bar, and the figures of its switching values below
Keys = Sequence[tuple[str, str]]  # an option's name and its colour


def below_key(keys: Keys, box: Box) -> Box:
    """What of a place is left below the names of the colours."""
    down = Emu(int(LINE * _key_lines(keys, box)) + Inches(0.1))
    return Box(box.left, Emu(box.top + down), box.width, Emu(box.height - down))


def draw_key(slide, keys: Keys, box: Box) -> None:
    """The options that are the cheapest anywhere, each behind a dot of its colour."""
    words = text(slide, "", box.left, box.top, box.width, Emu(int(LINE * _key_lines(keys, box))), name="Colours")
    paragraph = words.text_frame.paragraphs[0]
    for label, colour in keys:
        for part, ink in (("\u25cf ", colour.lstrip("#").upper()), (f"{label}    ", INK)):
            run = paragraph.add_run()
            run.text, run.font.size, run.font.color.rgb = part, Pt(LEAST), RGBColor.from_string(ink)


def _key_lines(keys: Keys, box: Box) -> int:
    return lines_of("    ".join(f"\u25cf {label}" for label, _ in keys), box.width / Pt(1), LEAST)


def rows_that_fit(box: Box, rows: Sequence[Drawn]) -> int:
    """How many of the rows of the strip a place has room for, one at least."""
    return max(1, int(np.searchsorted(np.cumsum(_heights(box, rows)), box.height, side="right")))


def _heights(box: Box, rows: Sequence[Drawn]) -> list[int]:
    """The least height of each row: its bar or its words."""
    return [
        max(LOWEST, int(LINE * max(lines_of(words, room / Pt(1), LEAST) for words, room in _words(box, row)) + AIR))
        for row in rows
    ]


def _words(box: Box, row: Drawn) -> tuple[tuple[str, float], ...]:
    """What stands before and after a bar, and the width that each has."""
    return (row.label, box.width * LABEL), (f"{row.today} today; {row.says}", box.width * (1 - LABEL - BAR) - 2 * GAP)


def strip_rows(slide, box: Box, rows: Sequence[Drawn], colours: Mapping[str, str]) -> None:
    """A row for each assumption: its name, its bar by who is the cheapest, today's place and switching values."""
    heights = _heights(box, rows)
    more = max(0, min(TALLEST - LOWEST, int((box.height - sum(heights)) / len(rows))))
    top = box.top
    thick = int(LOWEST + more - LINE - Pt(7))  # of every bar, however many lines its name has
    for row, height in zip(rows, heights, strict=True):
        _row(slide, Box(box.left, Emu(int(top)), box.width, Emu(height + more)), row, colours, thick)
        top += height + more


def _row(slide, box: Box, row: Drawn, colours: Mapping[str, str], thick: int) -> None:
    left, width = int(box.left + box.width * LABEL + GAP), int(box.width * BAR)
    top = int(box.top + (box.height - thick - LINE) / 2)
    (label, before), (says, after) = _words(box, row)
    middle = Emu(int(box.height - LINE * 0.6))  # level with the bar
    text(slide, label, box.left, box.top, Emu(int(before)), middle, size=LEAST, middle=True)
    for start, end, slug in row.leads:
        colour = RGBColor.from_string(colours[slug].lstrip("#").upper())
        place = left + int(width * start), int(width * (end - start))
        _bar(slide, place, top, thick, _pale(colour))
        _bar(slide, place, top + thick - Pt(2.5), Pt(2.5), colour)
    low, high = row.likely
    _bar(slide, (left + int(width * low), int(width * (high - low))), top + thick + Pt(2), Pt(1.5),
         RGBColor.from_string(MUTED))  # fmt: skip
    for share, told, *_ in row.turns:
        _bar(slide, (left + int(width * share), Pt(1.5)), top - Pt(2), thick + Pt(5), RGBColor.from_string(INK))
        _lettered(slide, told, left + width * share, top + thick + Pt(4), left, width)
    _handle(slide, left + width * row.at, top + thick / 2)
    text(slide, says, Emu(left + width + GAP), box.top, Emu(int(after)), middle, size=LEAST, middle=True)


def _bar(slide, place: tuple[int, int], top: float, height: float, colour: RGBColor) -> None:
    left, width = place
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Emu(left), Emu(int(top)), Emu(max(width, 1)), Emu(int(height)))
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour
    shape.line.fill.background()
    shape.shadow.inherit = False


def _handle(slide, x: float, y: float) -> None:
    size = Pt(10)
    shape = slide.shapes.add_shape(MSO_SHAPE.OVAL, Emu(int(x - size / 2)), Emu(int(y - size / 2)), size, size)
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string("FFFFFF")
    shape.line.color.rgb, shape.line.width = RGBColor.from_string(INK), Pt(1.75)
    shape.shadow.inherit = False
    shape.name = "Today"


def _lettered(slide, words: str, x: float, y: float, left: int, width: int) -> None:
    """A figure below its place, within the width of the bar."""
    wide = BOLD * width_of(words, LEAST) * Pt(1)
    middle = min(max(x, left + wide / 2), left + width - wide / 2)
    box = text(slide, words, Emu(int(middle - LETTERED / 2)), Emu(int(y)), LETTERED, LINE, size=LEAST, bold=True)
    box.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER


def _pale(colour: RGBColor) -> RGBColor:
    return RGBColor(*(int(part + (255 - part) * PALE) for part in colour))
