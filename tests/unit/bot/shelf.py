"""A small shelf of videos and a searcher over it, for the tests of the dialogue: no models, no files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image

from retrieval.analysis import terms
from retrieval.errors import NotInLibrary
from retrieval.searching.query import Query
from retrieval.searching.search import SearchResult
from retrieval.types import Hit, Keyframe, Membership, Moment, TextSource, TimedText, TimeSpan, Video

VISIBLE = frozenset({"library"})

Told = tuple[float, float, str] | tuple[float, float, str, TextSource]


def video_of(video_id: str, title: str = "", duration: float = 60.0, collection: str = "library") -> Video:
    """Return a video as the catalogue would."""
    membership = Membership(collection, title or video_id, Path(f"/films/{video_id}.mp4"))
    return Video(
        video_id=video_id,
        content_hash="",
        inputs="",
        duration=duration,
        state="complete",
        note="",
        generation=1,
        memberships=(membership,),
    )


def moments_of(video_id: str, told: Sequence[Told]) -> list[Moment]:
    """Return moments with one text each, none where the text is empty, and a keyframe in the middle."""
    moments = []
    for number, (start, end, text, *source) in enumerate(told, start=1):
        span = TimeSpan(start, end)
        texts = (TimedText(span, text, source[0] if source else "caption"),) if text else ()
        frame = Keyframe(span.middle, Path(f"/frames/{video_id}-{number}.jpg"))
        moments.append(Moment(f"{video_id}:{number}", video_id, span, texts, (frame,)))
    return moments


class WordShelf:
    """A catalogue and a search in one: a moment is found by the share of the query's words that it holds."""

    def __init__(self, *videos: tuple[Video, Sequence[Told]]) -> None:
        self._videos = {video.video_id: video for video, _ in videos}
        self._moments = {video.video_id: moments_of(video.video_id, told) for video, told in videos}
        self.asked: list[Query] = []

    def pictured(self, folder: Path) -> "WordShelf":
        """Draw a keyframe of another grey for each moment, in order; return the shelf."""
        moments = [moment for told in self._moments.values() for moment in told]
        for number, moment in enumerate(moments):
            path = folder / f"{moment.moment_id.replace(':', '-')}.png"
            Image.new("L", (16, 12), 10 + 20 * number).save(path)
            frames = (replace(moment.keyframes[0], path=path),)
            own = self._moments[moment.video_id]
            own[own.index(moment)] = replace(moment, keyframes=frames)
        return self

    def videos(self, visible: frozenset[str]) -> list[Video]:
        seen = (v for v in self._videos.values() if {m.collection for m in v.memberships} & visible)
        return sorted(seen, key=lambda video: video.video_id)

    def video(self, video_id: str, visible: frozenset[str]) -> Video:
        for video in self.videos(visible):
            if video.video_id == video_id:
                return video
        raise NotInLibrary(f"there is no video {video_id!r} in your library")

    def moments(self, video_id: str, visible: frozenset[str]) -> list[Moment]:
        return self._moments[self.video(video_id, visible).video_id]

    def moment(self, moment: str, visible: frozenset[str]) -> Moment:
        for one in self.moments(moment.rpartition(":")[0], visible):
            if one.moment_id == moment:
                return one
        raise NotInLibrary(f"there is no moment {moment!r}")

    def search(self, query: Query, visible: frozenset[str], k: int = 10) -> SearchResult:
        self.asked.append(query)
        within, videos = query.filter.within, query.filter.videos
        scored = [
            (self._score(query, moment), video, moment)
            for video in self.videos(visible)
            for moment in self._moments[video.video_id]
            if moment.moment_id != query.like
            and (videos is None or video.video_id in videos)
            and (within is None or moment.span.overlap(within))
        ]
        best = sorted((s for s in scored if s[0] > 0), key=lambda s: (-s[0], s[2].moment_id))[:k]
        hits = tuple(
            Hit(rank, moment, moment.span, video.memberships[0].title, score)
            for rank, (score, video, moment) in enumerate(best, start=1)
        )
        sure = hits[0].score if hits and hits[0].score >= 0.5 else 0.0
        return SearchResult(hits, sure, 0.0, {})

    def _told(self, moment_id: str) -> str:
        return next(m.text for told in self._moments.values() for m in told if m.moment_id == moment_id)

    def _score(self, query: Query, moment: Moment) -> float:
        if query.image is not None:
            return 1.0
        if query.like is not None:
            shared = set(terms(self._told(query.like))) & set(terms(moment.text))
            return len(shared) / max(1, len(set(terms(moment.text))))
        wanted = set(terms(query.text))
        if set(terms(" ".join(query.excluded))) & set(terms(moment.text)):
            return 0.0
        return len(wanted & set(terms(moment.text))) / max(1, len(wanted))
