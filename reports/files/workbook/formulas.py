"""Expressions as spreadsheet formulas: one text for a whole row, with the column left open.

Only functions of Excel 2007, and only what other spreadsheet programs read as Excel does: ranges in SUMPRODUCT without
arithmetic, INDEX of a row with its row, numbers without an exponent. Brackets are Excel's own: there -2^2 is 4 and
2^3^2 is 64.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from reports.files.workbook.pages import BEFORE, FIRST, HEADER, THIS, Page, Row, column
from reports.recorder.graph import COMPARISONS, CONDITIONS, Node
from reports.recorder.shapes import takes_turns

INFIX = {
    "add": ("+", 3), "subtract": ("-", 3), "multiply": ("*", 4), "divide": ("/", 4), "power": ("^", 5),
    "greater": (">", 1), "greater_equal": (">=", 1), "less": ("<", 1), "less_equal": ("<=", 1), "equal": ("=", 1),
    "not_equal": ("<>", 1),
}  # fmt: skip
CALLS = {
    "ceil": "CEILING({},1)", "floor": "INT({})", "absolute": "ABS({})", "sqrt": "SQRT({})", "exp": "EXP({})",
    "log": "LN({})", "remainder": "MOD({},{})",
}  # fmt: skip
EXTREMES = {"maximum": "MAX", "minimum": "MIN"}
PREFIXES = {"prefix_sum": "SUM", "prefix_max": "MAX", "prefix_min": "MIN"}
TOTALS = {"max": "MAX", "min": "MIN"}
ATOM, PRODUCT, SUM, COMPARISON = 9, 4, 3, 1
Text = tuple[str, int]  # and how tightly it binds


def number_text(value: float) -> str:
    """A number as a formula has it: 12, 0.5625, 0.000000001."""
    value = float(value)
    return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}"


class Formulas:
    """Writes the formulas of one page. `names` gives the cell name of the path of an input."""

    def __init__(self, page: Page, names: Callable[[str], str], fixed: set[str]) -> None:
        self.page, self.names, self.fixed, self.in_total = page, names, fixed, False
        self.last = column(FIRST + page.graph.horizon)
        self.months = f"$E${HEADER}:${self.last}${HEADER}"

    def of_row(self, row: Row) -> tuple[str, str]:
        """(formula of today's column, formula of every month), with THIS and BEFORE for the column's letters.

        Fixed numbers have none.
        """
        if row.node.op == "constants":
            return "", ""
        self.in_total = row.kind == "total"
        other = self.page.found(row.node)
        if other is not None and other is not row:
            text = self._cell(other)
            return text, text
        return self._whole(self._at_start(row.node)), self._whole(row.node)

    def _found(self, node: Node) -> Row | None:
        """The row that an expression has; in totals a cost line rather than the quantity that it equals."""
        return (self.in_total and self.page.lines.get(id(node))) or self.page.found(node)

    def _whole(self, node: Node) -> str:
        text, binding = self._text(node, {})
        return f"({text})*1" if node.op in CONDITIONS and binding <= COMPARISON else text

    def _at_start(self, node: Node) -> Node:
        """The expression in today's column, where there is no month before."""
        if node.op == "lag" and node.extra == (1,):
            return self.page.graph.number(0)
        if node.is_leaf or node.op in PREFIXES or not node.monthly:
            return node
        args = [arg if self._found(arg) else self._at_start(arg) for arg in node.args]
        if all(new is old for new, old in zip(args, node.args, strict=True)):
            return node
        return self.page.graph.make(node.op, *args, extra=node.extra)

    def of(self, node: Node, known: Mapping[int, bool] | None = None) -> Text:
        """Formula of an expression within another: a reference where it has a row of its own."""
        if row := self._found(node):
            return self._cell(row), ATOM
        return self._text(node, known or {})

    def _text(self, node: Node, known: Mapping[int, bool]) -> Text:
        def plain(arg: Node) -> str:
            return self.of(arg, known)[0]

        match node.op:
            case "number":
                return number_text(node.extra[0]), ATOM if node.extra[0] >= 0 else SUM
            case "input":
                path = node.extra[0]
                return number_text(node.value) if path in self.fixed else self.names(path), ATOM
            case "months":
                return f"{THIS}${HEADER}", ATOM
            case "negative":
                return f"-{self._operand(node.args[0], ATOM, known)}", SUM
            case "as_number":
                return self._as_number(node.args[0], known)
            case "and":
                return "*".join(self._operand(arg, PRODUCT, known) for arg in node.args), PRODUCT
            case "or":
                return "+".join(self._operand(arg, SUM, known) for arg in node.args) + ">0", COMPARISON
            case "not":
                return f"1-{self._operand(node.args[0], SUM + 1, known)}", SUM
            case "where":
                return self._where(*node.args, known)
            case "add":
                return self._sum(node, known)
            case op if op in INFIX:
                return self._infix(op, *node.args, known)
            case op if op in CALLS:
                return CALLS[op].format(*map(plain, node.args)), ATOM
            case op if op in EXTREMES:
                return f"{EXTREMES[op]}({','.join(map(plain, self._flat(node, op)))})", ATOM
        if node.op == "sum":
            return self._total(node.args[0])
        return self._along_time(node), ATOM

    def _operand(self, arg: Node, least: int, known: Mapping[int, bool]) -> str:
        if arg.op == "as_number" and not self._found(arg):
            arg = arg.args[0]
        text, binding = self.of(arg, known)
        return text if binding >= least else f"({text})"

    def _as_number(self, condition: Node, known) -> Text:
        text, binding = self.of(condition, known)
        return (text, binding) if binding > COMPARISON else (f"({text})*1", PRODUCT)

    def _infix(self, op: str, a: Node, b: Node, known) -> Text:
        sign, binding = INFIX[op]
        if op == "power":
            text = f"{self._operand(a, ATOM, known)}^{self._operand(b, ATOM, known)}"
            return (f"IFERROR({text},0)", ATOM) if _may_vanish(a, b) else (text, binding)
        if op in COMPARISONS:
            texts = (text if bound > COMPARISON else f"({text})" for text, bound in (self.of(x, known) for x in (a, b)))
            return sign.join(texts), binding
        return f"{self._operand(a, binding, known)}{sign}{self._operand(b, binding + 1, known)}", binding

    def _flat(self, node: Node, op: str) -> list[Node]:
        """The terms of nested operations of one kind, those with a row of their own kept whole."""
        terms = []
        for arg in node.args:
            terms += self._flat(arg, op) if arg.op == op and not self._found(arg) else [arg]
        return terms

    def _sum(self, node: Node, known) -> Text:
        """A sum, in which neighbouring rows become a range."""
        terms, parts = self._flat(node, "add"), []
        rows = [self._found(term) for term in terms]
        i = 0
        while i < len(terms):
            end = i + 1
            while end < len(terms) and _adjoining(rows[end - 1], rows[end]):
                end += 1
            if end - i > 1:
                parts.append((f"{self._cell(rows[i])}:{THIS if rows[i].monthly else '$C'}{rows[end - 1].number}", True))
            else:
                parts.append((self._operand(terms[i], SUM + (i > 0), known), False))
            i = end
        if (
            len(parts) > 1
            and all(is_range or row for (_, is_range), row in zip(parts, rows, strict=False))
            and any(is_range for _, is_range in parts)
        ):
            return f"SUM({','.join(text for text, _ in parts)})", ATOM
        texts = [f"SUM({text})" if is_range else text for text, is_range in parts]
        return "+".join(texts), SUM if len(texts) > 1 else ATOM

    def _where(self, condition: Node, then: Node, otherwise: Node, known) -> Text:
        """IF; what the outer condition settles is not asked again inside."""
        if id(condition) in known:
            return self.of(then if known[id(condition)] else otherwise, known)
        asked = self.of(condition, known)[0]
        yes = self.of(then, {**known, id(condition): True})[0]
        no = self.of(otherwise, {**known, id(condition): False})[0]
        return f"IF({asked},{yes},{no})", ATOM

    def _along_time(self, node: Node) -> str:
        source = node.args[0]
        match node.op:
            case "lag":
                return self._lag(source, *node.extra)
            case op if op in PREFIXES:
                return f"{PREFIXES[op]}({self._so_far(source, THIS)})"
            case "window":
                first, last = node.extra
                until = f'"<="&{_moved(-first)}' if first else f'"<="&{THIS}${HEADER}'
                return f'SUMIFS({self._wide(source)},{self.months},">="&{_moved(-last)},{self.months},{until})'
            case op if op in TOTALS:
                return f"{TOTALS[op]}({self._wide(source)})"
            case "pick":
                row = self._found(source)
                return f"${column(FIRST + node.extra[0])}${row.number}" if row else number_text(node.value)
            case "look":
                return f"INDEX({self._wide(source)},1,{self._cell(self._found(self.page.positions(node)))})"
            case "choose":
                return self._choice(node)
            case "spread":
                return self.of(source)[0]
        raise NotImplementedError(f"{node.op!r} has no formula")

    def _total(self, summed: Node) -> Text:
        """A sum over time: of a row, or of the product of several, times what does not change with time."""
        rows, others = factors(self._found, summed)
        total = f"{'SUMPRODUCT' if len(rows) > 1 else 'SUM'}({','.join(map(self._wide, rows))})"
        more = "".join(f"{sign}{self._operand(other, ATOM, {})}" for sign, other in others)
        return total + more, PRODUCT if others else ATOM

    def _lag(self, source: Node, months: int) -> str:
        if not (row := self._found(source)) and source.op in PREFIXES:
            if months == 1:
                return f"{PREFIXES[source.op]}({self._so_far(source.args[0], BEFORE)})"
            return f'SUMIF({self.months},"<="&{_moved(-months)},{self._wide(source.args[0])})'
        if months == 1:
            return f"{BEFORE}{row.number}" if row else f"{BEFORE}${HEADER}"
        return f"SUMIF({self.months},{_moved(-months, bare=True)},{self._wide(source)})"

    def _choice(self, node: Node) -> str:
        positions, count = node.extra, len(node.args)
        start = positions[0]
        if takes_turns(positions, count):
            turn = f"1+MOD({THIS}${HEADER}{f'+{start}' if start else ''},{count})"
        else:
            turn = self._cell(self._found(self.page.positions(node)))
        if group := self.page.group_name(node):
            return f"INDEX({group},{turn})"
        return f"CHOOSE({turn},{','.join(self.of(arg)[0] for arg in node.args)})"

    def _cell(self, row: Row) -> str:
        sheet = "" if row.page is self.page else row.page.reference
        return f"{sheet}{THIS if row.monthly else '$C'}{row.number}"

    def _range(self, row: Row) -> str:
        sheet = "" if row.page is self.page else row.page.reference
        return f"{sheet}$E{row.number}:${self.last}{row.number}"

    def _wide(self, node: Node) -> str:
        return self.months if node.op == "months" else self._range(self._found(node))

    def _so_far(self, node: Node, until: str) -> str:
        if node.op == "months":
            return f"$E${HEADER}:{until}${HEADER}"
        row = self._found(node)
        sheet = "" if row.page is self.page else row.page.reference
        return f"{sheet}$E{row.number}:{until}{row.number}"


def _may_vanish(base: Node, exponent: Node) -> bool:
    """Whether a power of something up to 1 may be too small for a number: 0 for Excel, an error for LibreOffice."""
    capped = base.op == "minimum" and any(arg.op == "number" and arg.value <= 1 for arg in base.args)
    return capped and exponent.op != "number"


def _moved(months: int, bare: bool = False) -> str:
    text = f"{THIS}${HEADER}{months:+d}"
    return text if bare else f"({text})"


def _adjoining(above: Any, below: Any) -> bool:
    return bool(
        above and below and above.page is below.page and above.monthly == below.monthly
        and below.number == above.number + 1
    )  # fmt: skip


def factors(found: Callable[[Node], Any], node: Node) -> tuple[list[Node], list[tuple[str, Node]]]:
    """What a product over time is made of: factors that change with time, and signs with those that do not.

    `found` tells whether an expression has a row, which is one factor.
    """
    if not found(node) and node.op in ("multiply", "divide"):
        a, b = node.args
        if not b.monthly:
            rows, others = factors(found, a)
            return rows, [*others, (INFIX[node.op][0], b)]
        if node.op == "multiply":
            rows, others = factors(found, b)
            more_rows, more_others = factors(found, a) if a.monthly else ([], [("*", a)])
            return [*more_rows, *rows], [*more_others, *others]
    return [node], []


def must_have_rows(page: Page, node: Node) -> list[Node]:
    """What an expression can only refer to as a row: the operands of sums, shifts and running figures."""
    if (
        not node.args
        or node.op in CONDITIONS
        or node.op not in (*PREFIXES, *TOTALS, "sum", "lag", "window", "pick", "look")
    ):
        return []
    source = node.args[0]
    if node.op == "sum":
        return [factor for factor in factors(page.found, source)[0] if factor.op != "months"]
    if node.op == "lag" and source.op in PREFIXES and not page.found(source):
        months = node.extra[0]
        if months == 1 or (months > 0 and source.op == "prefix_sum"):
            source = source.args[0]
    return [source] if source.op not in ("months", "number") else []
