"""What left the library is taken out of turns; what other videos said, and what nobody removed, stays."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.dialogue.conversation import Turn
from bot.dialogue.messages import Citation, Filters
from bot.dialogue.storing import erasing
from bot.dialogue.storing.erasing import NOBODY, REMOVED, redaction
from bot.dialogue.storing.feedback import feedback_on
from bot.dialogue.storing.sqlite import SqliteConversations
from retrieval.catalogue.erasures import Erasure
from retrieval.types import TimeSpan
from tests.contract.test_conversation_store import NOON, turn

GONE = Erasure(
    "c/party", True, ("Office party", "party"), ("We all sing a song for old Bert.",), ("sing", "bert", "offic")
)


def cited(handle: int, video: str, title: str, seen: str | None = None) -> Citation:
    return Citation(handle, f"{video}:1", video, title, TimeSpan(0, 5), Path("frame.jpg"), seen)


def mixed() -> Turn:
    said = (
        'In "Office party" at 00:00, the caption says: "We all sing." [1]',
        'In "Lake" at 00:00, the caption says: "Bert rows." [2]',
        "Both are short.",
    )
    return replace(
        turn("where does Bert sing?", "\n".join(said)),
        citations=(cited(1, "c/party", "Office party", "Bert with a cake"), cited(2, "c/lake", "Lake", "a boat")),
        listed=("c/party", "c/lake"),
        filters=Filters(videos=("c/party",), not_moments=("c/party:2", "c/lake:3"), without=("bert",)),
    )


def test_of_a_removed_video_nothing_stays_and_of_others_all_that_is_theirs() -> None:
    out = redaction([GONE])
    kept = erasing.redacted(mixed(), out, out.words)
    assert kept.asked == f"where does {REMOVED}?"
    assert kept.answer.split("\n") == [
        REMOVED,
        f'In "Lake" at 00:00, the caption says: "{REMOVED} rows." [2]',
        "Both are short.",
    ]
    first, second = kept.citations
    assert (first.video_id, first.moment_id, first.title, first.observation) == (
        NOBODY,
        f"{NOBODY}:1",
        REMOVED,
        REMOVED,
    )
    assert (first.keyframe, first.handle) == (None, 1)
    assert second == mixed().citations[1]
    assert kept.listed == (NOBODY, "c/lake")
    assert kept.filters.videos == (NOBODY,)
    assert (kept.filters.not_moments, kept.filters.without) == ((f"{NOBODY}:2", "c/lake:3"), (REMOVED,))


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("then WE ALL sing a Song for old Bert, says one", f"then {REMOVED}, says one"),
        ("the office party at noon", f"the {REMOVED} at noon"),
        ("Bert is a friend of mine", "Bert is a friend of mine"),
        ("we all go home", "we all go home"),
    ],
)
def test_in_other_conversations_quotes_are_taken_out_and_single_words_stay(said: str, left: str) -> None:
    assert redaction([GONE]).quotes(said) == left


def test_a_video_that_lost_a_text_is_still_cited() -> None:
    out = redaction([replace(GONE, is_gone=False, names=())])
    kept = erasing.redacted(mixed(), out, out.words)
    assert kept.citations[0].video_id == "c/party"
    assert kept.answer.startswith(f'In "{REMOVED} party" at 00:00')
    assert kept.answer.endswith("Both are short.")


def test_conversations_opinions_and_claims_are_gone_through_and_other_talks_stay_as_they_are(tmp_path: Path) -> None:
    store = SqliteConversations(tmp_path / "conversations.db")
    store.append("one", mixed())
    store.append("one", turn("and Bert again?"))
    store.append("two", turn("who is Bert?"))
    store.judge(feedback_on("one", 1, mixed(), None, "bad", "not my Bert", NOON))
    store.claim("two", "c/party:7", "me")
    assert store.erase([GONE])
    assert [one.asked for one in store.load("one").turns] == [f"where does {REMOVED}?", f"and {REMOVED} again?"]
    assert [summary.title for summary in store.list()] == ["who is Bert?", f"where does {REMOVED}?"]
    (opinion,) = store.feedback()
    assert (opinion.words, [one.video_id for one in opinion.moments]) == (f"not my {REMOVED}", ["c/lake"])
    assert list(store.search("office")) == []
    assert store.claim("two", "c/lake:1", "me") == 2  # that of the removed one is free again
    assert [one.title for one in store.recall("one").turns[0].citations] == [REMOVED, "Lake"]
    store.close()
    held = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Office" not in held
    assert b"cake" not in held


def test_a_word_of_two_removed_videos_goes_with_the_second_also_from_talks_of_the_first(tmp_path: Path) -> None:
    store = SqliteConversations(tmp_path / "conversations.db")
    asked = replace(turn("who brings the xylophone?"), citations=(cited(1, "c/party", "Office party"),))
    store.append("one", asked)
    assert store.erase([GONE])
    assert "xylophone" in store.load("one").turns[0].asked  # the second one has it still
    assert store.erase([Erasure("c/second", True, ("Second", "second"), (), ("xylophon",))])
    assert store.load("one").turns[0].asked == f"who brings the {REMOVED}?"
    store.close()


def test_whoever_ends_in_between_leaves_the_rest_to_the_next_that_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def kill(_: SqliteConversations) -> bool:
        raise Killed

    store = SqliteConversations(tmp_path / "conversations.db")
    for number in range(20):
        store.append("one", turn(f"xylophone {number}", "zeppelin " * 40))
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(SqliteConversations, "_emptied", kill)
        store.delete("one")
    store.close()
    SqliteConversations(tmp_path / "conversations.db").close()
    assert b"zeppelin" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
