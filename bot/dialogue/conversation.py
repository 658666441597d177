"""A conversation so far: its turns, the moments shown by handle, what it is about. Pure state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.dialogue.messages import Citation, Filters, Verdict
from retrieval.types import Filter


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange. `asked` are the user's own words, `query` is what was searched for.

    `video` is the one video that the turn was about, None where it showed several; `listed` are the videos
    that it offered, in their order: those of a list, or the choices when it asked back. `filters` are what the
    search was narrowed to. `looked` says whether the vision model named in `model` saw frames for it, `stopped` that
    it was cancelled: then `answer` is what was written until then. `whole` says that it told a whole video or stretch,
    so that its moments are nothing to choose from. `visible` are the collections that it was answered under, None where
    that is not known.
    """

    asked: str
    act: str
    query: str
    answer: str
    verdict: Verdict
    at: datetime
    citations: tuple[Citation, ...] = ()
    video: str | None = None
    listed: tuple[str, ...] = ()
    filters: Filters = Filters()
    confidence: float = 1.0
    looked: bool = False
    model: str | None = None
    stopped: bool = False
    whole: bool = False
    visible: frozenset[str] | None = None

    @property
    def targets(self) -> tuple["Target", ...]:
        """What the turn showed, in order: its moments, or the one whole video that it was about.

        What is only nearest to something that was not found is nothing to go on from.
        """
        if self.verdict == "not_found":
            return ()
        narrowed = self.filters.start is not None or self.filters.end is not None or self.filters.relation
        if self.video and (not self.citations or (self.whole and not narrowed)):
            return (Target(self.video),)
        return tuple(Target(citation.video_id, citation.moment_id) for citation in self.citations)


@dataclass(frozen=True, slots=True)
class Target:
    """What can be pointed at: a moment, or without one a whole video."""

    video: str
    moment: str | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is at hand of turns that are too old to be taken into account: their number, and the moments they showed.

    `shown` is in order of the handles, without frames and rankings; what younger turns show may be among them.
    """

    turns: int = 0
    shown: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns in order, the oldest of a long conversation folded into `earlier`; new ones make a new value.

    `claim` gives a moment a handle that no other chat gives at the same time; without it they are given in order.
    """

    conversation_id: str
    turns: tuple[Turn, ...] = ()
    title: str = ""
    earlier: Earlier = Earlier()
    claim: Callable[[str], int] | None = field(default=None, compare=False, repr=False)

    def folded(self, keep: int) -> "Conversation":
        """Return the conversation with its latest turns alone, those before them folded into `earlier`."""
        count = max(0, len(self.turns) - keep)
        if not count:
            return self
        shown = {
            c.handle: c for c in (*self.earlier.shown, *(c for turn in self.turns[:count] for c in turn.citations))
        }
        earlier = Earlier(self.earlier.turns + count, tuple(shown[handle] for handle in sorted(shown)))
        return replace(self, turns=self.turns[count:], earlier=earlier)

    def with_turn(self, turn: Turn) -> "Conversation":
        """Return the conversation with one more turn; the first turn's words become its title."""
        return replace(self, turns=(*self.turns, turn), title=self.title or title_from(turn.asked))

    def limited(self, scope: Filter) -> "Conversation":
        """Return the conversation as a question that is limited to one video is understood: it is about that video."""
        if not scope.videos or len(scope.videos) > 1 or self.video in scope.videos:
            return self
        (video,) = scope.videos
        at = self.turns[-1].at if self.turns else datetime.min
        return replace(self, turns=(*self.turns, Turn("", "describe_video", "", "", "told", at, video=video)))

    @property
    def last(self) -> Turn | None:
        """The latest turn."""
        return self.turns[-1] if self.turns else None

    @property
    def shown(self) -> Mapping[int, Citation]:
        """Every moment shown so far, by its handle."""
        return {c.handle: c for c in (*self.earlier.shown, *(c for turn in self.turns for c in turn.citations))}

    @property
    def latest(self) -> tuple[Target, ...]:
        """What the latest turn that showed anything showed."""
        return next((turn.targets for turn in reversed(self.turns) if turn.targets), ())

    @property
    def all_shown(self) -> tuple[Target, ...]:
        """Everything that was shown, each once, in the order in which it came up."""
        before = (Target(citation.video_id, citation.moment_id) for citation in self.earlier.shown)
        return tuple(dict.fromkeys((*before, *(target for turn in self.turns for target in turn.targets))))

    @property
    def offered(self) -> tuple[Target, ...]:
        """What "the second one" counts in: the latest choice, or if there was none, all shown."""
        return self.choice or self.all_shown

    @property
    def choice(self) -> tuple[Target, ...]:
        """The latest list of videos or choice of several moments."""
        for turn in reversed(self.turns):
            if turn.listed:
                return tuple(map(Target, turn.listed))
            if not turn.whole and len(turn.targets) > 1:
                return turn.targets
        return ()

    @property
    def named(self) -> tuple[str, ...]:
        """Every video shown or named, each once, where it came up last."""
        order = dict.fromkeys(citation.video_id for citation in self.earlier.shown)
        for turn in self.turns:
            for video in (*turn.filters.videos, *(target.video for target in turn.targets)):
                order.pop(video, None)
                order[video] = None
        return tuple(order)

    @property
    def video(self) -> str | None:
        """The video that the talk stays with: the one that all of the latest shown comes from."""
        videos = {target.video for target in self.latest}
        return videos.pop() if len(videos) == 1 else None

    @property
    def query(self) -> str:
        """What was last searched for and found; a turn that failed leaves nothing to go on from."""
        return next((turn.query for turn in reversed(self.turns) if turn.query and turn.targets), "")

    def handle(self, moment_id: str, taken: Mapping[str, int]) -> int:
        """Return a moment's handle: the one it has, else the next free one.

        Args:
            moment_id: the moment.
            taken: handles given since the last turn, by moment id.
        """
        known = {c.moment_id: c.handle for c in self.shown.values()} | dict(taken)
        if moment_id in known:
            return known[moment_id]
        return self.claim(moment_id) if self.claim else max(known.values(), default=0) + 1


def title_from(words: str) -> str:
    """Return a conversation's first title: the words of its first utterance, at most 60 characters."""
    flat = " ".join(words.split())
    return flat if len(flat) <= 60 else flat[:59].rstrip() + "…"
