"""Colour for a few words, on terminals alone; never instead of the word."""

import sys

COLOURS = {
    **dict.fromkeys(("ok", "new", "updated", "moved", "known", "unchanged", "complete"), "32"),
    **dict.fromkeys(("warning", "partial", "off"), "33"),
    **dict.fromkeys(("failed", "refused"), "31"),
}
"""By word: green for what is well, yellow for what is less than that, red for what failed."""


def shows_colour() -> bool:
    """Tell whether colour may be printed: to a terminal that has it, unless NO_COLOR is set."""
    if not sys.stdout.isatty():
        return False
    from rich.console import Console

    console = Console(file=sys.stdout)
    return console.color_system is not None and not console.no_color


def painted(word: str, shown: str | None = None) -> str:
    """Return a word, or how it is shown, in its colour where there is one for it.

    Args:
        word: the word that has a colour.
        shown: the same with blanks around it, where it stands in a column.
    """
    text = word if shown is None else shown
    colour = COLOURS.get(word)
    return f"\x1b[{colour}m{text}\x1b[0m" if colour and shows_colour() else text
