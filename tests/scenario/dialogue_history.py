"""What has been shown so far in a dialogue."""

from dataclasses import dataclass, replace

from tests.scenario.dialogue_values import Place, Turn

NUMBERS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth"),
    *("nineteenth", "twentieth"),
)
_OFFERING = ("find", "ask", "count", "compare")


@dataclass(frozen=True, slots=True)
class History:
    """What the turns so far have shown: `offered` is the latest choice of several, `latest` the latest of all.

    `named` are all videos that were shown or named, in order, each where it came up last.
    """

    shown: tuple[Place, ...] = ()
    offered: tuple[Place, ...] = ()
    latest: tuple[Place, ...] = ()
    named: tuple[str, ...] = ()

    def after(self, turn: Turn, videos: tuple[str, ...]) -> "History":
        """Return the history with one more turn; `videos` are those that a list of all would show."""
        act, filters = turn.expected.act, turn.expected.filters
        listed = videos if act == "list_videos" else turn.expected.choices
        offered = tuple(Place(video) for video in listed) or self.offered
        if act in _OFFERING and len(turn.shown) > 1:
            offered = turn.shown
        videos = dict.fromkeys([*filters.videos, *(place.video for place in turn.shown)])
        return replace(
            self,
            shown=tuple(dict.fromkeys((*self.shown, *turn.shown))),
            offered=offered,
            latest=turn.shown or self.latest,
            named=(*(video for video in self.named if video not in videos), *videos),
        )
