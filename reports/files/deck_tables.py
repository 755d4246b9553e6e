"""Tables of slides: thin rules, numbers to the right, as many rows on a slide as fit."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.oxml.ns import qn as tag
from pptx.util import Emu, Pt

from reports.files.deck import INK, LEAST, LEFT, MUTED, RULE, describe, safe_xml

NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
LETTER_WIDTH = 0.5  # of the size of the type: a mean over English text in Arial
LINE_HEIGHT, PADDING = 1.2, 0.55  # of the size of the type: a line, and the white above and below the text together
SIDE = Pt(7)
SIZES = (18, 16, 14, LEAST)  # of type, the largest that fits
Cell = str | tuple[str, str]  # text, or text and the address it leads to


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its share of the width, and whether it holds numbers."""

    heading: str
    share: float
    number: bool = False


def words_of(cell: Cell) -> str:
    """The text of a cell."""
    return cell[0] if isinstance(cell, tuple) else cell


def row_height(cells: Sequence[Cell], widths: Sequence[Emu], size: float) -> Emu:
    """Height that the fullest cell needs."""
    lines = max(line_count(words_of(cell), width, size) for cell, width in zip(cells, widths, strict=True))
    return Pt(size * (lines * LINE_HEIGHT + PADDING))


def line_count(words: str, width: Emu, size: float) -> int:
    """Lines that a text needs in a cell of that width."""
    letters = max(1, int((width - 2 * SIDE) / Pt(1) / (size * LETTER_WIDTH)))
    lines, room = 1, letters
    for word in words.split(" "):
        if len(word) > room and room < letters:
            lines, room = lines + 1, letters
        if len(word) > letters:  # broken inside
            lines += math.ceil(len(word) / letters) - 1
            room = letters - len(word) % letters
        room -= len(word) + 1
    return lines


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


def fitting(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], width: Emu,
            height: Emu) -> tuple[float, list[Sequence[Sequence[Cell]]]]:  # fmt: skip
    """(the largest size of type in which all rows fit one slide, or else the least; the rows by slide).

    The rows of several slides are shared out evenly.
    """
    for size in SIZES:
        portions = list(pages(columns, rows, width, height, size))
        if len(portions) == 1:
            return size, portions
    count = len(portions)
    each = math.ceil(len(rows) / count)
    even = [rows[i : i + each] for i in range(0, len(rows), each)]
    fits = all(len(list(pages(columns, portion, width, height, LEAST))) == 1 for portion in even)
    return LEAST, even if fits else portions


def table(slide, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], top: Emu, width: Emu, *, size: float,
          name: str, alt: str, left: Emu = LEFT, marks: Sequence[str] = ()) -> Emu:  # fmt: skip
    """Add a table and return where it ends; `marks` are colours of a dot before the first cell of each row."""
    widths = _widths(columns, width)
    headings = [column.heading for column in columns]
    tall = [(f"\u25cf {words_of(row[0])}", *row[1:]) if marks else row for row in rows]
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
    dot = _run("\u25cf ", size, mark, "") if mark else ""
    blank = f'<a:endParaRPr lang="en-US" sz="{int(size * 100)}"/>'  # an empty cell is no taller than the others
    shown = _run(words_of(cell), size, colour, link) if words_of(cell) else blank
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
