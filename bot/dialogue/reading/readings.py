"""From an utterance to the few ways it can be taken, each with a prior; a search then tells which is meant. Pure.

Why: docs/decisions/readings.md.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.dialogue.conversation import Conversation, Turn
from bot.dialogue.plan import ANCHORED, BINDING, ActName, Plan, Reading
from bot.dialogue.reading.closed_words import OTHER, PERSONAL
from bot.dialogue.reading.commands import OF_VIDEOS, SMALL_TALK, VIDEOS
from bot.dialogue.reading.excluding import rejects_one
from bot.dialogue.reading.forms import describes
from bot.dialogue.reading.heard import Heard, focus_of, hear, words_before
from bot.dialogue.reading.library import library_question, names_only_properties, of_something_said, property_asked
from bot.dialogue.reading.names import Names, is_name, named, names_of
from bot.dialogue.reading.pointing import SLOT, pointed, reference_to, unslotted
from bot.dialogue.reading.relations import Related, related
from bot.dialogue.reading.searching_readings import (
    HERE,
    LIKELY,
    SURE,
    VIDEO,
    WORDS,
    anywhere,
    which_video,
)
from bot.dialogue.reading.utterance import Asked, asked, content_of, is_remark, is_small_talk, own_words_of
from retrieval.analysis import terms, words
from retrieval.types import Video

LISTED = -3.0
"""Prior of a list of all videos, where something is named that they may be about."""

AT_EDGE = 0.0
"""Prior of a film's first or last moment, where something is asked of it."""

NOT_EXCLUDED = -2.5
"""Prior of words that seem to be left out and belong to what is asked for: "a car park, no cars"."""


def readings(text: str, conversation: Conversation, videos: Sequence[Video], names: Names) -> list[Reading]:
    """Return the ways an utterance can be taken, at least one; see `Reading` for how they are weighed.

    Args:
        text: what was said.
        conversation: what was said before.
        videos: those that may be seen.
        names: what they are called.
    """
    if again := _chosen(text, conversation, videos, names):
        return again
    said = asked(text)
    if small := _unsearched(said):
        return [Reading(small, SURE, searched=False)]
    heard = hear(said, conversation, videos, names)
    found = [reading for reading in _all(heard) if reading.plan.act in ("clarify", "chat") or _asks(reading.plan)]
    if heard.excluded and heard.excluded.words:
        whole = hear(said, conversation, videos, names, excluding=False)
        found += [
            replace(one, prior=one.prior + NOT_EXCLUDED) for one in _all(whole) if one.searched and one.plan.query
        ]
    which = library_question(said.wording)
    if which and which.about == "list" and any(word[-1] == "s" for word in VIDEOS.intersection(words(said.wording))):
        found = [replace(one, plan=replace(one.plan, about="list")) if one.plan.query else one for one in found]
    kept: dict[Plan, Reading] = {}
    for reading in sorted(found, key=lambda one: -one.prior):
        pointed_at = tuple(replace(reference, kind="that", words="") for reference in reading.plan.references)
        kept.setdefault(replace(reading.plan, carried=frozenset(), references=pointed_at), reading)
    if not kept and len(words(said.words)) == 1 and terms(said.words):
        return [Reading(Plan("find", said.words, said.words, said.words))]
    return list(kept.values()) or [Reading(_unclear(heard), SURE, searched=False)]


def _unsearched(said: Asked) -> Plan | None:
    """Return the plan of small talk, of a call for help or of a question about the library; None for all others."""
    if is_small_talk(said.words) and not (rejects_one(said.words) or set(words(said.words)) & OTHER):
        low = set(words(said.words))
        if low & {"thanks", "thank", "thx", "ta", "cheers"}:
            return Plan("chat", said.words, chat="thanks")
        if low & {"bye", "goodbye"}:
            return Plan("chat", said.words, chat="farewell")
        return Plan("chat", said.words, chat="greeting" if low & {"hi", "hello", "hey"} else "remark")
    low_words = words(said.words)
    owns = {"have", "got"} & set(low_words)
    does = {"you", "do"} <= set(low_words) and {"what", "how"} & set(low_words)
    if low_words == ["help"] or (not content_of(said.wording) and does and not owns):
        return Plan("chat", said.words, chat="help")
    return None


def _all(heard: Heard) -> Iterator[Reading]:
    """Yield every way to take what was heard."""
    lost = [reference for reference in heard.pointed.references if not reference.resolved]
    if any(one.kind == "handle" or one.words.lower().endswith(" one") for one in lost) or (
        lost and not content_of(unslotted(heard.text))
    ):
        yield Reading(_unclear(heard), SURE, searched=False)
        return
    said, where = heard.asked, _videos(heard)
    asked_of = library_question(said.wording)
    of_shown = heard.act in ("summarise", "compare") and heard.pointed.references
    if asked_of and not (of_shown or of_something_said(said, asked_of)):
        of_content = LISTED if asked_of.about == "list" else -0.1 * asked_of.beside
        prior = of_content if asked_of.beside else SURE
        yield Reading(Plan("library", said.words, about=asked_of.about), prior, searched=False)
        if not asked_of.beside:
            return
    only_where = heard.stretch is not None or (heard.places and words(heard.text) in ([], ["and"]))
    ways = related(heard.text, bool(heard.conversation.latest) and not only_where)
    for way in ways:
        yield from _in_time(heard, way, where)
    if ways and ways[0].sure and not content_of(unslotted(ways[0].text)):
        return
    if where:
        yield from _in_videos(heard, heard.text, where)
        if heard.places or heard.stretch:
            return
    here = heard.conversation.video
    length = property_asked(said.wording) == "length" and names_only_properties(unslotted(heard.text))
    numbered = any(reference.kind in ("handle", "ordinal") for reference in heard.pointed.references)
    of_it = (said.anaphoric or said.fragment) and not set(words(said.wording)) & (PERSONAL - {"it", "its"})
    if here and length and of_it and not numbered:
        of_the_video = heard.plan("", act="library", about="length", videos=(here,), references=())
        yield Reading(of_the_video, SURE, searched=False)
        return
    yield from _at_what_is_pointed(heard)
    if not any(r.kind in ("handle", "ordinal", "first", "last") and r.resolved for r in heard.pointed.references):
        yield from anywhere(heard, pictured=not ways)


def _videos(heard: Heard) -> tuple[str, ...]:
    """Return the videos that the words name or point at, or that a time without a name must mean."""
    references = heard.pointed.references
    meant = tuple(video for reference in references for video in reference.videos)
    if heard.places or meant:
        return tuple(dict.fromkeys((*heard.places, *meant)))
    if heard.stretch is not None and all(reference.kind == "that" for reference in references):
        here = focus_of(heard.conversation)
        return (here,) if here else ()
    return ()


def _in_time(heard: Heard, way: Related, where: tuple[str, ...]) -> Iterator[Reading]:
    """Yield the readings of a relation in time."""
    relation, latest = way.relation, heard.conversation.latest
    if relation in ANCHORED:
        if way.anchor:
            anchored = heard.plan(way.text, relation=relation, anchor=way.anchor, videos=where)
            yield Reading(anchored, LIKELY if anchored.query else SURE)
            return
        spot = heard.pointed.references or ((reference_to("pronoun", "", latest[:1]),) if latest else ())
        moments = [one for one in spot if one.moments]
        if moments:
            plan = heard.plan(way.text, relation=relation, references=tuple(moments), carried=frozenset({"video"}))
            yield Reading(_told(plan), (LIKELY if way.sure else 0.0) if plan.query else SURE)
        return
    if relation in ("at_start", "at_end"):
        focus = focus_of(heard.conversation)
        here = where or ((focus,) if focus else ())
        if here:
            plan = heard.plan(way.text, relation=relation, videos=here, references=())
            yield Reading(_told(plan), SURE if not plan.query else AT_EDGE, searched=False)
        elif not content_of(unslotted(way.text)):
            yield Reading(which_video(heard), 0.0, searched=False)
        return
    timed = replace(heard, text=way.text, relation=relation)
    for one in _in_videos(timed, way.text, where) if where else anywhere(timed):
        if not heard.stretch:
            act: ActName = "find" if one.plan.act == "ask" else one.plan.act
            yield replace(one, plan=replace(one.plan, act=act), prior=one.prior + LIKELY)


def _told(plan: Plan) -> Plan:
    """Return a plan that points somewhere as one that tells what is there, where nothing is to be found."""
    return replace(plan, act="ask") if plan.act in ("find", "count", "compare") and not plan.query else plan


def _in_videos(heard: Heard, text: str, where: tuple[str, ...]) -> Iterator[Reading]:
    """Yield the readings that stay in videos which were named or pointed at."""
    plan = heard.plan(text, told=True, videos=where, carried=frozenset() if heard.places else frozenset({"video"}))
    if heard.namesakes and not plan.query:
        yield Reading(
            Plan("clarify", heard.asked.words, unclear="video", choices=heard.namesakes), SURE, searched=False
        )
        return
    if plan.act == "summarise" and not heard.stretch:
        yield Reading(replace(plan, query=""), SURE, searched=False)
        return
    sure = SURE if heard.places or not plan.query else LIKELY
    about = property_asked(heard.asked.wording)
    if about in ("length", "longest", "shortest", "sources") and names_only_properties(unslotted(text)):
        yield Reading(replace(plan, act="library", query="", about=about), SURE, searched=False)
        return
    if plan.act == "compare":
        yield Reading(plan, SURE, searched=False)
        return
    if heard.stretch and (plan.act == "summarise" or not plan.query):
        if heard.asked.goes_on and not heard.places and (before := words_before(heard.conversation)):
            yield Reading(replace(plan, query=before, carried=WORDS | VIDEO), SURE)
        act: ActName = "ask" if plan.relation == "at" else "summarise"
        yield Reading(replace(plan, act=act, query=""), SURE, searched=False)
    elif plan.query:
        said = " ".join(reference.words for reference in heard.pointed.references)
        yield Reading(plan, SURE if re.search(OF_VIDEOS, said) else sure)
        if not heard.pointed.references:
            yield Reading(heard.plan(heard.asked.wording, told=True, references=()), -LIKELY)
    elif len(where) == 1:
        yield from _of_a_video(heard, plan, text)


def _of_a_video(heard: Heard, plan: Plan, text: str) -> Iterator[Reading]:
    """Yield the readings of a turn that names nothing but a video."""
    if describes(heard.asked.wording):
        yield Reading(replace(plan, act="describe_video"), SURE, searched=False)
        return
    own = own_words_of(unslotted(text))
    if heard.asked.goes_on and (before := words_before(heard.conversation)):
        yield Reading(replace(plan, query=before, carried=WORDS), LIKELY)
    if own and heard.asked.asks:
        yield Reading(replace(plan, query=own), 0.0)
    yield Reading(replace(plan, act="describe_video"), LIKELY, searched=False)


def _at_what_is_pointed(heard: Heard) -> Iterator[Reading]:
    """Yield the readings at moments that the words point at."""
    binding = tuple(r for r in heard.pointed.references if r.kind in BINDING and r.moments)
    if not binding:
        return
    plan = heard.plan(heard.text, references=binding, carried=frozenset({"video"}))
    if names_only_properties(unslotted(heard.text)):
        plan = replace(plan, query="")
    among = any(reference.kind == "among" for reference in binding)
    loose = all(
        reference.kind == "that" and reference.words.lower() in ("it", "that", "there", "them", "this", "here")
        for reference in binding
    )
    if among:
        yield Reading(plan, LIKELY if plan.query else SURE, searched=bool(plan.query))
    elif plan.query and all(reference.kind == "that" for reference in binding):
        yield Reading(plan, HERE if loose else HERE + 0.6)
    else:
        yield Reading(
            plan if plan.act in ("compare", "summarise", "count", "ask") else replace(plan, act="find"),
            SURE if not loose else HERE if own_words_of(unslotted(heard.text)) or heard.asked.told else LIKELY,
            searched=False,
        )


def _asks(plan: Plan) -> bool:
    """Tell whether a plan asks for anything."""
    somewhere = plan.videos or plan.references or plan.anchor or plan.start is not None or plan.end is not None
    return bool(plan.query or somewhere or plan.about or plan.not_moments or plan.not_videos)


def _unclear(heard: Heard) -> Plan:
    """Return the plan of a turn that no reading makes sense of: a remark, or a question that asks for nothing."""
    said = heard.asked
    lost = next((reference for reference in heard.pointed.references if not reference.resolved), None)
    if lost is not None or said.anaphoric or (said.fragment and heard.conversation.latest):
        reference = lost.words if lost else said.wording
        return Plan("clarify", said.words, unclear="reference", reference=reference.replace(SLOT, "").strip(" ?.!"))
    if is_remark(said.words) or set(words(said.words)) & SMALL_TALK:
        return Plan("chat", said.words, chat="remark")
    return Plan("clarify", said.words, unclear="question")


def _chosen(text: str, conversation: Conversation, videos: Sequence[Video], names: Names) -> list[Reading]:
    """Return the readings of the question again that was asked back about, with the video that is now chosen."""
    last = conversation.last
    if last is None or last.act != "clarify" or not last.listed:
        return []
    said = " ".join(words(text))
    number = said.removeprefix("number ").strip()
    if number.isdigit() and 0 < int(number) <= len(last.listed):
        video: str | None = last.listed[int(number) - 1]
    else:
        spot = [v for reference in pointed(text, conversation).references for v in reference.videos]
        meant = (
            is_name(text, names)
            or (one.videos if (one := named(text, names)) and not content_of(one.text) else ())
            or spot
        )
        video = next((v for v in meant if v in last.listed), None)
    if video is None:
        return []
    shown = Turn(last.asked, "describe_video", "", "", "told", last.at, video=video)
    earlier = replace(conversation, turns=(*conversation.turns[:-1], shown))
    words_now = " ".join(text.split())
    among = names_of(one for one in videos if one.video_id == video or one.video_id not in last.listed)
    again = readings(last.asked, earlier, videos, among)
    found = [
        replace(one, plan=replace(one.plan, words=words_now, videos=(video,), references=()))
        for one in again
        if one.plan.act not in ("clarify", "chat", "library")
    ]
    return found or [Reading(Plan("describe_video", words_now, videos=(video,)), SURE, searched=False)]
