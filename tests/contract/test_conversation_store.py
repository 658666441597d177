"""One suite for every ConversationStore: in memory, and in a SQLite file."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.dialogue.conversation import Turn
from bot.dialogue.messages import Citation, Ranking
from bot.dialogue.storing.base import REMEMBERED, ConversationStore, new_conversation_id
from bot.dialogue.storing.feedback import feedback_on
from bot.dialogue.storing.memory import MemoryConversations
from bot.dialogue.storing.readers import ConversationReader
from bot.dialogue.storing.sqlite import SqliteConversations
from bot.errors import UnknownConversation, UnknownMoment
from bot.rights import AT_TERMINAL, Asker, Place, Principal
from retrieval.types import ArmScore, Everything, TimeSpan

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
Store = MemoryConversations | SqliteConversations


def cite(handle: int, found: bool = True) -> Citation:
    ranking = Ranking(0.9, (("meaning", ArmScore(2, 0.5)),), ("dog",)) if found else None
    span, frame = TimeSpan(0.25, 1.5), Path("/frames/1.jpg")
    return Citation(handle, f"v:{handle + 1}", "v", "Über \u2603", span, frame, ranking=ranking)


def turn(asked: str, answer: str = "Yes.", minutes: int = 0, handle: int = 1) -> Turn:
    citation = cite(handle)
    at = NOON + timedelta(minutes=minutes)
    return Turn(asked, "ask", "a dog", answer, "answered", at, (citation,), "v", ("v", "w"))


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[MemoryConversations | SqliteConversations]:
    """Open each of the stores, which keep conversations and opinions."""
    if kind == "memory":
        yield MemoryConversations()
        return
    with closing(SqliteConversations(folder / "home" / "conversations.db")) as store:
        yield store


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


def test_a_turn_comes_back_as_it_was(store: ConversationStore) -> None:
    store.append("a", turn("Is there a dog?"))
    store.append("a", turn("And a cat?", minutes=1))
    kept = store.load("a")
    assert kept.turns == (turn("Is there a dog?"), turn("And a cat?", minutes=1))
    assert kept.title == "Is there a dog?"


def test_a_handle_that_is_claimed_is_given_to_no_other_moment(store: ConversationStore) -> None:
    store.append("a", turn("Is there a dog?"))
    assert store.claim("a", "v:2", "one") == 1  # that is shown already
    assert [store.claim("a", "v:7", "one"), store.claim("a", "v:8", "two"), store.claim("a", "v:7", "two")] == [2, 3, 2]
    assert store.claim("b", "v:8", "one") == 1
    store.release("a", "one")
    assert store.claim("a", "v:9", "three") == 4  # [2] is still claimed by the second
    store.append("a", turn("And a cat?", handle=3))
    for claimant in ("two", "three"):
        store.release("a", claimant)
    assert [store.claim("a", "v:4", "four"), store.claim("a", "w:1", "four")] == [3, 4]


def test_ids_of_conversations_have_128_bits() -> None:
    assert {len(bytes.fromhex(new_conversation_id())) for _ in range(10)} == {16}


def test_an_unknown_conversation_is_refused_everywhere(store: ConversationStore) -> None:
    for use in (store.load, store.recall, store.latest, store.delete, lambda name: store.rename(name, "x")):
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


def test_an_answer_needs_the_latest_turns_and_every_moment_shown(store: ConversationStore) -> None:
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


def test_a_short_conversation_is_recalled_whole(store: ConversationStore) -> None:
    for number in range(REMEMBERED):
        store.append("a", turn(str(number)))
    assert store.recall("a") == store.load("a")


def test_the_latest_turn_that_shows_a_moment_is_found(store: ConversationStore) -> None:
    for handle in (1, 2, 1, 3):
        store.append("a", turn(f"about {handle}", handle=handle))
    assert store.latest("a") == (4, turn("about 3", handle=3))
    assert store.latest("a", 1) == (3, turn("about 1"))
    with pytest.raises(UnknownMoment):
        store.latest("a", 9)


def test_new_ids_differ() -> None:
    assert len({new_conversation_id() for _ in range(100)}) == 100


ANN, BOB = Principal("member", "T1", "ann"), Principal("member", "T1", "bob")
CHANNEL, DIRECT = Place("channel", "T1", "C1"), Place("direct", "T1", "D1")
A, AB = frozenset({"a"}), frozenset({"a", "b"})


def reader(place: Place = DIRECT, who: Principal = ANN, visible: frozenset[str] = AB) -> ConversationReader:
    return ConversationReader(Asker(place, who), visible)


def under(visible: frozenset[str], asked: str, answer: str = "Yes.", handle: int = 1) -> Turn:
    return replace(turn(asked, answer, handle=handle), visible=visible)


OTHERS = {
    "who asks": reader(who=BOB),
    "the place": reader(Place("direct", "T1", "D2")),
    "the workspace": reader(Place("direct", "T2", "D1")),
    "the terminal": ConversationReader(AT_TERMINAL, Everything(AB)),
    "a channel": reader(CHANNEL),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_conversation_is_nothing_to_others_whatever_they_do(store: Store, other: ConversationReader) -> None:
    mine, theirs = store.read_by(reader()), store.read_by(other)
    mine.append("talk", under(AB, "Where is the dog?"))
    key = reader().key("talk")
    for name in ("talk", key, f"{key}\x1f"):
        for use in (theirs.load, theirs.recall, theirs.latest, theirs.delete, lambda name: theirs.rename(name, "x")):
            with pytest.raises(UnknownConversation) as refused:
                use(name)
            with pytest.raises(UnknownConversation) as unknown:
                theirs.load("nothing")
            assert str(refused.value).replace(repr(name), "") == str(unknown.value).replace("'nothing'", "")
    assert not theirs.list() and not theirs.search("dog") and not theirs.feedback()
    theirs.append("talk", under(AB, "Where is the cat?"))
    assert [t.asked for t in mine.load("talk").turns] == ["Where is the dog?"]
    assert theirs.claim("talk", "v:9", "x") == mine.claim("talk", "v:9", "x") == 2
    theirs.delete("talk")
    assert [s.conversation_id for s in mine.list()] == ["talk"]


def test_in_a_channel_each_goes_on_and_who_began_alone_changes(store: Store) -> None:
    ann, bob = store.read_by(reader(CHANNEL)), store.read_by(reader(CHANNEL, BOB))
    ann.append("talk", under(AB, "Where is the dog?"))
    bob.append("talk", under(AB, "And the cat?"))
    assert [t.asked for t in ann.load("talk").turns] == ["Where is the dog?", "And the cat?"]
    for use in (bob.delete, lambda name: bob.rename(name, "x")):
        with pytest.raises(UnknownConversation):
            use("talk")
    ann.rename("talk", "Animals")
    assert bob.list()[0].title == "Animals"
    ann.delete("talk")
    assert not bob.list()


def test_turns_of_wider_rights_are_not_told_counted_or_found_under_narrower_ones(store: Store) -> None:
    wide, narrow = store.read_by(reader()), store.read_by(reader(visible=A))
    wide.append("talk", under(AB, "Where is the treasure?", handle=1))
    for use in (narrow.load, narrow.recall, narrow.latest):
        with pytest.raises(UnknownConversation):
            use("talk")
    assert not narrow.list() and not narrow.search("treasure")
    narrow.append("talk", under(A, "Where is the ball?", handle=2))
    wide.append("talk", under(AB, "And the chest?", handle=3))
    kept = narrow.load("talk")
    assert ([t.asked for t in kept.turns], kept.title) == (["Where is the ball?"], "Where is the ball?")
    assert narrow.recall("talk") == kept
    assert narrow.latest("talk")[0] == narrow.latest("talk", 2)[0] == 1
    with pytest.raises(UnknownMoment):
        narrow.latest("talk", 3)
    (summary,) = narrow.list()
    assert (summary.title, summary.turns, summary.updated) == ("Where is the ball?", 1, NOON)
    assert not narrow.search("treasure") and not narrow.search("chest") and narrow.search("ball")
    assert [t.asked for t in wide.load("talk").turns] == [
        "Where is the treasure?",
        "Where is the ball?",
        "And the chest?",
    ]
    wide.rename("talk", "Treasures")
    assert (narrow.list()[0].title, wide.list()[0].title) == ("Where is the ball?", "Treasures")


def test_a_number_shown_under_both_means_to_each_what_they_may_see(store: Store) -> None:
    wide, narrow = store.read_by(reader()), store.read_by(reader(visible=A))
    narrow.append("talk", under(A, "Where is the ball?", handle=1))
    wide.append("talk", under(AB, "Where is it again?", handle=1))
    assert narrow.latest("talk", 1)[1].asked == "Where is the ball?"
    assert wide.latest("talk", 1)[1].asked == "Where is it again?"


def test_a_long_conversation_counts_and_recalls_what_may_be_told(store: Store) -> None:
    wide, narrow = store.read_by(reader()), store.read_by(reader(visible=A))
    for number in range(1, REMEMBERED + 3):
        wide.append("talk", under(AB, f"wide {number}", handle=2 * number))
        narrow.append("talk", under(A, f"narrow {number}", handle=2 * number - 1))
    kept = narrow.recall("talk")
    assert (len(kept.turns), kept.earlier.turns) == (REMEMBERED, 2)
    assert {t.asked.split()[0] for t in kept.turns} == {"narrow"}
    assert all(handle % 2 for handle in kept.shown)
    assert narrow.latest("talk")[0] == REMEMBERED + 2


def test_what_older_versions_kept_is_the_owners_at_the_terminal(store: Store) -> None:
    store.append("talk", turn("Where is the dog?"))
    assert store.read_by(ConversationReader(AT_TERMINAL, Everything(A))).list()
    assert not store.read_by(ConversationReader(AT_TERMINAL, A)).list()


def test_opinions_answer_to_whom_the_conversation_does(store: Store) -> None:
    wide, narrow = store.read_by(reader()), store.read_by(reader(visible=A))
    wide.append("talk", under(AB, "Where is the treasure?"))
    number, judged = wide.latest("talk")
    wide.judge(feedback_on("talk", number, judged, None, "good", "", NOON))
    assert len(wide.feedback()) == 1
    assert not narrow.feedback()
    with pytest.raises(UnknownConversation):
        narrow.judge(feedback_on("talk", number, judged, None, "bad", "", NOON))


def test_a_turn_is_forgotten_with_what_it_alone_showed_and_the_opinions_of_it(store: Store) -> None:
    first, second, third = turn("Is there a dog?"), turn("And a cat?", minutes=1, handle=2), turn("Red?", minutes=2)
    for one in (first, second, third):
        store.append("a", one)
    for number, one in enumerate((first, second), 1):
        store.judge(feedback_on("a", number, one, None, "good", "", NOON))
    store.forget("a", second.at)
    assert store.load("a").turns == (first, third) and store.load("a").title == "Is there a dog?"
    assert [one.asked for one in store.feedback()] == ["Is there a dog?"]
    assert store.latest("a", 1)[1] == third
    with pytest.raises(UnknownMoment):
        store.latest("a", 2)
    store.forget("a", second.at)
    store.forget("a", first.at)
    assert store.load("a").title == "Red?"
    store.forget("a", third.at)
    with pytest.raises(UnknownConversation):
        store.load("a")
    store.forget("a", third.at)


def test_who_may_not_read_a_turn_cannot_forget_it(store: Store) -> None:
    secret = replace(turn("Is there a dog?"), visible=frozenset({"secret"}))
    mine = Asker(Place("thread", "T1", "C1", "1.0"), Principal("member", "T1", "U1"))
    store.read_by(ConversationReader(mine, frozenset({"secret"}))).append("a", secret)
    store.read_by(ConversationReader(mine, frozenset())).forget("a", secret.at)
    assert store.read_by(ConversationReader(mine, frozenset({"secret"}))).load("a").turns == (secret,)
