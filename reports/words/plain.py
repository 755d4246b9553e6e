"""Names as one line that every format can hold."""


def printable(text: str) -> str:
    """The text in one line, without characters that no page can hold."""
    return "".join(c for c in " ".join(str(text).split()) if c.isprintable())
