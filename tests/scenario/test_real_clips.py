"""Thirteen real clips and one file of sound, taken in with and without captions, and asked about."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.dialogue.events import Answered
from bot.dialogue.manager import DialogueManager
from bot.dialogue.messages import Answer, Utterance
from bot.dialogue.planner import RulePlanner
from bot.dialogue.storing.memory import MemoryConversations
from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.library import Library
from retrieval.searching.query import Query
from retrieval.types import TimeSpan

pytestmark = [pytest.mark.data, pytest.mark.slow, pytest.mark.models]
CLIPS = frozenset({"clips"})
ABSENT = (Path(__file__).parents[1] / "golden" / "absent_questions.txt").read_text().splitlines()


@pytest.fixture(scope="module")
def captioned(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    videos = data / "videos"
    with Library(tmp_path_factory.mktemp("captioned"), Encoders(MiniLM)) as library:
        reports = library.ingest([videos], "clips", videos / "captions.json")
        verdicts = {report.path.name: report.verdict for report in reports}
        assert verdicts.pop("physicsworks_audio.webm") == "refused"
        assert len(verdicts) == 13
        assert set(verdicts.values()) == {"new"}
        refused = next(report for report in reports if report.verdict == "refused")
        assert "sound" in refused.reason
        yield library


@pytest.fixture(scope="module")
def plain(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("plain"), Encoders(MiniLM)) as library:
        library.ingest([data / "videos"], "clips")
        yield library


def questions(data: Path) -> list[dict[str, object]]:
    loaded: list[dict[str, object]] = json.loads((data / "videos" / "questions.json").read_text())
    return loaded


def asked(library: Library, question: str) -> Answer:
    """Ask as `vdialog ask` does."""
    manager = DialogueManager(library.catalogue, library.searcher, RulePlanner(), MemoryConversations())
    last = list(manager.respond(Utterance(question, "test", CLIPS)))[-1]
    assert isinstance(last, Answered)
    return last.answer


def places(answer: Answer, video_id: object, span: TimeSpan) -> list[int]:
    """Return the places, within the first three, of the citations that are the moment asked for."""
    shown = enumerate(answer.citations[:3], start=1)
    return [place for place, cited in shown if cited.video_id == video_id and cited.span.overlap(span) > 0]


def test_each_caption_is_a_moment_and_gaps_are_moments_too(captioned: Library, data: Path) -> None:
    captions = json.loads((data / "videos" / "captions.json").read_text())
    for video_id, entry in captions.items():
        moments = captioned.catalogue.moments(video_id, CLIPS)
        duration = captioned.catalogue.video(video_id, CLIPS).duration
        given = [moment for moment in moments if any(t.source == "caption" for t in moment.texts)]
        assert [t.text for m in given for t in m.texts if t.source == "caption"] == entry["sentences"]
        covered = 0.0
        for moment in sorted(moments, key=lambda m: m.span):
            assert moment.span.start - covered <= 2.0, "a gap of over 2 s is a moment"
            covered = max(covered, moment.span.end)
        assert duration - covered <= 2.0
        assert all(moment.keyframes for moment in moments)


def test_nine_questions_find_their_moment(captioned: Library, data: Path) -> None:
    first = total = 0
    for question in questions(data):
        if question["video_id"] is None:
            continue
        span = TimeSpan(float(str(question["start"])), float(str(question["end"])))
        answer = asked(captioned, str(question["question"]))
        ranks = places(answer, question["video_id"], span)
        print(f"ranks {ranks!s:10} {answer.verdict:9} {answer.confidence:.2f} {question['question']}")
        assert ranks, question
        assert answer.verdict != "not_found", question
        total, first = total + 1, first + (ranks[0] == 1)
    assert (total, first >= 8) == (9, True)


def test_absent_things_are_refused(captioned: Library) -> None:
    verdicts = Counter(asked(captioned, question).verdict for question in ABSENT)
    print(verdicts)
    assert verdicts["answered"] == 0
    assert verdicts["not_found"] >= 18  # of 21; of the others it is not sure


def test_words_on_the_screen_are_found_without_captions(plain: Library) -> None:
    hit = plain.searcher.search(Query("Peach open movie project"), CLIPS, 1).hits[0]
    words = next(t for t in hit.moment.texts if t.source == "screen" and "PEACH" in t.text)
    assert hit.moment.video_id == "big_buck_bunny_0_30"
    assert words.span.start >= 20.5
    assert words.span.end <= 23
    answer = asked(plain, 'Where does it say "Peach open movie project"?')
    assert answer.sources == ("screen",)
    assert "PEACH OPEN MOVIE PROJECT" in answer.text
    assert 20.5 <= answer.citations[0].span.start < answer.citations[0].span.end <= 23


def test_subtitles_inside_a_file_are_found_by_their_words(plain: Library) -> None:
    hit = plain.searcher.search(Query("Goddard Space Flight Center in Greenbelt"), CLIPS, 1).hits[0]
    assert hit.moment.video_id == "nasa_13013"
    assert any(t.source == "subtitle" and "Goddard" in t.text for t in hit.moment.texts)


def test_questions_without_captions_are_reported(plain: Library, data: Path) -> None:
    """No target: without captions there are few texts, and nothing looks at the frames yet."""
    for question in questions(data):
        answer = asked(plain, str(question["question"]))
        cited = [(c.video_id, c.timecode) for c in answer.citations[:1]]
        print(f"{answer.verdict:9} {answer.confidence:.2f} {question['question']} {cited}")
        assert answer.verdict in ("answered", "unsure", "not_found")
