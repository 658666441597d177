"""What continues the question just asked: with another part, narrower, elsewhere, without something, or corrected."""

from collections.abc import Callable, Mapping
from typing import Any

from demo.palette import COLOURS
from demo.scenes import NUMBERS, PEOPLE, PLACE_PHRASES, PLACES, PLURALS, WEATHER_PHRASES
from tests.scenario.dialogue_values import Mark, Place
from tests.scenario.generated_openers import drawn_stretch, times
from tests.scenario.generated_talk import Asked, Talk
from tests.scenario.generated_words import Parts, Phrasings, content, slots

FollowUp = Callable[[Talk], bool]
"""Says something that goes on, where that is possible; returns whether it was."""
SEARCHING = ("find", "ask", "count")


def said_by_part(asked: Asked, phrasings: Phrasings) -> dict[str, tuple[str, ...]]:
    """Return the words of a question by the part of the scene that they say."""
    parts = asked.parts
    plain = [parts["actor"], PLURALS[parts["actor"]]] if "actor" in parts else []
    of: dict[str, set[str]] = {
        "actor": {other for word in plain for other in (word, *phrasings.synonyms.get(word, ()))},
        "count": set(NUMBERS.values()),
        "colour": {parts["colour"], "coat", "coats"} if "colour" in parts else set(),
        "place": set(content(PLACE_PHRASES[parts["place"]])) if "place" in parts else set(),
        "thing": {parts["thing"]} if "thing" in parts else set(),
        "weather": set(content(WEATHER_PHRASES[parts["weather"]])) if "weather" in parts else set(),
    }
    said: dict[str, tuple[str, ...]] = {}
    for word in asked.has:
        part = next((name for name, known in of.items() if word in known), "action")
        said[part] = (*said.get(part, ()), word)
    return said


def _went_on(talk: Talk) -> Asked | None:
    """Return the question just asked, where it searched for a scene and something was found."""
    asked = talk.asked
    found = asked and asked.parts and asked.act in SEARCHING and talk.turns and talk.turns[-1].shown
    return asked if found else None


def _go_on(
    talk: Talk, intent: str, asked: Asked, parts: Parts, has: tuple[str, ...], new: Mapping[str, object], **right: Any
) -> bool:
    """Say it with the talk's film in focus."""
    focus = talk.current
    right.setdefault("filters", asked.kept())
    kept = {name: value for name, value in right["filters"].items() if name != "videos"}
    moments = talk.nearest(parts, **kept)
    carried = {"words", "video"} if focus else {"words"}
    talk.add(
        talk.draw(intent),
        new,
        right.pop("act", asked.act),
        moments,
        parts=parts,
        has=has,
        focus=focus,
        carried=frozenset(carried),
        **right,
    )
    return True


def other_part(intent: str, part: str, marks: frozenset[Mark] = frozenset()) -> FollowUp:
    """Return the question again with another colour, place or actor."""

    def follow(talk: Talk) -> bool:
        asked = _went_on(talk)
        if asked is None or part not in asked.parts or not _can(asked, part):
            return False
        old = said_by_part(asked, talk.phrasings)
        value = talk.rng.choice([v for v in _values(talk, part) if v != asked.parts[part]])
        parts = {k: v for k, v in asked.parts.items() if part != "actor" or k not in ("count", "colour")}
        parts |= {part: value} | ({"count": 1} if part == "actor" else {})
        new = slots({part: value} | ({"count": 1} if part == "actor" else {}), talk.phrasings)
        said = content(new[{"place": "where", "actor": "a_name", "colour": "colour"}[part]])
        gone = {part, "count", "colour"} if part == "actor" else {part}
        has = (*(word for name, words in old.items() if name not in gone for word in words), *said)
        lacks = tuple(word for word in old.get(part, ()) if word not in said)
        return _go_on(talk, intent, asked, parts, has, new, lacks=lacks, marks=marks)

    return follow


def _can(asked: Asked, part: str) -> bool:
    """Tell whether people would ask on in so few words: a coat is not a colour, and one actor is no crowd."""
    if part == "colour":
        return asked.parts.get("actor") in PEOPLE
    return part != "actor" or asked.parts.get("count", 1) == 1


def _values(talk: Talk, part: str) -> list[str]:
    every: dict[str, tuple[str, ...]] = {"colour": COLOURS, "place": PLACES, "actor": tuple(PLURALS)}
    there = {getattr(shot.scene, part) for shot in talk.world.everything}
    return [value for value in every[part] if value in there]


def narrower(intent: str, part: str) -> FollowUp:
    """Return the question again with a colour or a place more."""

    def follow(talk: Talk) -> bool:
        asked = _went_on(talk)
        if asked is None or part in asked.parts or (part == "colour" and asked.parts.get("actor") not in PEOPLE):
            return False
        value = talk.rng.choice(_values(talk, part))
        new = slots({part: value}, talk.phrasings)
        has = (*asked.has, *content(new["where" if part == "place" else "colour"]))
        return _go_on(talk, intent, asked, {**asked.parts, part: value}, has, new)

    return follow


def except_place(talk: Talk) -> bool:
    """Exclude a place from what was asked."""
    asked = _went_on(talk)
    if asked is None or "place" in asked.parts:
        return False
    new = slots({"place": talk.rng.choice(_values(talk, "place"))}, talk.phrasings)
    out = content(new["where"])
    filters = asked.kept(without=(*asked.filters.without, *out))
    return _go_on(talk, "except_place", asked, asked.parts, asked.has, new, lacks=out, filters=filters)


def times_again(intent: str, relation: str) -> FollowUp:
    """Return what asks for the first, the last or every time of what was asked."""

    def follow(talk: Talk) -> bool:
        asked = _went_on(talk)
        if asked is None or talk.turns[-1].expected.relation:
            return False
        return _go_on(talk, intent, asked, asked.parts, asked.has, {}, act="find", relation=relation)

    return follow


def in_stretch(talk: Talk) -> bool:
    """Ask the same of the first seconds of the film at hand."""
    asked, film = _went_on(talk), talk.current
    if asked is None or film is None or talk.turns[-1].expected.relation:
        return False
    start, end = drawn_stretch(talk, "from_start")
    filters = asked.kept(videos=(film,), start=start, end=end)
    there = talk.world.within(film, start or 0.0, end or 0.0)
    moments = [place for place in talk.fitting(asked.parts, [film]) if place in there]
    right: dict[str, Any] = {"filters": filters, "relation": "from_start", "refers": (talk.refers("implied", film),)}
    values, carried = times(talk, start, end), frozenset({"video", "words"})
    talk.add(talk.draw("clock_fragment"), values, asked.act, moments, has=asked.has, carried=carried, **right)
    return True


def in_film(intent: str, marks: frozenset[Mark] = frozenset()) -> FollowUp:
    """Return the question just asked, of another film."""

    def follow(talk: Talk) -> bool:
        asked = talk.asked
        if asked is None or talk.turns[-1].expected.relation:
            return False
        there = {*asked.filters.videos, *asked.filters.not_videos, talk.current}
        film = talk.rng.choice([film for film in talk.world.titles if film not in there])
        filters = asked.kept(videos=(film,))
        right: dict[str, Any] = {"filters": filters, "carried": frozenset({"words"} if asked.has else ())}
        kept = {name: value for name, value in filters.items() if name != "videos"}
        moments = talk.fitting(asked.parts, [film], **kept) if asked.parts else (Place(film),)
        also = ("find", "ask") if marks else ()
        values = {"film": talk.world.titles[film]}
        parts, act = asked.parts, asked.act
        talk.add(talk.draw(intent), values, act, moments, has=asked.has, parts=parts, also=also, marks=marks, **right)
        return True

    return follow


def other_film(talk: Talk) -> bool:
    """Ask the same of the other of the two films that the talk was about."""
    asked, named = talk.asked, talk.history.named
    if asked is None or len(named) != 2 or talk.intents[-1:] != ["in_film"]:
        return False
    film = named[0]
    moments = talk.fitting(asked.parts, [film], without=asked.filters.without) if asked.parts else (Place(film),)
    right: dict[str, Any] = {"filters": asked.kept(videos=(film,)), "refers": (talk.refers("other", film),)}
    carried = frozenset({"video", "words"} if asked.has else {"video"})
    talk.add(talk.draw("other_film"), {}, asked.act, moments, has=asked.has, carried=carried, **right)
    return True


def elsewhere(talk: Talk) -> bool:
    """Ask the same outside the film at hand."""
    asked, film = _went_on(talk), talk.current
    if asked is None or film is None or talk.turns[-1].expected.relation:
        return False
    filters = asked.kept(not_videos=tuple(dict.fromkeys((*asked.filters.not_videos, film))))
    moments = talk.fitting(asked.parts, **filters)
    right: dict[str, Any] = {"filters": filters, "carried": frozenset({"words"})}
    talk.add(talk.draw("elsewhere"), {}, asked.act, moments, has=asked.has, parts=asked.parts, **right)
    return True


def not_that(intent: str, points: bool) -> FollowUp:
    """Return what asks for another moment than the one just shown."""

    def follow(talk: Talk) -> bool:
        asked = _went_on(talk)
        wide = asked is not None and not asked.filters.videos and asked.act == "find"
        if asked is None or not wide or len(talk.latest) != 1 or talk.turns[-1].expected.relation:
            return False
        filters = asked.kept(not_moments=talk.latest)
        moments = talk.fitting(asked.parts, **filters)
        right: dict[str, Any] = {"filters": filters, "carried": frozenset({"words"})}
        right["refers"] = (talk.refers("that", *talk.latest),) if points else ()
        talk.add(talk.draw(intent), {}, "find", moments, has=asked.has, **right)
        return True

    return follow


_CORRECTION: frozenset[Mark] = frozenset({"correction"})
CONTINUING: dict[str, tuple[float, FollowUp]] = {
    "in_film": (3, in_film("in_film")),
    "other_film": (14, other_film),
    "clock_fragment": (2, in_stretch),
    "last_time_again": (1.5, times_again("last_time_again", "last_time")),
    "first_time_again": (1.5, times_again("first_time_again", "first_time")),
    "every_time_again": (1.5, times_again("every_time_again", "every_time")),
    "swap_colour": (5, other_part("swap_colour", "colour")),
    "swap_actor": (4, other_part("swap_actor", "actor")),
    "swap_place": (4, other_part("swap_place", "place")),
    "narrow_place": (5, narrower("narrow_place", "place")),
    "narrow_colour": (4, narrower("narrow_colour", "colour")),
    "except_place": (6, except_place),
    "not_that": (30, not_that("not_that", points=True)),
    "another": (30, not_that("another", points=False)),
    "elsewhere": (3, elsewhere),
    "meant_film": (2, in_film("meant_film", _CORRECTION)),
    "meant_colour": (3, other_part("meant_colour", "colour", _CORRECTION)),
    "meant_actor": (3, other_part("meant_actor", "actor", _CORRECTION)),
}
"""What continues a question, with its weight in the draw."""
