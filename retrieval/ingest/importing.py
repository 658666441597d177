"""Import: moments without media, from a captions file into the library."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from retrieval.catalogue.catalogue import Catalogue
from retrieval.ingest.annotations import Annotation, read_annotations
from retrieval.publishing.drafts import Draft
from retrieval.publishing.generations import Generations
from retrieval.publishing.publisher import Publisher
from retrieval.types import Membership

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
        with_media = self._with_media(collection)
        kept = [a for a in annotations if a.video_id in with_media]
        dropped = tuple(wrong) + tuple(reason for annotation in annotations for reason in annotation.dropped)
        dropped += tuple(_KEPT.format(annotation.video_id) for annotation in kept)
        given = [a for a in annotations if a.captions and a.video_id not in with_media]
        fresh = [a for a in given if not self._is_known(a, collection)]
        replaced = moments = done = 0
        for batch in _batches(fresh):
            drafts = [self._draft(annotation, collection) for annotation in batch]
            replaced += sum(1 for draft in drafts if self._catalogue.has(draft.reserved.video_id))
            self._publisher.publish(drafts)
            moments += sum(len(draft.moments) for draft in drafts)
            done += len(batch)
            if on_progress is not None:
                on_progress(done / len(fresh))
        self._publisher.settle(bool(fresh))
        return ImportReport(len(fresh), moments, dropped, replaced, len(given) - len(fresh))

    def _with_media(self, collection: str) -> frozenset[str]:
        videos = self._catalogue.videos(frozenset({collection}))
        return frozenset(video.video_id for video in videos if video.state != "imported")

    def _is_known(self, annotation: Annotation, collection: str) -> bool:
        held = self._catalogue.holding(_content_hash(annotation))
        return held is not None and any(m.collection == collection for m in held.memberships)

    def _draft(self, annotation: Annotation, collection: str) -> Draft:
        content_hash = _content_hash(annotation)
        ordered = sorted(annotation.captions, key=lambda caption: caption.span)
        return Draft(
            self._generations.reserve(annotation.video_id, content_hash, replace_in=collection),
            content_hash,
            content_hash,
            annotation.duration,
            "imported",
            "",
            Membership(collection, annotation.video_id, None),
            tuple((caption.span, (caption,)) for caption in ordered),
        )


def _content_hash(annotation: Annotation) -> str:
    content = [annotation.video_id, annotation.duration]
    captions = [[c.span.start, c.span.end, c.text] for c in annotation.captions]
    return hashlib.sha256(json.dumps([content, captions]).encode()).hexdigest()


def _batches(annotations: Sequence[Annotation]) -> Iterator[list[Annotation]]:
    waiting = iter(annotations)
    while batch := list(islice(waiting, BATCH)):
        yield batch
