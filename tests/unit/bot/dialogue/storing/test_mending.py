import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from bot.dialogue.conversation import Turn
from bot.dialogue.messages import Citation
from bot.dialogue.storing.feedback import feedback_on
from bot.dialogue.storing.mending import mend_conversations
from bot.dialogue.storing.sqlite import SqliteConversations
from retrieval.errors import LibraryUnusable
from retrieval.types import TimeSpan

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def turn(number: int) -> Turn:
    shown = Citation(number, f"v:{number}", "v", "The Film", TimeSpan(number, number + 1))
    at = NOON + timedelta(minutes=number)
    return Turn(f"question {number}", "ask", "dog", "It is there. " * 40, "answered", at, (shown,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Conversations `a` of 60 turns, named, and `b` of one turn, with an opinion of it."""
    made = SqliteConversations(tmp_path / "conversations.db")
    for number in range(1, 61):
        made.append("a", turn(number))
    made.append("b", turn(1))
    made.rename("a", "Dogs")
    made.judge(feedback_on("b", 1, turn(1), None, "good", "yes", NOON))
    made.close()
    return tmp_path / "conversations.db"


def flipped(path: Path, share: float) -> bytes:
    """Break a page in the middle of the file; return what is in it then."""
    data = bytearray(path.read_bytes())
    start = int(len(data) * share) // 4096 * 4096
    data[start : start + 4096] = b"\xff" * 4096
    path.write_bytes(data)
    return bytes(data)


def test_undamaged_conversations_stay_as_they_are(path: Path) -> None:
    before = path.read_bytes()
    assert mend_conversations(path) is None
    assert mend_conversations(path.with_name("nothing.db")) is None
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9])
def test_what_can_be_read_is_saved_and_the_damaged_file_is_kept(path: Path, share: float) -> None:
    damaged = flipped(path, share)
    mended = mend_conversations(path)
    assert mended is not None
    assert (mended.aside / path.name).read_bytes() == damaged
    store = SqliteConversations(path)
    assert store.check() == ""
    kept = store.load("a")
    assert len(kept.turns) >= 50
    assert {one.asked: one for one in kept.turns}.items() <= {turn(n).asked: turn(n) for n in range(1, 61)}.items()
    assert mended.turns == len(kept.turns) + len(store.load("b").turns)
    assert mended.conversations == 2
    number, latest = store.latest("a", kept.turns[0].citations[0].handle)
    assert latest == kept.turns[0]
    store.append("a", turn(61))
    assert store.load("a").turns[-1] == turn(61)
    store.close()
    assert mend_conversations(path) is None


def test_a_turn_that_cannot_be_read_is_left_out_and_its_conversation_is_named(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        torn = "conversation_id = 'a' AND number = 7"
        db.execute(f"UPDATE turns SET turn = replace(turn, 'asked', 'basked') WHERE {torn}")
        db.commit()
    mended = mend_conversations(path)
    assert mended is not None
    assert (mended.torn, mended.turns) == (("a",), 60)
    store = SqliteConversations(path)
    assert turn(7) not in store.load("a").turns
    assert (store.load("a").title, store.load("b").title) == ("Dogs", "question 1")
    assert [(one.conversation_id, one.words) for one in store.feedback()] == [("b", "yes")]
    assert [one.conversation_id for one in store.list()] == ["a", "b"]
    store.close()


def test_a_file_that_is_no_database_leaves_none_and_is_kept(path: Path) -> None:
    path.write_bytes(b"not a database" * 500)
    mended = mend_conversations(path)
    assert mended is not None
    assert (mended.conversations, (mended.aside / path.name).read_bytes()) == (0, b"not a database" * 500)
    store = SqliteConversations(path)
    assert list(store.list()) == []
    store.close()


def test_conversations_are_not_mended_under_another_process(path: Path) -> None:
    damaged = flipped(path, 0.5)
    (path.parent / "locks").mkdir()
    with FileLock(path.parent / "locks" / "1"), pytest.raises(LibraryUnusable, match="another process"):
        mend_conversations(path)
    assert path.read_bytes() == damaged
