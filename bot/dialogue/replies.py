"""Replies that need no search, and what any reply is made of before its marks are checked. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import prompts
from bot.dialogue.composing import templates
from bot.dialogue.composing.citations import quotable
from bot.dialogue.composing.remembering import MOST_RECALLED
from bot.dialogue.composing.templates import Listed, Sentence, Shown
from bot.dialogue.conversation import Conversation
from bot.dialogue.gather import MOST_QUOTED, SEARCHED_ALL, Gathered
from bot.dialogue.looking.confidence import ANSWERED_FROM, NOT_SEEN, tells
from bot.dialogue.looking.looker import Looked
from bot.dialogue.looking.wanted import COVERED
from bot.dialogue.messages import Verdict
from bot.dialogue.plan import ANCHORED, OPEN_END, Plan
from bot.tools.telling import covered
from retrieval.types import Moment, Video, timecode


@dataclass(frozen=True, slots=True)
class Reply:
    """What is to be said, and what it shows.

    `video` is the video that the reply is about, `listed` the videos it offers in their order, `looked` what came of
    looking at frames.
    """

    verdict: Verdict
    sentences: Iterable[Sentence]
    shown: tuple[Shown, ...] = ()
    confidence: float = 1.0
    video: str | None = None
    listed: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    looked: Looked = Looked()


def title_of(video: Video) -> str:
    """Return a video's title, from the first of its visible collections."""
    return video.memberships[0].title


def small_talk(plan: Plan) -> Reply:
    """Answer a greeting, thanks, a goodbye, or the question what can be asked."""
    return Reply("told", [Sentence(prompts.render(plan.chat or "help"))])


def listing(videos: Sequence[Video]) -> Reply:
    """List the videos."""
    listed = [Listed(title_of(v), v.video_id, timecode(v.duration)) for v in videos]
    ids = tuple(v.video_id for v in videos[: templates.MOST_LISTED])
    return Reply("told", [templates.list_of_videos(listed)], listed=ids)


def nothing_at_all() -> Reply:
    """Say that the library is empty."""
    return Reply("not_found", [templates.list_of_videos([])])


def asking_back(plan: Plan, conversation: Conversation, videos: Sequence[Video]) -> Reply:
    """Ask which moment or video is meant, or what to look for."""
    if plan.unclear == "reference":
        named = sorted(conversation.shown)[-MOST_RECALLED:]
        handles = ", ".join(f"[{handle}]" for handle in named)
        said = prompts.render("clarify_reference", reference=quotable(plan.reference, 60), handles=handles)
        return Reply("clarify", [Sentence(said, names=frozenset(named))], confidence=0.0)
    if plan.unclear == "video":
        known = {video.video_id: f"{quotable(title_of(video), 100)} ({video.video_id})" for video in videos}
        choices = tuple(known[video] for video in plan.choices)
        said = prompts.render("clarify_video", choices=choices)
        return Reply("clarify", [Sentence(said)], confidence=0.0, listed=plan.choices, choices=choices)
    return Reply("clarify", [Sentence(prompts.render("clarify_question"))], confidence=0.0)


def lasting(video: Video, count: int) -> Reply:
    """Say how long a video is, and how many moments it has."""
    return Reply("told", [templates.length(title_of(video), video.duration, count)], video=video.video_id)


def describing(video: Video, moments: Sequence[Moment], shown: Sequence[Shown], more: int) -> Reply:
    """Describe a video by the texts of its moments.

    Args:
        video: the video.
        moments: all its moments in the stretch asked about.
        shown: those to quote.
        more: how many others have text.
    """
    sentences = templates.description(title_of(video), video.duration, len(moments), shown, more)
    verdict: Verdict = "answered" if shown else "unsure"
    return Reply(verdict, sentences, tuple(shown), video=video.video_id)


def nothing(plan: Plan, gathered: Gathered, titles: Sequence[str], looked: Looked) -> Reply:
    """Say that nothing was found; `titles` are those of the videos that the user named."""
    sentence = templates.nothing_found(plan.query, titles, plan.within is not None or plan.not_part is not None)
    return Reply("not_found", [sentence], confidence=gathered.confidence, looked=looked)


def edge(plan: Plan, title: str) -> Reply:
    """Say that nothing comes before or after the moment pointed at."""
    said = prompts.render(
        "edge_of_video",
        title=quotable(title, 100),
        direction="before" if plan.relation in ("before", "right_before") else "after",
    )
    return Reply("not_found", [Sentence(said)])


def counting(plan: Plan, gathered: Gathered, shown: Sequence[Shown], looked: Looked) -> Reply:
    """Say how many moments match, and quote them; what one picture shows is not counted from texts."""
    seen = any(one.citation.observation for one in shown)
    if plan.pointed or plan.relation in ANCHORED:
        if seen:
            return quoting(plan, gathered, shown, looked)
        opening = prompts.render("count_shown", count=len(shown), looked=looked.happened)
        return _opened(opening, plan, gathered, shown, "unsure", looked)
    titles = dict.fromkeys(f'"{quotable(one.citation.title, 100)}"' for one in shown)
    where = f"in {next(iter(titles))}" if len(titles) == 1 else f"in {len(titles)} videos"
    most = gathered.count >= SEARCHED_ALL
    count = Sentence(
        prompts.render("count_moments", count=gathered.count, query=quotable(plan.query), where=where, most=most)
    )
    first, rest = list(templates.quote_moments(shown[:1], plan.query)), templates.quote_moments(shown[1:], plan.query)
    left = gathered.count - MOST_QUOTED
    more = _more(left)
    reply = _opened("", plan, gathered, shown, "answered", looked)
    return replace(reply, sentences=[*first, count, *rest, *more] if seen else [count, *first, *rest, *more])


def comparing(plan: Plan, gathered: Gathered, shown: Sequence[Shown], videos: Sequence[Video], looked: Looked) -> Reply:
    """Put moments side by side: how long each is, and what its texts say."""
    if len(shown) < 2:
        opening = prompts.render("compare_one")
        return _opened(opening, plan, gathered, shown, "unsure" if shown else "not_found", looked)
    if len(videos) > 1:
        listed = [Listed(quotable(title_of(v), 100), v.video_id, timecode(v.duration)) for v in videos]
        return _opened(prompts.render("compare_videos", videos=listed), plan, gathered, shown, "answered", looked)
    lengths = [Lasting(one.citation.handle, f"{one.citation.span.duration:.1f}") for one in shown]
    return _opened(prompts.render("compare_moments", moments=lengths), plan, gathered, shown, "answered", looked)


def summarising(plan: Plan, gathered: Gathered, shown: Sequence[Shown]) -> Reply:
    """Tell a stretch of a video, or what was shown, moment by moment in order."""
    titles = {quotable(one.citation.title, 100) for one in shown}
    span = plan.within
    when = span.timecode if span and span.end < OPEN_END else f"{timecode(span.start)} and later" if span else ""
    title = titles.pop() if len(titles) == 1 else ""
    opening = prompts.render("summarise_moments", title=title, timecode=when, count=len(shown))
    reply = _opened(opening, plan, gathered, shown, "answered", Looked())
    return replace(reply, sentences=[*reply.sentences, *_more(gathered.count - len(shown))])


def _more(left: int) -> list[Sentence]:
    """Say how many moments are not quoted, if any."""
    return [Sentence(prompts.render("moments_more", more=left))] if left > 0 else []


@dataclass(frozen=True, slots=True)
class Lasting:
    """A moment's handle and how long it is, in seconds."""

    handle: int
    seconds: str


def _opened(
    opening: str, plan: Plan, gathered: Gathered, shown: Sequence[Shown], verdict: Verdict, looked: Looked
) -> Reply:
    """Return a reply of an opening sentence and the moments quoted."""
    reply = quoting(plan, gathered, shown, looked)
    kept: Verdict = "unsure" if verdict == "answered" and reply.verdict == "unsure" else verdict
    return replace(reply, sentences=[Sentence(opening), *reply.sentences], verdict=kept)


def quoting(plan: Plan, gathered: Gathered, shown: Sequence[Shown], looked: Looked) -> Reply:
    """Say what was seen in the moments found, and quote them."""
    sentences = [*templates.quote_moments(shown, plan.query)]
    videos = {one.moment.video_id for one in shown}
    video = videos.pop() if len(videos) == 1 else None
    verdict, sure = _judged(plan, gathered, shown, looked)
    return Reply(verdict, sentences, tuple(shown), sure, video, looked=looked)


def looking_told(reply: Reply) -> Iterator[Sentence]:
    """Say that looking showed nothing of what was asked, or that it failed."""
    looked = reply.looked
    if looked.observations and not any(one.citation.observation for one in reply.shown):
        yield Sentence(prompts.render("answer_unseen", frames=looked.frames))
    if looked.fault:
        reason = quotable(looked.fault).rstrip(" .")
        yield Sentence(prompts.render("looking_failed", reason=reason, some=looked.happened))


def _judged(plan: Plan, gathered: Gathered, shown: Sequence[Shown], looked: Looked) -> tuple[Verdict, float]:
    """Return what the moments are worth, and how sure that is.

    Without anything told or seen, or beside what was asked, nothing is sure. Where frames were asked, what they say
    counts as much as that the moment is the right one.
    """
    told = any(one.moment.texts for one in shown)
    seen = any(one.citation.observation for one in shown)
    if gathered.outcome != "found" or not (told or seen):
        return "unsure", gathered.confidence
    if not looked.observations or not shown:
        return "answered", gathered.confidence
    by_text = any(covered(one.moment, plan.query) >= COVERED for one in shown)
    if not seen:
        return ("answered" if by_text else "unsure"), gathered.confidence if by_text else NOT_SEEN
    if plan.act == "find" or looked.concluded:
        sure = gathered.confidence
    else:
        sure = gathered.confidence * tells(looked.vote(shown[0].moment.moment_id), looked.aspect)
    return ("answered" if by_text or sure >= ANSWERED_FROM else "unsure"), sure
