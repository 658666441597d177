"""Who may see what, as a person sets it, and what a place and a chat are told then."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.visibility import run
from bot import bootstrap, settings
from bot.actions.access import Access
from bot.actions.asking import answer_of
from bot.actions.judging import judge
from bot.bootstrap import Assistant
from bot.dialogue.messages import Answer
from bot.errors import UnknownConversation
from bot.rights import Asker, Place, Principal, Rights
from retrieval.catalogue import row_sums
from tests.scenario.conftest import Vdialog

PARK = {"duration": 20, "timestamps": [[0, 10], [10, 20]], "sentences": ["A dog runs.", "A dog catches a ball."]}
VAULT = {"duration": 20, "timestamps": [[0, 10], [10, 20]], "sentences": ["A dog digs.", "A dog hides a ruby."]}
CHANNEL = Asker(Place("channel", "T1", "C1"), Principal("member", "T1", "ann"))


@pytest.fixture
def two(vdialog: Vdialog, tmp_path: Path) -> Vdialog:
    """A library with an open and a secret collection."""
    for name, collection, film in (("park", "open", PARK), ("vault", "secret", VAULT)):
        (tmp_path / f"{name}.json").write_text(json.dumps({name: film}))
        assert vdialog("import", tmp_path / f"{name}.json", "--collection", collection).code == 0
    return vdialog


@pytest.fixture
def assistant(two: Vdialog) -> Iterator[Assistant]:
    with bootstrap.assistant(settings.load()) as opened:
        yield opened


def ask(assistant: Assistant, access: Access, words: str) -> Answer:
    answer = answer_of(assistant.manager.respond(access.said(words, "talk")))
    assert answer is not None
    return answer


def test_grants_are_given_listed_and_taken_back(two: Vdialog) -> None:
    assert "you alone" in two("grants", "list").out
    given = two("grants", "add", "open", "channel:T1/C1", "--external", "--json").data
    assert (given["to"], given["external"], given["from"], given["token"]) == ("channel:T1/C1", True, "terminal", None)
    assert "channel:T1/C1" in two("grants", "list").out
    assert two("grants", "list", "--json").data["grants"] == [
        {k: v for k, v in given.items() if k not in ("token", "version")}
    ]
    assert two("grants", "remove", "open", "channel:T1/C1", "--json").data["removed"]["collection"] == "open"
    assert not two("grants", "list", "--json").data["grants"]
    assert two("grants", "list", "--history", "--json").data["grants"][0]["taken_by"] == "terminal"
    assert two("grants", "remove", "open", "channel:T1/C1").code == 2
    assert two("grants", "add", "nothing", "channel:T1/C1").code == 2
    assert two("grants", "add", "open", "T1/C1").code == 2


def test_a_program_gets_its_token_once(two: Vdialog) -> None:
    token = two("grants", "add", "open", "program:viewer", "--json").data["token"]
    assert len(token) > 40
    assert two("grants", "add", "secret", "program:viewer", "--json").data["token"] is None
    assert token not in two("grants", "list", "--history").out


def test_a_place_sees_what_is_granted_and_the_next_turn_what_is_left(assistant: Assistant, two: Vdialog) -> None:
    channel = assistant.at(CHANNEL)
    assert ask(assistant, channel, "Where is a dog?").citations == ()
    two("grants", "add", "open", "channel:T1/C1")
    two("grants", "add", "secret", "channel:T1/C1")
    assert {c.video_id for c in ask(assistant, channel, "Who hides a ruby?").citations} >= {"vault"}
    assert len(channel.conversations.load("talk").turns) == 2
    two("grants", "remove", "secret", "channel:T1/C1")
    assert [turn.asked for turn in channel.conversations.load("talk").turns] == ["Where is a dog?"]
    for words in ("[1]", "and what is before that?", "show me that again", "compare these two", "Where is a ruby?"):
        told = ask(assistant, channel, words)
        assert "vault" not in str(told) + told.text and "ruby" not in told.text.replace("ruby", "", 1)
        assert all(citation.video_id == "park" for citation in told.citations)


def test_a_front_end_cannot_widen_what_a_place_may_see(assistant: Assistant, two: Vdialog) -> None:
    two("grants", "add", "open", "channel:T1/C1")
    said = assistant.at(CHANNEL).said("Who hides a ruby?", "talk")
    wider = type(said)(said.text, said.conversation_id, frozenset({"open", "secret"}), asker=CHANNEL)
    answer = answer_of(assistant.manager.respond(wider))
    assert answer is not None
    assert all(citation.video_id == "park" for citation in answer.citations)


def test_conversations_of_a_channel_are_not_those_of_the_terminal(assistant: Assistant, two: Vdialog) -> None:
    two("grants", "add", "open", "channel:T1/C1")
    ask(assistant, assistant.at(CHANNEL), "Where is a dog?")
    assert not two("conversations", "list", "--json").data["conversations"]
    hidden, unknown = two("conversations", "show", "talk"), two("conversations", "show", "walk")
    assert (hidden.code, hidden.err) == (unknown.code, unknown.err.replace("walk", "talk"))
    with pytest.raises(UnknownConversation):
        assistant.conversations.load("talk")


def test_what_was_moved_away_is_not_quoted_any_more(assistant: Assistant, two: Vdialog) -> None:
    two("grants", "add", "open", "channel:T1/C1")
    channel = assistant.at(CHANNEL)
    ask(assistant, channel, "Where does a dog catch a ball?")
    two("videos", "move", "park", "--collection", "secret")
    (turn,) = channel.conversations.load("talk").turns
    assert "ball" not in turn.answer
    assert "park" not in str(turn)
    assert not channel.conversations.search("catches")
    assert ask(assistant, channel, "[1]").citations == ()


def test_another_video_that_gets_the_key_of_one_moved_away_does_not_bring_its_quotes_back(
    assistant: Assistant, two: Vdialog, tmp_path: Path
) -> None:
    two("grants", "add", "open", "channel:T1/C1")
    channel, owner = assistant.at(CHANNEL), assistant.access
    for access in (channel, owner):
        judged = ask(assistant, access, "Where does a dog catch a ball?").citations[0].handle
        judge(access.conversations, "talk", "good", judged)
    two("videos", "move", "park", "--collection", "secret")
    other = {"duration": 9, "timestamps": [[0, 9]], "sentences": ["A boat leaves."]}
    (tmp_path / "park.json").write_text(json.dumps({"park": other}))
    two("import", tmp_path / "park.json", "--collection", "open")
    assert assistant.library.catalogue.video("open/park", frozenset({"open"})).duration == 9
    (turn,) = channel.conversations.load("talk").turns
    assert (turn.answer, turn.citations[0].video_id) == ("[removed]", "/removed")
    assert "ball" not in str(channel.conversations.feedback()[0].answer)
    assert ask(assistant, channel, "[1]").citations == ()
    kept = owner.conversations.load("talk").turns[0]
    assert "catches a ball" in kept.answer
    assert {citation.video_id for citation in kept.citations} == {"secret/park"}
    assert ask(assistant, owner, "[1]").citations[0].video_id == "secret/park"


def test_an_opinion_of_one_moment_quotes_nothing_else_that_was_moved_away(
    assistant: Assistant, two: Vdialog, tmp_path: Path
) -> None:
    lake = {"duration": 9, "timestamps": [[0, 9]], "sentences": ["A dog swims to an island."]}
    (tmp_path / "lake.json").write_text(json.dumps({"lake": lake}))
    two("import", tmp_path / "lake.json", "--collection", "open")
    two("grants", "add", "open", "channel:T1/C1")
    channel = assistant.at(CHANNEL)
    cited = ask(assistant, channel, "compare park and lake").citations
    assert {citation.video_id for citation in cited} == {"park", "lake"}
    judge(channel.conversations, "talk", "good", next(one.handle for one in cited if one.video_id == "park"))
    assert "island" in str(channel.conversations.feedback())
    two("videos", "move", "lake", "--collection", "secret")
    (kept,) = channel.conversations.feedback()
    assert kept.answer == "[removed]"
    assert kept.moments[0].video_id == "park"


def chat(two: Vdialog, monkeypatch: pytest.MonkeyPatch, *lines: str) -> list[dict[str, object]]:
    from io import StringIO

    monkeypatch.setattr("sys.stdin", StringIO("".join(f"{line}\n" for line in lines)))
    ran = two("chat", "--json")
    assert ran.code == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


@pytest.mark.parametrize(
    "words", ["[1]", "and after that?", "/more 1", "/show 1", "/why 1", "/bad 1", "/export", "compare these two"]
)
def test_a_scope_hides_what_was_said_outside_it(two: Vdialog, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    told = chat(two, monkeypatch, "Who hides a ruby?", "/scope open", words, "/scope *", "[1]")
    names = [one["event"] for one in told]
    inside = json.dumps(told[names.index("scope") + 1 : len(names) - names[::-1].index("scope") - 1])
    assert inside != "[]"
    assert "vault" not in inside and "ruby" not in inside
    assert told[names.index("answered")]["citations"][0]["video_id"] == "vault"  # type: ignore[index]
    assert "vault" in json.dumps(told[-3:])


@pytest.mark.parametrize(
    "words", ["[1]", "and after that?", "show me that again", "compare these two", "what about it?"]
)
def test_follow_ups_on_a_removed_video_say_that_it_is_gone(two: Vdialog, words: str) -> None:
    assert two("ask", "Who hides a ruby?", "--json").data["citations"][0]["video_id"] == "vault"
    assert two("videos", "remove", "vault").code == 0
    ran = two("ask", "-c", words, "--json")
    assert ran.code == 0, ran.err
    assert "vault" not in ran.out and "ruby" not in ran.data["answer"]
    assert all(citation["video_id"] == "park" for citation in ran.data["citations"])


def test_random_askers_are_told_nothing_that_they_may_not_see() -> None:
    did, wrong = run(400, seed=7)
    assert not wrong
    assert set(did) == {"ask", "search", "videos", "point", "read", "summaries", "change"}


def test_a_restored_copy_gives_nothing_back_that_was_taken_back(two: Vdialog, tmp_path: Path) -> None:
    token = two("grants", "add", "open", "program:bot", "--json").data["token"]
    two("grants", "add", "secret", "channel:T1/C1")
    assert two("backup", tmp_path / "monday").code == 0
    two("grants", "remove", "secret", "channel:T1/C1")
    two("grants", "add", "secret", "member:T1/ann")
    history = two("grants", "list", "--history", "--json").data
    assert two("restore", tmp_path / "monday", "--yes").code == 0
    assert two("grants", "list", "--history", "--json").data == history
    assert two("doctor").code == 0
    with bootstrap.catalogue(settings.load()) as catalogue:
        assert Rights(catalogue).program(token) == Principal("program", "", "bot")


@pytest.mark.parametrize("damage", ["gone", "empty", "rights"])
def test_where_rights_cannot_be_read_no_grant_of_a_copy_counts(two: Vdialog, tmp_path: Path, damage: str) -> None:
    two("grants", "add", "secret", "channel:T1/C1", "--external")
    assert two("backup", tmp_path / "monday").code == 0
    two("grants", "remove", "secret", "channel:T1/C1")
    catalogue = tmp_path / "home" / "catalogue.db"
    if damage == "rights":
        with closing(sqlite3.connect(catalogue)) as db:
            row_sums.register(db)
            db.execute("DROP TRIGGER sum_of_grants_update")
            db.execute("UPDATE grants SET taken_at = NULL")
            db.commit()
    elif damage == "gone":
        catalogue.unlink()
    else:
        catalogue.write_bytes(b"")
    said = two("restore", tmp_path / "monday", "--yes").out
    assert "vdialog grants add --external -- secret channel:T1/C1" in said
    assert two("grants", "list", "--json").data["grants"] == []
    assert two("doctor").code == 0
    assert two("grants", "add", "--external", "--", "secret", "channel:T1/C1").code == 0


def test_a_new_home_gets_the_grants_of_a_copy(two: Vdialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two("grants", "add", "secret", "channel:T1/C1")
    assert two("backup", tmp_path / "monday").code == 0
    monkeypatch.setenv("VDIALOG_HOME", str(tmp_path / "another"))
    assert two("restore", tmp_path / "monday", "--json").data["grants_taken_back"] == []
    assert len(two("grants", "list", "--json").data["grants"]) == 1


def test_a_removal_leaves_a_copy_of_the_library_without_what_was_removed(two: Vdialog, tmp_path: Path) -> None:
    assert two("videos", "remove", "vault").code == 0
    copies = list((tmp_path / "home" / "backups").glob("catalogue-*.db"))
    assert len(copies) == 1 and b"ruby" not in copies[0].read_bytes()
    copies[0].unlink()
    two("ask", "Where is a dog?")
    assert "there is none of the library itself" in two("doctor").out


def test_a_grant_that_outlives_its_videos_is_told(two: Vdialog) -> None:
    two("grants", "add", "secret", "channel:T1/C1")
    two("grants", "add", "open", "member:T1/ann")
    (video,) = [
        v for v in two("videos", "list", "--json").data["videos"] if v["collections"][0]["collection"] == "secret"
    ]
    moved = two("videos", "move", f"secret/{video['video_id']}", "--collection", "other")
    assert "`vdialog grants remove secret channel:T1/C1`" in moved.out
    listed = {one["collection"]: one["is_empty"] for one in two("grants", "list", "--json").data["grants"]}
    assert listed == {"secret": True, "open": False}
    assert "secret has no videos" in two("grants", "list").out
    removed = two("videos", "remove", "--collection", "open", "--yes").out
    assert "`vdialog grants remove open member:T1/ann`" in removed
    assert "secret" not in removed
