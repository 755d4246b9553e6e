"""Text as one line that every format can hold, and as a printer would set it."""

import re

QUOTED = re.compile(r"(?<!\w)'([^'\"\n]*)'(?!\w)")
APOSTROPHE = re.compile(r"(?<=\w)'")
NUMBERED = re.compile(r"(?<=[Mm]onth) (?=\d)")
PART = re.compile(r"(?<=\(\d) of (?=\d+\)$)")
TIMES = re.compile(r"(?<=\S) x (?=\S)")


def printable(text: str) -> str:
    """The text in one line, without characters that no page can hold."""
    return "".join(c for c in " ".join(str(text).split()) if c.isprintable())


def typeset(text: str) -> str:
    """A text as it is set where people read it: apostrophes, signs; no line's end parts what belongs together.

    That is a figure and its %, a month and its number, and which part of how many.
    """
    quoted = APOSTROPHE.sub("\u2019", QUOTED.sub("\u201c\\1\u201d", str(text)))
    told = TIMES.sub(" \u00d7 ", NUMBERED.sub("\u00a0", quoted))
    told = PART.sub("\u00a0of\u00a0", told)
    return told.replace(" %", "\u00a0%").replace("CO2e", "CO\u2082e")
