"""The strip of switching values on a slide, of native shapes that can be edited."""

from collections.abc import Mapping, Sequence

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import PP_ALIGN
from pptx.util import Emu, Inches, Pt

from reports.files.deck import INK, LEAST, MUTED, text
from reports.files.deck_charts import Box
from reports.words.briefing import Drawn

LABEL, BAR = 0.27, 0.4  # of the width: the name before a bar, the bar; words take the rest
GAP = Inches(0.2)
PALE = 0.72  # how far towards white
LETTERED = Inches(0.9)  # width of a figure at its place
TALLEST, LOWEST, LINE = Inches(0.75), Inches(0.58), Pt(15)  # of a row; of a figure above or below its bar


def rows_that_fit(box: Box) -> int:
    """How many rows of the strip a place has room for."""
    return int(box.height // LOWEST)


def strip_rows(slide, box: Box, rows: Sequence[Drawn], colours: Mapping[str, str]) -> None:
    """A row for each assumption: its name, its bar by who is the cheapest, today's value and switching values."""
    height = min(TALLEST, Emu(int(box.height / len(rows))))
    for i, row in enumerate(rows):
        _row(slide, Box(box.left, Emu(int(box.top + i * height)), box.width, Emu(int(height))), row, colours)


def _row(slide, box: Box, row: Drawn, colours: Mapping[str, str]) -> None:
    left, width = int(box.left + box.width * LABEL + GAP), int(box.width * BAR)
    top, thick = int(box.top + LINE), int(box.height - 2 * LINE - Pt(2))
    text(slide, row.label, box.left, box.top, Emu(int(box.width * LABEL)), box.height, size=LEAST, middle=True)
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
        _lettered(slide, told, left + width * share, top + thick + Pt(2), left, width, bold=True)
    _handle(slide, left + width * row.at, top + thick / 2)
    _lettered(slide, row.today, left + width * row.at, box.top, left, width, bold=False)
    after = Emu(int(left + width + GAP))
    text(slide, row.says, after, box.top, Emu(int(box.left + box.width - after)), box.height, size=LEAST, middle=True)


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


def _lettered(slide, words: str, x: float, y: float, left: int, width: int, *, bold: bool) -> None:
    """A figure above or below its place, within the width of the bar."""
    start = min(max(x - LETTERED / 2, left - LETTERED / 2), left + width - LETTERED / 2)
    box = text(slide, words, Emu(int(start)), Emu(int(y)), LETTERED, LINE, size=LEAST, bold=bold)
    box.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER


def _pale(colour: RGBColor) -> RGBColor:
    return RGBColor(*(int(part + (255 - part) * PALE) for part in colour))
