"""How lines fit a terminal: broken at words, never inside one, and never inside a command or a path. Pure."""

import re
from collections.abc import Iterator

_PIECES = re.compile(r"[(]?`[^`\n]+`\S*|\['.*?'\]|\S+")
"""What is never torn: a command between backticks with what touches it, an id in quotation marks, or a word."""


def cells(text: str) -> int:
    """Return the columns that a text takes on a terminal: two for each wide character."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def wrapped(line: str, width: int) -> list[str]:
    """Return a line as several that fit a width, each with the indentation of the first; none for an empty line.

    A word that is longer than the width stays whole, on a line of its own.
    """
    if cells(line) <= width:
        return [line]
    indent = line[: len(line) - len(line.lstrip(" "))]
    return [indent + " ".join(words) for words in _filled(line, max(1, width - len(indent)))]


def _filled(line: str, width: int) -> Iterator[list[str]]:
    row: list[str] = []
    used = 0
    for piece in _PIECES.findall(line):
        taken = cells(piece)
        if row and used + 1 + taken > width:
            yield row
            row, used = [], 0
        used += taken + (1 if row else 0)
        row.append(piece)
    if row:
        yield row


def shortened(word: str, width: int) -> str:
    """Return a word that fits a width, its end cut off and marked where it does not."""
    if cells(word) <= width:
        return word
    kept = ""
    for character in word:
        if cells(kept + character) >= width:
            break
        kept += character
    return f"{kept}…"


def fitted(natural: list[int], whole: frozenset[int], room: int, least: int = 8) -> list[int]:
    """Return the widths of columns that together fit, those of `whole` shrunk last.

    Args:
        natural: what each column would take.
        whole: the places of columns whose words nobody may shorten.
        room: what all may take.
        least: what a column keeps, unless it needs less.
    """
    widths = list(natural)
    for columns in ([i for i in range(len(widths)) if i not in whole], range(len(widths))):
        while sum(widths) > room:
            widest = max(columns, key=lambda i: widths[i], default=None)
            if widest is None or widths[widest] <= least:
                break
            widths[widest] -= 1
    return widths
