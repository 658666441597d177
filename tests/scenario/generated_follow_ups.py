"""What goes on from what was said and shown: of the film at hand, of whoever is seen, of the talk itself.

Each returns whether it could be said at this place of the talk.
"""

from typing import Any

from tests.scenario.dialogue_history import NUMBERS
from tests.scenario.dialogue_values import Place
from tests.scenario.generated_continuing import CONTINUING, FollowUp, said_by_part
from tests.scenario.generated_openers import clock, drawn_stretch, said_of_a_scene, times
from tests.scenario.generated_pointing import POINTING
from tests.scenario.generated_talk import Talk
from tests.scenario.generated_words import pronouns

VIDEO = frozenset({"video"})
BOTH = frozenset({"video", "words"})


def same_film(intent: str, act: str) -> FollowUp:
    """Return what asks more of the film at hand, or of all of it."""

    def follow(talk: Talk) -> bool:
        film = talk.current
        if film is None:
            return False
        right: dict[str, Any] = {"filters": {"videos": (film,)}, "refers": (talk.refers("same_video", film),)}
        if act in ("describe_video", "summarise"):
            talk.add(talk.draw(intent), {}, act, [Place(film)], parts={}, carried=VIDEO, **right)
        else:
            phrasing, _, parts, words = said_of_a_scene(talk, intent, talk.world.shots[film])
            talk.add(phrasing, words, act, talk.fitting(parts, [film]), parts=parts, carried=VIDEO, **right)
        return True

    return follow


def pronoun(talk: Talk) -> bool:
    """Ask more of whoever was just shown."""
    last = talk.turns[-1] if talk.turns else None
    if last is None or len(last.shown) != 1 or not talk.latest or last.expected.act not in ("find", "ask"):
        return False
    place = talk.latest[0]
    scene = talk.world.shot(place).scene
    has = said_by_part(talk.asked, talk.phrasings).get("actor", ()) if talk.asked else ()
    right = {"focus": place.video, "refers": (talk.refers("pronoun", place),), "carried": BOTH if has else VIDEO}
    talk.add(talk.draw("pronoun"), pronouns(scene.actor, scene.count), "ask", [place], has=has, **right)
    return True


def clock_of_film(intent: str, relation: str) -> FollowUp:
    """Return what asks what is at a time, or happens in a stretch, of the film at hand."""

    def follow(talk: Talk) -> bool:
        film = talk.current
        if film is None:
            return False
        start, end = drawn_stretch(talk, "between")
        if relation == "at":
            end = None
        assert start is not None
        moments = talk.world.within(film, start, end or start + 0.01)
        act, also = ("ask", ("summarise",)) if relation == "at" else ("summarise", ())
        filters = {"videos": (film,), "start": start, "end": end}
        values = times(talk, start, end) | {"time": clock(start)}
        right = {"refers": (talk.refers("implied", film),), "relation": relation, "carried": VIDEO}
        talk.add(talk.draw(intent), values, act, moments, also=also, filters=filters, **right)
        return True

    return follow


def edge_of_film(intent: str, number: int) -> FollowUp:
    """Return what asks how the film at hand begins (0) or ends (-1)."""

    def follow(talk: Talk) -> bool:
        film = talk.current
        if film is None:
            return False
        right = {"relation": "at_start" if number == 0 else "at_end", "refers": (talk.refers("implied", film),)}
        moments = [talk.world.shots[film][number].place]
        talk.add(talk.draw(intent), {}, "ask", moments, filters={"videos": (film,)}, carried=VIDEO, **right)
        return True

    return follow


def recap(talk: Talk) -> bool:
    """Ask for a summary of all that was shown."""
    shown = talk.history.shown
    if len(shown) < 2 or not all(place.span for place in shown):
        return False
    talk.add(talk.draw("recap"), {}, "summarise", shown, refers=(talk.refers("that", *shown),), carried=VIDEO)
    return True


def of_the_list(talk: Talk) -> bool:
    """Ask about a film by its place in the list."""
    if not talk.turns or talk.turns[-1].expected.act != "list_videos":
        return False
    number = talk.rng.randrange(1, 7)
    film = tuple(talk.world.titles)[number]
    values = {"ordinal": NUMBERS[number], "n": number + 1}
    right = {"filters": {"videos": (film,)}, "refers": (talk.refers("ordinal", film),), "carried": VIDEO}
    talk.add(talk.draw("list_ordinal"), values, "describe_video", [Place(film)], parts={}, **right)
    return True


def chat(intent: str) -> FollowUp:
    """Return small talk in between."""

    def follow(talk: Talk) -> bool:
        if not talk.turns:
            return False
        talk.add(talk.draw(intent), {}, "chat")
        return True

    return follow


FOLLOW_UPS: dict[str, tuple[float, FollowUp]] = {
    **POINTING,
    "same_find": (1, same_film("same_find", "find")),
    "same_ask": (1, same_film("same_ask", "ask")),
    "same_describe": (0.7, same_film("same_describe", "describe_video")),
    "same_summary": (0.7, same_film("same_summary", "summarise")),
    "pronoun": (4, pronoun),
    "clock_between": (0.5, clock_of_film("clock_between", "between")),
    "clock_at": (0.5, clock_of_film("clock_at", "at")),
    "it_begins": (0.5, edge_of_film("it_begins", 0)),
    "it_ends": (0.5, edge_of_film("it_ends", -1)),
    "recap": (0.6, recap),
    "list_ordinal": (20, of_the_list),
    "thanks": (0.8, chat("thanks")),
    "remark": (1, chat("remark")),
    **CONTINUING,
}
"""What goes on, with its weight in the draw."""
