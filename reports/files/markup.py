"""Tables as HTML, the same on pages and in the file that holds the model. Whatever is told goes in as text."""

from collections.abc import Sequence
from html import escape

from reports.words.plain import typeset

LONG_CELL = 30  # characters beyond which a cell may be broken into lines
WIDE_FIGURE = 12  # characters of a figure with its unit beyond which a telephone breaks it
LONG_TEXT = 60  # characters from which it needs room, so that a telephone scrolls instead of stacking words
READ = 2  # times as many columns as figures, beyond which a table is there to be read
Cell = str | tuple[str, str]


def set_as_html(text: str) -> str:
    """A text as it is set, with what HTML would read as markup made harmless."""
    return escape(typeset(text))


def table(columns: Sequence[str], rows: Sequence[Sequence[Cell]], *, numeric: Sequence[int] = (),
          caption: str = "", sums: int = 0) -> str:  # fmt: skip
    """A plain table that scrolls sideways; `numeric` columns are set right. Links may be given as (text, address).

    One with few figures is read and not compared, so a telephone may set its cells below each other, each with the
    name of its column. The last `sums` rows add up those above.
    """
    head = "".join(
        f'<th scope="col" class="{_align(i, numeric)}">{set_as_html(name)}</th>' for i, name in enumerate(columns)
    )
    compared = len(numeric) * READ >= len(columns)
    names = [""] * len(columns) if compared else [f' data-column="{set_as_html(name)}"' for name in columns]
    body = "".join(
        f"<tr{marked}>"
        + "".join(f'<td class="{_align(i, numeric, cell)}"{names[i]}>{_cell(cell)}</td>' for i, cell in enumerate(row))
        + "</tr>"
        for row, marked in zip(rows, [""] * (len(rows) - sums) + [' class="sum"'] * sums, strict=True)
    )
    described = f"<caption><span>{set_as_html(caption)}</span></caption>" if caption else ""
    kind = "plain" if compared else "plain read"
    return (
        f'<div class="scroll" tabindex="0"><table class="{kind}">{described}<thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


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
        letters = len(cell[0] if isinstance(cell, tuple) else str(cell))
        return "text long" if letters > LONG_TEXT else "text short" if 0 < letters <= LONG_CELL else "text"
    letters = len(cell) if isinstance(cell, str) else 0
    return "number long" if letters > LONG_CELL else "number wide" if letters > WIDE_FIGURE else "number"
