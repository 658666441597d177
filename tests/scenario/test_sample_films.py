"""The sample films, ingested without their truth: are cuts, subtitles and words on the screen all found?"""

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.dialogue.reading.queries import read_query
from bot.dialogue.verdict import of_search
from demo.films import Film
from demo.questions import QUESTIONS
from demo.stories import FILMS
from retrieval.analysis import terms, words
from retrieval.encoders.lazy import Encoders
from retrieval.encoders.minilm import MiniLM
from retrieval.ingest.cutting import cut
from retrieval.ingest.decode import probe
from retrieval.library import Library
from retrieval.searching.query import Query
from retrieval.types import Moment, TextSource, TimeSpan

pytestmark = [pytest.mark.slow, pytest.mark.models]
ALL = frozenset({"samples"})
TOLERANCE = 0.2


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, sample_films: Path) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("samples"), Encoders(MiniLM)) as library:
        reports = library.ingest([sample_films], "samples")
        assert [report.verdict for report in reports] == ["new"] * 12
        yield library


def matched(found: Sequence[float], drawn: Sequence[float]) -> int:
    """Count drawn cuts that have a found one of their own within the tolerance."""
    left = list(found)
    count = 0
    for time in drawn:
        near = [f for f in left if abs(f - time) <= TOLERANCE]
        if near:
            left.remove(min(near, key=lambda f: abs(f - time)))
            count += 1
    return count


def shots(library: Library, film: Film) -> list[float]:
    generation = library.catalogue.video(film.name, ALL).generation
    query = "SELECT start FROM shots WHERE generation = ? AND start > 0 ORDER BY start"
    return [row["start"] for row in library.catalogue.database.rows(query, (generation,))]


def said(moments: Sequence[Moment], source: TextSource, span: TimeSpan) -> list[str]:
    return [t.text for m in moments for t in m.texts if t.source == source and t.span.overlap(span) > 0]


def alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, " ".join(words(one)), " ".join(words(other))).ratio()


def test_the_drawn_cuts_are_found(library: Library) -> None:
    hits = found = drawn = 0
    for film in FILMS:
        cuts = shots(library, film)
        right = matched(cuts, film.cuts)
        print(f"{film.name:20s} drawn {len(film.cuts):3d}  found {len(cuts):3d}  right {right:3d}")
        hits, found, drawn = hits + right, found + len(cuts), drawn + len(film.cuts)
    f1 = 2 * hits / (found + drawn)
    print(f"F1 {f1:.3f} within {TOLERANCE} s")
    assert f1 >= 0.99  # measured: 1.0


@pytest.mark.parametrize("film", FILMS, ids=lambda film: film.name)
def test_every_subtitle_and_every_word_on_the_screen_is_kept_in_its_time(library: Library, film: Film) -> None:
    moments = library.catalogue.moments(film.name, ALL)
    for text in film.subtitle_texts:
        assert text.text in said(moments, "subtitle", text.span)
    for text in film.screen_texts:
        assert max((alike(text.text, t) for t in said(moments, "screen", text.span)), default=0) >= 0.9, text


@pytest.mark.parametrize("film", FILMS, ids=lambda film: film.name)
def test_every_second_lies_in_a_moment_and_every_moment_has_a_keyframe(library: Library, film: Film) -> None:
    moments = library.catalogue.moments(film.name, ALL)
    assert moments[0].span.start == 0
    assert moments[-1].span.end == pytest.approx(film.duration, abs=0.1)
    assert all(a.span.end == b.span.start for a, b in zip(moments, moments[1:], strict=False))
    assert all(moment.keyframes and moment.keyframes[0].path.is_file() for moment in moments)
    assert all(m.span.contains(frame.time) for m in moments for frame in m.keyframes)


def test_what_is_said_or_shown_is_found_by_its_question(library: Library) -> None:
    textual = [q for q in QUESTIONS if q.source != "frames"]
    first = 0
    for question in textual:
        hits = library.searcher.search(Query(question.text), ALL, 3).hits
        right = [h.moment.video_id == question.film and h.span.overlap(question.span) > 0 for h in hits]
        print(f"{'first' if right[0] else 'in top 3' if any(right) else 'missed':9s} {question.text}")
        first += right[0]
        assert any(right), question
    assert first >= len(textual) - 1


def test_every_word_of_a_text_finds_a_moment_that_holds_it(library: Library) -> None:
    moments = [m for v in library.catalogue.videos(ALL) for m in library.catalogue.moments(v.video_id, ALL)]
    said = sorted({word for moment in moments for word in words(moment.text) if terms(word)})
    missed = []
    for word in said:
        found = library.searcher.search(read_query(word), ALL, 5)
        held = any(set(terms(word)) <= set(terms(hit.moment.text)) for hit in found.hits)
        if not held or of_search(found).verdict == "not_found":
            missed.append(word)
    assert said
    assert not missed


@pytest.mark.parametrize("film", FILMS[:3], ids=lambda film: film.name)
def test_a_clip_plays_and_has_the_right_length(library: Library, film: Film, tmp_path: Path) -> None:
    moment = library.catalogue.moments(film.name, ALL)[1]
    path = library.catalogue.video(film.name, ALL).entry.path
    assert path is not None
    made = cut(path, moment.span, tmp_path / "moment.mp4")
    assert probe(made.path).duration == pytest.approx(moment.span.duration, abs=0.15)
