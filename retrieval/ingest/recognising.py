"""What a file is to a library, before anything is done: which video it is of, and all that this is made from now.

Nothing is written here, so that it can be asked only to be told (`vdialog ingest --dry-run`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.given import ASIDE, Given
from retrieval.ingest.annotations import Annotation
from retrieval.ingest.inputs import Models, fitting, given_now, models_for, models_of, renamed
from retrieval.ingest.job import Source, Tools
from retrieval.ingest.progress import OnProgress
from retrieval.ingest.relink import Placement, placed
from retrieval.ingest.sources import Hashes
from retrieval.publishing.stages import Stages
from retrieval.types import Entry, TextKind, Video, whole


@dataclass(frozen=True, slots=True)
class Intake:
    """What is asked of a run: where files go, what is given to them and taken from them, and who is told.

    `is_default` says that nobody chose the collection: then a video stays where it is among the visible ones.
    """

    collection: str
    files: Sequence[Path]
    drop: frozenset[TextKind]
    visible: frozenset[str]
    is_default: bool = False
    captions: Mapping[Path, Annotation] = field(default_factory=dict)
    tell: OnProgress = lambda _: None


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file as the library knows it.

    Attributes:
        path: where it lies, from the root.
        source: all that its video is made from now.
        known: the video of its collection that has its bytes, None where there is none.
        before: the video that it is of: the known one, or one of another film at the same path.
        placement: where the known video lies.
        names: other paths of that video.
    """

    path: Path
    source: Source
    known: Video | None
    before: Video | None
    placement: Placement
    names: tuple[Path, ...] = field(default=())

    @property
    def is_as_it_was(self) -> bool:
        """Whether the video is in and nothing that it is made from changed."""
        return self.known is not None and self.known.inputs == self.source.inputs


class Recogniser:
    """Tells what files are to a library.

    Args:
        catalogue: of the library.
        hashes: of files.
        tools: with which they are understood.
    """

    def __init__(self, catalogue: Catalogue, hashes: Hashes, tools: Tools) -> None:
        self._catalogue = catalogue
        self._hashes = hashes
        self._tools = tools

    def recognise(self, path: Path, asked: Intake) -> Recognised:
        """Return what a file is.

        Raises:
            UnreadableMedia: it cannot be read.
        """
        content = self._hashes.of(path)
        entry = Entry(self._collection(path, content, asked), whole(path.stem), path.absolute())
        known = self._catalogue.holding(content, entry.collection)
        if known is None:
            before = self._changed(path, entry.collection, asked)
            source = self.source(path, content, entry, before, asked)
            return Recognised(path.absolute(), source, None, before, Placement())
        placement = placed(known.entry, entry, lambda other: self._hashes.holds(other, content))
        source = self.source(path, content, entry, known, asked, placement.original)
        names = self._catalogue.other_names(known)
        return Recognised(path.absolute(), source, known, known, placement, tuple(names))

    def _collection(self, path: Path, content: str, asked: Intake) -> str:
        """Return the collection of a file: where nobody chose one, that in which its video lies already."""
        wanted, place = asked.collection, path.absolute()
        if not asked.is_default or self._catalogue.holding(content, wanted) or self._catalogue.at(place, wanted):
            return wanted
        there = [name for name in sorted(asked.visible) if self._catalogue.at(place, name) is not None]
        same = (self._catalogue.holding(content, name) for name in sorted(asked.visible))
        its = [video.entry.collection for video in same if video is not None and self._is_its(video, content, place)]
        return next(iter((*there, *its)), wanted)

    def _is_its(self, video: Video, content: str, place: Path) -> bool:
        """Tell whether the file of a video lies at a place: as another name of it, or since it went from its own."""
        if video.state == "imported":
            return False
        path = video.entry.path
        is_away = path is None or not self._hashes.holds(path, content)
        return is_away or place in self._catalogue.other_names(video)

    def _changed(self, path: Path, collection: str, asked: Intake) -> Video | None:
        """Return the video whose film lay at this path before; None where it was only moved to another one."""
        held = self._catalogue.at(path.absolute(), collection)
        if held is None:
            return None
        others = (o for o in asked.files if o != path and self._catalogue.at(o.absolute(), collection) is None)
        return None if any(self._hashes.holds(other, held.content_hash) for other in others) else held

    def source(
        self,
        path: Path,
        content: str,
        entry: Entry,
        before: Video | None,
        asked: Intake | None = None,
        original: Path | None = None,
    ) -> Source:
        """Return all that a video is made from: what is given now, and what was given and found before.

        Args:
            path: the file.
            content: the hash of its bytes.
            entry: how it stands in its collection.
            before: the video as it is.
            asked: what is given now; None where nothing is, and the file may be gone.
            original: where the video lies, where `path` is another name of it.
        """
        drop: frozenset[TextKind] = frozenset() if asked is None else asked.drop
        given = Given() if before is None else self._catalogue.given(before.key)
        was = None if before is None or original is not None else before.entry.path
        if was is not None and was != path.absolute():
            given = renamed(given, was, path.absolute())
        notes: tuple[str, ...] = ()
        if asked is not None:
            given, notes = given_now(path, given, asked.captions.get(path), drop, original)
        twin = self.same_bytes(content, before)
        made_by = Models() if twin is None else models_of(Stages(self._catalogue.database, twin.generation))
        wanted, unfit = fitting(self._tools.models, self._tools.captioner, path)
        models = models_for(wanted, made_by, drop)
        waits = ASIDE if before is not None and before.note == ASIDE and self._catalogue.aside(content).kinds else ""
        if original is not None and before is not None:
            path, entry = original, before.entry
        return Source(path, content, entry, given, models, waits, (*notes, *unfit), is_here=asked is not None)

    def same_bytes(self, content: str, before: Video | None) -> Video | None:
        """Return a video in whose file the same lies: this one as it was before, or one of any collection."""
        if before is not None and before.content_hash == content:
            return before
        return self._catalogue.holding(content)
