"""Readings that search: in the whole library or where the talk is, with the earlier words or without. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from bot.dialogue.conversation import Target
from bot.dialogue.plan import ActName, Carried, Plan, Reading
from bot.dialogue.reading.aspects import asked_aspect
from bot.dialogue.reading.commands import SMALL_TALK
from bot.dialogue.reading.excluding import rejects
from bot.dialogue.reading.forms import two_described
from bot.dialogue.reading.heard import Heard, focus_of, words_before
from bot.dialogue.reading.pointing import reference_to, unslotted
from bot.dialogue.reading.utterance import Asked, is_remark, own_words_of
from retrieval.analysis import terms, words

SURE = 6.0
"""Prior of a reading that the words leave no other beside."""

LIKELY = 1.5
"""Prior of a reading that the words name: a video, a place in time, something shown."""

STAYS, STAYS_ON = 0.6, 1.5
"""Prior of the video in focus: for any turn, and for one with a pronoun or a part of a sentence."""

GOES_ON = -0.3
"""Prior of the earlier words with the new ones, where the turn goes on."""

HERE = 0.6
"""Prior of the moment in focus itself, for a turn with a pronoun."""

MOST_CHOICES = 10
"""Videos that are listed when asking back which one is meant."""

MOST_WORDS = 12
"""Words of an earlier question that go on with a new one."""

VIDEO: frozenset[Carried] = frozenset({"video"})
WORDS: frozenset[Carried] = frozenset({"words"})


def anywhere(heard: Heard) -> Iterator[Reading]:
    """Yield the readings that search: in the whole library or where the talk is, with the earlier words or without."""
    said, talk = heard.asked, heard.conversation
    plan = heard.plan(heard.text, told=True, references=())
    latest, before = talk.latest, words_before(talk)
    focus = focus_of(talk, plan.not_videos)
    if plan.act == "summarise" and focus and said.anaphoric:
        yield Reading(replace(plan, query="", videos=(focus,), carried=VIDEO), LIKELY, searched=False)
    if small := _remark(said):
        yield Reading(small, LIKELY if small.chat == "thanks" else 0.0, searched=False)
    if plan.act == "compare" and two_described(plan.wording):
        yield Reading(plan, SURE, searched=False)
        return
    if plan.query:
        yield from _with_content(heard, plan, before, focus)
    else:
        yield from _without_content(heard, plan, latest, before, focus)


def _with_content(heard: Heard, plan: Plan, before: str, focus: str | None) -> Iterator[Reading]:
    """Yield the readings of a turn that names something: anew, where the talk is, or with the earlier words."""
    said, latest = heard.asked, heard.conversation.latest
    goes_on = said.anaphoric or said.fragment
    if said.told and (bare := heard.plan(heard.text, references=())).query:
        yield Reading(bare)
    yield Reading(plan)
    if focus:
        yield Reading(replace(plan, videos=(focus,), carried=VIDEO), STAYS_ON if goes_on else STAYS)
    if not (latest and goes_on):
        return
    if joined := _joined(before, plan.query):
        both = replace(plan, query=joined, own=plan.query, carried=WORDS)
        yield Reading(both, GOES_ON if said.fragment else GOES_ON - 0.5)
        if focus:
            yield Reading(replace(both, videos=(focus,), carried=WORDS | VIDEO), GOES_ON + 0.5)
    yield from _at_what_was_shown(heard, plan)


def _at_what_was_shown(heard: Heard, plan: Plan) -> Iterator[Reading]:
    """Yield the readings at the moment that the talk is at, and among those shown together."""
    latest = heard.conversation.latest
    if heard.asked.anaphoric and latest[0].moment and not rejects(heard.asked.words):
        here = reference_to("that", "", latest[:1])
        of_a_picture = asked_aspect(heard.text) not in (None, "holds")
        reading = Reading(replace(plan, references=(here,), carried=VIDEO), HERE)
        yield replace(reading, at_least=HERE - 1.5) if of_a_picture else reading
    if len(latest) > 1:
        yield Reading(replace(plan, references=(reference_to("among", "", latest),), carried=VIDEO), 0.0)


def _without_content(
    heard: Heard, plan: Plan, latest: tuple[Target, ...], before: str, focus: str | None
) -> Iterator[Reading]:
    """Yield the readings of a turn that names nothing: what was shown is meant, or its own words after all."""
    own = own_words_of(unslotted(heard.text))
    narrows = plan.without or plan.not_videos or plan.not_moments or plan.not_part or plan.relation
    if heard.stretch and not plan.videos and not focus:
        yield Reading(which_video(heard), 0.0, searched=False)
        return
    if before and narrows:
        yield Reading(replace(plan, query=before, carried=WORDS), LIKELY)
        return
    if latest and latest[0].moment and heard.asked.asks | heard.asked.anaphoric:
        here = reference_to("that", "", latest if len(latest) <= 3 and plan.act in ("compare", "count") else latest[:1])
        act: ActName = "ask" if plan.act == "find" else plan.act
        if plan.act == "summarise" and focus:
            yield Reading(replace(plan, videos=(focus,), carried=VIDEO), LIKELY, searched=False)
        else:
            yield Reading(replace(plan, act=act, references=(here,), carried=VIDEO), LIKELY, searched=False)
    elif latest and latest[0].moment is None and (heard.asked.asks or heard.asked.anaphoric):
        act = plan.act if plan.act == "summarise" else "describe_video"
        yield Reading(replace(plan, act=act, videos=(latest[0].video,), carried=VIDEO), LIKELY, searched=False)
    if own:
        yield Reading(replace(plan, query=own))


def _joined(before: str, now: str) -> str:
    """Return the words of the question before that are not said again, with those of this one; "" without any."""
    new = set(terms(now))
    kept = [word for word in before.split() if not set(terms(word)) & new][:MOST_WORDS]
    return " ".join([*kept, now]) if kept else ""


def _remark(said: Asked) -> Plan | None:
    """Return the plan of what may be no more than a remark; None for what asks."""
    if said.asks or not (is_remark(said.words) or set(words(said.words)) & SMALL_TALK):
        return None
    thanks = set(words(said.words)) & {"thanks", "thank", "thx"}
    return Plan("chat", said.words, chat="thanks" if thanks else "remark")


def which_video(heard: Heard) -> Plan:
    """Ask which video is meant; where they are too many to list, ask what to look for."""
    if not 1 < len(heard.videos) <= MOST_CHOICES:
        return Plan("clarify", heard.asked.words, unclear="question")
    return Plan("clarify", heard.asked.words, unclear="video", choices=tuple(video.video_id for video in heard.videos))
