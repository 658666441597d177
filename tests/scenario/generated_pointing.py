"""Pointing back at what was shown: one of several, a moment by its number, what lies beside it, what is not there.

Each returns whether it could be said at this place of the talk.
"""

from typing import Any

from tests.scenario.dialogue_history import NUMBERS
from tests.scenario.dialogue_values import ReferenceKind
from tests.scenario.generated_continuing import FollowUp
from tests.scenario.generated_openers import said_of_a_scene
from tests.scenario.generated_talk import Talk
from tests.scenario.generated_words import slots
from tests.scenario.generated_world import fits

VIDEO = frozenset({"video"})


def point(intent: str, kind: ReferenceKind, act: str = "find") -> FollowUp:
    """Return pointing at one of those offered: the second, the first, the last."""

    def follow(talk: Talk) -> bool:
        offered = talk.offered
        if len(offered) < 2:
            return False
        number = {"first": 0, "last": len(offered) - 1}.get(kind, talk.rng.randrange(1, min(len(offered), 5)))
        place = offered[number]
        scene = talk.world.shot(place).scene
        values = {"ordinal": NUMBERS[number], "n": number + 1}
        values |= slots({"actor": scene.actor, "count": scene.count}, talk.phrasings)
        talk.add(talk.draw(intent), values, act, [place], refers=(talk.refers(kind, place),), carried=VIDEO)
        return True

    return follow


def handle(intent: str, act: str, step: int = 0) -> FollowUp:
    """Return pointing at a moment by its number, or at what comes before (-1) or after (1) it."""

    def follow(talk: Talk) -> bool:
        known = [(n, place) for n, place in enumerate(talk.history.shown, start=1) if place.span]
        if not known:
            return False
        number, place = talk.rng.choice(known)
        right: dict[str, Any] = {"refers": (talk.refers("handle", place),), "carried": VIDEO}
        if step:
            right["relation"] = "right_after" if step > 0 else "right_before"
        moments = talk.world.beside(place, step) if step else [place]
        talk.add(talk.draw(intent), {"h": number}, act, moments, **right)
        return True

    return follow


def wrong_number(intent: str) -> FollowUp:
    """Return pointing past all that was shown."""

    def follow(talk: Talk) -> bool:
        by_handle = intent == "wrong_handle"
        there = len(talk.history.shown) if by_handle else len(talk.history.offered or talk.history.shown)
        if not there or there > 11:
            return False
        number = there + talk.rng.randint(1, 12 - there)
        kind: ReferenceKind = "handle" if by_handle else "ordinal"
        values = {"h": number, "n": number, "ordinal": NUMBERS[number - 1]}
        talk.add(talk.draw(intent), values, "clarify", refers=(talk.refers(kind),))
        return True

    return follow


def wrong_that(talk: Talk) -> bool:
    """Point back where nothing was shown yet."""
    if talk.history.shown or talk.history.offered:
        return False
    talk.add(talk.draw("wrong_that"), {}, "clarify")
    return True


def that(intent: str, act: str, step: int = 0, relation: str | None = None) -> FollowUp:
    """Return pointing at the one moment just shown, or at what comes beside it."""

    def follow(talk: Talk) -> bool:
        if len(talk.latest) != 1:
            return False
        place = talk.latest[0]
        moments = talk.world.beside(place, step) if step else [place]
        also = ("find",) if intent == "next" else ()
        refers = (talk.refers("that", place),)
        talk.add(talk.draw(intent), {}, act, moments, also=also, refers=refers, relation=relation, carried=VIDEO)
        return True

    return follow


def happens_beside_that(intent: str, after: bool) -> FollowUp:
    """Return what asks whether something happens before or after the moment just shown."""

    def follow(talk: Talk) -> bool:
        if len(talk.latest) != 1:
            return False
        here = talk.world.shot(talk.latest[0])
        there = talk.world.shots[here.film][here.number + 1 :] if after else talk.world.shots[here.film][: here.number]
        if not there:
            return False
        phrasing, _, parts, words = said_of_a_scene(talk, intent, there)
        moments = [shot.place for shot in there if fits(shot.scene, parts)]
        right = {"relation": "after" if after else "before", "refers": (talk.refers("that", here.place),)}
        talk.add(phrasing, words, "ask", moments, carried=VIDEO, **right)
        return True

    return follow


def among(intent: str, attribute: str) -> FollowUp:
    """Return a choice from the several just shown, by a place or a thing."""

    def follow(talk: Talk) -> bool:
        scenes = {place: talk.world.shot(place).scene for place in talk.latest}
        values = sorted({v for scene in scenes.values() if (v := getattr(scene, attribute))})
        if len(scenes) < 2 or len(values) < 2:
            return False
        wanted = {attribute: talk.rng.choice(values)}
        moments = [place for place, scene in scenes.items() if fits(scene, wanted)]
        words = slots(wanted, talk.phrasings)
        talk.add(talk.draw(intent), words, "find", moments, refers=(talk.refers("among", *scenes),), carried=VIDEO)
        return True

    return follow


def compare(intent: str) -> FollowUp:
    """Return what compares moments shown: by number, by place, or all of the latest."""

    def follow(talk: Talk) -> bool:
        shown = [(n, place) for n, place in enumerate(talk.history.shown, start=1) if place.span]
        places = {"compare_handles": tuple(place for _, place in shown), "compare_among": talk.latest}
        there = places.get(intent, talk.offered)
        if len(there) < 2:
            return False
        one, other = sorted(talk.rng.sample(range(min(len(there), 5)), 2))
        values = {"ordinal": NUMBERS[one], "ordinal2": NUMBERS[other]}
        moments = (there[one], there[other])
        refers = tuple(talk.refers("first" if there.index(m) == 0 else "ordinal", m) for m in moments)
        if intent == "compare_handles":
            values = {"h": str(shown[one][0]), "h2": str(shown[other][0])}
            refers = tuple(talk.refers("handle", moment) for moment in moments)
        elif intent == "compare_among":
            moments, refers = there, (talk.refers("among", *there),)
        talk.add(talk.draw(intent), values, "compare", moments, refers=refers, carried=VIDEO)
        return True

    return follow


def other_moment(talk: Talk) -> bool:
    """Point at the other of two, having pointed at one."""
    if len(talk.offered) != 2 or len(talk.latest) != 1 or talk.intents[-1:] not in (["point_first"], ["point_ordinal"]):
        return False
    other = next(place for place in talk.offered if place != talk.latest[0])
    talk.add(talk.draw("other_moment"), {}, "find", [other], refers=(talk.refers("other", other),), carried=VIDEO)
    return True


def meant_ordinal(talk: Talk) -> bool:
    """Point again, having pointed at a wrong one."""
    pointed = talk.intents[-1:] in (["point_first"], ["point_ordinal"], ["point_last"])
    others = [n for n, place in enumerate(talk.offered[:5]) if n and (place,) != talk.latest]
    if not pointed or len(talk.offered) < 3 or not others:
        return False
    number = talk.rng.choice(others)
    place = talk.offered[number]
    values = {"ordinal": NUMBERS[number], "n": number + 1}
    refers = (talk.refers("ordinal", place),)
    marks = frozenset({"correction"})
    talk.add(talk.draw("meant_ordinal"), values, "find", [place], refers=refers, carried=VIDEO, marks=marks)
    return True


POINTING: dict[str, tuple[float, FollowUp]] = {
    "point_ordinal": (4, point("point_ordinal", "ordinal")),
    "ask_ordinal": (3, point("ask_ordinal", "ordinal", "ask")),
    "point_first": (3, point("point_first", "first")),
    "point_last": (1.5, point("point_last", "last")),
    "ask_last": (1, point("ask_last", "last", "ask")),
    "point_handle": (0.7, handle("point_handle", "find")),
    "ask_handle": (0.7, handle("ask_handle", "ask")),
    "next_handle": (0.5, handle("next_handle", "ask", 1)),
    "previous_handle": (0.4, handle("previous_handle", "ask", -1)),
    "wrong_ordinal": (0.5, wrong_number("wrong_ordinal")),
    "wrong_handle": (0.4, wrong_number("wrong_handle")),
    "wrong_that": (6, wrong_that),
    "point_that": (1, that("point_that", "find")),
    "ask_that": (1.2, that("ask_that", "ask")),
    "next": (2, that("next", "ask", 1, "right_after")),
    "previous": (1.5, that("previous", "ask", -1, "right_before")),
    "during_that": (0.6, that("during_that", "ask", 0, "during")),
    "ask_after_that": (1, happens_beside_that("ask_after_that", True)),
    "ask_before_that": (0.8, happens_beside_that("ask_before_that", False)),
    "among_place": (4, among("among_place", "place")),
    "among_thing": (3, among("among_thing", "thing")),
    "compare_handles": (0.5, compare("compare_handles")),
    "compare_ordinals": (1, compare("compare_ordinals")),
    "compare_among": (1.5, compare("compare_among")),
    "other_moment": (10, other_moment),
    "meant_ordinal": (4, meant_ordinal),
}
"""What points back, with its weight in the draw."""
