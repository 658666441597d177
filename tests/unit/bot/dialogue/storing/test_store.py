"""One suite for both stores; what only a durable one can promise comes after it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from bot.dialogue.conversation import Turn
from bot.dialogue.messages import Citation, Ranking
from bot.dialogue.storing.base import REMEMBERED, ConversationStore, new_conversation_id
from bot.dialogue.storing.feedback import Feedback, FeedbackStore, feedback_on
from bot.dialogue.storing.memory import MemoryConversations
from bot.dialogue.storing.records import turn_to_json
from bot.dialogue.storing.sqlite import MIGRATIONS, SqliteConversations
from bot.errors import UnknownConversation, UnknownMoment
from retrieval.catalogue.database import Database
from retrieval.errors import LibraryUnusable
from retrieval.types import ArmScore, TimeSpan

ROOT = Path(__file__).parents[4]
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Store(ConversationStore, FeedbackStore, Protocol):
    """Both contracts."""


def cite(handle: int, found: bool = True) -> Citation:
    ranking = Ranking(0.9, (("meaning", ArmScore(2, 0.5)),), ("dog",)) if found else None
    span, frame = TimeSpan(0.25, 1.5), Path("/frames/1.jpg")
    return Citation(handle, f"v:{handle + 1}", "v", "Über \u2603", span, frame, ranking=ranking)


def turn(asked: str, answer: str = "Yes.", minutes: int = 0, handle: int = 1) -> Turn:
    citation = cite(handle)
    at = NOON + timedelta(minutes=minutes)
    return Turn(asked, "ask", "a dog", answer, "answered", at, (citation,), "v", ("v", "w"))


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryConversations()
        return
    opened = SqliteConversations(tmp_path / "home" / "conversations.db")
    yield opened
    opened.close()


def test_a_turn_comes_back_as_it_was(store: Store) -> None:
    store.append("a", turn("Is there a dog?"))
    store.append("a", turn("And a cat?", minutes=1))
    kept = store.load("a")
    assert kept.turns == (turn("Is there a dog?"), turn("And a cat?", minutes=1))
    assert kept.title == "Is there a dog?"


def test_an_unknown_conversation_is_refused_everywhere(store: Store) -> None:
    for use in (store.load, store.delete, lambda name: store.rename(name, "x")):
        with pytest.raises(UnknownConversation):
            use("nowhere")


def test_the_list_has_the_latest_first(store: Store) -> None:
    for name in ("a", "b", "a"):
        store.append(name, turn("x"))
    assert [(s.conversation_id, s.turns) for s in store.list()] == [("a", 2), ("b", 1)]


def test_a_search_reads_titles_questions_and_answers_and_minds_no_case(store: Store) -> None:
    store.append("a", turn("Where is the DOG?", "Nowhere."))
    store.append("b", turn("x", "100% of cats_"))
    store.rename("b", "Holiday")
    assert [s.conversation_id for s in store.search("dog")] == ["a"]
    assert [s.conversation_id for s in store.search("NOWHERE")] == ["a"]
    assert [s.conversation_id for s in store.search("holi")] == ["b"]
    assert [s.conversation_id for s in store.search("0% of")] == ["b"]
    assert not store.search("%dog%")


def test_a_new_title_stays_when_turns_are_added(store: Store) -> None:
    store.append("a", turn("x"))
    store.rename("a", "Holiday")
    store.append("a", turn("y"))
    assert store.load("a").title == store.list()[0].title == "Holiday"


def test_a_deleted_conversation_is_gone_and_its_id_can_be_used_anew(store: Store) -> None:
    store.append("a", turn("secret"))
    store.delete("a")
    assert not store.list()
    assert not store.search("secret")
    store.append("a", turn("new"))
    assert [t.asked for t in store.load("a").turns] == ["new"]


def test_an_answer_needs_the_latest_turns_and_every_moment_shown(store: Store) -> None:
    for number in range(1, REMEMBERED + 4):
        store.append("a", turn(str(number), handle=number))
    store.append("a", turn("again", "Longer.", handle=2))
    kept = store.recall("a")
    assert [t.asked for t in kept.turns] == [*map(str, range(5, REMEMBERED + 4)), "again"]
    assert kept.earlier.turns == 4
    assert list(kept.shown) == list(range(1, REMEMBERED + 4))
    assert {c.handle: c.moment_id for c in kept.shown.values()} == {h: f"v:{h + 1}" for h in kept.shown}
    assert kept.handle("v:3", {}) == 2
    assert kept.handle("w:1", {}) == REMEMBERED + 4
    assert len(store.load("a").turns) == REMEMBERED + 4


def test_a_short_conversation_is_recalled_whole(store: Store) -> None:
    for number in range(REMEMBERED):
        store.append("a", turn(str(number)))
    assert store.recall("a") == store.load("a")


def test_the_latest_turn_that_shows_a_moment_is_found(store: Store) -> None:
    for handle in (1, 2, 1, 3):
        store.append("a", turn(f"about {handle}", handle=handle))
    assert store.latest("a") == (4, turn("about 3", handle=3))
    assert store.latest("a", 1) == (3, turn("about 1"))
    for use in (lambda: store.latest("a", 9), lambda: store.latest("b")):
        with pytest.raises((UnknownMoment, UnknownConversation)):
            use()


def opinion(conversation_id: str, words: str = "") -> Feedback:
    return feedback_on(conversation_id, 1, turn("Where is the dog?"), 1, "bad", words, NOON)


def test_an_opinion_is_kept_with_its_evidence_and_goes_with_its_conversation(store: Store) -> None:
    for name in ("a", "b"):
        store.append(name, turn("Where is the dog?"))
        store.judge(opinion(name, "a \n cat"))
    given = store.feedback()
    assert list(given) == [opinion("a", "a cat"), opinion("b", "a cat")]
    assert given[0].moments == (cite(1),)
    store.delete("a")
    assert [one.conversation_id for one in store.feedback()] == ["b"]
    with pytest.raises(UnknownConversation):
        store.judge(opinion("a"))


def test_an_opinion_of_a_moment_that_was_not_shown_is_refused() -> None:
    with pytest.raises(UnknownMoment):
        feedback_on("a", 1, turn("x"), 7, "good", "", NOON)


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
        db.execute("UPDATE turns SET turn = replace(turn, 'asked', 'basked')")
        db.commit()
    for use in (store.load, store.recall, store.latest):
        with pytest.raises(LibraryUnusable, match="a turn cannot be read"):
            use("a")
    assert store.check() == ""
    store.close()


def test_new_ids_differ() -> None:
    assert len({new_conversation_id() for _ in range(100)}) == 100


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
