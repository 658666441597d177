"""From an utterance taken apart to a plan: what it owes to the talk, which act it is, where to look. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.conversation import Conversation, Turn
from bot.dialogue.plan import ANCHORED, BINDING, ActName, Carried, Plan, Reference, Relation
from bot.dialogue.planning.acts import act_of, two_described, whose_length
from bot.dialogue.planning.asking_back import open_question
from bot.dialogue.planning.continuing import is_fragment, joined, without_words
from bot.dialogue.planning.hearing import Heard
from bot.dialogue.planning.meaning import references_of
from bot.dialogue.planning.pronouns import brought, pronoun_of, things
from bot.dialogue.planning.reading import SLOT
from bot.dialogue.planning.relations import asks_nothing
from bot.dialogue.planning.repeating import EVENT, HAPPENS, asked_before, form_of, repeats_question
from bot.dialogue.planning.scaffold import strip
from bot.dialogue.planning.small_talk import open_up
from bot.dialogue.planning.spelling import mend
from retrieval.analysis import terms
from retrieval.types import Video

OF_TIMES: tuple[Relation, ...] = ("first_time", "last_time", "every_time")
_EVERYTHING = re.compile(r"\b(?:everything|all)\b", re.I)
_SOON = re.compile(r"\b(?:right|just|directly|immediately|shortly|straight)\s+(?:before|after)\b", re.I)
_ASKS_MORE = re.compile(r"\b(?:who|where|when|how|why|which)\b", re.I)


def understand(heard: Heard, conversation: Conversation, videos: Sequence[Video]) -> Plan:
    """Return what to do with what was heard."""
    asked = asked_before(conversation)
    form = form_of(heard, conversation)
    repeats = repeats_question(heard, form, asked, conversation)
    references = references_of(heard, conversation, form)
    act = _act(heard, form, repeats, asked, references)
    query, carries, follows = _query(heard, conversation, repeats, asked, act)
    binding = any(reference.kind in BINDING for reference in references)
    relation = heard.related.relation or (heard.stretch.relation if heard.stretch else None)
    if repeats and query and heard.related.anchor and relation in ("right_before", "right_after"):
        relation = relation if _SOON.search(heard.opened.text) else "before" if relation == "right_before" else "after"
    named, references = _videos(heard, references, conversation, relation, act, binding)
    plan = Plan(
        act,
        heard.words,
        query,
        named,
        references=(*references, *heard.pointed_out),
        relation=relation,
        length=act == "describe_video" and bool(whose_length(heard.text)),
        anchor=heard.related.anchor,
    )
    plan = _with_exclusions(_with_times(plan, heard, videos), heard, asked if repeats else None)
    if open_plan := open_question(plan, heard, conversation, videos):
        return open_plan
    plan = _described(plan)
    follows = (
        follows
        or relation in OF_TIMES
        or heard.goes_on
        or carries
        or (pronoun_of(heard.related.anchor) and pronoun_of(heard.opened.text)) is not None
        or any(r.kind in ("pronoun", "implied") for r in references)
    )
    return _with_carried(_with_focus(plan, heard, conversation, follows), carries, heard)


def _act(
    heard: Heard, form: ActName | None, repeats: bool, asked: Turn | None, references: tuple[Reference, ...]
) -> ActName:
    stretch, relation = heard.stretch, heard.related.relation
    if form == "compare" and not (references or heard.named or two_described(heard.content)):
        form = "ask"
    narrow = stretch is not None or relation is not None
    whole = heard.named or any(reference.videos for reference in references)
    describes = whole and not narrow and not repeats and not heard.content and form not in ("summarise", "compare")
    pointing = any(reference.kind in BINDING and reference.moments for reference in references)
    if describes and not pointing and asks_nothing(heard.text) and not _ASKS_MORE.search(heard.text):
        return "describe_video"
    if describes and not pointing and whose_length(heard.text):
        return "describe_video"
    if stretch and stretch.relation != "at" and form == "ask" and not heard.content and HAPPENS.search(heard.text):
        return "summarise"
    if (
        repeats
        and asked
        and form in (None, "ask", "find")
        and (form is None or heard.mark.about or is_fragment(heard.mark.rest))
    ):
        if asked.act in ("count", "ask") and relation in OF_TIMES and not heard.content:
            return "find"
        return _act_again(asked, narrow, bool(references))
    if form is not None:
        return form
    if asked and asked.act == "clarify":
        return _act_again(asked, narrow, bool(references))
    if heard.related.relation in ANCHORED and not heard.content:
        return "summarise" if _EVERYTHING.search(heard.opened.text) else "ask"
    return "find"


_REPEATED: tuple[ActName, ...] = ("find", "ask", "count", "compare", "summarise", "describe_video")


def _act_again(asked: Turn, narrow: bool, pointing: bool) -> ActName:
    act = asked.act
    if act == "clarify":
        before = act_of(open_up(mend(asked.asked)).text, False) or "find"
        return "find" if before == "compare" and not pointing else before
    if act == "describe_video" and narrow:
        return "summarise"
    return next((known for known in _REPEATED if known == act), "find")


def _query(
    heard: Heard, conversation: Conversation, repeats: bool, asked: Turn | None, act: ActName
) -> tuple[str, bool, bool]:
    """Return the standalone query, whether words were carried over, and whether the talk goes on."""
    content = heard.content
    before = asked.query if asked and (asked.query or not _searches_again(heard)) else conversation.query
    if repeats and before and act != "describe_video":
        if not content:
            return before, True, True
        rest = re.sub(SLOT, " ", _FRONT.sub("", heard.text))
        clean = strip(rest).query if not is_fragment(rest.strip()) else rest
        query = joined(" ".join(clean.split()).strip(" ,;:.!?") or content, before, heard.mark.narrows)
        kept = bool(set(terms(query)) - set(terms(content)))
        return query, kept, kept or heard.opened.corrects
    pronoun = pronoun_of(content) if not heard.related.pronoun else None
    said = pronoun_of(heard.text)
    meant = brought(conversation.query, said["who"].lower(), heard.states) if said else ""
    if pronoun and said:
        new = content[: pronoun.start()] + (meant or pronoun["who"]) + content[pronoun.end() :]
        return " ".join(new.split()), bool(meant), True
    if said and content:
        extra = " ".join(word for word in meant.split() if not set(terms(word)) & set(terms(content)))
        return f"{content} {extra}".strip(), bool(extra), True
    if said and act == "summarise":
        return "", False, True
    if said or (act == "count" and not content and before):
        meant = meant or things(conversation.query)
        return meant, bool(meant), said is not None
    return content, False, False


_FRONT = re.compile(r"^\W*(?:(?:and|but|or|only|just|also|now|then|so|maybe|still|what about|how about)\s+)+", re.I)


def _searches_again(heard: Heard) -> bool:
    again = heard.opened.corrects or heard.related.relation in OF_TIMES
    return again or EVENT.search(heard.opened.text) is not None


def _videos(
    heard: Heard,
    references: tuple[Reference, ...],
    conversation: Conversation,
    relation: Relation | None,
    act: ActName,
    binding: bool,
) -> tuple[tuple[str, ...], tuple[Reference, ...]]:
    """Return the videos that bind, and the references with what a place in the film implies."""
    pointed = [
        video for reference in references if reference.kind in (*BINDING, "same_video") for video in reference.videos
    ]
    named = tuple(dict.fromkeys((*heard.named, *pointed)))
    placed = heard.stretch is not None or relation in ("at_start", "at_end") or heard.excluded.part
    alone = act == "summarise" and not heard.content and relation not in ANCHORED
    if named or any(r.kind in BINDING and r.moments for r in references) or not (placed or alone):
        return named, references
    video = conversation.video or (conversation.named[-1] if alone and conversation.named else None)
    if (
        video is None
        or heard.anywhere
        or re.search(r"\ball (?:the |these |those |my )?(?:films|videos|clips)\b", heard.opened.text, re.I)
    ):
        return (), references
    return (video,), (*references, Reference("implied", "", (), (video,)))


def _with_times(plan: Plan, heard: Heard, videos: Sequence[Video]) -> Plan:
    stretch = heard.stretch
    if stretch is None:
        return plan
    start, end = stretch.start, stretch.end
    length = next((video.duration for video in videos if video.video_id in plan.videos), None)
    if stretch.share is not None and length:
        start, end = (
            (0.0, stretch.share * length) if stretch.relation == "from_start" else (stretch.share * length, None)
        )
    if start is not None and start < 0:
        start = max(0.0, length + start) if length else None
    return replace(plan, start=start, end=end, relation=plan.relation or stretch.relation)


def _with_exclusions(plan: Plan, heard: Heard, asked: Turn | None) -> Plan:
    """Add what is excluded now, and what the question before excluded where it goes on."""
    excluded, before = heard.excluded, asked.filters if asked else None
    without = [*excluded.words, *(before.without if before else ())]
    part = excluded.part or (before.not_part if before else None)
    not_videos = [*excluded.videos, *(before.not_videos if before else ())]
    gone = {word for word in without for word in terms(word)}
    query = without_words(plan.query, gone)
    return replace(
        plan,
        query=query,
        without=tuple(dict.fromkeys(without)),
        not_videos=tuple(video for video in dict.fromkeys(not_videos) if video not in plan.videos),
        not_moments=excluded.moments,
        not_part=part,
        videos=tuple(video for video in plan.videos if video not in excluded.videos),
    )


def _described(plan: Plan) -> Plan:
    if plan.act == "describe_video" and not plan.videos:
        return replace(plan, act="ask" if plan.query or plan.references else "find")
    return plan


def _with_focus(plan: Plan, heard: Heard, conversation: Conversation, follows: bool) -> Plan:
    if plan.act == "compare" and any(reference.moments for reference in plan.references):
        return plan
    if plan.videos or plan.pointed or plan.counts_from or heard.anywhere or heard.opened.anew or not follows:
        return plan
    video = conversation.video
    if video is None or video in plan.not_videos or any(m.rpartition(":")[0] == video for m in plan.not_moments):
        return plan
    return replace(plan, focus=video)


def _with_carried(plan: Plan, carries: bool, heard: Heard) -> Plan:
    carried: set[Carried] = set()
    now = set(terms(heard.words))
    if carries and set(terms(plan.query)) - now:
        carried.add("words")
    gone = {*plan.not_moments, *plan.not_videos}
    kept = [r for r in plan.references if {*r.moments, *r.videos} - gone]
    if plan.focus or kept:
        carried.add("video")
    return replace(plan, carried=frozenset(carried))
