"""A library in memory: videos with what is told of their moments, and a search by words: the shelf's fake.

No models and no files, so that whatever stands on a library can be tried in a test.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image

from retrieval.analysis import spelt, terms
from retrieval.errors import NotInLibrary
from retrieval.searching.query import Query, check, conditions
from retrieval.searching.search import SearchResult
from retrieval.types import Entry, Hit, Keyframe, Moment, TextSource, TimedText, TimeSpan, Video

VISIBLE = frozenset({"library"})
"""The collection that videos are in where no other is said."""

UNSURE = 0.2
"""Confidence of a search whose best hit holds less of the query than `SURE`."""

SURE = 0.5
"""Share of a query's words that the best moment must hold, so that the search is sure of anything."""

MomentText = tuple[float, float, str] | tuple[float, float, str, TextSource]
"""A moment: start and end in seconds, its text, and where that comes from; a caption where nothing is said of it."""


def video_of(video_id: str, title: str = "", duration: float = 60.0, collection: str = "library") -> Video:
    """Return a video as the catalogue would."""
    return Video(
        video_id=video_id,
        content_hash=video_id,
        inputs="",
        duration=duration,
        state="complete",
        note="",
        generation=1,
        entry=Entry(collection, title or video_id, Path(f"/films/{video_id}.mp4")),
    )


def moments_of(video_id: str, told: Sequence[MomentText]) -> list[Moment]:
    """Return moments with one text each, none where the text is empty, and a keyframe in the middle."""
    moments = []
    for number, (start, end, text, *source) in enumerate(told, start=1):
        span = TimeSpan(start, end)
        texts = (TimedText(span, text, source[0] if source else "caption"),) if text else ()
        frame = Keyframe(span.middle, Path(f"/frames/{video_id}-{number}.jpg"))
        moments.append(Moment(f"{video_id}:{number}", video_id, span, texts, (frame,)))
    return moments


class SameNames:
    """The names of videos where each is called by its key."""

    def key(self, video_id: str, visible: frozenset[str]) -> str:
        """Return the id."""
        return video_id

    shown = key_of_moment = shown_moment = key

    def missing(self, keys: Iterable[str]) -> frozenset[str]:
        """Return none: it is not known here."""
        return frozenset()


class MemoryLibrary:
    """A catalogue and a search in one: a moment is found by the share of the query's words that it holds.

    A picture finds every moment: nothing here looks at frames.

    Args:
        videos: each with its moments in order of time.

    Attributes:
        asked: every query, in order.
    """

    def __init__(self, *videos: tuple[Video, Sequence[MomentText]]) -> None:
        self._videos = {video.video_id: video for video, _ in videos}
        self._moments = {video.video_id: moments_of(video.video_id, told) for video, told in videos}
        self.asked: list[Query] = []
        self.naming = SameNames()

    def pictured(self, folder: Path) -> "MemoryLibrary":
        """Draw a keyframe of another grey for each moment, in order; return the library."""
        moments = [moment for told in self._moments.values() for moment in told]
        for number, moment in enumerate(moments):
            path = folder / f"{moment.moment_id.replace(':', '-')}.jpg"
            Image.new("L", (16, 12), 10 + 20 * number).save(path)
            frames = (replace(moment.keyframes[0], path=path),)
            own = self._moments[moment.video_id]
            own[own.index(moment)] = replace(moment, keyframes=frames)
        return self

    def videos(self, visible: frozenset[str]) -> list[Video]:
        """Return the visible videos, by id."""
        there = (video for video in self._videos.values() if video.entry.collection in visible)
        return sorted(there, key=lambda video: video.video_id)

    def video(self, video_id: str, visible: frozenset[str]) -> Video:
        """Return one video."""
        for video in self.videos(visible):
            if video.video_id == video_id:
                return video
        raise NotInLibrary(f"there is no video {video_id!r} in your library")

    def moments(self, video_id: str, visible: frozenset[str]) -> list[Moment]:
        """Return a video's moments in order of time."""
        return list(self._moments[self.video(video_id, visible).video_id])

    def moment(self, moment: str, visible: frozenset[str]) -> Moment:
        """Return one moment."""
        for one in self.moments(moment.rpartition(":")[0], visible):
            if one.moment_id == moment:
                return one
        raise NotInLibrary(f"there is no moment {moment!r}")

    def search(self, query: Query, visible: frozenset[str], k: int = 10) -> SearchResult:
        """Return the k best moments."""
        self.asked.append(query)
        check(query, k)
        like = None if query.like is None else self.moment(query.like, visible)
        within = visible if query.filter.collections is None else visible & query.filter.collections
        found = [
            (self._score(query, like, moment), video.title, moment)
            for video in self.videos(within)
            for moment in self._moments[video.video_id]
            if _admits(query, moment)
        ]

        def place(one: tuple[float, str, Moment]) -> tuple[float, str]:
            return -one[0] - query.favour * (one[2].video_id == query.favoured), one[2].moment_id

        best = sorted((one for one in found if one[0] > 0), key=place)[:k]
        hits = tuple(
            Hit(rank, moment, moment.span, title, score) for rank, (score, title, moment) in enumerate(best, start=1)
        )
        sure = 0.0 if not hits else hits[0].score if hits[0].score >= SURE else UNSURE
        return SearchResult(hits, sure, 0.0, {})

    def _score(self, query: Query, like: Moment | None, moment: Moment) -> float:
        if query.image is not None:
            return 1.0
        held = set(terms(moment.text))
        if like is not None:
            return len(set(terms(like.text)) & held) / max(1, len(held))
        wanted = set(terms(query.text))
        return len(wanted & held) / max(1, len(wanted))


def _admits(query: Query, moment: Moment) -> bool:
    """Tell whether a moment meets what a query is limited to, whatever its score."""
    within, videos, sources = query.filter.within, query.filter.videos, query.filter.sources
    phrases, excluded = conditions(query)
    told = [f" {text} " for text in spelt(moment.text)]
    return (
        moment.moment_id != query.like
        and (videos is None or moment.video_id in videos)
        and (within is None or bool(moment.span.overlap(within)))
        and (sources is None or any(text.source in sources for text in moment.texts))
        and all(any(f" {form} " in text for form in spelt(phrase) for text in told) for phrase in phrases)
        and set(excluded).isdisjoint(terms(moment.text))
    )
