"""How much room words take in Arial and the faces of its widths, since no font is there to be asked.

The widths of its letters in thousandths of the size of the type are those that Adobe published for Helvetica (AFM).
"""

WIDTHS = {
    222: "ijl\u2018\u2019",
    278: " !,./:;[]\\Ift\u00a0\u00b7|'",
    333: "()-`r\u201c\u201d",
    500: "ckvxyszJ",
    584: "+<=>~\u2212\u00d7\u00b1",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "\u2026\u2014@",
}  # fmt: skip
OTHERS = 556  # digits and most letters
LETTERS = {letter: width for width, letters in WIDTHS.items() for letter in letters}


def width_of(words: str, size: float) -> float:
    """Points that a text is wide."""
    return sum(LETTERS.get(letter, OTHERS) for letter in words) * size / 1000


def shortened(words: str, room: float, size: float) -> str:
    """As much of a text as so many points of room hold, with an ellipsis where that is not all."""
    if width_of(words, size) <= room:
        return words
    fits = (words[:kept].rstrip() + "\u2026" for kept in range(len(words) - 1, -1, -1))
    return next((cut for cut in fits if width_of(cut, size) <= room), "")


def lines_of(words: str, room: float, size: float) -> int:
    """Lines that a text needs in so many points of room; a word that is longer than a line is broken inside."""
    lines, left, blank = 1, room, width_of(" ", size)
    for word in words.split(" "):
        wide = width_of(word, size)
        if wide > left and left < room:
            lines, left = lines + 1, room
        if wide > room:
            lines, wide = lines + int(wide // room), wide % room
        left -= wide + blank
    return lines
