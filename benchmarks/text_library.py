"""Libraries of texts alone, published without media and for as long as they are asked."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from retrieval.catalogue.catalogue import Catalogue
from retrieval.encoders.lazy import Encoders
from retrieval.library import embedded_index
from retrieval.publishing.drafts import Draft
from retrieval.publishing.generations import Generations
from retrieval.publishing.publisher import Publisher
from retrieval.publishing.versions import FolderStore, IndexVersions
from retrieval.searching.search import MomentSearcher
from retrieval.types import Entry, Everything, TimedText, TimeSpan

COLLECTION = "drawn"
VISIBLE = Everything({COLLECTION})
BATCH = 200

Moments = tuple[tuple[TimeSpan, tuple[TimedText, ...]], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """What a video is called: its title, and the file that it would be taken from."""

    title: str
    path: Path | None = None


@contextmanager
def opened(
    texts: Mapping[str, Moments], encoders: Encoders, names: Mapping[str, Named] | None = None
) -> Iterator[MomentSearcher]:
    """Publish the moments of videos, by id; give the search over them."""
    with tempfile.TemporaryDirectory() as home:
        catalogue = Catalogue(Path(home))
        generations = Generations(catalogue)
        index = IndexVersions(catalogue, FolderStore(catalogue.home, embedded_index))
        publisher = Publisher(catalogue, generations, index, encoders)
        drafts = []
        for video, moments in texts.items():
            named = (names or {}).get(video, Named(video))
            where = Entry(COLLECTION, named.title, named.path)
            duration = max(span.end for span, _ in moments)
            reserved = generations.reserve(video, video, COLLECTION)
            drafts.append(Draft(reserved, video, video, duration, "imported", "", where, moments))
        for start in range(0, len(drafts), BATCH):
            publisher.publish(drafts[start : start + BATCH])
        publisher.settle()
        yield MomentSearcher(catalogue, lambda: index.current(encoders.spaces), encoders)
        generations.close()
        catalogue.close()
