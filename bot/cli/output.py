"""What commands print: JSON for programs, short plain lines for people. No colour, nothing that needs a terminal."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.untrusted import inert_line, inert_name, printable

if TYPE_CHECKING:
    from bot.dialogue.messages import Citation
    from retrieval.types import Hit, Moment, TextSource

SOURCES: "dict[TextSource, str]" = {
    "caption": "caption",
    "subtitle": "subtitle",
    "speech": "speech",
    "screen": "on-screen text",
    "vision": "vision",
}
"""What each source of text is called before a text that is from it."""


def emit(data: Mapping[str, object]) -> None:
    """Print one line of JSON, with the version of its shape."""
    from bot.actions.data import versioned

    print(json.dumps(versioned(data)))


def say(*lines: str) -> None:
    """Print lines for people, whatever stands in them without control characters.

    What the program itself says may hold addresses; texts and names of the library are made inert by whoever puts them
    into a line.
    """
    for line in lines:
        print(printable(line))


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows in aligned columns."""
    everything = [[printable(cell).replace("\n", " ") for cell in row] for row in (header, *rows)]
    widths = [max(len(row[column]) for row in everything) for column in range(len(header))]
    for row in everything:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def say_hit(hit: "Hit") -> None:
    """Print a hit: rank, time, title, moment; below, its texts by source, its place in each arm, and its best frame."""
    moment = hit.moment
    say(f"{hit.rank:>2}. {hit.span.timecode}  {inert_name(hit.title)}  [{inert_name(moment.moment_id)}]")
    say(*(f"    {line}" for line in by_source(moment)))
    if hit.arms:
        say("    found by " + ", ".join(f"{arm} (place {at.rank})" for arm, at in hit.arms.items()))
    if moment.keyframes:
        say(f"    {inert_name(str(moment.keyframes[0].path))}")


def sourced(source: "TextSource", text: str) -> str:
    """Return a text in a line, after its source."""
    return f"{SOURCES[source]}: {inert_line(text)}"


def by_source(moment: "Moment") -> list[str]:
    """Return the texts of a moment: a line for each source, captions first, each in order of time."""
    from retrieval.types import joined

    found = {source: [text for text in moment.texts if text.source == source] for source in SOURCES}
    return [sourced(source, joined(texts)) for source, texts in found.items() if texts]


def headline(citation: "Citation") -> str:
    """Return where a citation points, in a line: its handle, title, time and moment."""
    title, moment = inert_name(citation.title), inert_name(citation.moment_id)
    return f"[{citation.handle}] {title}  {citation.timecode}  [{moment}]"


def plural(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def size(count: int) -> str:
    """Return a number of bytes for people."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} bytes" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"
