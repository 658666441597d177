"""From a plan to a reply: what is known is said, what is asked for is gathered, and its frames are looked at."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

from bot.dialogue import replies
from bot.dialogue.agent.agent import Agent
from bot.dialogue.composing.templates import Shown, numbered
from bot.dialogue.conversation import Conversation
from bot.dialogue.events import Event, Found, Searching, Seen
from bot.dialogue.gather import MOST_QUOTED, Gathered, Gatherer
from bot.dialogue.looking.choosing import chosen
from bot.dialogue.looking.looker import Looked, Looker
from bot.dialogue.looking.wanted import wanted
from bot.dialogue.messages import Utterance
from bot.dialogue.plan import Plan
from bot.dialogue.planning.acts import two_described
from bot.dialogue.replies import Reply
from bot.tools.shelf import Piece
from bot.tools.videos import describe_video
from bot.tools.view import spread
from bot.untrusted import inert
from retrieval.types import Video


class Replier:
    """Makes replies from one library.

    Args:
        gatherer: finds the moments.
        looker: looks at their frames; None where nobody does.
        agent: a language model that works with the tools itself, asked first; None where there is none.
    """

    def __init__(self, gatherer: Gatherer, looker: Looker | None, agent: Agent | None = None) -> None:
        self._gatherer = gatherer
        self._looker = looker
        self._agent = agent

    def reply(
        self, plan: Plan, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]
    ) -> Generator[Event, None, Reply]:
        """Yield what happens, and return what to say.

        Raises:
            NotInLibrary: the plan points at a moment or a video that is gone or not visible.
            InvalidQuery: the query asks for nothing, or for what is switched off.
            Cancelled: the user does not want it any more.
        """
        if known := _known(plan, conversation, videos):
            return known
        answered = yield from self._by_agent(plan, conversation, utterance)
        return answered or (yield from self._by_plan(plan, conversation, utterance, videos))

    def _by_agent(
        self, plan: Plan, conversation: Conversation, utterance: Utterance
    ) -> Generator[Event, None, Reply | None]:
        if self._agent is None:
            return None
        view = self._gatherer.view(utterance.visible)
        return (yield from self._agent.reply(plan, conversation, utterance, view))

    def _by_plan(
        self, plan: Plan, conversation: Conversation, utterance: Utterance, videos: Sequence[Video]
    ) -> Generator[Event, None, Reply]:
        """Look up what the plan asks for."""
        if plan.act == "describe_video":
            return self._description(plan, conversation, utterance.visible)
        yield Searching(inert(plan.query))
        gathered = self._gathered(plan, utterance, videos)
        yield Found(len(gathered.pieces))
        titles = {video.video_id: replies.title_of(video) for video in videos}
        if gathered.outcome == "edge" and gathered.anchor:
            return replies.edge(plan, titles[gathered.anchor.video_id])
        looked = yield from self._looked(plan, conversation, gathered, utterance.cancel.is_set)
        gathered = chosen(plan, gathered, looked)
        shown = tuple(_seen(one, looked) for one in numbered(gathered.pieces, conversation))
        for one in shown:
            if one.citation.observation is not None:
                yield Seen(one.citation.handle, one.citation.observation)
        if plan.act == "compare":
            named = [video for video in videos if video.video_id in plan.videos]
            return replies.comparing(plan, gathered, shown, named, looked)
        if not gathered.pieces:
            return replies.nothing(plan, gathered, [titles[video] for video in plan.videos], looked)
        if plan.act == "count":
            return replies.counting(plan, gathered, shown, looked)
        if plan.act == "summarise":
            return replies.summarising(plan, gathered, shown)
        return replies.quoting(plan, gathered, shown, looked)

    def _looked(
        self, plan: Plan, conversation: Conversation, gathered: Gathered, cancelled: Callable[[], bool]
    ) -> Generator[Event, None, Looked]:
        """Look at the frames of what was found, where that helps."""
        sought = wanted(plan, conversation, gathered) if self._looker else None
        if self._looker is None or sought is None:
            return Looked()
        pieces = gathered.candidates or gathered.pieces
        return (yield from self._looker.look(sought, pieces, cancelled))

    def _gathered(self, plan: Plan, utterance: Utterance, videos: Sequence[Video]) -> Gathered:
        """Return the moments that an act is about."""
        visible = utterance.visible
        if plan.act == "compare":
            pieces = self._gatherer.pointed(plan, visible)
            named = [self._gatherer.best_in(plan, video, visible) for video in plan.videos]
            described = () if pieces or plan.videos else two_described(plan.query) or ()
            best = [self._gatherer.best(replace(plan, act="find", query=words), visible) for words in described]
            return _complete([*pieces, *(piece for piece in (*named, *best) if piece)])
        if plan.act == "summarise" and plan.pointed:
            return _complete(self._gatherer.pointed(plan, visible))
        if plan.act == "summarise" and plan.videos and not plan.query:
            return _complete(self._gatherer.moments_of(plan, visible))
        if plan.act == "summarise" and not plan.query:
            told = [self._gatherer.best_in(plan, video.video_id, visible) for video in videos]
            return _complete([piece for piece in told if piece])
        return self._gatherer.gather(plan, utterance.image, visible)

    def _description(self, plan: Plan, conversation: Conversation, visible: frozenset[str]) -> Reply:
        told = describe_video(self._gatherer.view(visible), plan.videos[0], plan.within)
        if plan.length:
            return replies.lasting(told.video, len(told.moments))
        return replies.describing(told.video, told.moments, numbered(told.pieces, conversation), told.more)


def _known(plan: Plan, conversation: Conversation, videos: Sequence[Video]) -> Reply | None:
    """Return what can be said without looking anything up."""
    if plan.act == "chat":
        return replies.small_talk(plan)
    if plan.act == "list_videos":
        return replies.listing(videos)
    if not videos:
        return replies.nothing_at_all()
    return replies.asking_back(plan, conversation, videos) if plan.act == "clarify" else None


def _complete(pieces: Sequence[Piece]) -> Gathered:
    """Return pieces that were not searched for: those that tell something, evenly spread where they are many."""
    once = list({piece.moment.moment_id: piece for piece in pieces}.values())
    told = [piece for piece in once if piece.moment.texts] or once
    return Gathered("found" if told else "nothing", tuple(spread(told, MOST_QUOTED)), count=len(told))


def _seen(shown: Shown, looked: Looked) -> Shown:
    """Return a moment with what was seen of it, and the frame where that is seen best."""
    seen = looked.vote(shown.moment.moment_id)
    if seen.keyframe is None:
        return shown
    return replace(shown, citation=replace(shown.citation, keyframe=seen.keyframe, observation=seen.text))
