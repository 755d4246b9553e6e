"""What a text says that was set for print."""


def as_typed(text: str) -> str:
    """A text as it was before it was set for print: what it says, without how."""
    return text.replace("\xa0", " ").replace("\u2019", "'").replace(" \u00d7 ", " x ").replace("\u2082", "2")
