"""An utterance with all that was taken out of it, and the talk that it belongs to: what readings are made of. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.dialogue.conversation import Conversation
from bot.dialogue.plan import ActName, Plan, Relation
from bot.dialogue.reading.clock import Stretch, take_times
from bot.dialogue.reading.excluding import Excluded, excluded, rejects, without_rejection
from bot.dialogue.reading.forms import act_of, two_described
from bot.dialogue.reading.names import Names, every_named
from bot.dialogue.reading.pointing import Pointed, pointed, unslotted
from bot.dialogue.reading.utterance import Asked, asked, content_of
from retrieval.types import Video


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance with all that was taken out of it, and the talk that it belongs to."""

    asked: Asked
    pointed: Pointed
    stretch: Stretch | None
    excluded: Excluded | None
    text: str
    conversation: Conversation
    videos: Sequence[Video]
    names: Names
    places: tuple[str, ...] = ()
    namesakes: tuple[str, ...] = ()
    relation: Relation | None = None

    @property
    def act(self) -> ActName:
        """The act that the form of the words asks for."""
        pointed_at = sum(len(reference.moments) + len(reference.videos) for reference in self.pointed.references)
        several = pointed_at > 1 or len(self.places) > 1
        act = act_of(self.asked.wording, several)
        return "ask" if act == "compare" and not (several or two_described(self.asked.wording)) else act

    def plan(self, text: str, told: bool = False, **more: object) -> Plan:
        """Return a plan for what is left of the words, with those of the sentences that ask nothing or without."""
        stretch, gone = self.stretch, self.excluded
        rejected = self.conversation.latest if rejects(self.asked.words) and not (gone and gone.moments) else ()
        meant = {moment for reference in self.pointed.references for moment in reference.moments}
        made = Plan(
            self.act,
            self.asked.words,
            " ".join(filter(None, (self.asked.told if told else "", content_of(unslotted(text))))),
            " ".join(unslotted(text).split()),
            self.asked.whole if told else "",
            references=self.pointed.references,
            without=gone.words if gone else (),
            not_videos=(*(gone.videos if gone else ()), *self.pointed.not_videos),
            not_moments=(
                *(gone.moments if gone else ()),
                *self.pointed.not_moments,
                *(target.moment for target in rejected if target.moment and target.moment not in meant),
            ),
            not_part=gone.part if gone else None,
            relation=stretch.relation if stretch else self.relation,
        )
        return _timed(replace(made, **more), stretch, self.videos)  # type: ignore[arg-type]


def hear(
    said: Asked, conversation: Conversation, videos: Sequence[Video], names: Names, excluding: bool = True
) -> Heard:
    """Take an utterance apart, with what it leaves out taken as such or as a part of what it asks for."""
    stretch, text = take_times(said.wording)
    spot = pointed(text, conversation)
    gone = excluded(spot.text, names, spot.references) if excluding else None
    text = without_rejection(gone.text if gone else spot.text)
    places = every_named(text, names)
    if places:
        text = places[-1].text
    ids = tuple(dict.fromkeys(video for place in places for video in place.videos))
    namesakes = next((place.videos for place in places if len(place.videos) > 1), ())
    references = tuple(
        r for r in spot.references if not gone or not set((*r.moments, *r.videos)) & {*gone.moments, *gone.videos}
    )
    return Heard(
        said, replace(spot, references=references), stretch, gone, text, conversation, videos, names, ids, namesakes
    )


def focus_of(talk: Conversation, left_out: tuple[str, ...] = ()) -> str | None:
    """Return the video that the talk is at: that of the best of the latest shown, unless it is left out."""
    named_before = talk.named[-1:]
    video = talk.latest[0].video if talk.latest else named_before[0] if named_before else None
    return None if video in left_out else video


def words_before(talk: Conversation) -> str:
    """Return the words of the last turn that named something and found it; a turn that failed leaves none."""
    last = talk.last
    if last is None or not last.targets:
        return ""
    named_before = (asked(turn.asked) for turn in reversed(talk.turns) if turn.targets)
    return next((words for one in named_before if (words := content_of(one.wording) or one.told)), talk.query)


def _timed(plan: Plan, stretch: Stretch | None, videos: Sequence[Video]) -> Plan:
    """Return a plan within a stretch of time, counted from the end where it must."""
    if stretch is None:
        return plan
    start, end = stretch.start, stretch.end
    length = next((video.duration for video in videos if video.video_id in plan.videos), None)
    if stretch.share is not None and length:
        half = stretch.share * length
        start, end = (0.0, half) if stretch.relation == "from_start" else (half, None)
    if start is not None and start < 0:
        start = max(0.0, length + start) if length else None
    return replace(plan, start=start, end=end)
