"""The same expressions for a reader: how each row is worked out, by the names of quantities and inputs."""

from collections.abc import Callable, Mapping

from reports.files.workbook.pages import Page, Row
from reports.recorder.graph import Node
from reports.words.text import figure

SIGNS = {
    "add": ("+", 3), "subtract": ("−", 3), "multiply": ("×", 4), "divide": ("/", 4), "power": ("^", 5),
    "greater": (">", 1), "greater_equal": ("≥", 1), "less": ("<", 1), "less_equal": ("≤", 1), "equal": ("=", 1),
    "not_equal": ("≠", 1), "and": ("and", 0), "or": ("or", 0),
}  # fmt: skip
PHRASES = {
    "absolute": "size of ({})",
    "floor": "({}) rounded down",
    "sqrt": "square root of ({})",
    "exp": "e to the power of ({})",
    "log": "natural logarithm of ({})",
    "remainder": "rest of {} / {}",
    "prefix_sum": "({}), summed up so far",
    "prefix_max": "highest ({}) so far",
    "prefix_min": "lowest ({}) so far",
    "sum": "sum of ({}) over all months",
    "max": "highest ({}) of all months",
    "min": "lowest ({}) of all months",
    "look": "({}) of another month",
    "not": "not ({})",
}
ATOM = 9
NOISE = 1e-6  # numbers this near to doing nothing are a tolerance
LONGEST = 600  # characters shown


class Words:
    """Spells the rows of one page. `labels` maps the path of an input to its name for readers."""

    def __init__(self, page: Page, labels: Callable[[str], str]) -> None:
        self.page, self.labels, self.part, self.in_total = page, labels, "", False

    def of_row(self, row: Row) -> str:
        """One line of text: 'Servers ordered × Server price × (1 + Server price change) ^ (Month / 12)'."""
        self.part, self.in_total, other = row.part, row.kind == "total", self.page.found(row.node)
        text = self._named(other) if other and other is not row else self._text(row.node, {})[0]
        text = text[1:-1] if text.startswith("[") and text.endswith("]") and text.count("[") == 1 else text
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

    def _named(self, row: Row) -> str:
        sheet = "" if row.page is self.page else f"{row.page.title}: "
        part = f", {row.part}" if row.part and row.part != self.part else ""
        return f"[{sheet}{row.label}{part}]"

    def _of(self, node: Node, known: Mapping[int, bool]) -> tuple[str, int]:
        row = (self.in_total and self.page.lines.get(id(node))) or self.page.found(node)
        return (self._named(row), ATOM) if row else self._text(node, known)

    def _operand(self, node: Node, least: int, known: Mapping[int, bool]) -> str:
        text, binding = self._of(node, known)
        return text if binding >= least else f"({text})"

    def _text(self, node: Node, known: Mapping[int, bool]) -> tuple[str, int]:
        args = node.args
        match node.op:
            case "number":
                return figure(node.extra[0]), ATOM if node.extra[0] >= 0 else 3
            case "input":
                path = node.extra[0]
                fixed = f" ({figure(node.value)})" if path in self.page.graph.fixed else ""
                return self.labels(path) + fixed, ATOM
            case "months":
                return "Month", ATOM
            case "constants":
                return "fixed numbers", ATOM
            case "negative":
                return f"−{self._operand(args[0], ATOM, known)}", 3
            case "as_number":
                return self._as_number(args[0], known)
            case "spread":
                return self._of(args[0], known)
            case "ceil":
                return f"({self._of(_without_tolerance(args[0]), known)[0]}) rounded up", ATOM
            case "maximum" | "minimum":
                word = "larger" if node.op == "maximum" else "smaller"
                return f"the {word} of ({self._of(args[0], known)[0]}; {self._of(args[1], known)[0]})", ATOM
            case "where":
                return self._where(*args, known)
            case "lag" | "window" | "pick" | "choose":
                return self._along_time(node, known), ATOM
            case op if op in SIGNS:
                return self._signed(op, *args, known)
        return PHRASES[node.op].format(*(self._of(arg, known)[0] for arg in args)), ATOM

    def _as_number(self, condition: Node, known) -> tuple[str, int]:
        return f"(1 if {self._of(condition, known)[0]}, else 0)", ATOM

    def _signed(self, op, a, b, known) -> tuple[str, int]:
        sign, binding = SIGNS[op]
        stricter = op in ("subtract", "divide", "power")
        left = self._operand(a, ATOM if op == "power" else max(binding, 1), known)
        right = self._operand(b, ATOM if op == "power" else max(binding + stricter, 1), known)
        return f"{left} {sign} {right}", binding

    def _where(self, condition, then, otherwise, known) -> tuple[str, int]:
        if id(condition) in known:
            return self._of(then if known[id(condition)] else otherwise, known)
        asked = self._of(condition, known)[0]
        yes = self._of(then, {**known, id(condition): True})[0]
        no = self._of(otherwise, {**known, id(condition): False})[0]
        return f"(if {asked}: {yes}; otherwise {no})", ATOM

    def _along_time(self, node: Node, known) -> str:
        source = self._of(node.args[0], known)[0]
        match node.op:
            case "lag":
                months = node.extra[0]
                return f"({source}) {abs(months)} {_months(months)} {'before' if months > 0 else 'later'}"
            case "window":
                first, last = node.extra
                since = "this month" if first == 0 else f"{first} {_months(first)} before"
                return f"sum of ({source}) from {last} {_months(last)} before to {since}"
            case "pick":
                return f"({source}) {f'of month {node.extra[0]}' if node.extra[0] else 'today'}"
        return f"by month, one of: {', '.join(self._of(arg, known)[0] for arg in node.args)}"


def _without_tolerance(node: Node) -> Node:
    """What `units.whole` rounds up, without the forgiveness of noise that goes before."""
    last = node.args[-1] if node.op in ("multiply", "subtract") else None
    if last is None or last.op != "number":
        return node
    neutral = 1 if node.op == "multiply" else 0
    return node.args[0] if abs(last.value - neutral) < NOISE else node


def _months(count: int) -> str:
    return "month" if abs(count) == 1 else "months"
