"""Publishing: drafts are encoded, written to the index, and committed; only then are they seen.

The order is what makes it safe to stop at any point: the generation is reserved (hidden), index rows carry it, the
catalogue commits, and what was replaced is swept. Whatever a killed process left is found by its generation.
Why: docs/decisions/publishing.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.catalogue import banks, erasures, vectors
from retrieval.catalogue.backups import Backups
from retrieval.catalogue.banks import Bank
from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.vectors import StoredVideo
from retrieval.encoders.base import WordEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.errors import NotInLibrary
from retrieval.index.base import MomentIndex, VideoRows
from retrieval.index.spaces import dumped, loaded
from retrieval.publishing import encoding, rows
from retrieval.publishing.clips import Footage
from retrieval.publishing.drafts import Draft
from retrieval.publishing.encoding import VectorCache
from retrieval.publishing.erasing import Eraser, Forget
from retrieval.publishing.generations import Generations, StaleGeneration
from retrieval.publishing.stages import Stages
from retrieval.publishing.versions import IndexVersions
from retrieval.searching import hubness
from retrieval.spaces import TEXT, IndexSpaces, PlacedVectors, Space, SpaceKind
from retrieval.types import Video

_SPACES, _BEGUN = "spaces", "spaces_begun"
"""What is noted in the catalogue: the spaces whose vectors count, and those whose vectors are being made."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to take a video in: its finished stages, a video of the same bytes, and who is told."""

    stages: Stages
    before: Video | None
    tell: Callable[[str, float], None]


class Publisher:
    """Puts videos into the library and takes them out again.

    Args:
        footage: the way into media files, for encoders of clips; without one they see keyframes.
        forget: takes what leaves the library out of what else is kept of it.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        generations: Generations,
        index: IndexVersions,
        encoders: Encoders,
        footage: Footage | None = None,
        forget: Forget | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._generations = generations
        self._index = index
        self._encoders = encoders
        self._footage = footage
        self._backups = Backups(catalogue.database.path)
        self._eraser = Eraser(catalogue, generations, index, forget)

    def publish(self, drafts: Sequence[Draft], attempt: Attempt | None = None) -> None:
        """Encode and publish these videos; each becomes visible whole.

        Args:
            drafts: the videos.
            attempt: where vectors are kept as they are made, for a single draft.
        """
        memory = self._memory(attempt)
        encoded = list(zip(drafts, encoding.encode(self._encoders, drafts, memory, self._footage), strict=True))
        with self._index.writing():
            spaces = self._encoders.spaces
            index = self._index.current(spaces)
            self._index.claim(self._generations)
            self._generations.note(_SPACES, dumped(spaces))
            held = banks.load_banks(self._catalogue.database)
            index.upsert([self._rows(draft, placed, spaces, held) for draft, placed in encoded])
            self._forget(self._generations.commit(encoded))

    def _memory(self, attempt: Attempt | None) -> VectorCache | None:
        if attempt is None:
            return None
        held = self._catalogue.meta(_SPACES)
        if attempt.before is None or not held:
            return VectorCache(attempt.stages, {}, attempt.tell)
        known = (self._catalogue, attempt.before.key, loaded(held), self._encoders.spaces)
        return VectorCache(
            attempt.stages, encoding.reusable_vectors(*known), attempt.tell, encoding.reusable_texts(*known)
        )

    def remove(self, key: str) -> None:
        """Take a video out; `erase` sees that nothing of it stays."""
        with self._index.writing():
            self._forget(self._generations.remove(key))

    def move(self, key: str, collection: str, name: str | None = None) -> str:
        """Put a video with all its texts into a collection, or give it this id there, and return its new key.

        Raises:
            NotInLibrary: the video is gone.
            AlreadyThere: the id is another video's.
        """
        with self._index.writing():
            kept = vectors.stored_video(self._catalogue, key)
            if kept is None:
                raise NotInLibrary(f"there is no video {key!r} any more", "`vdialog videos list` shows what is there.")
            reserved = self._generations.reserve_move(key, kept.content_hash, collection, name)
            self._generations.take_frames(kept.generation, reserved.generation)
            moved = replace(kept, video_id=reserved.video_id, generation=reserved.generation, collection=collection)
            self._write(moved)
            self._forget(self._generations.move(key, reserved))
            return reserved.video_id

    def sweep(self) -> None:
        """Delete what processes that ended left behind, and erase what they took away."""
        with self._index.writing():
            self._forget(self._generations.abandoned())
        self.erase()

    def erase(self, everything: bool = False) -> bool:
        """Erase the bytes of what left the library; tell whether all of it is done.

        In a large library `everything` does it, which erases also what a restore put aside, and makes an index on a
        server anew, so that the old one is deleted there.
        """
        if everything and not self._index.is_in_home:
            self.rebuild()
        was_waiting = everything or erasures.are_waiting(self._catalogue.database)
        with self._index.writing():
            erase = self._eraser.everything if everything else self._eraser.erase
            is_done = erase(self._held_spaces())
            if is_done and was_waiting:
                self._backups.keep()  # the copies went with what was erased
        return is_done

    def settle(self, has_written: bool = True) -> None:
        """Draw the banks of sentences that are due anew; after writes, bring the index to its best, and keep a copy.

        A bank is due without writes where the process that made them was killed.
        """
        held = banks.load_banks(self._catalogue.database)
        counts = vectors.sentence_counts(self._catalogue)
        due = [name for name, count in counts.items() if hubness.is_due(held.get(name), count)]
        if held.keys() - counts.keys():
            banks.keep_banks(self._catalogue.database, counts)
        if due:
            self.rebuild(due)
        elif has_written:
            with self._index.writing():
                self._index.optimize(self._encoders.spaces, self._generations)
        self.erase()
        if has_written:
            with self._index.writing():  # no copy is made of what is erased meanwhile
                self._backups.keep()

    def rebuild(
        self,
        new_banks: Iterable[str] = (),
        encode: bool = False,
        tell: Callable[[float], None] = lambda share: None,
    ) -> int:
        """Make the index anew from the catalogue and return the number of its moments.

        What other encoders are set for than the vectors were made with is encoded again first; with `encode`,
        everything: texts, keyframes as they lie on disk, and clips from their media where it is still there. The banks
        of these collections are drawn anew. `tell` is told how much is encoded, 0 to 1.
        """
        with self._index.writing():
            wanted = {*new_banks, *self._renew_vectors(encode, tell)}
            for collection in sorted(wanted):
                banks.save_bank(self._catalogue.database, collection, self._draw(collection))
            held = banks.load_banks(self._catalogue.database)
            found = (vectors.stored_video(self._catalogue, video) for video in vectors.video_ids(self._catalogue))
            spaces = self._encoders.spaces
            self._generations.recount()
            made = (rows.build(video, spaces, held.get(video.collection)) for video in found if video is not None)
            return self._index.rebuild(spaces, made, self._generations).count()

    def _renew_vectors(self, encode: bool, tell: Callable[[float], None]) -> Iterable[str]:
        """Encode again what is wanted or has another encoder than before; return the collections whose bank is old."""
        spaces, noted = self._encoders.spaces, self._catalogue.meta(_SPACES)
        held = loaded(noted) if noted else spaces
        kinds = [kind for kind in dict(spaces.held + held.held) if encode or held.space(kind) != spaces.space(kind)]
        if (
            TEXT not in kinds
            and isinstance(self._encoders.text, WordEncoder)
            and vectors.without_words(self._catalogue)
        ):
            kinds.append(TEXT)
        if not kinds:
            return ()
        new = {} if encode else {kind: space for kind, space in spaces.held if kind in kinds and not held.space(kind)}
        self._begin(new)
        encoding.reencode(self._catalogue, self._encoders, kinds, self._footage, new, tell)
        self._generations.note(_SPACES, dumped(spaces))
        counts = vectors.sentence_counts(self._catalogue)
        return [name for name in banks.load_banks(self._catalogue.database) if name in counts] if TEXT in kinds else ()

    def _begin(self, new: Mapping[SpaceKind, Space]) -> None:
        """Keep what a killed process left of the vectors of new spaces, if it was of the same ones.

        Nobody reads the vectors of a space that is not noted, so they may be incomplete.
        """
        begun = dumped(IndexSpaces.of(new))
        if new and self._catalogue.meta(_BEGUN) != begun:
            with self._catalogue.database.writing() as db:
                for kind in new:
                    vectors.forget(db, kind)
            self._generations.note(_BEGUN, begun)

    def _draw(self, collection: str) -> Bank:
        everything = vectors.sentences(self._catalogue, collection)
        drawn = [everything[place] for place in hubness.chosen([moment for moment, _, _, _ in everything])]
        found = vectors.caption_vectors(self._catalogue, [(generation, number) for _, _, generation, number in drawn])
        bank = Bank(found, tuple(video for _, video, _, _ in drawn), len(everything))
        few = drawn[:: -(-len(drawn) // hubness.MEASURED)]
        contexts = vectors.context_vectors(self._catalogue, [(generation, number) for _, _, generation, number in few])
        pairs = zip(contexts, few, strict=True)
        measured = [hubness.hubness(context[None], video, bank)[0] for context, (_, video, _, _) in pairs]
        return replace(bank, mean=float(np.mean(measured)))

    def _forget(self, remains: Sequence[StaleGeneration]) -> None:
        if remains:
            self._held().delete([left.video_id for left in remains], [left.generation for left in remains])
            self._generations.forget(remains)

    def _held_spaces(self) -> IndexSpaces:
        """Return the spaces of the index as it is, without loading an encoder where it is there already."""
        return self._index.spaces() or self._encoders.spaces

    def _held(self) -> MomentIndex:
        return self._index.current(self._held_spaces())

    def _write(self, kept: StoredVideo) -> None:
        bank = banks.load_banks(self._catalogue.database).get(kept.collection)
        self._held().upsert([rows.build(kept, self._held_spaces(), bank)])

    def _rows(self, draft: Draft, placed: PlacedVectors, spaces: IndexSpaces, held: Mapping[str, Bank]) -> VideoRows:
        return rows.build(draft.kept(placed), spaces, held.get(draft.entry.collection))
