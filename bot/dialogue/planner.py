"""Decides what to do with an utterance. The rules here need no model and read nothing but their arguments."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.dialogue.conversation import Conversation, Turn
from bot.dialogue.messages import Utterance
from bot.dialogue.plan import ActName, Carried, Plan
from bot.dialogue.planning.acts import act_of, asks_for_list, whose_length
from bot.dialogue.planning.hearing import hear
from bot.dialogue.planning.reading import LONGEST_READ
from bot.dialogue.planning.small_talk import open_up, small_talk
from bot.dialogue.planning.spelling import mend
from bot.dialogue.planning.titles import Names, names_of, whole_name
from bot.dialogue.planning.understanding import understand
from retrieval.types import Video


class Planner(Protocol):
    """Turns an utterance into a plan: with the user's own words, and nothing in it that is not visible.

    Whatever is said, there is a plan that can be carried out.
    """

    def plan(self, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]) -> Plan:
        """Return what to do; `videos` are those that the utterance may see."""
        ...


def words_of(utterance: Utterance) -> str:
    """Return the user's own words as a plan holds them."""
    return " ".join(utterance.text[:LONGEST_READ].split())


class ScriptedPlanner:
    """Makes the plans it is given, in turn and the last for ever: for tests of whatever goes by plans."""

    def __init__(self, *plans: Plan) -> None:
        self._plans = list(plans)

    def plan(self, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]) -> Plan:
        """Return the next plan, with the words of this utterance."""
        plan = self._plans.pop(0) if len(self._plans) > 1 else self._plans[0]
        return replace(plan, words=words_of(utterance))


class RulePlanner:
    """Plans by rules alone: English, no model, the same plan for the same words."""

    def __init__(self) -> None:
        self._known: tuple[list[Video], Names] | None = None

    def _names(self, videos: Sequence[Video]) -> Names:
        """Return the names of the videos: those of the last time where the videos are the same."""
        known = self._known
        if known is None or known[0] != list(videos):
            known = self._known = (list(videos), names_of(videos))
        return known[1]

    def plan(self, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]) -> Plan:
        """Return what to do with an utterance."""
        words = words_of(utterance)
        names = self._names(videos)
        text = mend(words, names.telling)
        if utterance.image is not None:
            # "this" is the picture, and nothing that was shown before
            return _of_picture(words, text, conversation, names, videos)
        if chosen := _chosen(text, conversation, names):
            return self._of_choice(words, chosen, conversation, utterance, videos)
        if chat := small_talk(text):
            return Plan("chat", words, chat=chat)
        opened = open_up(text)
        if asks_for_list(opened.text):
            return Plan("list_videos", words)
        if len(named := whole_name(whose_length(opened.text), names)) == 1:
            return Plan("describe_video", words, videos=named, length=True)
        return understand(hear(words, opened, names, conversation), conversation, videos)

    def _of_choice(
        self, words: str, video: str, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]
    ) -> Plan:
        """Plan the question again that was asked back about, with the video that is now chosen."""
        last = conversation.turns[-1]
        shown = Turn(last.asked, "describe_video", "", "", "told", last.at, video=video)
        earlier = replace(conversation, turns=(*conversation.turns[:-1], shown))
        plan = self.plan(earlier, Utterance(last.asked, utterance.conversation_id, utterance.visible), videos)
        act: ActName = "describe_video" if plan.act in ("clarify", "chat", "list_videos") else plan.act
        carried: frozenset[Carried] = frozenset({"words"}) if plan.query else frozenset()
        return Plan(
            act,
            words,
            plan.query,
            (video,),
            start=plan.start,
            end=plan.end,
            relation=plan.relation,
            carried=carried,
        )


def _of_picture(words: str, text: str, conversation: Conversation, names: Names, videos: Sequence[Video]) -> Plan:
    alone = Conversation(conversation.conversation_id)
    plan = understand(hear(words, open_up(text), names, alone), alone, videos)
    act: ActName = plan.act if plan.act in ("find", "ask", "count") else "find"
    return Plan(act, words, plan.query, plan.videos, start=plan.start, end=plan.end, relation=plan.relation)


def _chosen(text: str, conversation: Conversation, names: Names) -> str | None:
    """Return the video that answers the question which one was meant, None where none was asked."""
    last = conversation.last
    if last is None or last.act != "clarify":
        return None
    said = open_up(text).text
    if last.listed:
        number = re.fullmatch(r"\W*(?:number\s+)?(\d{1,4})\W*", said)
        if number and 0 < int(number[1]) <= len(last.listed):
            return last.listed[int(number[1]) - 1]
    heard = hear(said, open_up(text), names, conversation)
    meant = [video for video in heard.named or whole_name(said, names) if not last.listed or video in last.listed]
    if act_of(said, several=False) is not None and not whole_name(said, names):
        return None  # a question of its own, which names the video in passing
    pointed = [video for reference in heard.references for video in reference.videos]
    if heard.content:
        return meant[0] if len(meant) == 1 and whole_name(said, names) else None
    if len(meant) == 1:
        return meant[0]
    return pointed[0] if last.listed and len(pointed) == 1 else None
