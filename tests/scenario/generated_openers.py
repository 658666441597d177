"""What begins a topic: questions that stand on their own, about scenes, films, stretches of time, and small talk."""

from collections.abc import Callable
from typing import Any

from tests.scenario.dialogue_values import Anchor, Mark, Place
from tests.scenario.generated_talk import Talk, scene_parts
from tests.scenario.generated_words import Phrasing, content, slots
from tests.scenario.generated_world import Shot, fits

SECONDS = {5: "five", 10: "ten", 15: "fifteen", 20: "twenty"}
Said = tuple[Phrasing, Shot, dict[str, Any], dict[str, str]]


def said_of_a_scene(talk: Talk, intent: str, shots: tuple[Shot, ...] = ()) -> Said:
    """Draw a phrasing and a scene; return them with what is said of the scene and the words of the slots."""
    phrasing = talk.draw(intent)
    shot = talk.rng.choice(shots or tuple(talk.world.everything))
    parts = scene_parts(shot, phrasing.slots, talk.rng)
    return phrasing, shot, parts, slots(parts, talk.phrasings)


def clock(seconds: float) -> str:
    """Return a time as people type it."""
    return f"0:{int(seconds):02}"


def drawn_films(talk: Talk, count: int) -> list[str]:
    """Draw films by id."""
    return talk.rng.sample(sorted(talk.world.titles), count)


def _anew(talk: Talk) -> dict[str, Any]:
    marks: frozenset[Mark] = frozenset({"new_topic"}) if talk.turns else frozenset()
    old = talk.asked.has if talk.asked else ()
    return {"marks": marks, "lacks": old[:2]}


def scene_question(intent: str, act: str) -> Callable[[Talk], None]:
    """Return what asks of a scene anywhere, or in a film where the phrasing names one."""

    def begin(talk: Talk) -> None:
        phrasing, shot, parts, words = said_of_a_scene(talk, intent)
        films = (shot.film,) if "film" in phrasing.slots else ()
        anew = _anew(talk) if not films else {"marks": _anew(talk)["marks"]}
        moments = talk.fitting(parts, films)
        right: dict[str, Any] = {"filters": {"videos": films}}
        if intent in ("first_time", "last_time", "every_time"):
            right["relation"] = intent
            if talk.current and not films:  # the first, the last, every time: the talk stays where it is
                moments = talk.nearest(parts)
                right |= {"focus": talk.current, "carried": frozenset({"video"})}
            moments = moments[:1] if intent == "first_time" else moments[-1:] if intent == "last_time" else moments
        shown = moments[:10] if intent == "every_time" else None
        values = words | {"film": talk.world.titles[shot.film]}
        talk.add(phrasing, values, act, moments, parts=parts, shown=shown, **anew, **right)

    return begin


def whole_film(intent: str, act: str) -> Callable[[Talk], None]:
    """Return what asks about one whole film by its title."""

    def begin(talk: Talk) -> None:
        (film,) = drawn_films(talk, 1)
        values = {"film": talk.world.titles[film]}
        talk.add(talk.draw(intent), values, act, [Place(film)], filters={"videos": (film,)}, parts={})

    return begin


def plain(intent: str, act: str) -> Callable[[Talk], None]:
    """Return small talk, or a list."""

    def begin(talk: Talk) -> None:
        talk.add(talk.draw(intent), {}, act)

    return begin


def compare_films(talk: Talk) -> None:
    """Say two films' titles side by side."""
    one, other = drawn_films(talk, 2)
    values = {"film": talk.world.titles[one], "film2": talk.world.titles[other]}
    filters = {"videos": (one, other)}
    talk.add(talk.draw("compare_films"), values, "compare", [Place(one), Place(other)], filters=filters, shown=())


def edge(intent: str, number: int) -> Callable[[Talk], None]:
    """Return what asks how a film begins (scene 0) or ends (scene -1)."""

    def begin(talk: Talk) -> None:
        (film,) = drawn_films(talk, 1)
        relation = "at_start" if number == 0 else "at_end"
        moments = [talk.world.shots[film][number].place]
        values = {"film": talk.world.titles[film]}
        talk.add(talk.draw(intent), values, "ask", moments, filters={"videos": (film,)}, relation=relation)

    return begin


def stretch(intent: str, relation: str) -> Callable[[Talk], None]:
    """Return what asks what happens in a stretch of a film."""

    def begin(talk: Talk) -> None:
        (film,) = drawn_films(talk, 1)
        start, end = drawn_stretch(talk, relation)
        shown = talk.world.within(film, start or 0.0, end or talk.world.duration(film))
        filters = {"videos": (film,), "start": start, "end": end}
        values = times(talk, start, end) | {"film": talk.world.titles[film]}
        talk.add(talk.draw(intent), values, "summarise", shown, filters=filters, relation=relation)

    return begin


def drawn_stretch(talk: Talk, relation: str) -> tuple[float | None, float | None]:
    """Draw a start and an end in seconds, as the relation needs them."""
    start = float(talk.rng.choice((5, 8, 10, 12)))
    if relation == "from_start":
        return 0.0, float(talk.rng.choice(tuple(SECONDS)))
    if relation == "since":
        return start + 5, None
    return (None, start + 10) if relation == "until" else (start, start + 10)


def times(talk: Talk, start: float | None, end: float | None) -> dict[str, str]:
    """Return the slots of a stretch of time; of "before 0:20" the time is its end."""
    secs = int(end) if end else 0
    named = {"secs": talk.rng.choice((str(secs), SECONDS.get(secs, str(secs))))}
    one, two = (end, None) if start is None else (start, end)
    return named | ({"time": clock(one)} if one is not None else {}) | ({"time2": clock(two)} if two else {})


def ask_in_stretch(intent: str, relation: str) -> Callable[[Talk], None]:
    """Return what asks for a fact in a stretch of a film."""

    def begin(talk: Talk) -> None:
        phrasing, shot, parts, words = said_of_a_scene(talk, intent)
        start, end = drawn_stretch(talk, relation)
        there = talk.world.within(shot.film, start or 0.0, end or talk.world.duration(shot.film))
        moments = [place for place in there if fits(talk.world.shot(place).scene, parts)]
        values = words | times(talk, start, end) | {"film": talk.world.titles[shot.film]}
        filters = {"videos": (shot.film,), "start": start, "end": end}
        talk.add(phrasing, values, "ask", moments, filters=filters, relation=relation)

    return begin


def described(intent: str, step: int) -> Callable[[Talk], None]:
    """Return what asks what comes beside (-1, 1), or happens somewhere after, a moment that is described."""

    def begin(talk: Talk) -> None:
        inner = tuple(s for s in talk.world.everything if 0 < s.number < len(talk.world.shots[s.film]) - 1)
        phrasing, shot, parts, words = said_of_a_scene(talk, intent, inner)
        anchor = Anchor(content(words["clause"]), shot.place)
        moments = talk.world.beside(shot.place, step)
        relation = "right_after" if step > 0 else "right_before"
        if "after" in intent and intent.startswith("anyone"):
            later = talk.rng.choice(talk.world.shots[shot.film][shot.number + 1 :]).scene
            does = slots({"action": later.action}, talk.phrasings)
            words |= {"do2": does["do"], "does2": does["does_one"], "doing2": does["doing"]}
            rest = talk.world.shots[shot.film][shot.number + 1 :]
            moments = tuple(other.place for other in rest if other.scene.action == later.action)
            relation = "after"
        talk.add(phrasing, words, "ask", moments, unsearched=frozenset({"clause"}), anchor=anchor, relation=relation)

    return begin


def excluding(intent: str, act: str = "find") -> Callable[[Talk], None]:
    """Return what asks of a scene, but excludes a place, a thing, a film, or the start or the end of one."""

    def begin(talk: Talk) -> None:
        phrasing, shot, parts, words = said_of_a_scene(talk, intent)
        filters: dict[str, Any] = {}
        out = ""
        if intent == "without_place":
            place = talk.rng.choice([s.scene.place for s in talk.world.everything if s.scene.place != shot.scene.place])
            out = words["where2"] = slots({"place": place}, talk.phrasings)["where"]
        elif intent == "without_thing":
            thing = talk.rng.choice([s.scene.thing for s in talk.world.everything if s.scene.thing])
            if thing == parts.pop("thing", None) or "thing" in words:
                words = slots(parts, talk.phrasings)
            said = slots({"thing": thing}, talk.phrasings)
            out, words = said["thing"], words | said
        elif intent == "not_film":
            film = talk.rng.choice([film for film in talk.world.titles if film != shot.film])
            words["film"] = talk.world.titles[film]
            filters["not_videos"] = (film,)
        else:
            words["film"] = talk.world.titles[shot.film]
            filters |= {"videos": (shot.film,), "not_part": "start" if intent == "not_intro" else "end"}
        filters |= {"without": content(out)}
        kept = {name: value for name, value in filters.items() if name != "videos"}
        moments = talk.fitting(parts, filters.get("videos", ()), **kept)
        own = "ask" if phrasing.say.lower().startswith(("who", "skipping the intro, who")) else act
        unsearched = frozenset({"where2", "thing", "a_thing"})
        marks: frozenset[Mark] = frozenset({"new_topic"}) if talk.turns else frozenset()
        talk.add(
            phrasing,
            words,
            own,
            moments,
            parts=parts,
            filters=filters,
            unsearched=unsearched,
            lacks=content(out),
            marks=marks,
        )

    return begin


OPENERS: dict[str, tuple[float, Callable[[Talk], None]]] = {
    "find": (9, scene_question("find", "find")),
    "find_in": (4, scene_question("find_in", "find")),
    "ask_doing": (2.5, scene_question("ask_doing", "ask")),
    "ask_yes_no": (2.5, scene_question("ask_yes_no", "ask")),
    "ask_who": (2.5, scene_question("ask_who", "ask")),
    "ask_colour": (1.5, scene_question("ask_colour", "ask")),
    "ask_in": (2.5, scene_question("ask_in", "ask")),
    "count": (4.5, scene_question("count", "count")),
    "count_in": (2.5, scene_question("count_in", "count")),
    "describe": (3, whole_film("describe", "describe_video")),
    "summarise": (2.5, whole_film("summarise", "summarise")),
    "list": (3.5, plain("list", "list_videos")),
    "greeting": (0.7, plain("greeting", "chat")),
    "help": (0.8, plain("help", "chat")),
    "compare_films": (2, compare_films),
    "begins": (1, edge("begins", 0)),
    "ends": (1, edge("ends", -1)),
    "stretch_first": (1, stretch("stretch_first", "from_start")),
    "stretch_between": (1, stretch("stretch_between", "between")),
    "stretch_since": (1.5, stretch("stretch_since", "since")),
    "ask_first_seconds": (1.2, ask_in_stretch("ask_first_seconds", "from_start")),
    "ask_until": (1.5, ask_in_stretch("ask_until", "until")),
    "first_time": (1, scene_question("first_time", "find")),
    "last_time": (1, scene_question("last_time", "find")),
    "every_time": (1.2, scene_question("every_time", "find")),
    "after_described": (1.2, described("after_described", 1)),
    "before_described": (1, described("before_described", -1)),
    "anyone_after_described": (0.8, described("anyone_after_described", 1)),
    "without_place": (1.5, excluding("without_place")),
    "without_thing": (1.2, excluding("without_thing")),
    "not_film": (1.2, excluding("not_film")),
    "not_intro": (0.8, excluding("not_intro")),
    "not_ending": (0.7, excluding("not_ending")),
    "anywhere": (0.8, scene_question("anywhere", "find")),
}
"""What begins a topic, with its weight in the draw."""
