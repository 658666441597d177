"""One suite for both stores; what only a durable one can promise comes after it."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.dialogue.conversation import Turn
from bot.dialogue.messages import Citation
from bot.dialogue.store import ConversationStore, MemoryConversations, SqliteConversations, new_conversation_id
from bot.errors import UnknownConversation
from retrieval.types import TimeSpan

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def turn(asked: str, answer: str = "Yes.", minutes: int = 0) -> Turn:
    citation = Citation(1, "v:2", "v", "Über \u2603", TimeSpan(0.25, 1.5), Path("/frames/1.jpg"))
    at = NOON + timedelta(minutes=minutes)
    return Turn(asked, "ask", "a dog", answer, "answered", at, (citation,), "v", ("v", "w"))


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ConversationStore]:
    if request.param == "memory":
        yield MemoryConversations()
        return
    opened = SqliteConversations(tmp_path / "home" / "conversations.db")
    yield opened
    opened.close()


def test_a_turn_comes_back_as_it_was(store: ConversationStore) -> None:
    store.append("a", turn("Is there a dog?"))
    store.append("a", turn("And a cat?", minutes=1))
    kept = store.load("a")
    assert kept.turns == (turn("Is there a dog?"), turn("And a cat?", minutes=1))
    assert kept.title == "Is there a dog?"


def test_an_unknown_conversation_is_refused_everywhere(store: ConversationStore) -> None:
    for use in (store.load, store.delete, lambda name: store.rename(name, "x")):
        with pytest.raises(UnknownConversation):
            use("nowhere")


def test_the_list_has_the_latest_first(store: ConversationStore) -> None:
    for name in ("a", "b", "a"):
        store.append(name, turn("x"))
    assert [(s.conversation_id, s.turns) for s in store.list()] == [("a", 2), ("b", 1)]


def test_a_search_reads_titles_questions_and_answers_and_minds_no_case(store: ConversationStore) -> None:
    store.append("a", turn("Where is the DOG?", "Nowhere."))
    store.append("b", turn("x", "100% of cats_"))
    store.rename("b", "Holiday")
    assert [s.conversation_id for s in store.search("dog")] == ["a"]
    assert [s.conversation_id for s in store.search("NOWHERE")] == ["a"]
    assert [s.conversation_id for s in store.search("holi")] == ["b"]
    assert [s.conversation_id for s in store.search("0% of")] == ["b"]
    assert not store.search("%dog%")


def test_a_new_title_stays_when_turns_are_added(store: ConversationStore) -> None:
    store.append("a", turn("x"))
    store.rename("a", "Holiday")
    store.append("a", turn("y"))
    assert store.load("a").title == store.list()[0].title == "Holiday"


def test_a_deleted_conversation_is_gone_and_its_id_can_be_used_anew(store: ConversationStore) -> None:
    store.append("a", turn("secret"))
    store.delete("a")
    assert not store.list()
    assert not store.search("secret")
    store.append("a", turn("new"))
    assert [t.asked for t in store.load("a").turns] == ["new"]


def test_turns_survive_the_process(tmp_path: Path) -> None:
    first = SqliteConversations(tmp_path / "c.db")
    first.append("a", turn("x"))
    first.close()
    second = SqliteConversations(tmp_path / "c.db")
    assert second.load("a").turns == (turn("x"),)
    second.close()


def test_no_turn_is_lost_when_many_write_at_once(tmp_path: Path) -> None:
    store = SqliteConversations(tmp_path / "c.db")

    def write(writer: int) -> None:
        for number in range(10):
            store.append("shared", turn(f"{writer}-{number}"))

    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    asked = [t.asked for t in store.load("shared").turns]
    store.close()
    assert sorted(asked) == sorted(f"{w}-{n}" for w in range(4) for n in range(10))


def test_a_conversation_grows_by_its_turns_alone(tmp_path: Path) -> None:
    store = SqliteConversations(tmp_path / "c.db")

    def size_after(turns: int) -> int:
        for number in range(turns):
            store.append("a", turn(f"question {number}", "word " * 100))
        store.close()  # merges the log into the file; the store opens it again
        return sum(path.stat().st_size for path in tmp_path.iterdir())

    first = size_after(200)
    assert size_after(200) < 2.2 * first


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
