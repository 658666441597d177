"""The assistant from Python, over a library of captions; and every example that is shown, over the sample films."""

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import video_dialog
from demo.stories import SHORT_FILMS
from demo.writing import write_films
from tests.scenario.conftest import Vdialog
from tests.scenario.test_taking_in import write_film

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "python.md").read_text()
README = (ROOT / "README.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
WHERE = "Where does a man throw a ball?"


@pytest.fixture
def opened(library: Vdialog, tmp_path: Path) -> Iterator[video_dialog.VideoDialog]:
    with video_dialog.open(tmp_path / "home") as opened:
        yield opened


def test_a_hit_says_where_it_is_and_how_good(opened: video_dialog.VideoDialog) -> None:
    (hit, *_) = opened.search("a brown dog")
    assert (hit.video_id, hit.moment_id, hit.text) == ("park", "park:2", "A brown dog catches the ball.")
    assert hit.span == video_dialog.TimeSpan(10, 20)
    assert hit.score > 0
    assert opened.search("an elephant at the airport") == []


def test_a_search_is_narrowed_by_strings(opened: video_dialog.VideoDialog) -> None:
    assert [hit.moment_id for hit in opened.search("dog", videos="park", start="0:25")] == ["park:3"]
    assert [hit.moment_id for hit in opened.search("dog -sleeps", arm="keywords")] == ["park:2"]
    assert {hit.video_id for hit in opened.search("a woman", videos=["kitchen", "harbour_2026"])}.isdisjoint({"park"})
    like = {hit.moment_id for hit in opened.search(like="park:2")}
    assert like == {hit.moment_id for hit in opened.search(like=opened.moments("park")[1])}
    assert "park:2" not in like
    with pytest.raises(video_dialog.UsageError, match="is not a time"):
        opened.search("dog", start="soon")
    with pytest.raises(video_dialog.NotInLibrary):
        opened.search("dog", videos="attic")


def test_what_cannot_be_done_comes_with_what_to_do(opened: video_dialog.VideoDialog) -> None:
    talk = opened.ask(WHERE).conversation_id
    for use in (
        partial(opened.search, "dog", start="soon"),
        partial(opened.search, "dog", like="park:1"),
        partial(opened.search, "dog", k=0),
        partial(opened.clip, "park@-1-1", "a.mp4"),
        partial(opened.conversation, talk, last=True),
    ):
        with pytest.raises((video_dialog.AssistantError, video_dialog.LibraryError)) as refused:
            use()
        assert refused.value.hint
        assert "--" not in refused.value.message


def test_a_question_is_answered_and_followed_up(opened: video_dialog.VideoDialog) -> None:
    answer = opened.ask(WHERE)
    assert answer.verdict == "answered"
    assert [citation.moment_id for citation in answer.citations] == ["park:1"]
    talk = opened.conversation(answer.conversation_id)
    assert [citation.moment_id for citation in talk.ask("and then?").citations] == ["park:2"]
    assert [turn.asked for turn in opened.conversation(last=True).turns] == [WHERE, "and then?"]
    assert opened.conversation().turns == ()
    with pytest.raises(video_dialog.UnknownConversation):
        opened.conversation("nowhere")


def test_a_talk_explains_finds_more_judges_and_exports(opened: video_dialog.VideoDialog, tmp_path: Path) -> None:
    talk = opened.conversation()
    (citation,) = talk.ask("Who stirs the soup?").citations
    assert talk.why(citation).query == "stirs soup"
    assert talk.more(citation).text.startswith("Further moments like [1]:")
    assert talk.judge("bad", "too short", citation).handle == talk.judge("bad", shown=1).handle == 1
    for opinion in ("meh", 5, "Good", None):
        with pytest.raises(video_dialog.UsageError, match="is not an opinion"):
            talk.judge(opinion)  # type: ignore[arg-type]
    assert talk.export(str(tmp_path / "talk.md")).read_text().startswith("# Who stirs the soup?")
    with pytest.raises(video_dialog.UsageError, match="already exists"):
        talk.export(tmp_path / "talk.md")
    assert talk.export(tmp_path / "talk.md", overwrite=True) == tmp_path / "talk.md"
    with pytest.raises(video_dialog.Refused) as refused:
        talk.more(9)
    assert refused.value.code == "unknown_moment"
    with pytest.raises(video_dialog.UnknownMoment):
        talk.why(9)


def test_before_the_first_question_that_is_what_is_said(opened: video_dialog.VideoDialog, tmp_path: Path) -> None:
    talk = opened.conversation()
    (citation, *_) = opened.ask(WHERE).citations
    uses = [
        *(partial(use, shown) for use in (talk.why, talk.more) for shown in (1, citation)),
        *(partial(talk.judge, "good", "", shown) for shown in (1, citation, None)),
        partial(talk.export, tmp_path / "talk.md"),
    ]
    for use in uses:
        with pytest.raises(video_dialog.UsageError, match="nothing was asked here yet"):
            use()
    assert talk.turns == () and not (tmp_path / "talk.md").exists()


def test_a_citation_means_its_moment_in_its_own_conversation_alone(opened: video_dialog.VideoDialog) -> None:
    soup, ball = opened.conversation(), opened.conversation()
    (stirs,) = soup.ask("Who stirs the soup?").citations
    (throws,) = ball.ask(WHERE).citations
    assert stirs.handle == throws.handle
    other = replace(throws, handle=9)
    for citation in (stirs, other):
        for use in (ball.why, ball.more, lambda shown: ball.judge("good", shown=shown)):
            with pytest.raises(video_dialog.UsageError, match="was not shown in this conversation"):
                use(citation)
    assert len(ball.turns) == 1
    assert ball.why(throws).citation.moment_id == "park:1"


def test_what_happens_is_streamed_and_can_be_stopped(opened: video_dialog.VideoDialog) -> None:
    from threading import Event

    talk, cancel = opened.conversation(), Event()
    assert isinstance(list(talk.stream(WHERE))[-1], video_dialog.Answered)
    events = talk.stream(WHERE, cancel=cancel)
    assert isinstance(next(events), video_dialog.Understood)
    cancel.set()
    assert isinstance(list(events)[-1], video_dialog.Stopped)


def test_only_the_collections_that_were_opened_are_seen_and_taken_into(
    opened: video_dialog.VideoDialog, vdialog: Vdialog, tmp_path: Path
) -> None:
    captions = {"zoo": {"duration": 9, "timestamps": [[0, 9]], "sentences": ["A man throws a ball to a seal."]}}
    (tmp_path / "zoo.json").write_text(json.dumps(captions))
    assert vdialog("import", tmp_path / "zoo.json", "--collection", "trips").code == 0
    with video_dialog.open(tmp_path / "home", collections="trips") as trips:
        assert [video.video_id for video in trips.videos()] == ["zoo"]
        assert {citation.video_id for citation in trips.ask(WHERE).citations} == {"zoo"}
        assert {hit.video_id for hit in trips.search("ball")} == {"zoo"}
        for use in (trips.moments, lambda video: trips.clip(f"{video}:1", tmp_path / "x.mp4")):
            with pytest.raises(video_dialog.NotInLibrary):
                use("park")
        with pytest.raises(video_dialog.UsageError, match="'library' is not one of the collections"):
            trips.ingest(tmp_path, collection="library")
    for asked in ("attic", ["trips", "attic"]):
        with video_dialog.open(tmp_path / "home", collections=asked) as nothing:
            for look in (nothing.videos, partial(nothing.search, "ball"), partial(nothing.ask, WHERE)):
                with pytest.raises(video_dialog.NotInLibrary, match="there is no collection 'attic'") as refused:
                    look()
                assert refused.value.hint == "An ingest makes it."
    for unnamed in ([], "", [""], ["trips", " "]):
        with pytest.raises(video_dialog.UsageError):
            video_dialog.open(tmp_path / "home", collections=unnamed)


def test_an_argument_of_a_wrong_type_is_named(opened: video_dialog.VideoDialog, tmp_path: Path) -> None:
    talk: Any = opened.conversation()
    any_opened: Any = opened
    talk.ask(WHERE)
    uses: dict[str, partial[object]] = {
        "query must be str, not NoneType": partial(any_opened.search, None),
        "text must be str, not int": partial(any_opened.ask, 5),
        "text must be str, not bytes": partial(talk.stream, b"where"),
        "k must be int, not str": partial(any_opened.search, "dog", k="3"),
        "k must be int, not bool": partial(any_opened.search, "dog", k=True),
        "like must be str or Moment or Hit or Citation or None, not int": partial(any_opened.search, like=5),
        "videos must be str or several, not int": partial(any_opened.search, "dog", videos=5),
        "each of videos must be str, not int": partial(any_opened.search, "dog", videos=[5]),
        "start must be int or float or str or None, not list": partial(any_opened.search, "dog", start=[]),
        "end must be int or float or str or None, not bool": partial(any_opened.search, "dog", end=True),
        "arm must be str or None, not int": partial(any_opened.search, "dog", arm=5),
        "image must be str or PathLike or Image or None, not int": partial(any_opened.search, image=5),
        "what must be str, Citation, Hit or Moment, not NoneType": partial(any_opened.clip, None, "a.mp4"),
        "target must be str or PathLike, not int": partial(any_opened.clip, "park:1", 1),
        "a path must be str or PathLike, not NoneType": partial(any_opened.ingest, None),
        "collection must be str or None, not int": partial(any_opened.ingest, tmp_path, collection=5),
        "on_progress must be a function or None, not int": partial(any_opened.ingest, tmp_path, on_progress=5),
        "video must be str or Video, not int": partial(any_opened.moments, 5),
        "conversation_id must be str or None, not int": partial(any_opened.conversation, 5),
        "shown must be int or Citation, not NoneType": partial(talk.why, None),
        "shown must be int or Citation, not bool": partial(talk.more, True),
        "shown must be int or Citation, not str": partial(talk.judge, "good", shown="1"),
        "words must be str, not int": partial(talk.judge, "good", 5),
        "overwrite must be bool, not str": partial(talk.export, tmp_path / "talk.md", "no"),
        "home must be str or PathLike or None, not int": partial(video_dialog.open, 5),  # type: ignore[arg-type]
        "collections must be str or several, not int": partial(
            video_dialog.open,
            collections=5,  # type: ignore[arg-type]
        ),
    }
    for said, use in uses.items():
        with pytest.raises(TypeError, match=f"^{re.escape(said)}$"):
            use()
    for k in (0, -1, 1001):
        with pytest.raises(video_dialog.InvalidQuery, match="number of hits"):
            opened.search("dog", k=k)
    assert {m.collection for video in opened.videos() for m in video.entries} == {"library"}
    assert len(talk.turns) == 1


@pytest.mark.parametrize("nowhere", ["", "fi\0lms"])
def test_what_is_no_path_is_refused(opened: video_dialog.VideoDialog, nowhere: str) -> None:
    uses = [
        partial(video_dialog.open, nowhere),
        partial(opened.ingest, nowhere),
        partial(opened.ingest, "films", captions=nowhere),
        partial(opened.clip, "park@0-1", nowhere),
        partial(opened.conversation(opened.ask(WHERE).conversation_id).export, nowhere),
    ]
    for use in uses:
        with pytest.raises(video_dialog.AssistantError) as refused:
            use()
        assert refused.value.hint


def test_films_are_taken_in_with_progress_and_cut(vdialog: Vdialog, tmp_path: Path) -> None:
    film = tmp_path / "colours.mp4"
    write_film(film, "red", "blue")
    told: list[video_dialog.Progress] = []
    with video_dialog.open(collections="films") as opened:
        (report,) = opened.ingest(str(film), on_progress=told.append)
        assert (report.verdict, report.video_id) == ("new", "colours")
        assert {progress.path for progress in told} == {film}
        assert opened.videos()[0].entry.collection == "films"
        (moment, *_) = opened.moments("colours")
        for number, what in enumerate((moment, moment.moment_id, "colours@0:01-0:02.5")):
            clip = opened.clip(what, str(tmp_path / f"{number}.mp4"))
            assert clip.path.stat().st_size > 500
        with pytest.raises(video_dialog.UsageError, match="already exists"):
            opened.clip(moment, tmp_path / "0.mp4")
        assert opened.clip(moment, tmp_path / "0.mp4", overwrite=True).path == tmp_path / "0.mp4"


def test_what_is_closed_says_so_and_settings_are_checked(
    opened: video_dialog.VideoDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.close()
    opened.close()
    with pytest.raises(video_dialog.UsageError, match="was closed"):
        opened.search("dog")
    with pytest.raises(video_dialog.UsageError, match="'visoin' is not a setting"):
        video_dialog.open(visoin="none")
    with pytest.raises(video_dialog.ConfigurationError):
        video_dialog.open(vision="crystal ball")
    monkeypatch.setenv("VDIALOG_COLLECTION", "holidays")
    with video_dialog.open() as other:
        assert other.settings.collection == "holidays"


def test_everything_says_in_a_line_what_it_is(opened: video_dialog.VideoDialog) -> None:
    talk = opened.conversation()
    answer = talk.ask(WHERE)
    shown = [opened, talk, answer, answer.citations[0], opened.search("dog")[0], opened.videos()[0]]
    lines = [repr(one) for one in (*shown, opened.moments("park")[0])]
    assert not [line for line in lines if "\n" in line or len(line) > 200]
    assert lines[0].startswith("<VideoDialog '") and lines[0].endswith("3 videos>")
    assert lines[3] == "<Citation [1] 'park:1' 00:00:00-00:00:10>"
    assert lines[-1] == "<Moment 'park:1' 00:00:00-00:00:10 'A man in a red shirt throws a ball.'>"
    opened.close()
    assert repr(opened).endswith("closed>")
    assert repr(talk) == f"<Talk {talk.id!r}, closed>"


def test_what_cannot_be_read_still_says_what_it_is(opened: video_dialog.VideoDialog, tmp_path: Path) -> None:
    with video_dialog.open(tmp_path / "home", collections="attic") as nothing:
        assert repr(nothing).endswith("0 videos>")
    talk = opened.conversation()
    for name, table in (("catalogue.db", "videos"), ("conversations.db", "conversations")):
        with closing(sqlite3.connect(tmp_path / "home" / name)) as db:
            db.execute(f"ALTER TABLE {table} RENAME TO lost")
            db.commit()
    assert repr(opened).endswith("cannot be read>")
    assert repr(talk).endswith("cannot be read>")


def test_what_is_public_is_there_and_described() -> None:
    assert all(hasattr(video_dialog, name) for name in video_dialog.__all__)
    assert len(EXAMPLES) >= 10


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vdialog: Vdialog) -> Path:
    """A folder with the sample films in it, and a home of its own with the real model for texts."""
    write_films(tmp_path / "films", SHORT_FILMS)
    monkeypatch.delenv("VDIALOG_TEXT_MODEL")
    return tmp_path


@pytest.mark.slow
@pytest.mark.models
def test_every_example_of_the_page_runs(reader: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    for number, example in enumerate(EXAMPLES, start=1):
        capsys.readouterr()
        exec(compile(example, f"example {number}", "exec"), names)
        assert capsys.readouterr().out.strip(), f"example {number} shows nothing"
    assert "quarter past nine" in names["answer"].text
    assert {path.name for path in reader.glob("*.mp4")} == {"harbour-morning-1.mp4", "moment.mp4", "stretch.mp4"}


@pytest.mark.slow
@pytest.mark.models
def test_the_script_of_the_readme_answers_and_writes_its_clips(reader: Path) -> None:
    (script,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(script.strip().splitlines()) < 15
    command = [sys.executable, "-W", "error", "-c", script]
    ran = subprocess.run(command, cwd=reader, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "quarter past nine" in ran.stdout
    assert list(reader.glob("harbour-morning-*.mp4"))
