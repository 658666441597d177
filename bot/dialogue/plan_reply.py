"""What a language model may say of an utterance: offered by keys, described by a JSON schema, checked strictly. Pure.

The model never writes an id: videos have the keys V1, V2, ... and moments their handles. What it writes in words is
reduced to words, so that no link, mention or search operator comes of it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import prompts
from bot.dialogue.acts.base import Act
from bot.dialogue.acts.clarify import CLARIFY
from bot.dialogue.acts.table import Acts
from bot.dialogue.conversation import Conversation
from bot.dialogue.messages import Utterance
from bot.dialogue.plan import ANCHORED, OPEN_END, Beside, ByClock, Carried, Plan, Reading, Reference, Relation, Unclear
from bot.dialogue.plan import Among as InFilm
from bot.untrusted import defused, fenced
from retrieval.analysis import terms
from retrieval.types import Video

STAYS = 2.0
"""Prior of the video that a model says the talk stays with."""

MOST_VIDEOS = 20
MOST_SHOWN = 20
MOST_TURNS = 4
"""Turns, moments and videos that a model is told of: the latest, and of videos those named last."""

LONGEST_SAID = 200
LONGEST_QUERY = 300
MOST_WITHOUT = 5


RELATIONS: tuple[str, ...] = tuple(name for kind in (Beside, InFilm, ByClock) for name in get_args(kind))
CLOCK = frozenset(get_args(ByClock))

K = TypeVar("K", str, int)

PlanSeconds = Annotated[float, Field(ge=0, lt=OPEN_END, allow_inf_nan=False)]


class InvalidPlan(ValueError):
    """A reply that is no plan; says why, in words of the program's own."""


class PlanReply(BaseModel):
    """A reply, as the schema describes it; nothing is converted and nothing may be beside it."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    act: str
    query: str
    videos: list[str]
    stay: bool
    moments: list[int]
    relation: Relation | Literal["none"]
    anchor: str
    start: PlanSeconds | None
    end: PlanSeconds | None
    without: list[str]
    not_videos: list[str]
    not_moments: list[int]
    not_part: Literal["none", "start", "end"]
    unclear: Unclear | Literal["none"]


@dataclass(frozen=True, slots=True)
class Offered:
    """What a model may choose from: videos by key, moments by handle, both to ids; and the video talked about."""

    videos: Mapping[str, str]
    moments: Mapping[int, str]
    focus: str | None


def offered(conversation: Conversation, videos: Sequence[Video]) -> Offered:
    """Return what a model is offered: the videos named last and then the others, and the moments shown last."""
    visible = {video.video_id for video in videos}
    named = [video for video in reversed(conversation.named) if video in visible]
    chosen = list(dict.fromkeys((*named, *(video.video_id for video in videos))))[:MOST_VIDEOS]
    shown = {h: c.moment_id for h, c in sorted(conversation.shown.items()) if c.video_id in visible}
    latest = dict(list(shown.items())[-MOST_SHOWN:])
    focus = conversation.video if conversation.video in visible else None
    return Offered({f"V{number}": video for number, video in enumerate(chosen, start=1)}, latest, focus)


def schema(choice: Offered, acts: Acts) -> dict[str, object]:
    """Return the JSON schema of a reply; what is not offered cannot be said by a model that is held to it."""
    videos, moments = _several("string", list(choice.videos)), _several("integer", list(choice.moments))
    text: dict[str, object] = {"type": "string"}
    seconds: dict[str, object] = {"type": ["number", "null"]}
    properties: dict[str, object] = {
        "act": {"type": "string", "enum": [act.name for act in plannable(acts)]},
        "query": text,
        "videos": videos,
        "stay": {"type": "boolean"},
        "moments": moments,
        "relation": {"type": "string", "enum": [*RELATIONS, "none"]},
        "anchor": text,
        "start": seconds,
        "end": seconds,
        "without": {"type": "array", "items": text, "maxItems": MOST_WITHOUT},
        "not_videos": videos,
        "not_moments": moments,
        "not_part": {"type": "string", "enum": ["none", "start", "end"]},
        "unclear": {"type": "string", "enum": [*get_args(Unclear), "none"]},
    }
    return {
        "title": "plan",
        "description": "what is asked for",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def prompt(
    conversation: Conversation, utterance: Utterance, videos: Sequence[Video], choice: Offered, acts: Acts
) -> str:
    """Return the prompt: everything that others wrote is fenced and labelled."""
    titles = {video.video_id: video.memberships[0].title for video in videos}
    shown = conversation.shown
    moments = [
        f"[{handle}] {_key(choice, shown[handle].video_id)} {shown[handle].timecode}" for handle in choice.moments
    ]
    return prompts.render(
        "plan_utterance",
        acts=plannable(acts),
        videos=fenced("titles of the videos, by key", [f"{k}: {titles[v][:80]}" for k, v in choice.videos.items()]),
        shown=fenced("moments shown so far, the latest last", moments),
        turns=rendered_history(conversation),
        words=fenced("what the user says now", [utterance.text[:LONGEST_QUERY]]),
    )


def rendered_history(conversation: Conversation) -> str:
    """Return the latest turns for a prompt: what was asked, what was made of it, and the handles of what was shown."""
    lines = []
    for turn in conversation.turns[-MOST_TURNS:]:
        cited = "".join(f"[{c.handle}]" for c in turn.citations)
        lines.append(f"the user: {defused(turn.asked, LONGEST_SAID)}")
        lines.append(f"the assistant: {turn.act}, searched for: {defused(turn.query, LONGEST_SAID)}; showed {cited}")
    return fenced("earlier turns", lines)


def read(text: str, choice: Offered, utterance: Utterance, conversation: Conversation, acts: Acts) -> list[Reading]:
    """Return the plan that a reply says; where the talk stays with a video, both there and in the whole library.

    Raises:
        InvalidPlan: it is not of the schema, names what was not offered, or makes no sense.
    """
    try:
        reply = PlanReply.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise InvalidPlan(f"{place}: {first['type']}") from error
    if acts.get(reply.act) not in plannable(acts):
        raise InvalidPlan("act: none that is offered")
    relation, unclear = _relation(reply), None if reply.unclear == "none" else reply.unclear
    query, anchor = _words(reply.query), _words(reply.anchor)
    moments = _chosen(reply.moments, choice.moments)
    videos = _chosen(reply.videos, choice.videos)
    focus = choice.focus if reply.stay and not videos else None
    plan = Plan(
        act=reply.act,
        words=" ".join(utterance.text.split()),
        query=query,
        videos=() if unclear else videos,
        start=reply.start,
        end=reply.end,
        without=tuple(word for said in reply.without[:MOST_WITHOUT] if (word := _words(said))),
        not_videos=_chosen(reply.not_videos, choice.videos),
        not_moments=_chosen(reply.not_moments, choice.moments),
        not_part=None if reply.not_part == "none" else reply.not_part,
        references=tuple(Reference("handle", f"[{h}]", (choice.moments[h],)) for h in dict.fromkeys(reply.moments)),
        relation=relation,
        anchor=anchor if not moments else "",
        carried=_carried(query, utterance.text, conversation.query, focus),
        unclear=unclear,
        reference=_words(utterance.text) if unclear == "reference" else "",
        choices=videos if unclear else (),
    )
    _check(plan, acts[plan.act])
    stays = bool(focus and plan.query and not plan.references and not plan.relation)
    if not stays:
        return [Reading(plan, searched=False)]
    return [Reading(replace(plan, videos=(str(focus),)), STAYS), Reading(plan)]


def _check(plan: Plan, act: Act) -> None:
    """Refuse a plan that cannot be carried out."""
    if plan.start is not None and plan.end is not None and plan.end <= plan.start:
        raise InvalidPlan("end: not after the start")
    if plan.relation in ANCHORED and not (plan.references or plan.anchor):
        raise InvalidPlan(f"relation: {plan.relation} counts from nothing")
    if plan.unclear is not None and act is not CLARIFY:
        raise InvalidPlan("unclear: goes with clarify alone")
    if fault := act.fault(plan):
        raise InvalidPlan(fault)


def _relation(reply: PlanReply) -> Relation | None:
    """Return the relation; one by the clock has the times it needs, and times have one."""
    start, end = reply.start is not None, reply.end is not None
    if reply.relation not in CLOCK:
        if start or end:
            raise InvalidPlan("start: times without a relation by the clock")
        return None if reply.relation == "none" else reply.relation
    needed = {"from_start": end, "between": start and end, "since": start, "until": end, "at": start}
    if not needed[reply.relation]:
        raise InvalidPlan(f"relation: {reply.relation} without its times")
    return None if reply.relation == "none" else reply.relation


def _chosen(keys: Iterable[K], choice: Mapping[K, str]) -> tuple[str, ...]:
    unknown = [key for key in keys if key not in choice]
    if unknown:
        raise InvalidPlan("a video or a moment that was not offered")
    return tuple(dict.fromkeys(choice[key] for key in keys))


def _carried(query: str, said: str, before: str, focus: str | None) -> frozenset[Carried]:
    """Return what was taken over from earlier turns."""
    added = set(terms(query)) - set(terms(said))
    words: set[Carried] = {"words"} if added & set(terms(before)) else set()
    return frozenset(words | {"video"} if focus else words)


def _words(text: str) -> str:
    """Return the words of a text with single spaces, and nothing but words."""
    return " ".join(re.findall(r"\w+(?:['\u2019-]\w+)*", text[:LONGEST_QUERY]))


def plannable(acts: Acts) -> list[Act]:
    """Return the acts that a model may choose."""
    return [act for act in acts.values() if act.help is not None]


def _several(kind: str, values: Sequence[object]) -> dict[str, object]:
    if not values:
        return {"type": "array", "items": {"type": kind}, "maxItems": 0}
    return {"type": "array", "items": {"type": kind, "enum": values}, "maxItems": len(values)}


def _key(choice: Offered, video: str) -> str:
    return next((key for key, named in choice.videos.items() if named == video), "another video")
