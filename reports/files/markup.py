"""Tables as HTML, the same on pages and in the file that holds the model. Whatever is told goes in as text."""

from collections.abc import Sequence
from html import escape

from reports.words.plain import typeset

LONG_CELL = 30  # characters beyond which a cell may be broken into lines
WIDE_FIGURE = 12  # characters of a figure with its unit beyond which a telephone breaks it
LONG_TEXT = 60  # characters from which it needs room, so that its words are not stacked
READ = 2  # times as many columns as figures, beyond which a table is there to be read
TELEPHONE, LETTER, GAP, NAME = 360, 5.7, 12, 104  # pixels: its room, a letter, after a column, the first one at least
Cell = str | tuple[str, str]


def set_as_html(text: str) -> str:
    """A text as it is set, with what HTML would read as markup made harmless."""
    return escape(typeset(text))


def table(columns: Sequence[str], rows: Sequence[Sequence[Cell]], *, numeric: Sequence[int] = (),
          caption: str = "", sums: int = 0) -> str:  # fmt: skip
    """A plain table that scrolls sideways; `numeric` columns are set right. Links may be given as (text, address).

    A telephone sets cells below each other, each with the name of its column, where there are few figures, so that a
    table is read and not compared, and where it is too wide. The last `sums` rows add up those above.
    """
    head = "".join(
        f'<th scope="col" class="{_align(i, numeric)}">{set_as_html(name)}</th>' for i, name in enumerate(columns)
    )
    compared = len(numeric) * READ >= len(columns) and _least(columns, rows, numeric) <= TELEPHONE
    names = ["" if compared else f' data-column="{set_as_html(name)}"' for name in columns]
    body = "".join(
        f"<tr{marked}>"
        + "".join(
            f'<td class="{_align(i, numeric, cell)}"{names[i] if i or _is_figure(cell) else ""}>{_cell(cell)}</td>'
            for i, cell in enumerate(row)
        )
        + "</tr>"
        for row, marked in zip(rows, [""] * (len(rows) - sums) + [' class="sum"'] * sums, strict=True)
    )
    described = f"<caption><span>{set_as_html(caption)}</span></caption>" if caption else ""
    kind = "plain" if compared else "plain read"
    return (
        f'<div class="scroll" tabindex="0"><table class="{kind}">{described}<thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _least(columns: Sequence[str], rows: Sequence[Sequence[Cell]], numeric: Sequence[int]) -> float:
    """Pixels that a table takes on a telephone at least, where each column has room for what stays on one line."""
    letters = [
        max([0, *map(len, name.split()), *(_unbroken(i, numeric, row[i]) for row in rows)])
        for i, name in enumerate(columns)
    ]
    first, *others = [LETTER * most + GAP for most in letters]
    return max(NAME, first) + sum(others) - GAP


def _unbroken(column: int, numeric: Sequence[int], cell: Cell) -> int:
    """Letters of the longest part of a cell that stays on one line."""
    text = _text(cell)
    is_whole = column > 0 and _align(column, numeric, cell) in {"number", "text short"}
    return len(text) if is_whole else max(map(len, text.split()), default=0)


def _is_figure(cell: Cell) -> bool:
    """Whether a name is a mere figure, which says nothing without that of its column."""
    return _text(cell)[:1].isdigit() and len(_text(cell)) <= WIDE_FIGURE


def _text(cell: Cell) -> str:
    return cell[0] if isinstance(cell, tuple) else str(cell)


def _cell(cell: Cell) -> str:
    if isinstance(cell, tuple):
        text, address = cell
        safe = escape(address, quote=True)
        return (
            f'<a href="{safe}" target="_blank" rel="noopener noreferrer">{set_as_html(text)}</a>'
            if address
            else set_as_html(text)
        )
    return set_as_html(str(cell))


def _align(column: int, numeric: Sequence[int], cell: Cell = "") -> str:
    if column not in numeric:
        letters = len(_text(cell))
        return "text long" if letters > LONG_TEXT else "text short" if 0 < letters <= LONG_CELL else "text"
    letters = len(cell) if isinstance(cell, str) else 0
    return "number long" if letters > LONG_CELL else "number wide" if letters > WIDE_FIGURE else "number"
