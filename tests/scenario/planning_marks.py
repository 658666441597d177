"""Marks a planner by the golden dialogues: each turn is right, or it names what is wrong.

The planner talks with nobody: after each turn the conversation holds what the plan said and what the dialogue says
was shown. So a mistake goes on into the turns that follow it, as it would.

What is compared: the act (or one as good), words of the query by their stems, every filter, focus, relation, the
words of a described anchor, the choices, what the references point at, and what was carried. Where the plan stays
with the video that is meant, "it" and what is implied need not name the moment, unless a time counts from it. Words
carried beyond those needed are no mistake: those that must not be there are named by the dialogue.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.dialogue.acts.table import ACTS
from bot.dialogue.conversation import Conversation, Turn
from bot.dialogue.messages import Citation, Utterance
from bot.dialogue.plan import ANCHORED, Plan
from bot.dialogue.plan import Reference as Pointed
from bot.dialogue.planner import Planner
from demo.stories import FILMS
from retrieval.analysis import terms, words
from retrieval.types import Membership, Video
from tests.scenario.dialogue_truth import BINDING, holds
from tests.scenario.dialogue_values import DURATIONS, Collection, Dialogue, Expected, Place, Reference
from tests.scenario.dialogue_values import Turn as Golden

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TITLES = {film.name: film.title for film in FILMS}
UNSAID = ("chat", "list_videos", "clarify")
"""Acts that need nothing but themselves to be right."""


def videos_of(collection: Collection) -> list[Video]:
    """Return the videos of a collection as a catalogue would."""
    return [
        Video(name, "", "", duration, "complete", "", 1, (Membership("library", TITLES.get(name, name), _path(name)),))
        for name, duration in DURATIONS[collection].items()
    ]


def _path(name: str) -> Path:
    return Path(f"/videos/{name}.mp4")


@dataclass(frozen=True, slots=True)
class Marked:
    """A turn, what was planned, and what is wrong with it; empty where it is right."""

    dialogue: Dialogue
    turn: Golden
    plan: Plan
    wrong: tuple[str, ...]


def mark(dialogues: Sequence[Dialogue], planner: Planner, films: Sequence[Video] = ()) -> Iterator[Marked]:
    """Yield every turn of the dialogues, marked; they are about `films`, or about their collection."""
    for dialogue in dialogues:
        videos = films or videos_of(dialogue.collection)
        conversation, handles = Conversation("c"), dict[Place, int]()
        for turn in dialogue.turns:
            plan = planner.plan(conversation, Utterance(turn.say, "c", frozenset({"library"})), videos)
            yield Marked(dialogue, turn, plan, tuple(wrong_with(plan, turn.expected)))
            for place in turn.shown:
                handles.setdefault(place, len(handles) + 1)
            listed = tuple(video.video_id for video in videos) if plan.act == "list_videos" else plan.choices
            conversation = conversation.with_turn(_turn(plan, turn, handles, listed))


def moment_id(place: Place) -> str:
    assert place.span is not None
    return f"{place.video}:{place.span.start:g}-{place.span.end:g}"


def _turn(plan: Plan, turn: Golden, handles: dict[Place, int], listed: tuple[str, ...]) -> Turn:
    cited = tuple(
        Citation(handles[place], moment_id(place), place.video, place.video, place.span)
        for place in turn.shown
        if place.span is not None
    )
    videos = {place.video for place in turn.shown}
    return Turn(
        asked=plan.words,
        act=plan.act,
        query=plan.query,
        answer="",
        verdict="answered",
        at=NOON,
        citations=cited,
        video=videos.pop() if len(videos) == 1 else None,
        listed=listed,
        filters=plan.filters,
        whole=ACTS[plan.act].whole,
    )


def wrong_with(plan: Plan, expected: Expected) -> Iterator[str]:
    """Yield what is wrong with a plan."""
    if plan.act not in (expected.act, *expected.also):
        yield f"act {plan.act}, not {expected.act}"
    if expected.choices and set(plan.choices) != set(expected.choices):
        yield f"choices {plan.choices}"
    if plan.act in UNSAID:
        return
    yield from _wrong_query(plan, expected)
    yield from _wrong_filters(plan, expected)
    if plan.focus != expected.focus:
        yield f"focus {plan.focus}, not {expected.focus}"
    if plan.relation != expected.relation:
        yield f"relation {plan.relation}, not {expected.relation}"
    described = expected.anchor.words if expected.anchor else ()
    if bool(plan.anchor) != bool(described) or not all(holds(plan.anchor, word) for word in described):
        yield f"anchor {plan.anchor!r}"
    yield from _wrong_references(plan, expected)
    missing = expected.carried - plan.carried
    if missing or ("video" in plan.carried and "video" not in expected.carried):
        yield f"carried {sorted(plan.carried)}, not {sorted(expected.carried)}"


def _wrong_query(plan: Plan, expected: Expected) -> Iterator[str]:
    yield from (f"query {plan.query!r} lacks {word}" for word in expected.query.has if not holds(plan.query, word))
    yield from (f"query {plan.query!r} holds {word}" for word in expected.query.lacks if holds(plan.query, word))


def _wrong_filters(plan: Plan, expected: Expected) -> Iterator[str]:
    given, wanted = plan.filters, expected.filters
    if set(plan.videos) != set(wanted.videos):
        yield f"videos {plan.videos}, not {wanted.videos}"
    if (given.start or 0.0, given.end) != (wanted.start or 0.0, wanted.end):
        yield f"times {given.start} {given.end}"
    if _stems(given.without) != _stems(wanted.without):
        yield f"without {given.without}, not {wanted.without}"
    if set(given.not_videos) != set(wanted.not_videos):
        yield f"not_videos {given.not_videos}, not {wanted.not_videos}"
    if set(given.not_moments) != set(map(moment_id, wanted.not_moments)):
        yield f"not_moments {given.not_moments}"
    if given.not_part != wanted.not_part:
        yield f"not_part {given.not_part}"


def _stems(said: Sequence[str]) -> set[str]:
    return {stem for word in said for stem in (terms(word) or words(word))}


def _wrong_references(plan: Plan, expected: Expected) -> Iterator[str]:
    for reference in expected.refers:
        if not any(_same(pointed, reference) for pointed in plan.references) and not _stays(plan, expected, reference):
            yield f"no {reference.kind} to {reference.to}, but {plan.references}"
    for pointed in plan.references:
        if pointed.kind in BINDING and not any(_same(pointed, reference) for reference in expected.refers):
            yield f"points {pointed.kind} to {(*pointed.moments, *pointed.videos)}"


def _same(pointed: Pointed, reference: Reference) -> bool:
    """Tell whether both mean the same moments or videos."""
    moments = {moment_id(place) for place in reference.to if place.span}
    videos = {place.video for place in reference.to if not place.span}
    return moments == set(pointed.moments) and videos == set(pointed.videos)


def _stays(plan: Plan, expected: Expected, reference: Reference) -> bool:
    """Tell whether a plan stays with the video that a loose reference means."""
    if reference.kind in BINDING or (expected.relation in ANCHORED and not expected.anchor and _alone(expected)):
        return False
    videos = {place.video for place in reference.to}
    there = {*plan.videos, *plan.not_videos, *([plan.focus] if plan.focus else [])}
    pointed = {moment.rpartition(":")[0] for moment in plan.pointed}
    return videos <= there | pointed


def _alone(expected: Expected) -> bool:
    """Tell whether nothing else is there for a relation to count from."""
    return not any(reference.kind in BINDING for reference in expected.refers)
