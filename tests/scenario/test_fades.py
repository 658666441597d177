"""Drawn films of which half of the changes are fades or leave the place as it is: are all found, and nothing else?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest

from demo.films import FADE, FPS, Film
from demo.palette import COLOURS
from demo.scenes import ACTIONS_OF, KINDS, Scene, random_scene
from demo.takes import STEADY, random_take
from demo.writing import write_films
from retrieval.ingest.survey import Survey, survey

pytestmark = pytest.mark.slow
TOLERANCE = 0.3
HALF_A_FADE = FADE / FPS / 2
KINDS_OF_CHANGE = ("cut", "fade", "cut", "other actors", "cut", "other actors fade", "cut", "fade", "other actors")


@dataclass(frozen=True, slots=True)
class Taken:
    """A film, the kind of each of its changes, and what was found."""

    film: Film
    kinds: tuple[str, ...]
    found: Survey


def elsewhere(rng: Random, before: Scene | None, lively: bool) -> Scene:
    while True:
        scene = random_scene(rng)
        if before is None or scene.place != before.place:
            take = random_take(rng, ("plain", "grain", "hatch"), ("plain",)) if lively else STEADY
            return replace(scene, seconds=rng.choice((3.0, 3.6, 4.4)), variant=7, take=take)


def other_actors(rng: Random, before: Scene) -> Scene:
    actor = rng.choice([kind for kind in KINDS if kind != before.actor])
    colour = rng.choice([colour for colour in COLOURS if colour != before.colour])
    return replace(before, actor=actor, colour=colour, count=rng.randint(1, 3), action=rng.choice(ACTIONS_OF[actor]))


def drawn(number: int, lively: bool) -> tuple[Film, tuple[str, ...]]:
    """Return a film of ten scenes and the kinds of its changes; a lively one has a shaking, noisy camera."""
    rng = Random(number)
    kinds = tuple(rng.sample(KINDS_OF_CHANGE, len(KINDS_OF_CHANGE)))
    scenes = [elsewhere(rng, None, lively)]
    for kind in kinds:
        scenes.append(other_actors(rng, scenes[-1]) if kind.startswith("other") else elsewhere(rng, scenes[-1], lively))
    fades = frozenset(place for place, kind in enumerate(kinds, 1) if kind.endswith("fade"))
    name = f"changes-{number}"
    return Film(name, name, tuple(scenes), keyframes_at_cuts=number % 2 == 0, fades=fades), kinds


def restless(number: int) -> Film:
    """Return a film of one long scene, seen by a camera that shakes."""
    rng = Random(number)
    take = replace(random_take(rng, ("plain", "grain", "hatch"), ("plain",)), shake=rng.uniform(2, 4))
    scene = replace(random_scene(rng), seconds=10.0, take=take)
    return Film(f"restless-{number}", "Restless", (scene,))


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Taken]]:
    folder = tmp_path_factory.mktemp("fades")
    films = [drawn(number, lively=number >= 3) for number in range(6)]
    paths = write_films(folder, [film for film, _ in films])
    yield [
        Taken(film, kinds, survey(path, folder / film.name)) for (film, kinds), path in zip(films, paths, strict=True)
    ]


def matched(found: Sequence[float], true: Sequence[float]) -> set[float]:
    """Return the true changes that have a found one of their own within the tolerance."""
    left, right = list(found), set()
    for time in true:
        near = min(left, key=lambda other: abs(other - time), default=None)
        if near is not None and abs(near - time) <= TOLERANCE:
            left.remove(near)
            right.add(time)
    return right


def test_fades_and_changes_within_one_place_are_found(taken: list[Taken]) -> None:
    right = found = true = 0
    kinds: dict[str, list[int]] = {kind: [0, 0] for kind in KINDS_OF_CHANGE}
    for each in taken:
        times = [shot.span.start for shot in each.found.shots[1:]]
        hits = matched(times, each.film.cuts)
        right, found, true = right + len(hits), found + len(times), true + len(each.film.cuts)
        for kind, time in zip(each.kinds, each.film.cuts, strict=True):
            kinds[kind][0] += time in hits
            kinds[kind][1] += 1
        print(f"{each.film.name} decoded {100 * each.found.decoded:.0f} %, missed {set(each.film.cuts) - hits}")
    f1 = 2 * right / (found + true)
    print(f"F1 {f1:.3f} within {TOLERANCE} s;", ", ".join(f"{kind} {a}/{b}" for kind, (a, b) in kinds.items()))
    assert f1 >= 0.99  # measured: 1.0


def test_no_keyframe_lies_in_a_fade_and_every_scene_has_one(taken: list[Taken]) -> None:
    for each in taken:
        times = [keyframe.time for keyframe in each.found.keyframes]
        fades = [each.film.cuts[number - 1] for number in each.film.fades]
        assert not [time for time in times for fade in fades if abs(time - fade) < 0.8 * HALF_A_FADE], each.film.name
        for span in each.film.spans:
            assert any(span.start <= time < span.end for time in times), (each.film.name, span)


@pytest.mark.parametrize("number", range(4))
def test_a_shaking_camera_and_moving_actors_make_no_change(number: int, tmp_path: Path) -> None:
    [path] = write_films(tmp_path, [restless(number)])
    assert len(survey(path, tmp_path / "keyframes").shots) == 1
