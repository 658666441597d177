"""Whole talks through `vdialog chat --plain`."""

import io
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo.questions import DEMO_QUESTION
from demo.stories import SHORT_FILMS
from demo.writing import write_films
from tests.scenario.conftest import Ran, Vdialog
from tests.scenario.test_taking_in import write_film

Talk = Callable[..., Ran]
ROOT = Path(__file__).parents[2]
WHERE = "Where does a man throw a ball?"


@pytest.fixture
def talk(library: Vdialog, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """What is said in a chat, line by line, over the library of captions."""
    return talk_over(library, monkeypatch)


def talk_over(vdialog: Vdialog, monkeypatch: pytest.MonkeyPatch) -> Talk:
    def say(*lines: str, options: tuple[str, ...] = ("--plain",)) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))
        return vdialog("chat", *options)

    return say


def after(ran: Ran, line: str) -> str:
    """Return what was printed after a line was typed, up to the next."""
    return ran.out.split(f"\n> {line}\n", 1)[1].split("\n\n> ")[0]


def told(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def test_questions_follow_one_another_and_the_conversation_is_kept(talk: Talk, library: Vdialog) -> None:
    ran = talk(WHERE, "", "and then?", "/quit", "never read")
    assert (ran.code, ran.err) == (0, "")
    assert 'the caption says: "A man in a red shirt throws a ball." [1]' in after(ran, WHERE)
    assert "A brown dog catches the ball." in after(ran, "and then?")
    assert "never read" not in ran.out
    (kept,) = library("conversations", "list", "--json").data["conversations"]
    assert (kept["title"], kept["turns"]) == (WHERE, 2)
    assert f"Conversation {kept['conversation']}" in ran.out


def test_only_what_was_not_typed_is_said_of_what_was_understood(talk: Talk) -> None:
    ran = talk("Where is the dog in the video park after 0:22?", "and who is it?", "thanks")
    assert not after(ran, "Where is the dog in the video park after 0:22?").startswith("(")
    assert "(" not in after(ran, "thanks").splitlines()[0]


def test_a_misspelt_word_that_was_mended_is_said(talk: Talk) -> None:
    assert 'I searched for "brown" instead of "brwon".' in after(
        talk("Where is the brwon dog?"), "Where is the brwon dog?"
    )


def test_orders_in_plain_words_do_what_the_commands_do(talk: Talk, library: Vdialog) -> None:
    ran = talk(WHERE, "export this conversation", "play the guitar", "cut that")
    assert f"# {WHERE}" in after(ran, "export this conversation")
    assert "Sorry" not in after(ran, "play the guitar")
    assert "imported without media" in after(ran, "cut that")


def test_the_last_conversation_or_one_by_its_id_goes_on(talk: Talk, library: Vdialog) -> None:
    talk(WHERE)
    first = library("conversations", "list", "--json").data["conversations"][0]["conversation"]
    talk("Who stirs the soup?")
    ran = talk("and then?", options=("--plain", "--conversation", first))
    assert f'Going on with "{WHERE}", 1 turn.' in ran.out
    assert "A brown dog catches the ball." in ran.out
    assert "2 turns" in talk(options=("--plain", "-c")).out
    assert talk(options=("--plain", "-c", "--conversation", first)).code == 2
    assert talk(options=("--plain", "--conversation", "nowhere")).code == 2


def test_a_moment_is_shown_and_explained(talk: Talk) -> None:
    ran = talk(WHERE, "and then?", "/show", "/why [1]", "/why 2")
    assert after(ran, "/show").startswith("[2] park  00:00:10-00:00:20  [park:2]")
    assert "caption: A brown dog catches the ball." in after(ran, "/show")
    why = after(ran, "/why [1]")
    assert f'asked: "{WHERE}"' in why
    assert "keywords: place 1, score" in why
    assert "meaning: place 1, score" in why
    assert "frames: did not find it" in why
    assert "words that match: man, throws, ball" in why
    assert "nobody looked at it" in why
    assert "it was not searched for" in after(ran, "/why 2")


def test_more_moments_like_one_get_numbers_of_their_own_and_can_be_asked_about(talk: Talk) -> None:
    ran = talk("Who stirs the soup?", "/more 1", "/show 3", "what is right before [1]?", "/more 1")
    assert after(ran, "/more 1").startswith("Further moments like [1]:")
    assert "[2]" in after(ran, "/more 1")
    assert after(ran, "/show 3").startswith("[3] ")
    assert "A woman cuts an onion." in after(ran, "what is right before [1]?")
    assert "I found no further moment like [1]." in ran.out


def test_more_moments_never_come_from_beyond_the_scope(talk: Talk, vdialog: Vdialog, tmp_path: Path) -> None:
    captions = {"secret": {"duration": 9, "timestamps": [[0, 9]], "sentences": ["A woman stirs a pot of hot soup."]}}
    (tmp_path / "secret.json").write_text(json.dumps(captions))
    assert vdialog("import", tmp_path / "secret.json", "--collection", "private").code == 0
    ran = talk("/scope library", "Who stirs the soup?", "/more 1", "/scope *", "/more 1")
    before, _, later = ran.out.partition("> /scope *")
    assert "hot soup" not in before
    assert "hot soup" in later


@pytest.mark.parametrize(
    "line", ["/show 9", "/why 9", "/play 9", "/more 9", "/clip 9", "/bad 9 no", "/show 99999999999"]
)
def test_a_moment_that_was_not_shown_is_said_to_be_none_and_the_talk_goes_on(talk: Talk, line: str) -> None:
    ran = talk(line, WHERE, line, "and then?")
    assert ran.code == 0
    assert ran.out.count("Sorry: ") == 2
    assert "A brown dog catches the ball." in ran.out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/", "there is no command /."),
        ("/shw 1", "Did you mean /show?"),
        ("/show me", "'me' is not the number of a moment"),
        ("/image", "/image takes a file"),
        ("/image nowhere.png", "there is no file 'nowhere.png'"),
        ('/image "x', 'Put "quotes" around spaces.'),
        ("/image captions.json", "is not a picture"),
        ("/export", "nothing was asked here yet"),
        ("/scope attic", "There are: library."),
        ("/good", "nothing was asked here yet"),
    ],
)
def test_what_cannot_be_done_is_answered_kindly(talk: Talk, line: str, said: str) -> None:
    ran = talk(line, "Which videos are there?")
    assert (ran.code, ran.err) == (0, "")
    assert said in after(ran, line)
    assert "harbour_2026" in ran.out


def test_help_names_every_command_and_the_videos_are_listed(talk: Talk) -> None:
    ran = talk("/help", "/VIDEOS")
    named = ["help", "videos", "show", "play", "why", "more", "clip", "image", "export", "scope", "good", "bad", "quit"]
    assert [line.split()[0] for line in after(ran, "/help").splitlines()][: len(named)] == [f"/{n}" for n in named]
    assert "harbour_2026" in after(ran, "/VIDEOS")


def test_answers_are_narrowed_to_one_collection_and_to_nothing_beyond(
    talk: Talk, library: Vdialog, tmp_path: Path
) -> None:
    captions = {"zoo": {"duration": 9, "timestamps": [[0, 9]], "sentences": ["A man throws a ball to a seal."]}}
    (tmp_path / "zoo.json").write_text(json.dumps(captions))
    assert library("import", tmp_path / "zoo.json", "--collection", "trips").code == 0
    ran = talk("/scope trips", WHERE, "/videos", "/scope *", "Who stirs the soup?")
    assert "a seal" in after(ran, WHERE)
    assert "red shirt" not in after(ran, WHERE)
    assert "park" not in after(ran, "/videos")
    assert "pot of soup" in after(ran, "Who stirs the soup?")


def test_programs_read_a_line_for_each_thing_that_happens(talk: Talk, library: Vdialog) -> None:
    ran = talk(WHERE, "/why 1", "/nope", "/quit", options=("--plain", "--json"))
    lines = told(ran)
    assert [line["event"] for line in lines] == [
        *("opened", "understood", "searching", "found", "writing", "writing", "answered"),
        *("why", "failed", "closed"),
    ]
    answered, why, failed = lines[6:9]
    asked = library("ask", WHERE, "--json").data
    assert set(answered) == {"event", *asked}
    assert [c["moment_id"] for c in answered["citations"]] == ["park:1"]
    assert why["ranking"]["arms"]["keywords"]["rank"] == 1
    assert set(failed["error"]) == {"code", "message", "hint"}


def test_what_was_thought_is_kept_with_its_evidence_exported_and_deleted(
    talk: Talk, library: Vdialog, tmp_path: Path
) -> None:
    ran = talk(WHERE, "/good", "/bad 1 it was  a woman")
    assert "Kept: the last answer is good." in after(ran, "/good")
    conversation = library("conversations", "list", "--json").data["conversations"][0]["conversation"]
    assert library("feedback", "add", conversation, "bad", "too short", "--moment", "1").code == 0
    assert library("feedback", "add", conversation, "good", "--moment", "7").code == 2
    assert library("feedback", "export", "-o", tmp_path / "all.jsonl").code == 0
    kept = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()]
    assert [(one["opinion"], one["handle"], one["words"]) for one in kept] == [
        *(("good", None, ""), ("bad", 1, "it was a woman"), ("bad", 1, "too short"))
    ]
    assert {one["query"] for one in kept} == {"man throw ball"}
    assert kept[1]["moments"][0]["moment_id"] == "park:1"
    assert kept[1]["moments"][0]["ranking"]["arms"]["meaning"]["rank"] == 1
    library("conversations", "delete", conversation)
    assert library("feedback", "export").out == ""


def test_an_export_never_replaces_a_file_unless_it_is_told_to(library: Vdialog, tmp_path: Path) -> None:
    talk = library("ask", "Where does a dog catch the ball?", "--json").data["conversation"]
    film = tmp_path / "film.mp4"
    for command in (("conversations", "export", talk), ("feedback", "export")):
        film.write_bytes(b"pictures")
        refused = library(*command, "-o", film, "--json")
        assert (refused.code, refused.error["message"]) == (2, f"{str(film)!r} already exists")
        assert "--overwrite" in refused.error["hint"]
        assert film.read_bytes() == b"pictures"
        assert library(*command, "-o", film, "--overwrite").code == 0
        assert film.read_bytes() != b"pictures"


def test_a_talk_is_written_as_markdown_or_as_json(talk: Talk, library: Vdialog, tmp_path: Path) -> None:
    exports = ("/export talk.md", "/export talk.json")
    asked = "Where is *the* [dog](http://x.example)?"
    ran = talk("Where does a dog catch the ball?", asked, "/export", *exports, "/export talk.md")
    written = (tmp_path / "talk.md").read_text()
    assert written in ran.out
    assert "\n> Where is \\*the\\* \\[dog\\]" in written
    assert "](" not in written
    assert "[1] park, 00:00:10-00:00:20 (park:2)" in written
    assert json.loads((tmp_path / "talk.json").read_text())["turns"][1]["asked"] == asked
    assert "already exists" in ran.out
    conversation = library("conversations", "list", "--json").data["conversations"][0]["conversation"]
    assert library("conversations", "export", conversation, "--markdown").out.strip() == written.strip()
    assert library("conversations", "export", conversation, "--markdown", "--json").code == 2


def test_no_control_character_of_a_text_reaches_the_terminal(
    vdialog: Vdialog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = "A red \x1b[31mparrot\x1b]0;owned\x07 sings.\u202e"
    captions = {"bird\x1b[2J": {"duration": 9, "timestamps": [[0, 9]], "sentences": [said]}}
    (tmp_path / "birds.json").write_text(json.dumps(captions))
    vdialog("import", tmp_path / "birds.json")
    talk = talk_over(vdialog, monkeypatch)
    lines = ("where does a parrot sing?\x1b[5m", "/show 1", "/why 1", "/videos", "/export", "/more 1", "/x\x1b[1m")
    ran = talk(*lines, "/good 1 fine\x1b[1m", "/export birds.md")
    assert "parrot" in ran.out
    assert not [c for text in (ran.out, (tmp_path / "birds.md").read_text()) for c in text if c in "\x1b\x07\u202e"]


def test_damaged_conversations_are_said_to_be_so_and_never_written_over(talk: Talk, library: Vdialog) -> None:
    talk(*[WHERE] * 30)
    talk("hello", options=("--plain", "-c"))
    file = Path(os.environ["VDIALOG_HOME"]) / "conversations.db"
    whole = file.read_bytes()
    torn = whole[:4096] + bytes(len(whole) - 8192) + whole[-4096:]
    file.write_bytes(torn)
    ran = talk(WHERE, options=("--plain", "-c"))
    assert (ran.code, ran.out) == (3, "")
    assert "cannot be used" in ran.err
    assert "vdialog restore" in ran.err
    checks = {check["name"]: check for check in library("doctor", "--json").data["checks"]}
    assert checks["conversations"]["state"] == "failed"
    assert "vdialog restore" in checks["conversations"]["fix"]
    assert file.read_bytes() == torn
    restored = library("restore", "--json", "--yes")
    assert (Path(restored.data["kept_aside"]) / file.name).read_bytes() == torn
    assert len(library("conversations", "list", "--json").data["conversations"]) == 1
    assert talk(WHERE).code == 0


def test_without_plain_it_says_that_only_the_plain_chat_is_there(library: Vdialog) -> None:
    ran = library("chat")
    assert ran.code == 2
    assert "vdialog chat --plain" in ran.err


def test_a_moment_is_played_and_cut_until_its_file_is_gone(
    vdialog: Vdialog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    film = tmp_path / "two colours; $(touch owned).mp4"
    write_film(film, "red", "blue")
    spoken = {"duration": 8, "timestamps": [[0, 4], [4, 8]], "sentences": ["A red wall.", "A blue wall."]}
    captions = {film.stem: spoken}
    (tmp_path / "captions.json").write_text(json.dumps(captions))
    assert vdialog("ingest", film, "--captions", tmp_path / "captions.json").code == 0
    player = "import sys, pathlib; pathlib.Path('played').write_text('|'.join(sys.argv[1:]))"
    monkeypatch.setenv("VDIALOG_PLAYER", f'"{sys.executable}" -c "{player}" --start={{start}} {{path}}')
    talk = talk_over(vdialog, monkeypatch)
    ran = talk(
        "Where is a blue wall?", "/play 1", "/clip 1", "/clip 1 blue.mp4", "/clip 1 blue.mp4", "/clip 1 no/x.mp4"
    )
    assert (tmp_path / "played").read_text() == f"--start=4.00|{film}"
    assert not (tmp_path / "owned").exists()
    assert (tmp_path / "blue.mp4").stat().st_size > 500
    assert list(tmp_path.glob("two-colours*-00.00.04-00.00.08.mp4"))
    assert ran.out.count("already exists") == ran.out.count("does not exist") == 1
    film.unlink()
    monkeypatch.setenv("VDIALOG_PLAYER", "no-such-player {path}")
    gone = talk("/play 1", "/clip 1 x.mp4", "/show 1", options=("--plain", "-c"))
    assert gone.out.count("is gone") == 2
    assert "caption: A blue wall." in gone.out
    write_film(film, "red", "blue")
    assert "the player 'no-such-player' cannot be started" in talk("/play 1", options=("--plain", "-c")).out


COMMAND = [sys.executable, "-m", "bot.cli"]
PLAIN = [*COMMAND, "chat", "--plain"]

DEADLINE = 600.0
"""Seconds after which a program that says nothing is taken to hang, on however slow a machine."""


@pytest.mark.slow
@pytest.mark.models
def test_the_real_command_talks_through_a_pipe(
    vdialog: Vdialog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("VDIALOG_TEXT_MODEL")
    monkeypatch.setenv("VDIALOG_MODELS", "demo")
    (film,) = write_films(tmp_path, [story for story in SHORT_FILMS if story.name == DEMO_QUESTION.film])
    assert vdialog("ingest", film).code == 0
    typed = f"{DEMO_QUESTION.text}\nand then?\n/quit\n"
    ran = subprocess.run(PLAIN, input=typed, capture_output=True, text=True, check=True, cwd=ROOT, timeout=DEADLINE)
    assert "quarter past nine" in ran.stdout
    assert "smallest herring" in ran.stdout
    assert ran.stderr == ""


def test_the_real_command_talks_on_a_terminal(talk: Talk) -> None:
    talk(WHERE)
    screen, keyboard = pty.openpty()
    # A shell that starts tests in the background has them, and all that they start, ignore the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    chat = subprocess.Popen([*PLAIN, "-c"], stdin=keyboard, stdout=keyboard, cwd=ROOT)
    signal.signal(signal.SIGINT, before)
    os.close(keyboard)
    try:
        assert "1 turn." in read_until(screen, "> ")
        os.write(screen, b"half a li")
        read_until(screen, "half a li")
        chat.send_signal(signal.SIGINT)
        # Python notices a signal that comes between two waits for keys only at the end of the line. A second signal
        # would end the chat, if it came while the first is answered; an empty line more does no harm.
        read_until(screen, "ends the chat.", "> ", meanwhile=lambda: os.write(screen, b"\n"))
        os.write(screen, b"and then?\n")
        assert "A brown dog catches the ball." in " ".join(read_until(screen, "picture.", "> ").split())
        os.write(screen, b"\x04")
        read_until(screen, "goes on with it.")
        assert chat.wait(DEADLINE) == 0
    finally:
        chat.kill()
        chat.wait()
        os.close(screen)


def read_until(screen: int, *wanted: str, meanwhile: Callable[[], object] = lambda: None) -> str:
    """Return what a terminal shows until it has shown something, one after the other.

    Args:
        screen: the terminal.
        wanted: what it must show.
        meanwhile: done after each second in which it showed nothing.
    """
    until, shown = time.monotonic() + DEADLINE, b""
    # A line may be broken at any blank, as wide as the terminal is.
    each = [re.escape(part.encode()).replace(rb"\ ", rb"\s+") for part in wanted]
    while not re.search(b".*".join(each), shown, re.DOTALL):
        assert time.monotonic() < until, shown
        if select.select([screen], [], [], 1.0)[0]:
            shown += os.read(screen, 65_536)
        else:
            meanwhile()
    return shown.decode()
