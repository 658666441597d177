"""What commands print: JSON for programs, short plain lines for people.

On a terminal, lines and tables are fitted to its width; a pipe gets each line and each cell as it is.
"""

import json
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from bot.cli.colours import painted
from bot.cli.program import pasted
from bot.cli.wrapping import cells, fitted, shortened, wrapped
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

NOT_APART: Mapping[str, str] = {}
"""Where no two videos have one title."""

AT_ONCE = 45.0
"""Seconds below which time left is not counted in minutes."""

LONG = 90 * 60.0
"""Seconds from which time left is told in hours."""


def emit(data: Mapping[str, object]) -> None:
    """Print one line of JSON, with the version of its shape."""
    from bot.actions.data import versioned

    print(json.dumps(versioned(data)))


def say(*lines: str) -> None:
    """Print lines for people, whatever stands in them without control characters.

    What the program itself says may hold addresses; texts and names of the library are made inert by whoever puts them
    into a line.
    """
    width = terminal_width()
    for line in lines:
        for part in printable(line).split("\n"):
            print("\n".join(wrapped(part, width)) if width else part)


def say_whole(*lines: str) -> None:
    """Print lines as `say` does, but never broken: commands and paths that somebody may copy."""
    for line in lines:
        print(printable(line))


def say_marked(word: str, column: int, rest: str) -> None:
    """Print a word in its colour and in a column of its own, and what follows."""
    width = terminal_width()
    first, *more = wrapped(rest, width - column - 1) if width else [rest]
    print(f"{painted(word, word.ljust(column))} {printable(first)}")
    say_whole(*(" " * (column + 1) + line for line in more))


def say_hint(*lines: str) -> None:
    """Print lines of ours that name commands of this program, as they can be pasted."""
    say(*map(pasted, lines))


def complain(*lines: str) -> None:
    """Print lines on the errors' stream, fitted to its terminal."""
    width = terminal_width(sys.stderr)
    for part in "\n".join(lines).split("\n"):
        print("\n".join(wrapped(part, width)) if width else part, file=sys.stderr)


def waiting(what: str) -> None:
    """Tell a person at a terminal why it takes a while; a program that reads the errors is not bothered."""
    if sys.stderr.isatty():
        print(printable(what), file=sys.stderr, flush=True)


def terminal_width(stream: TextIO | None = None) -> int:
    """Return the columns of the terminal that is printed to, that of the output where None; 0 where it is none."""
    written = sys.stdout if stream is None else stream
    return max(shutil.get_terminal_size().columns, 20) if written.isatty() else 0


def table(
    header: Sequence[str], rows: Sequence[Sequence[str]], whole: Sequence[str] = (), marked: str | None = None
) -> None:
    """Print rows in aligned columns.

    On a terminal, columns shrink to its width: what is long goes on below, and a word that is too long ends in "…".

    Args:
        header: the names of the columns.
        rows: a cell for each column.
        whole: names of columns that are never cut, for what may be typed again: where such a cell does not fit, it has
            a line of its own above its row.
        marked: the column whose words have a colour.
    """
    everything = [[printable(cell).replace("\n", " ") for cell in row] for row in (header, *rows)]
    widths = [max(cells(row[column]) for row in everything) for column in range(len(header))]
    kept = frozenset(column for column, name in enumerate(header) if name in whole)
    if width := terminal_width():
        widths = fitted(widths, kept, width - 2 * (len(widths) - 1))
    for row in everything:
        _say_row(row, widths, kept, None if marked is None or row is everything[0] else header.index(marked))


def _say_row(row: list[str], widths: list[int], whole: frozenset[int], marked: int | None) -> None:
    too_long = {column for column in whole if cells(row[column]) > widths[column]}
    say_whole(*(row[column] for column in sorted(too_long)))
    shown = [[""] if column in too_long else _cell(cell, widths[column]) for column, cell in enumerate(row)]
    for line in range(max(map(len, shown))):
        parts = [lines[line] if line < len(lines) else "" for lines in shown]
        padded = [part + " " * (width - cells(part)) for part, width in zip(parts, widths, strict=True)]
        if marked is not None:
            padded[marked] = painted(parts[marked], padded[marked])
        print("  ".join(padded).rstrip())


def _cell(text: str, width: int) -> list[str]:
    return [shortened(line, width) for line in wrapped(text, width)] or [""]


def typed_again(name: str) -> str:
    """Return an id as it can be pasted into a shell: as it is where a shell takes it so, else in quotation marks."""
    shown = inert_name(name)
    if re.fullmatch(r"[\w@%+:,./][\w@%+=:,./-]*", shown):
        return shown
    return "'" + shown.replace("'", "'\"'\"'") + "'"


def say_hit(hit: "Hit", called: Mapping[str, str] = NOT_APART) -> None:
    """Print a hit: rank, time, title, moment; below, its texts by source, its place in each arm, and its best frame.

    `called` are the titles of videos that are told apart, by id.
    """
    moment = hit.moment
    title = inert_name(called.get(hit.video_id, hit.title))
    say(f"{hit.rank:>2}. {hit.span.timecode}  {title}  [{typed_again(moment.moment_id)}]")
    say(*(f"    {line}" for line in by_source(moment)))
    found_by = ", ".join(f"{arm} (place {at.rank})" for arm, at in hit.arms.items())
    say(f"    found by {found_by or 'the name of the video'}")
    if moment.keyframes:
        say_whole(f"    {inert_name(str(moment.keyframes[0].path))}")


def sourced(source: "TextSource", text: str) -> str:
    """Return a text in a line, after its source."""
    return f"{SOURCES[source]}: {inert_line(text)}"


def by_source(moment: "Moment") -> list[str]:
    """Return the texts of a moment: a line for each source, captions first, each in order of time."""
    from retrieval.types import joined

    found = {source: [text for text in moment.texts if text.source == source] for source in SOURCES}
    return [sourced(source, joined(texts)) for source, texts in found.items() if texts]


def headline(citation: "Citation", called: Mapping[str, str] = NOT_APART) -> str:
    """Return where a citation points, in a line: its handle, title, time and moment.

    `called` are the titles of videos that are told apart, by id.
    """
    title, moment = inert_name(called.get(citation.video_id, citation.title)), typed_again(citation.moment_id)
    return f"[{citation.handle}] {title}  {citation.timecode}  [{moment}]"


def plural(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def time_left(seconds: float | None) -> str:
    """Return the time that something is expected to go on, in words: never more exact than it is known."""
    if seconds is None:
        return "time left unknown"
    if seconds < AT_ONCE:
        return "less than 1 min left"
    if seconds < LONG:
        return f"about {max(1, round(seconds / 60))} min left"
    halves = round(seconds / 1800)
    hours = halves // 2
    return f"about {hours}{'.5' if halves % 2 else ''} h left"


def size(count: int) -> str:
    """Return a number of bytes for people."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} bytes" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"
