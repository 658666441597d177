"""Mending damaged conversations: what can be read goes into a new file, and the damaged one is kept aside."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.dialogue.conversation import Turn, title_from
from bot.dialogue.storing.feedback import Feedback, feedback_from_json, feedback_to_json
from bot.dialogue.storing.records import turn_from_json
from bot.dialogue.storing.sqlite import MIGRATIONS, write_turn
from retrieval.catalogue.database import Database
from retrieval.publishing.mending import check_alone, folder_aside, put_in_place
from retrieval.publishing.salvage import Row, damage, reading, rows_of


@dataclass(frozen=True, slots=True)
class MendedConversations:
    """What became of damaged conversations.

    Attributes:
        aside: the folder that the damaged file was put into.
        conversations: how many are there again.
        turns: how many turns they have.
        torn: ids of those of which turns are missing, as far as that shows.
    """

    aside: Path
    conversations: int
    turns: int
    torn: tuple[str, ...]


@dataclass(slots=True)
class _Read:
    """What a damaged file still holds: titles by conversation, turns by conversation and number, and opinions."""

    titles: dict[str, str] = field(default_factory=dict)
    turns: dict[str, dict[int, Turn]] = field(default_factory=dict)
    feedback: dict[int, Feedback] = field(default_factory=dict)
    is_torn: bool = False


def mend_conversations(path: Path) -> MendedConversations | None:
    """Mend a file of conversations; None where there is none, or all of it can be read.

    Raises:
        LibraryUnusable: another process works with the library beside it.
    """
    if not path.is_file():
        return None
    check_alone(path.parent)
    work = path.parent / "mending"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        for name in (path.name, f"{path.name}-wal"):
            if (path.parent / name).exists():
                shutil.copyfile(path.parent / name, work / name)
        is_damaged = bool(damage(work / path.name))
        with reading(work / path.name) as db:
            found = _read(db)
        if not (is_damaged or found.is_torn):
            return None
        _write(found, work / "new.db")
        aside = folder_aside(path.parent)
        put_in_place(work / "new.db", path, aside)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    torn = tuple(name for name, turns in found.turns.items() if max(turns) > len(turns))
    return MendedConversations(aside, len(found.turns), sum(map(len, found.turns.values())), torn)


def _read(db: sqlite3.Connection) -> _Read:
    """Read each table in its own order, and turns by conversation besides: a break may be in either tree."""
    found = _Read()
    conversations, _ = rows_of(db, "conversations", ("conversation_id",), ("conversation_id", "title"))
    found.titles = {name: title for name, title in conversations if isinstance(name, str) and isinstance(title, str)}
    columns = ("conversation_id", "number", "turn")
    _keep(found, rows_of(db, "turns", ("rowid",), columns)[0])
    for name in {*found.titles, *found.turns}:
        _keep(found, rows_of(db, "turns", ("number",), columns, "WHERE conversation_id = ?", (name,))[0])
    for number, kept in rows_of(db, "feedback", ("number",), ("number", "feedback"))[0]:
        try:
            found.feedback[int(str(number))] = feedback_from_json(str(kept))
        except (ValueError, LookupError, TypeError, AttributeError):
            found.is_torn = True
    return found


def _keep(found: _Read, rows: list[Row]) -> None:
    for name, number, kept in rows:
        if not (isinstance(name, str) and isinstance(number, int) and number > 0):
            found.is_torn = True
            continue
        try:
            found.turns.setdefault(name, {})[number] = turn_from_json(str(kept))
        except (ValueError, LookupError, TypeError, AttributeError):
            found.is_torn = True
    found.turns = {name: turns for name, turns in found.turns.items() if turns}


def _write(found: _Read, path: Path) -> None:
    """Write what was read; a conversation that lost its name gets one as a new one does."""
    with closing(Database(path, MIGRATIONS, synchronous="FULL")) as new, new.writing() as db:
        for place, (name, updated) in enumerate(_by_age(found), start=1):
            turns = found.turns[name]
            title = found.titles.get(name) or title_from(turns[min(turns)].asked)
            db.execute("INSERT INTO conversations VALUES (?, ?, ?, ?)", (name, title, place, updated.isoformat()))
            for number in sorted(turns):
                write_turn(db, name, number, turns[number])
        for number, opinion in sorted(found.feedback.items()):
            if opinion.conversation_id in found.turns:
                row = (number, opinion.conversation_id, feedback_to_json(opinion))
                db.execute("INSERT INTO feedback VALUES (?, ?, ?)", row)


def _by_age(found: _Read) -> Iterator[tuple[str, datetime]]:
    """Yield each conversation and when its last turn was stored, the oldest first."""
    last = {name: turns[max(turns)].at for name, turns in found.turns.items()}
    yield from sorted(last.items(), key=lambda one: one[1])
