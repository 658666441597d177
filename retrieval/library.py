"""A home folder opened: the catalogue, its index and encoders, and everything that can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.ids import split_key
from retrieval.encoders.lazy import Encoders
from retrieval.errors import AlreadyThere, LibraryUnusable
from retrieval.index import rest_client
from retrieval.index.base import MomentIndex
from retrieval.ingest.footage import MediaFootage
from retrieval.ingest.options import IngestOptions
from retrieval.publishing.erasing import Forget, put_aside
from retrieval.publishing.generations import Generations
from retrieval.publishing.publisher import Publisher
from retrieval.publishing.versions import FolderStore, IndexStore, IndexVersions, MakeIndex
from retrieval.searching.search import MomentSearcher
from retrieval.sizes import LONGEST_ID, MOST_COLLECTIONS, unfit_collection
from retrieval.spaces import IndexSpaces
from retrieval.types import TextKind

if TYPE_CHECKING:
    from retrieval.ingest.foresight import Foreseen
    from retrieval.ingest.importing import ImportReport, NamedFilms, OfFilms
    from retrieval.ingest.job import Decoding
    from retrieval.ingest.pipeline import Ingester, OnReport
    from retrieval.ingest.progress import OnProgress
    from retrieval.ingest.reports import FileReport


def embedded_index(folder: Path, spaces: IndexSpaces) -> MomentIndex:
    """Make or open the embedded index."""
    rest_client.put_off()
    from retrieval.index.lance import LanceIndex

    return LanceIndex(folder, spaces)


class Library:
    """Opens a home folder; made where it is new. Close it, or use it in a `with` statement.

    Args:
        home: the folder.
        encoders: loaded when first used.
        options: what the user set for ingest.
        make_index: how an index is made in a folder; LanceDB by default.
        make_store: where else than in folders the index lies.
        decoding: the ways into media files.
        forget: takes what leaves the library out of what else is kept of it.

    Raises:
        LibraryUnusable: the folder or its catalogue cannot be used.
    """

    def __init__(
        self,
        home: Path,
        encoders: Encoders,
        options: IngestOptions | None = None,
        make_index: MakeIndex = embedded_index,
        make_store: Callable[[Catalogue], IndexStore] | None = None,
        decoding: Decoding | None = None,
        forget: Forget | None = None,
    ) -> None:
        self.catalogue = Catalogue(home)
        self._encoders = encoders
        self._options = options or IngestOptions()
        self._decoding = decoding
        self._generations = Generations(self.catalogue)
        store = FolderStore(home, make_index) if make_store is None else make_store(self.catalogue)
        self._versions = IndexVersions(self.catalogue, store)
        footage = MediaFootage(self._options.limits)
        self._publisher = Publisher(self.catalogue, self._generations, self._versions, encoders, footage, forget)
        self.searcher = MomentSearcher(self.catalogue, self.index, encoders, self._index_of_words)

    def index(self) -> MomentIndex:
        """Return the index that counts now, to search it: an encoder of pictures that cannot be loaded does no harm.

        What is wrong with what is set is told before an encoder is loaded.
        """
        self._versions.refuse_what_is_off(self._encoders.unset)
        return self._versions.current(self._encoders.spaces_to_search(self._versions.spaces()))

    def _index_of_words(self) -> MomentIndex:
        """Return the index that counts now, for words alone: whatever its vectors are, no encoder is loaded."""
        spaces = self._versions.spaces()
        return self.index() if spaces is None else self._versions.current(spaces)

    def spaces(self) -> IndexSpaces:
        """Return the spaces that the index has with the encoders that are set."""
        return self._encoders.spaces

    def ingest(
        self,
        paths: Sequence[Path],
        collection: str,
        captions: Path | None = None,
        on_progress: OnProgress | None = None,
        on_report: OnReport | None = None,
        drop: Collection[TextKind] = (),
        visible: frozenset[str] = frozenset(),
        is_default: bool = False,
        retry: bool = False,
    ) -> list[FileReport]:
        """Take files and folders of video in; see `retrieval.ingest.pipeline.Ingester.take`."""
        told = (on_progress, on_report, drop, visible, is_default, retry)
        return self.ingester(collection).take(paths, collection, captions, *told)

    def foresee(
        self,
        paths: Sequence[Path],
        collection: str,
        captions: Path | None = None,
        drop: Collection[TextKind] = (),
        visible: frozenset[str] = frozenset(),
        is_default: bool = False,
    ) -> list[Foreseen]:
        """Return what `ingest` would report, as far as that is known before a file is opened; nothing is written."""
        return self._ingester(is_swept=False).foresee(paths, collection, captions, drop, visible, is_default)

    def ingester(self, collection: str) -> Ingester:
        """Return what takes files into a collection, once or again and again, when what ended processes left is swept.

        Raises:
            LibraryUnusable: it would be one collection too many, or its name cannot be one.
        """
        self._check_collection(collection)
        return self._ingester()

    def _ingester(self, is_swept: bool = True) -> Ingester:
        from retrieval.ingest.job import Decoding
        from retrieval.ingest.pipeline import Ingester

        if is_swept:
            self._publisher.sweep()
        decoding = self._decoding or Decoding()
        return Ingester(self.catalogue, self._generations, self._publisher, self._options, decoding)

    def import_annotations(
        self,
        path: Path,
        collection: str,
        on_progress: Callable[[float], None] | None = None,
        of_films: OfFilms = "leave out",
        are_others_new: bool = True,
    ) -> ImportReport:
        """Import moments without media from a captions file; `of_films` says what becomes of captions of films.

        `are_others_new` says whether entries that nothing in the collection is called like become videos.

        Raises:
            InvalidAnnotations: the file is not in the form of ActivityNet Captions.
        """
        self._check_collection(collection)
        from retrieval.ingest.importing import Importer

        importer = Importer(self.catalogue, self._generations, self._publisher, self._ingester().remake)
        return importer.take(path, collection, on_progress, of_films, are_others_new)

    def named_in(self, captions: Path, collection: str) -> NamedFilms:
        """Return what the entries of a captions file name in a collection; raises as `import_annotations`."""
        from retrieval.ingest.annotations import read_annotations
        from retrieval.ingest.importing import named_by

        return named_by(read_annotations(captions, []).values(), self.catalogue, collection)

    def _check_collection(self, name: str) -> None:
        there = self.catalogue.collections()
        if name not in there and (unfit := unfit_collection(name)):
            raise LibraryUnusable(f"{name[:LONGEST_ID]!r} cannot name a collection: it {unfit}", "Give another name.")
        if name not in there and len(there) >= MOST_COLLECTIONS:
            raise LibraryUnusable(f"a library has at most {MOST_COLLECTIONS:,} collections", "Use one that is there.")

    def remove(self, video_id: str, visible: frozenset[str]) -> bool:
        """Take a video out. Copies in other collections stay.

        Returns:
            Whether no byte of it stays; else `compact` erases what does.

        Raises:
            NotInLibrary: there is no such video in a visible collection.
        """
        return self.remove_all([video_id], visible)

    def remove_all(
        self, video_ids: Iterable[str], visible: frozenset[str], tell: Callable[[str], None] = lambda video_id: None
    ) -> bool:
        """Take videos out, and erase once what all of them leave; `tell` is told of each that is out.

        Returns as `remove`.

        Raises:
            NotInLibrary: one of them is in no visible collection; then none is taken out.
        """
        keys = {video_id: self.catalogue.naming.key(video_id, visible) for video_id in video_ids}
        self._publisher.sweep()
        for video_id, key in keys.items():
            self._publisher.remove(key)
            tell(video_id)
        return self._publisher.erase()

    def compact(self) -> bool:
        """Erase all that may be left of what was taken away, also what a restore put aside, however long it takes.

        Returns:
            Whether all is done; other processes that read all the while hinder it.
        """
        self._publisher.sweep()
        return self._publisher.erase(everything=True)

    def put_aside(self) -> list[Path]:
        """Return the folders in which a restore left what was there before: `compact` deletes them."""
        return put_aside(self.catalogue.home)

    def move(self, video_id: str, collection: str, visible: frozenset[str], name: str | None = None) -> str:
        """Put a video with all its texts into a collection, or give it another id there; return its key.

        Raises:
            NotInLibrary: there is no such video in a visible collection.
            AlreadyThere: the collection has the same film, or another video of this id.
        """
        video = self.catalogue.video(video_id, visible)
        is_here = video.entry.collection == collection
        if is_here and name in (None, split_key(video.key)[1]):
            return video.key
        if not is_here and self.catalogue.holding(video.content_hash, collection) is not None:
            raise AlreadyThere(video_id, collection)
        self._check_collection(collection)
        self._publisher.sweep()
        moved = self._publisher.move(video.key, collection, name)
        self._publisher.erase()
        return moved

    def keep_texts(self, video_id: str, visible: frozenset[str]) -> bool:
        """Let a video keep the given texts of its film that belong to no collection yet; tell whether there were any.

        Raises:
            NotInLibrary: there is no such video in a visible collection.
        """
        key = self.catalogue.naming.key(video_id, visible)
        ingester = self._ingester()
        if not self._generations.keep_texts(key):
            return False
        ingester.remake(key)
        self._publisher.settle()
        return True

    def reindex(self, encode: bool = False, tell: Callable[[float], None] = lambda share: None) -> int:
        """Make the index anew from the catalogue and return the number of its moments.

        `encode` has all texts and the keyframes as they lie on disk encoded again. Moments that are due to be made anew
        are. `tell` is told how much is encoded, 0 to 1.
        """
        self._publisher.rebuild(encode=encode, tell=tell)
        ingester = self._ingester()  # sweeps, which a damaged index would not let it do before
        for key in self.catalogue.due():
            ingester.remake(key)
        self._publisher.settle()
        return self.catalogue.moment_count()

    def indexed(self) -> int:
        """Return how many moments the index holds, to be compared with `catalogue.moment_count()`."""
        spaces = self._versions.spaces()
        return 0 if spaces is None else self._versions.current(spaces).count()

    def mend_frames(self) -> tuple[int, dict[str, str]]:
        """Make keyframes anew that are gone or damaged, from the files of their videos.

        Returns:
            How many videos are whole again, and why others are not, by their keys: these stay as they are, and the same
            again mends them once their files are there.
        """
        from retrieval.ingest.mending import mend_frames

        return mend_frames(self.catalogue, self._publisher, self._ingester)

    def damaged_index(self, most: int | None = None) -> str:
        """Return what is damaged of the files of the index, "" where nothing is.

        `most` are the bytes up to which all are read; of a larger index sizes alone are compared.
        """
        return self._versions.damaged(most)

    def close(self) -> None:
        """Release the folder."""
        self._generations.close()
        self.catalogue.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
