"""Readings that search: the whole library, with what the talk is at lifted a little, or what was just shown. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from bot.dialogue.conversation import Target
from bot.dialogue.plan import ActName, Carried, Plan, Reading
from bot.dialogue.reading.aspects import asked_aspect
from bot.dialogue.reading.closed_words import OTHER, SPEAKERS
from bot.dialogue.reading.commands import MOMENTS, SMALL_TALK, VIDEOS
from bot.dialogue.reading.excluding import rejects
from bot.dialogue.reading.forms import two_described
from bot.dialogue.reading.heard import Heard, focus_of, words_before
from bot.dialogue.reading.pointing import reference_to, unslotted
from bot.dialogue.reading.utterance import SHORT, Asked, content_of, is_remark, own_words_of
from retrieval.analysis import words

SURE = 6.0
"""Prior of a reading that the words leave no other beside."""

LIKELY = 1.5
"""Prior of a reading that the words name: a video, a place in time, something shown."""

FAVOUR, FAVOUR_ON = 0.3, 0.6
"""How much the moments of the video that the talk is at are lifted: for any turn, and for a part of a sentence."""

ELSEWHERE = 0.5
"""Prior of any but the video that the talk is at, where another one is spoken of."""

REMARK = -0.2
"""Prior of words that ask nothing and speak to whoever answers."""

WIDER = -0.6
"""Prior of all that was said, where a part of it asks."""

OF_WHICH = 0.0
"""Prior of asking back which video is meant, of a question that names nothing: "what is said?"."""

HERE = 0.6
"""Prior of the moment in focus itself, for a question about a picture with a pronoun."""

MOST_CHOICES = 10
"""Videos that are listed when asking back which one is meant."""

VIDEO: frozenset[Carried] = frozenset({"video"})
WORDS: frozenset[Carried] = frozenset({"words"})


def anywhere(heard: Heard, pictured: bool = True) -> Iterator[Reading]:
    """Yield the readings that search: in the whole library, or where `pictured` at what was shown, too."""
    said, talk = heard.asked, heard.conversation
    plan = heard.plan(heard.text, told=True, references=())
    focus = focus_of(talk, plan.not_videos)
    if plan.act == "summarise" and focus and said.anaphoric:
        prior = 0.0 if plan.query else LIKELY
        yield Reading(replace(plan, query="", videos=(focus,), carried=VIDEO), prior, searched=False)
    if small := _remark(said):
        yield Reading(small, LIKELY if small.chat == "thanks" else REMARK, searched=False)
    if plan.act == "compare" and two_described(plan.wording):
        yield Reading(plan, SURE, searched=False)
        return
    if not plan.query:
        yield from _without_content(heard, plan, talk.latest, words_before(talk), focus)
        return
    yield from _searching(heard, plan, focus)
    if not heard.excluded and len(words(wider := content_of(said.whole))) > len(words(plan.query)):
        yield from (
            replace(one, prior=one.prior + WIDER)
            for one in _searching(heard, replace(plan, query=wider, wording=said.whole), focus)
        )
    if pictured and _asks_of_a_picture(heard):
        here = reference_to("that", "", talk.latest[:1])
        yield Reading(replace(plan, references=(here,), carried=VIDEO), HERE, at_least=HERE - 1.5)


def _searching(heard: Heard, plan: Plan, focus: str | None) -> Iterator[Reading]:
    """Yield the readings that search everywhere, with what the talk is at lifted or left out."""
    said = heard.asked
    if focus is None or not set(words(said.words)) & OTHER:
        goes_on = said.fragment or not content_of(heard.text)
        carried = VIDEO if focus and goes_on else frozenset()
        yield Reading(replace(plan, favoured=focus, favour=FAVOUR_ON if goes_on else FAVOUR, carried=carried))
    else:
        yield Reading(plan)
        yield Reading(replace(plan, not_videos=(*plan.not_videos, focus)), ELSEWHERE)


def _asks_of_a_picture(heard: Heard) -> bool:
    """Tell whether it asks what a picture tells, of something said before."""
    latest = heard.conversation.latest
    shown = bool(latest) and latest[0].moment is not None and not rejects(heard.asked.words)
    return shown and heard.asked.anaphoric and asked_aspect(heard.text) not in (None, "holds")


def _without_content(
    heard: Heard, plan: Plan, latest: tuple[Target, ...], before: str, focus: str | None
) -> Iterator[Reading]:
    """Yield the readings of a turn that names nothing: its own words after all, or what was shown is meant."""
    own = own_words_of(unslotted(heard.text))
    own = "" if set(words(own)) <= VIDEOS | MOMENTS else own
    narrows = plan.without or plan.not_videos or plan.not_moments or plan.not_part or plan.relation
    if heard.stretch and not plan.videos and not focus:
        yield Reading(which_video(heard), 0.0, searched=False)
        return
    if before and narrows:
        yield Reading(replace(plan, query=before, carried=WORDS), LIKELY)
        return
    if own:
        yield from _searching(heard, replace(plan, query=own), focus)
    if own and heard.asked.asks and not latest:
        yield Reading(which_video(heard), OF_WHICH, searched=False)
    if not latest or not (heard.asked.asks or heard.asked.anaphoric):
        return
    if plan.act == "summarise" and focus:
        yield Reading(replace(plan, videos=(focus,), carried=VIDEO), LIKELY, searched=False)
    elif latest[0].moment is None:
        whole: ActName = plan.act if plan.act == "summarise" else "describe_video"
        yield Reading(replace(plan, act=whole, videos=(latest[0].video,), carried=VIDEO), LIKELY, searched=False)
    else:
        here = reference_to("that", "", latest if len(latest) <= 3 and plan.act in ("compare", "count") else latest[:1])
        act: ActName = "ask" if plan.act == "find" else plan.act
        prior = LIKELY if _asks_of_a_picture(heard) or not own else HERE
        yield Reading(replace(plan, act=act, references=(here,), carried=VIDEO), prior, searched=False)


def _remark(said: Asked) -> Plan | None:
    """Return the plan of what may be no more than a remark to whoever answers; None for what asks."""
    own = set(words(said.words))
    thanks = own & {"thanks", "thank", "thx"}
    to_somebody = is_remark(said.words) or len(words(said.words)) > SHORT and own & SMALL_TALK and own & SPEAKERS
    if said.asks or rejects(said.words) or not (thanks or to_somebody):
        return None
    return Plan("chat", said.words, chat="thanks" if thanks else "remark")


def which_video(heard: Heard) -> Plan:
    """Ask which video is meant; where they are too many to list, ask what to look for."""
    if not 1 < len(heard.videos) <= MOST_CHOICES:
        return Plan("clarify", heard.asked.words, unclear="question")
    return Plan("clarify", heard.asked.words, unclear="video", choices=tuple(video.video_id for video in heard.videos))
