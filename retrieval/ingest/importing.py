"""Import: moments without media, from a captions file into the library."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.given import Given, give_captions
from retrieval.ingest.annotations import Annotation, read_annotations
from retrieval.publishing.drafts import Draft
from retrieval.publishing.generations import Generations
from retrieval.publishing.publisher import Publisher
from retrieval.types import Entry, Video, in_a_row

BATCH = 200
"""Videos published together: enough to encode in full batches, few enough to see progress."""

OfFilms = Literal["leave out", "join", "as new"]
"""What becomes of captions of videos that are in with their films: none, theirs, or videos of their own."""

_KEPT = "captions of films that are in the library: {}; --join gives them to these films, --as-new makes further videos"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: videos new or changed, their moments, what was left out, videos replaced.

    `unchanged` videos were there already with the same captions. `joined` are the ids of videos that are in with their
    films and got captions.
    """

    videos: int
    moments: int
    dropped: tuple[str, ...]
    replaced: int
    unchanged: int
    joined: tuple[str, ...] = ()


class Importer:
    """Takes captions files into a library.

    Args:
        catalogue: of the library.
        generations: of the library.
        publisher: of the library.
        remake: makes the moments of a video anew, by its key.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        generations: Generations,
        publisher: Publisher,
        remake: Callable[[str], None],
    ) -> None:
        self._catalogue = catalogue
        self._generations = generations
        self._publisher = publisher
        self._remake = remake

    def take(
        self,
        path: Path,
        collection: str,
        on_progress: Callable[[float], None] | None = None,
        of_films: OfFilms = "leave out",
    ) -> ImportReport:
        """Import a captions file; an id that was imported into the collection before is replaced.

        Raises:
            InvalidAnnotations: the file is not in the form of ActivityNet Captions.
        """
        wrong: list[str] = []
        annotations = list(read_annotations(path, wrong).values())
        there = self._catalogue.videos(frozenset({collection}))
        films = {} if of_films == "as new" else films_named(annotations, there)
        dropped = [*wrong, *(reason for annotation in annotations for reason in annotation.dropped)]
        if films and of_films == "leave out":
            dropped.append(_KEPT.format(in_a_row(list(films))))
        given = [a for a in annotations if a.captions and a.video_id not in films]
        imported = {v.title: v for v in there if v.state == "imported"}
        fresh = [a for a in given if self._catalogue.holding(_content_hash(a), collection) is None]
        replaced = moments = done = 0
        for batch in _batches(fresh):
            before = [imported.get(annotation.video_id) for annotation in batch]
            drafts = [self._draft(a, collection, held) for a, held in zip(batch, before, strict=True)]
            replaced += sum(held is not None for held in before)
            self._publisher.publish(drafts)
            moments += sum(len(draft.moments) for draft in drafts)
            done += len(batch)
            if on_progress is not None:
                on_progress(done / len(fresh))
        joining = [(a, films[a.video_id]) for a in annotations if a.captions and a.video_id in films]
        joined = [video for a, video in joining if of_films == "join" and self._join(a, video, dropped)]
        self._publisher.settle(bool(fresh or joined))
        same = len(given) - len(fresh) + (len(joining) - len(joined) if of_films == "join" else 0)
        ids = tuple(video.video_id for video in joined)
        return ImportReport(len(fresh), moments, tuple(dropped), replaced, same, ids)

    def _join(self, annotation: Annotation, video: Video, left_out: list[str]) -> bool:
        """Give captions to a video that is in with its film; tell whether they are others than it had."""
        late = sum(caption.span.start >= video.duration for caption in annotation.captions)
        if late:
            what = f"{late} captions" if late > 1 else "1 caption"
            begins = "begin" if late > 1 else "begins"
            left_out.append(
                f"{what} of {annotation.video_id!r} {begins} after the end of its film, at {video.duration:.1f} s"
            )
        with self._catalogue.database.writing() as db:
            if not give_captions(db, video.key, annotation.captions):
                return False
        self._remake(video.key)
        return True

    def _draft(self, annotation: Annotation, collection: str, before: Video | None) -> Draft:
        content_hash = _content_hash(annotation)
        ordered = sorted(annotation.captions, key=lambda caption: caption.span)
        return Draft(
            self._generations.reserve(
                annotation.video_id, content_hash, collection, None if before is None else before.key
            ),
            content_hash,
            content_hash,
            annotation.duration,
            "imported",
            "",
            Entry(collection, annotation.video_id, None),
            tuple((caption.span, (caption,)) for caption in ordered),
            given=Given(tuple(ordered)),
        )


def films_named(annotations: Iterable[Annotation], videos: Iterable[Video]) -> dict[str, Video]:
    """Return those of a collection's videos with films that annotations name: by their ids, else by their files."""
    there = [video for video in videos if video.state != "imported"]
    named = Counter(video.title for video in there)
    by_name = {video.title: video for video in there if named[video.title] == 1}
    by_name |= {video.video_id: video for video in there}
    return {a.video_id: by_name[a.video_id] for a in annotations if a.video_id in by_name}


def _content_hash(annotation: Annotation) -> str:
    content = [annotation.video_id, annotation.duration]
    captions = [[c.span.start, c.span.end, c.text] for c in annotation.captions]
    return hashlib.sha256(json.dumps([content, captions]).encode()).hexdigest()


def _batches(annotations: Sequence[Annotation]) -> Iterator[list[Annotation]]:
    waiting = iter(annotations)
    while batch := list(islice(waiting, BATCH)):
        yield batch
