"""Import: moments without media, from a captions file into the library."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.given import Given
from retrieval.ingest.annotations import Annotation, read_annotations
from retrieval.publishing.drafts import Draft
from retrieval.publishing.generations import Generations
from retrieval.publishing.publisher import Publisher
from retrieval.types import Entry, Video

BATCH = 200
"""Videos published together: enough to encode in full batches, few enough to see progress."""

_KEPT = "captions of {!r}: it was ingested with its media; give them with `vdialog ingest FILE --captions`"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: videos new or changed, their moments, captions left out, videos replaced.

    `unchanged` videos were there already with the same captions.
    """

    videos: int
    moments: int
    dropped: tuple[str, ...]
    replaced: int
    unchanged: int


class Importer:
    """Takes captions files into a library."""

    def __init__(self, catalogue: Catalogue, generations: Generations, publisher: Publisher) -> None:
        self._catalogue = catalogue
        self._generations = generations
        self._publisher = publisher

    def take(self, path: Path, collection: str, on_progress: Callable[[float], None] | None = None) -> ImportReport:
        """Import a captions file; an id that was imported into the collection before is replaced.

        Captions of a video that was ingested with its media are left out: they would replace its frames and texts.

        Raises:
            InvalidAnnotations: the file is not in the form of ActivityNet Captions.
        """
        wrong: list[str] = []
        annotations = list(read_annotations(path, wrong).values())
        there = self._by_name(collection)
        kept = [a for a in annotations if a.video_id in there and there[a.video_id].state != "imported"]
        dropped = tuple(wrong) + tuple(reason for annotation in annotations for reason in annotation.dropped)
        dropped += tuple(_KEPT.format(annotation.video_id) for annotation in kept)
        with_media = {annotation.video_id for annotation in kept}
        given = [a for a in annotations if a.captions and a.video_id not in with_media]
        fresh = [a for a in given if self._catalogue.holding(_content_hash(a), collection) is None]
        replaced = moments = done = 0
        for batch in _batches(fresh):
            before = [there.get(annotation.video_id) for annotation in batch]
            drafts = [self._draft(a, collection, held) for a, held in zip(batch, before, strict=True)]
            replaced += sum(held is not None for held in before)
            self._publisher.publish(drafts)
            moments += sum(len(draft.moments) for draft in drafts)
            done += len(batch)
            if on_progress is not None:
                on_progress(done / len(fresh))
        self._publisher.settle(bool(fresh))
        return ImportReport(len(fresh), moments, dropped, replaced, len(given) - len(fresh))

    def _by_name(self, collection: str) -> dict[str, Video]:
        """Return the videos of a collection by what a captions file may call them.

        An import is called as its file calls it, which may be no id; a video with media by its id.
        """
        videos = self._catalogue.videos(frozenset({collection}))
        return {video.title if video.state == "imported" else video.video_id: video for video in videos}

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


def _content_hash(annotation: Annotation) -> str:
    content = [annotation.video_id, annotation.duration]
    captions = [[c.span.start, c.span.end, c.text] for c in annotation.captions]
    return hashlib.sha256(json.dumps([content, captions]).encode()).hexdigest()


def _batches(annotations: Sequence[Annotation]) -> Iterator[list[Annotation]]:
    waiting = iter(annotations)
    while batch := list(islice(waiting, BATCH)):
        yield batch
