"""When the words leave open what is meant, and what to ask back. Pure."""

from collections.abc import Sequence

from bot.dialogue.conversation import Conversation
from bot.dialogue.plan import ANCHORED, Plan, Reference
from bot.dialogue.planning.hearing import Heard
from retrieval.types import Video

MOST_CHOICES = 10
"""Videos that are listed when asking back which one is meant."""


def open_question(plan: Plan, heard: Heard, conversation: Conversation, videos: Sequence[Video]) -> Plan | None:
    """Return the plan to ask back, None where it is clear what is meant."""
    if lost := next((r for r in plan.references if not r.resolved and _matters(r, conversation)), None):
        if lost.kind == "same_video" and plan.act == "describe_video" and len(videos) == 1:
            return None
        return Plan("clarify", plan.words, unclear="reference", reference=lost.words, references=(lost,))
    for reference in plan.references:
        meant = {moment.rpartition(":")[0] for moment in reference.moments}
        if (
            reference.kind == "other"
            and len(reference.moments) > 1
            and plan.act != "compare"
            and not _plural(reference)
        ):
            choices = tuple(dict.fromkeys(moment.rpartition(":")[0] for moment in reference.moments))
            asked = Reference("other", reference.words)
            if len(meant) > 1:
                return Plan(
                    "clarify",
                    plan.words,
                    unclear="video",
                    reference=reference.words,
                    references=(asked,),
                    choices=choices,
                )
            return Plan("clarify", plan.words, unclear="reference", reference=reference.words, references=(asked,))
    choices = heard.ambiguous or (plan.videos if plan.act == "describe_video" else ())
    if plan.act in ("describe_video", "summarise") and len(choices) > 1:
        return Plan("clarify", plan.words, unclear="video", choices=choices)
    if (plan.act == "summarise" and plan.relation and not (plan.videos or plan.query or plan.counts_from)) and len(
        videos
    ) > 1:
        return which(plan, videos)
    if plan.relation in ANCHORED and not plan.anchor and plan.counts_from is None:
        return Plan("clarify", plan.words, unclear="reference", reference=heard.opened.text.strip(" ?.!"))
    if not _asks_anything(plan):
        return Plan("clarify", plan.words, unclear="question")
    return None


def which(plan: Plan, videos: Sequence[Video]) -> Plan:
    """Ask which video is meant; where they are too many to list, ask what to look for."""
    if not 0 < len(videos) <= MOST_CHOICES:
        return Plan("clarify", plan.words, unclear="question")
    return Plan("clarify", plan.words, unclear="video", choices=tuple(video.video_id for video in videos))


def _matters(reference: Reference, conversation: Conversation) -> bool:
    return reference.kind not in ("pronoun", "implied") or not (conversation.query or conversation.latest)


def _plural(reference: Reference) -> bool:
    return reference.words.rstrip(" ?.!").endswith(("others", "two", "three", "ones"))


def _asks_anything(plan: Plan) -> bool:
    filtered = plan.videos or plan.focus or plan.start is not None or plan.end is not None or plan.relation
    pointed = any(r.resolved for r in plan.references)
    return bool(
        plan.query or filtered or pointed or plan.without or plan.not_moments or plan.act in ("summarise", "compare")
    )
