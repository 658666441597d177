"""What only a store that lasts can promise."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.dialogue.storing.readers import ConversationReader
from bot.dialogue.storing.records import turn_to_json
from bot.dialogue.storing.schema import MIGRATIONS
from bot.dialogue.storing.sqlite import SqliteConversations
from bot.errors import UnknownConversation
from bot.rights import AT_TERMINAL, Asker, Everything, Place, Principal
from retrieval.catalogue import row_sums
from retrieval.catalogue.database import Database
from retrieval.errors import LibraryUnusable
from tests.contract.test_conversation_store import NOON, reader, turn
from tests.contract.test_feedback_store import opinion


def test_turns_survive_the_process(tmp_path: Path) -> None:
    first = SqliteConversations(tmp_path / "c.db")
    first.append("a", turn("x"))
    first.close()
    second = SqliteConversations(tmp_path / "c.db")
    assert second.load("a").turns == (turn("x"),)
    second.close()


def test_what_is_deleted_is_in_no_file_any_more(tmp_path: Path) -> None:
    store = SqliteConversations(tmp_path / "c.db")
    for number in range(50):
        store.append("a", turn(f"xylophone {number}", "The zeppelin lands. " * 30))
        store.append("b", turn(f"question {number}"))
    store.judge(opinion("a", "quagmire"))
    store.delete("a")

    def left() -> list[bytes]:
        everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        return [word for word in (b"xylophone", b"zeppelin", b"quagmire", b"question 7") if word in everything]

    assert left() == [b"question 7"]
    store.close()
    assert left() == [b"question 7"]


def test_a_file_of_an_older_version_keeps_its_turns_and_knows_what_they_showed(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "c.db", MIGRATIONS[:1])) as old, old.writing() as db:
        db.execute("INSERT INTO conversations VALUES ('a', 'Old', 1, ?)", (NOON.isoformat(),))
        for number, handle in enumerate((1, 2, 1), start=1):
            kept = turn_to_json(turn(str(number), handle=handle))
            db.execute("INSERT INTO turns VALUES ('a', ?, '', ?)", (number, kept))
    store = SqliteConversations(tmp_path / "c.db")
    assert [t.asked for t in store.load("a").turns] == ["1", "2", "3"]
    assert [store.latest("a", handle)[0] for handle in (1, 2)] == [3, 2]
    assert len(store.read_by(ConversationReader(AT_TERMINAL, Everything())).load("a").turns) == 3
    for narrower in (ConversationReader(AT_TERMINAL, frozenset({"a"})), reader()):
        with pytest.raises(UnknownConversation):
            store.read_by(narrower).load("a")
    store.close()


def test_a_damaged_file_is_refused_with_its_mend_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    path.write_bytes(b"not a database" * 500)
    with pytest.raises(LibraryUnusable, match="cannot be used") as refused:
        SqliteConversations(path)
    assert "vdialog restore" in refused.value.hint
    assert path.read_bytes() == b"not a database" * 500


def test_a_turn_that_cannot_be_read_is_damage_and_not_a_riddle(tmp_path: Path) -> None:
    store = SqliteConversations(tmp_path / "c.db")
    store.append("a", turn("x"))
    with closing(sqlite3.connect(tmp_path / "c.db")) as db:
        row_sums.register(db)
        db.execute("UPDATE turns SET turn = replace(turn, 'asked', 'basked')")
        db.commit()
    for use in (store.load, store.recall, store.latest):
        with pytest.raises(LibraryUnusable, match="a turn cannot be read"):
            use("a")
    assert store.check() == ""
    store.close()


def test_half_characters_name_no_conversation_and_are_replaced_in_titles(tmp_path: Path) -> None:
    store = SqliteConversations(tmp_path / "conversations.db")
    store.append("one", turn("where is the dog?"))
    assert list(store.search("\udcff")) == []
    for use in (store.load, store.delete, lambda name: store.rename(name, "x")):
        with pytest.raises(UnknownConversation):
            use("\udcff")
    store.rename("one", "a \udcff b")
    assert store.load("one").title == "a \N{REPLACEMENT CHARACTER} b"
    store.close()


def test_conversations_of_a_team_expire_and_those_of_the_terminal_do_not(tmp_path: Path) -> None:
    store = SqliteConversations(tmp_path / "conversations.db")
    team = Asker(Place("thread", "T1", "C1", "1.0"), Principal("member", "T1", "U1"))
    theirs = store.read_by(ConversationReader(team, frozenset({"c"})))
    store.append("mine", turn("Is there a dog?"))
    theirs.append("old", replace(turn("Is there a cat?"), visible=frozenset({"c"})))
    theirs.append("new", replace(turn("Is there a horse?", minutes=90), visible=frozenset({"c"})))
    assert store.expire(NOON + timedelta(hours=1)) == 1 and store.expire(NOON + timedelta(hours=1)) == 0
    assert [one.conversation_id for one in theirs.list()] == ["new"] and store.load("mine").turns
    assert b"Is there a cat" not in (tmp_path / "conversations.db").read_bytes()
    store.close()
