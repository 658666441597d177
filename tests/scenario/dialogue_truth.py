"""Which scenes of the sample films are right for a turn, worked out from the truth: a check on what files say."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from demo.films import Film
from demo.scenes import Scene
from demo.stories import FILMS
from retrieval.analysis import terms, words
from retrieval.types import TimeSpan
from tests.scenario.dialogue_values import Expected, Place, ReferenceKind, Truth, Turn

BINDING: frozenset[ReferenceKind] = frozenset({"ordinal", "first", "last", "handle", "that", "among", "other"})
"""References to a moment that leave no doubt where to look."""

_ANCHORED = ("before", "after", "right_before", "right_after", "during")
_TOLERANCE = 0.01  # seconds


@dataclass(frozen=True, slots=True)
class Shot:
    """A scene at its place: `number` counts from 0."""

    film: str
    number: int
    span: TimeSpan
    scene: Scene

    @property
    def text(self) -> str:
        """All words that a search can find: the sentence, the subtitles, the screen text."""
        return " ".join((self.scene.sentence, *self.scene.subtitles, self.scene.screen_text or ""))

    @property
    def place(self) -> Place:
        return Place(self.film, self.span)


def _shots(film: Film) -> tuple[Shot, ...]:
    scenes = zip(film.spans, film.scenes, strict=True)
    return tuple(Shot(film.name, number, span, scene) for number, (span, scene) in enumerate(scenes))


SHOTS: dict[str, tuple[Shot, ...]] = {film.name: _shots(film) for film in FILMS}


def shot_at(place: Place) -> Shot | None:
    """Return the scene that a moment is, None where it is none."""
    if place.span is None:
        return None
    start, end = place.span.start, place.span.end
    for shot in SHOTS[place.video]:
        if abs(shot.span.start - start) < _TOLERANCE and abs(shot.span.end - end) < _TOLERANCE:
            return shot
    return None


def holds(text: str, wanted: str) -> bool:
    """Tell whether a text holds a word, in whatever form."""
    return wanted in words(text) or bool(set(terms(wanted)) & set(terms(text)))


def fits(truth: Truth, shot: Shot) -> bool:
    """Tell whether the scene is as it is said."""
    scene = shot.scene
    attributes = ("actor", "count", "colour", "action", "place", "thing")
    return (
        all(not (said := getattr(truth, name)) or getattr(scene, name) in said for name in attributes)
        and all(holds(shot.text, word) for word in truth.words)
        and truth.written in (None, scene.screen_text is not None)
    )


def is_checked(turn: Turn) -> bool:
    """Tell whether the truth decides which moments are right: something must be said of them, and no taste asked."""
    expected = turn.expected
    return expected.moments is not None and expected.act != "compare" and bool(turn.truth or expected.relation)


def right(turn: Turn) -> list[Place]:
    """Return the moments that are right for a turn, film by film, in order of time."""
    truth = turn.truth or Truth()
    found: list[Shot] = []
    for candidates in _widening(turn.expected):
        found = [shot for shot in candidates if _allowed(turn.expected, shot) and fits(truth, shot)]
        if found:
            break
    return [shot.place for shot in _chosen(turn.expected, found)]


def _widening(expected: Expected) -> Iterable[Sequence[Shot]]:
    """Yield where to look: where words and references bind only there, else the focus first and then everything."""
    everything = [shot for shots in SHOTS.values() for shot in shots]
    pointed = [shot for place in _pointed(expected) if (shot := shot_at(place))]
    anchor = pointed[0] if pointed else None
    if expected.relation in _ANCHORED:
        if expected.anchor:
            anchor = shot_at(expected.anchor.moment)
        elif anchor is None:
            places = [place for reference in expected.refers for place in reference.to]
            anchor = next((shot for place in places if (shot := shot_at(place))), None)
        assert anchor is not None, "a relation counts from a moment"
        yield _related(expected.relation, anchor)
    elif pointed:
        yield pointed
    elif expected.filters.videos:
        yield [shot for video in expected.filters.videos for shot in SHOTS[video]]
    else:
        if expected.focus:
            yield SHOTS[expected.focus]
        yield everything


def _pointed(expected: Expected) -> list[Place]:
    excluded = expected.filters.not_moments
    binding = [reference for reference in expected.refers if reference.kind in BINDING]
    return [place for reference in binding for place in reference.to if place not in excluded]


def _related(relation: str, anchor: Shot) -> Sequence[Shot]:
    shots, here = SHOTS[anchor.film], anchor.number
    ways: dict[str, Callable[[], Sequence[Shot]]] = {
        "before": lambda: shots[:here],
        "after": lambda: shots[here + 1 :],
        "right_before": lambda: shots[max(0, here - 1) : here],
        "right_after": lambda: shots[here + 1 : here + 2],
        "during": lambda: [anchor],
    }
    return ways[relation]()


def _allowed(expected: Expected, shot: Shot) -> bool:
    filters = expected.filters
    last = SHOTS[shot.film][-1]
    start = 0.0 if filters.start is None else filters.start
    end = start if expected.relation == "at" else filters.end
    return (
        (not filters.videos or shot.film in filters.videos)
        and shot.film not in filters.not_videos
        and all(shot_at(place) != shot for place in filters.not_moments)
        and not any(holds(shot.text, word) for word in filters.without)
        and not (filters.not_part == "start" and shot.number == 0)
        and not (filters.not_part == "end" and shot == last)
        and shot.span.end > start
        and (end is None or shot.span.start < end or shot.span.start == end == start)
        and not (expected.relation == "at_start" and shot.number)
        and not (expected.relation == "at_end" and filters.start is None and shot != last)
    )


def _chosen(expected: Expected, fitting: list[Shot]) -> list[Shot]:
    if expected.relation == "first_time":
        return fitting[:1]
    return fitting[-1:] if expected.relation == "last_time" else fitting
