"""Tables of slides: thin rules, numbers to the right, as many rows on a slide as fit."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.oxml.ns import qn as tag
from pptx.util import Emu, Pt

from reports.files.deck import INK, LEAST, LEFT, MUTED, RULE, describe, safe_xml
from reports.files.letters import lines_of
from reports.words.briefing import Table
from reports.words.text import NO_LIMIT, NOT_KNOWN

NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
LINE_HEIGHT, PADDING = 1.2, 0.42  # of the size of the type: a line, and the white above and below the text together
SIDE = Pt(7)
SIZES = (18, 16, 14, LEAST)  # of type, the largest that fits
FIGURE = re.compile(r"([A-Z]{3}[ \u00a0])?[-+\u2212\u00b1]? ?([A-Z]{3}\u00a0|[^\w\s])?\d")
SHORT_HEADING = 8  # letters
SHORT_CELL = 32  # letters of what may be a figure
WIDEST, WIDEST_FIGURES = 30, 18  # letters beyond which a column gets no wider: of words, of figures
HEADING_SHARE, AROUND = 0.6, 3  # of a heading that a line holds; letters of white beside a column
DOT = "\u25cf "
Cell = str | tuple[str, str]  # text, or text and the address it leads to


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its share of the width, and whether it holds numbers."""

    heading: str
    share: float
    number: bool = False


def columns_of(told: Table, *, words: int = 0) -> list[Column]:
    """Columns as wide as what they hold asks for.

    Figures stand to the right: in all after so many columns of `words` or, where none are said, where most of what a
    column says is figures; in all after the first where they are alike.
    """
    numbers = [i > 0 and (told.alike or (i >= words if words else _are_figures(told.rows, i)))
               for i in range(len(told.columns))]  # fmt: skip
    letters = [_letters(told, i, WIDEST_FIGURES if number else WIDEST) for i, number in enumerate(numbers)]
    if told.alike:
        letters[1:] = [max(letters[1:])] * (len(letters) - 1)
    return [Column(*each) for each in zip(told.columns, letters, numbers, strict=True)]


def _letters(told: Table, column: int, most: int) -> int:
    heading = told.columns[column]
    least = max(math.ceil(HEADING_SHARE * len(heading)), *map(len, heading.split(" ")))
    return AROUND + min(most, max(least, *(len(row[column]) for row in told.rows)))


def _are_figures(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Whether most of what a column says are figures, alone or with a word."""
    short = [row[column] for row in rows if len(row[column]) <= SHORT_CELL]
    return 2 * sum(bool(FIGURE.match(cell) or cell in ("", NO_LIMIT, NOT_KNOWN)) for cell in short) > len(rows)


def words_of(cell: Cell) -> str:
    """The text of a cell."""
    return cell[0] if isinstance(cell, tuple) else cell


def row_height(cells: Sequence[Cell], widths: Sequence[Emu], size: float) -> Emu:
    """Height that the fullest cell needs; the first has no white to its left."""
    rooms = (widths[0] + SIDE, *widths[1:])
    lines = max(line_count(words_of(cell), room, size) for cell, room in zip(cells, rooms, strict=True))
    return Pt(size * (lines * LINE_HEIGHT + PADDING))


def line_count(words: str, width: Emu, size: float) -> int:
    """Lines that a text needs in a cell of that width."""
    return lines_of(words, (width - 2 * SIDE) / Pt(1), size)


def pages(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], width: Emu, height: Emu,
          size: float) -> Iterator[Sequence[Sequence[Cell]]]:  # fmt: skip
    """The rows in portions that fit the height, heading included."""
    widths = _widths(columns, width)
    room = left = height - row_height([column.heading for column in columns], widths, size)
    portion: list[Sequence[Cell]] = []
    for row in rows:
        needed = row_height(row, widths, size)
        if portion and needed > left:
            yield portion
            portion, left = [], room
        portion.append(row)
        left -= needed
    if portion:
        yield portion


def fitting(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], width: Emu, height: Emu, *,
            marked: bool = False) -> tuple[float, list[Sequence[Sequence[Cell]]]]:  # fmt: skip
    """(the largest size of type in which all rows fit one slide, or else the least; the rows by slide).

    The rows of several slides are shared out evenly; where `marked`, a dot stands before each.
    """
    tall, widths = _dotted(rows) if marked else rows, _widths(columns, width)
    for size in SIZES:
        counts = [len(portion) for portion in pages(columns, tall, width, height, size)]
        if len(counts) == 1 and all(map(partial(_keeps_words, size=size), columns, widths)):
            return size, [rows]
    each = math.ceil(len(rows) / len(counts))
    even = [min(each, len(rows) - start) for start in range(0, len(rows), each)]
    ends = np.cumsum(even)
    fits = all(
        len(list(pages(columns, tall[end - count : end], width, height, LEAST))) == 1
        for end, count in zip(ends, even, strict=True)
    )
    counts = even if fits else counts
    return LEAST, [rows[end - count : end] for end, count in zip(np.cumsum(counts), counts, strict=True)]


def _keeps_words(column: Column, width: Emu, size: float) -> bool:
    """Whether no word of a heading is broken, nor a heading as short as one."""
    words = [column.heading] if len(column.heading) <= SHORT_HEADING else column.heading.split(" ")
    return all(line_count(word, width, size) == 1 for word in words)


def _dotted(rows: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
    return [(f"{DOT}{words_of(row[0])}", *row[1:]) for row in rows]


def table(slide, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], top: Emu, width: Emu, *, size: float,
          name: str, alt: str, left: Emu = LEFT, marks: Sequence[str] = ()) -> Emu:  # fmt: skip
    """Add a table and return where it ends; `marks` are colours of a dot before the first cell of each row."""
    widths = _widths(columns, width)
    headings = [column.heading for column in columns]
    tall = _dotted(rows) if marks else rows
    heights = [row_height(headings, widths, size), *(row_height(row, widths, size) for row in tall)]
    frame = slide.shapes.add_table(1, len(columns), left, top, width, sum(heights))
    describe(frame, name, alt)
    element = frame.table._tbl
    properties = element.tblPr
    properties.set("bandRow", "0")
    properties.find(tag("a:tableStyleId")).text = NO_STYLE
    for column, wide in zip(frame.table.columns, widths, strict=True):
        column.width = wide
    element.remove(element.tr_lst[0])
    element.append(_row(slide, headings, columns, heights[0], size, heading=True))
    for i, row in enumerate(rows):
        element.append(_row(slide, row, columns, heights[i + 1], size, mark=marks[i] if marks else ""))
    return top + sum(heights)


def _widths(columns: Sequence[Column], width: Emu) -> list[Emu]:
    whole = sum(column.share for column in columns)
    return [Emu(int(width * column.share / whole)) for column in columns]


def _row(slide, cells: Sequence[Cell], columns: Sequence[Column], height: Emu, size: float, *, heading: bool = False,
         mark: str = ""):  # fmt: skip
    inner = "".join(
        _cell(slide, cell, column, size, heading, mark if i == 0 else "", 0 if i == 0 else SIDE)
        for i, (cell, column) in enumerate(zip(cells, columns, strict=True))
    )
    return parse_xml(f'<a:tr {nsdecls("a", "r")} h="{int(height)}">{inner}</a:tr>')


def _cell(slide, cell: Cell, column: Column, size: float, heading: bool, mark: str, side: Emu) -> str:
    colour, line = (MUTED, INK) if heading else (INK, RULE)
    link = ""
    if isinstance(cell, tuple) and cell[1].startswith(("https://", "http://")):
        link = f'<a:hlinkClick r:id="{slide.part.relate_to(cell[1], RELATIONSHIP_TYPE.HYPERLINK, is_external=True)}"/>'
    dot = _run(DOT, size, mark, "") if mark else ""
    blank = f'<a:endParaRPr lang="en-US" sz="{int(size * 100)}"/>'  # an empty cell is no taller than the others
    # A link that goes over several lines is one of its own for each word: LibreOffice breaks it anywhere else.
    words = re.findall(r"\S+ ?", words_of(cell)) if link else [words_of(cell)]
    shown = "".join(_run(part, size, colour, link) for part in words) if words_of(cell) else blank
    none = "".join(f"<a:{side}><a:noFill/></a:{side}>" for side in ("lnL", "lnR", "lnT"))
    return (
        f'<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p><a:pPr algn="{"r" if column.number else "l"}"/>{dot}{shown}'
        f'</a:p></a:txBody><a:tcPr marL="{int(side)}" marR="{int(SIDE)}" marT="{Pt(2)}" '
        f'marB="{Pt(2)}" anchor="ctr">{none}<a:lnB w="{9525 if heading else 6350}"><a:solidFill><a:srgbClr '
        f'val="{line}"/></a:solidFill></a:lnB><a:noFill/></a:tcPr></a:tc>'
    )


def _run(words: str, size: float, colour: str, link: str) -> str:
    known = f'<a:solidFill><a:srgbClr val="{colour.lstrip("#").upper()}"/></a:solidFill>'
    blank = ' xml:space="preserve"' if words.endswith(" ") else ""
    safe = f"{safe_xml(words)} " if blank else safe_xml(words)
    return f'<a:r><a:rPr lang="en-US" sz="{int(size * 100)}">{known}{link}</a:rPr><a:t{blank}>{safe}</a:t></a:r>'
