"""Fresh films to try everything on: scenes that no model has seen, each with others that are nearly like it.

Scenes grow in families. The members of one differ in one thing each from some others of it, and lie in different
films, so that whoever finds the right moment has understood all of the question. Everything follows from the seed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from random import Random
from typing import Literal

from demo.attributes import ATTRIBUTES, COMBINED, Attribute, attributes, combination, values_of, with_values
from demo.films import FPS, Film
from demo.scenes import PLACES, THINGS, WEATHERS, WEATHERS_OF, Scene
from demo.splits import scene_of, shot, split_of
from demo.stories import FILMS

FAMILY = 8
"""Scenes of a family: each has three that are nearly like it, in three different ways."""

SPARE = 1.3
"""Scenes grown for each that is laid into a film, so that there is a choice to the end."""

ATTEMPTS = 200
_SCENES = (9, 10)
_SECONDS = (3.0, 4.0)

FilmSide = Literal["thing", "weather"]
Join = Literal["cut", "fade", "within"]
"""How one scene follows another: a cut or a fade to another place, or a cut to other actors in the same one."""


def films(seed: int, count: int = 24) -> tuple[Film, ...]:
    """Return films of 9 or 10 scenes of test combinations, none of the sample films', all of them different.

    Half of the changes between scenes are fades, or cuts within one place.
    """
    rng = Random(f"trial {seed}")
    sizes = [rng.choice(_SCENES) for _ in range(count)]
    for attempt in range(ATTEMPTS):
        if attempt % 20 == 0:
            pool = _pool(round(sum(sizes) * SPARE), rng)
        laid = _laid(pool, sizes, rng)
        if laid is not None:
            return tuple(_film(f"trial-{seed}-{number:02}", film, rng) for number, film in enumerate(laid, start=1))
    raise AssertionError("so many scenes can be laid out")


def distance(one: Scene, other: Scene) -> int:
    """Return in how many attributes two scenes differ."""
    return sum(a != b for a, b in zip(attributes(one), attributes(other), strict=True))


def neighbours(scene: Scene, among: Sequence[Attribute] = ATTRIBUTES) -> Iterator[Scene]:
    """Yield every scene that differs from a scene in exactly one of some attributes."""
    for attribute in among:
        for value in values_of(scene, attribute):
            if value != getattr(scene, attribute):
                yield with_values(scene, {attribute: value})


@dataclass(frozen=True, slots=True)
class _Member:
    """A scene, not yet filmed, and the number of its family."""

    family: int
    scene: Scene


def _pool(count: int, rng: Random) -> list[_Member]:
    """Return families of scenes of the test, `count` scenes or more, no two alike."""
    taken = {attributes(scene) for film in FILMS for scene in film.scenes}
    shipped = {combination(scene) for film in FILMS for scene in film.scenes}
    open_air = [place for place in PLACES if len(WEATHERS_OF[place]) > 2]
    few = max(2, count // FAMILY // 2)  # so that scenes of different families share a place
    places = rng.sample(open_air, few) if few < len(open_air) else PLACES
    members: list[_Member] = []
    while len(members) < count:
        base = replace(scene_of("test", rng, 0.0), variant=0)
        side: FilmSide = ("thing", "weather")[len(members) // FAMILY % 2]
        scenes = _family(base, side, rng) if base.place in places else []
        if scenes and not any(attributes(scene) in taken or combination(scene) in shipped for scene in scenes):
            taken |= {attributes(scene) for scene in scenes}
            members += [_Member(len(members), scene) for scene in scenes]
    return members


def _family(base: Scene, side: FilmSide, rng: Random) -> list[Scene]:
    """Grow a family: two values each of two attributes of the combination, times two things or two weathers.

    Returns nothing where the test has no such combinations.
    """
    first, second = rng.sample(COMBINED, 2)
    twos = _others(base, second)
    squares = [
        square for one in _others(base, first) for two in twos if (square := _square(base, one, two, first, second))
    ]
    if not squares:
        return []
    square = rng.choice(squares)
    if side == "thing":
        return [replace(scene, thing=thing) for thing in rng.sample(THINGS, 2) for scene in square]
    named = [weather for weather in WEATHERS[1:] if all(weather in WEATHERS_OF[scene.place] for scene in square)]
    if len(named) < 2:
        return []
    return [replace(scene, weather=weather) for weather in rng.sample(named, 2) for scene in square]


def _others(scene: Scene, attribute: Attribute) -> list[Scene]:
    """Return the scenes of the test that differ from a scene in this attribute alone."""
    return [other for other in neighbours(scene, [attribute]) if split_of(other) == "test"]


def _square(base: Scene, one: Scene, two: Scene, first: Attribute, second: Attribute) -> tuple[Scene, ...]:
    """Return a scene, two that differ from it, and the one that differs in both ways; nothing where that cannot be."""
    try:
        both = with_values(base, {first: getattr(one, first), second: getattr(two, second)})
    except ValueError:  # there is no such scene
        return ()
    return (base, one, two, both) if split_of(both) == "test" else ()


def _joins(count: int) -> Counter[Join]:
    """Return how scenes follow each other: a half by cuts, a quarter by fades, a quarter within one place."""
    soft = ceil(count / 2)
    return Counter({"cut": count - soft, "fade": soft // 2, "within": soft - soft // 2})


_Laid = list[tuple[Join, Scene]]


def _laid(pool: Sequence[_Member], sizes: Sequence[int], rng: Random) -> list[_Laid] | None:
    """Lay scenes into films of these sizes; None where the choice ran out. The first scene counts as cut to."""
    left, joins, laid = list(pool), _joins(sum(sizes) - len(sizes)), []
    most, laid_of = ceil(FAMILY / len(sizes)), Counter[int]()
    for size in sizes:
        film: list[tuple[Join, _Member]] = []
        while len(film) < size:
            families = [member.family for _, member in film]
            fresh = [member for member in left if families.count(member.family) < most]
            before = film[-1][1].scene if film else None
            follow: dict[Join, list[_Member]] = {
                join: [member for member in fresh if before is None or _follows(before, join, member.scene)]
                for join in ("cut", "fade", "within")
            }
            open_ = [join for join in joins.elements() if follow[join]]
            if not open_:
                return None
            join = rng.choice(open_) if film else "cut"
            begun = [(1 + laid_of[member.family]) ** 2 for member in follow[join]]
            chosen = rng.choices(follow[join], begun)[0]
            if film:
                joins[join] -= 1
            laid_of[chosen.family] += 1
            left.remove(chosen)
            film.append((join, chosen))
        laid.append([(join, member.scene) for join, member in film])
    return laid


def _follows(before: Scene, join: Join, scene: Scene) -> bool:
    if join == "within":
        return before.place == scene.place and before.actor != scene.actor
    return before.place != scene.place


def _film(name: str, laid: _Laid, rng: Random) -> Film:
    """Film the scenes, each in its own way; within one place the place looks the same."""
    filmed: list[Scene] = []
    for join, scene in laid:
        seconds = round(rng.uniform(*_SECONDS) * FPS) / FPS
        taken = replace(shot(scene, "test", rng), seconds=seconds)
        if join == "within":
            taken = replace(taken, take=replace(taken.take, texture=filmed[-1].take.texture))
        filmed.append(taken)
    fades = frozenset(number for number, (join, _) in enumerate(laid) if join == "fade")
    return Film(name, f"Trial {name.rpartition('-')[2]}", tuple(filmed), fades=fades)
