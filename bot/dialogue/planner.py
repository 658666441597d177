"""Decides what to do with an utterance. The rules here need no model and read nothing but their arguments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.dialogue.conversation import Conversation
from bot.dialogue.messages import Utterance
from bot.dialogue.plan import Act, Chat, Plan
from bot.dialogue.references import Referring, resolve
from bot.dialogue.scaffold import strip
from bot.dialogue.times import Timed, take_time
from bot.dialogue.titles import Named, Names, names_of, take_names, whole_name
from retrieval.types import Video


class Planner(Protocol):
    """Turns an utterance into a plan."""

    def plan(self, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]) -> Plan:
        """Return what to do; `videos` are those that the utterance may see."""
        ...


LONGEST_READ = 5_000
"""Characters of an utterance that are read: nobody asks at such length, and patterns take their time."""

MOST_CHOICES = 10
"""Videos that are listed when asking back which one is meant."""

_SMALL_TALK: tuple[tuple[str, Chat], ...] = (
    (r"(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|day))(?:\W+(?:there|all|everyone))?", "greeting"),
    (
        r"(?:(?:ok|okay|great|perfect|super|nice)\W+)?(?:thanks|thank you|thx|cheers)"
        r"(?:\W+(?:a lot|so much|very much|again))?",
        "thanks",
    ),
    (r"ok|okay|great|perfect|nice|cool|good|super", "thanks"),
    (r"(?:good)?bye|see you|good night", "farewell"),
    (r"help|(?:help me\W+)?what can (?:you do|i ask(?: you)?)|how does this work|(?:who|what) are you", "help"),
)
_CHATS = tuple((re.compile(rf"\W*(?:{pattern})\W*", re.I), chat) for pattern, chat in _SMALL_TALK)
_FILMS = r"(?:videos?|films?|clips?|movies?|recordings?|files?)"
_HERE = (
    r"(?:\s+(?:there|available|here|stored|indexed|in (?:the|my|your|this) (?:library|collection)"
    r"|do (?:you|i|we) have|have (?:you|i|we)(?: got)?|(?:you|i|we) have|(?:is|are) there"
    r"|can (?:you|i|we) (?:see|search|ask about|watch)))*"
)
_LIST = re.compile(
    rf"\W*(?:which|what|how many) {_FILMS}(?:\s+(?:are|is|exist))?{_HERE}\W*"
    rf"|\W*(?:please\W+)?(?:list|show(?: me)?|give me|name)(?:\s+all)?(?:\s+of)?(?:\s+(?:the|my|your|our))?"
    rf"\s+(?:{_FILMS}|library){_HERE}(?:\W+please)?\W*"
    r"|\W*what(?:'s| is| do (?:you|i|we) have)?(?:\s+there)? in (?:the|my|your|this) (?:library|collection)\W*",
    re.I,
)
_DESCRIBE = re.compile(
    r"\W*(?:(?:can|could) you\s+)?(?:please\s+)?(?:"
    r"(?:summari[sz]e|describe|outline|recap|sum up)"
    r"|(?:give me\s+)?(?:an?|the)\s+(?:\w+\s+)?(?:summary|overview|description|outline)(?: of)?"
    r"|(?:tell me\s+)?what(?:'s| is| does| do| happens| happened)?"
    r"(?:\s+(?:happens?|happening|going on|there|shown|to see|seen|going))?(?:\s+(?:in|on|about|of|during))?"
    r"|tell me (?:everything |more |something )?about"
    r")(?P<what>(?:\s+.*?)?)(?:\s+(?:about|shows?|contains?|please))?\W*",
    re.I,
)
_HERE_WORDS = re.compile(
    r"(?:(?:the same|the|that|this)\s+)?(?:whole\s+|entire\s+)?(?:video|film|clip|movie|recording|it|that|this)?", re.I
)


@dataclass(frozen=True, slots=True)
class _Heard:
    """An utterance taken apart: what it says of time, of videos, and of the conversation."""

    words: str
    timed: Timed
    named: Named
    referring: Referring
    names: Names


class RulePlanner:
    """Plans by rules alone: English, no model, the same plan for the same words."""

    def plan(self, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]) -> Plan:
        """Return what to do with an utterance."""
        words = _words_of(utterance)
        names = names_of(videos)
        if chosen := _chosen(words, conversation, names):
            return self._of_choice(chosen, conversation, utterance, videos)
        if chat := next((chat for pattern, chat in _CHATS if pattern.fullmatch(words)), None):
            return Plan("chat", words, chat=chat)
        if _LIST.fullmatch(words):
            return Plan("list_videos", words)
        if utterance.image is not None:
            # "this" is the picture, and nothing that was shown before
            conversation = Conversation(conversation.conversation_id)
        heard = _hear(words, conversation, names)
        if heard.referring.unknown and utterance.image is None:
            return Plan("clarify", words, unclear="reference", reference=heard.referring.unknown)
        return _describing(heard, conversation, videos) or _searching(heard, conversation, utterance)

    def _of_choice(self, video: str, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]) -> Plan:
        """Plan the question again that was asked back about, with the video that is now chosen."""
        asked = conversation.turns[-1].asked
        earlier = Conversation(conversation.conversation_id, conversation.turns[:-1])
        again = Utterance(asked, utterance.conversation_id, utterance.visible)
        plan = self.plan(earlier, again, videos)
        act: Act = "describe_video" if plan.act == "clarify" else plan.act
        return Plan(act, _words_of(utterance), plan.query, (video,), within=plan.within)


def _words_of(utterance: Utterance) -> str:
    return " ".join(utterance.text[:LONGEST_READ].split())


def _hear(words: str, conversation: Conversation, names: Names) -> _Heard:
    named = take_names(words, names)
    timed = take_time(named.rest)
    return _Heard(words, timed, named, resolve(timed.rest, conversation), names)


def _chosen(words: str, conversation: Conversation, names: Names) -> str | None:
    """Return the video that answers the question which one was meant, None where none was asked."""
    last = conversation.last
    if last is None or last.act != "clarify" or not last.listed:
        return None
    if (number := re.fullmatch(r"\W*(?:number\s+)?(\d{1,4})\W*", words)) and 0 < int(number[1]) <= len(last.listed):
        return last.listed[int(number[1]) - 1]
    pointed = resolve(words, conversation)
    if pointed.video and not pointed.rest:
        return pointed.video
    meant = [video for video in whole_name(words, names) if video in last.listed]
    return meant[0] if len(meant) == 1 else None


def _describing(heard: _Heard, conversation: Conversation, videos: Sequence[Video]) -> Plan | None:
    """Plan the description of one video, None where the words ask for something else."""
    referring = heard.referring
    if referring.anchor is not None:
        return None
    left = referring.rest if referring.video else heard.timed.rest
    found = _DESCRIBE.fullmatch(left)
    if found is None:
        return None
    what = found["what"].strip()
    meant = heard.named.videos or whole_name(what, heard.names)
    if not heard.named.groups and not meant:
        if not _HERE_WORDS.fullmatch(what):
            return None
        meant = _at_hand(heard, conversation, videos)
        if not meant:
            return _which(heard, videos)
    elif heard.named.groups and not _HERE_WORDS.fullmatch(what):
        return None
    if len(meant) > 1:
        return Plan("clarify", heard.words, unclear="video", choices=meant)
    return Plan("describe_video", heard.words, videos=meant, within=heard.timed.within)


def _at_hand(heard: _Heard, conversation: Conversation, videos: Sequence[Video]) -> tuple[str, ...]:
    """Return the video meant by "it": the one pointed at, the one talked of, or the only one."""
    known = heard.referring.video or conversation.video
    if known is None and len(videos) == 1:
        known = videos[0].video_id
    return (known,) if known else ()


def _which(heard: _Heard, videos: Sequence[Video]) -> Plan:
    """Ask which video is meant; where they are too many to list, ask what to look for."""
    if not 0 < len(videos) <= MOST_CHOICES:
        return Plan("clarify", heard.words, unclear="question")
    return Plan("clarify", heard.words, unclear="video", choices=tuple(video.video_id for video in videos))


def _searching(heard: _Heard, conversation: Conversation, utterance: Utterance) -> Plan:
    """Plan a search, or the way to a moment that the words point at."""
    referring, within = heard.referring, heard.timed.within
    stripped = strip(referring.rest)
    query = stripped.query
    if referring.carry == "query":
        query = f"{conversation.query} {referring.rest.rstrip(' ?.!')}"
    elif not query and within and not referring.anchor:
        query = conversation.query
    anchor = referring.anchor
    if not (query or anchor or utterance.image):
        return Plan("clarify", heard.words, unclear="question")
    videos = heard.named.videos or ((referring.video,) if referring.video else ())
    return Plan(
        stripped.kind,
        heard.words,
        query,
        videos,
        focus=conversation.video if referring.carry != "nothing" and not videos else None,
        within=within,
        anchor=anchor.moment_id if anchor else None,
        direction=referring.direction,
    )
