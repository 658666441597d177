"""Which file each entry of a captions file is for: by a path, by a name with its ending, or by a name alone.

What says more goes before what says less: where `boat.mp4` has an entry, `boat` is for the other files of that name.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.errors import UnreadableMedia
from retrieval.ingest.annotations import Annotation, read_annotations
from retrieval.ingest.sources import Hashes
from retrieval.types import in_a_row

NAMED = 5
"""How many names of a long list are said."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of the entries of a captions file: by file, those of no file, and those of several different ones."""

    of_file: Mapping[Path, Annotation] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    unclear: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)

    def said(self) -> tuple[str, ...]:
        """Return what is wrong with the entries that no file got."""
        names = [f"no file is named like these videos of it: {in_a_row(self.unused, NAMED)}"] if self.unused else []
        return (*names, *(f"{key!r} fits {_listed(paths)}" for key, paths in self.unclear.items()))


def assign(
    annotations: Mapping[str, Annotation], found: Iterable[Path], are_one: Callable[[Sequence[Path]], bool]
) -> Assigned:
    """Return which of these files each entry is for.

    Args:
        annotations: by their keys.
        found: the files.
        are_one: tells whether several files hold the same film; to all of these a key may be.
    """
    files = list(found)
    best: dict[Path, tuple[int, str]] = {}
    for key, fits in _fitting(annotations, files):
        for path, says in fits:
            best[path] = max(best.get(path, (-1, "")), (says, key))
    chosen: dict[str, list[Path]] = defaultdict(list)
    for path, (_, key) in best.items():
        chosen[key].append(path)
    unclear = {key: tuple(paths) for key, paths in chosen.items() if len(paths) > 1 and not are_one(paths)}
    of_file = {path: annotations[key] for path, (_, key) in best.items() if key not in unclear}
    return Assigned(of_file, tuple(key for key in annotations if key not in chosen), unclear)


def read_for(captions: Path | None, found: Sequence[Path], hashes: Hashes) -> tuple[Mapping[Path, Annotation], str]:
    """Return what a captions file holds of each of these files, and what is wrong with the rest of it.

    Raises:
        InvalidAnnotations: it is not in the form of ActivityNet Captions.
    """
    if captions is None:
        return {}, ""
    wrong: list[str] = []

    def are_one(paths: Sequence[Path]) -> bool:
        try:
            return len(set(map(hashes.of, paths))) == 1
        except UnreadableMedia:
            return False

    became = assign(read_annotations(captions, wrong), found, are_one)
    return became.of_file, "; ".join((*became.said(), *wrong[:NAMED]))


def _fitting(keys: Iterable[str], files: Iterable[Path]) -> Iterator[tuple[str, list[tuple[Path, int]]]]:
    """Yield each key with the files that it fits, and how many parts of their paths it says; 0 for a bare name."""
    named, bare = defaultdict[str, list[Path]](list), defaultdict[str, list[Path]](list)
    for path in files:
        named[path.name].append(path)
        bare[path.stem].append(path)
    for key in keys:
        parts = Path(key).parts or (key,)
        exact = [path for path in named[parts[-1]] if path.absolute().parts[-len(parts) :] == parts]
        yield key, [(path, len(parts)) for path in exact] or [(path, 0) for path in bare[key]]


def _listed(paths: Sequence[Path]) -> str:
    """Return the shortest ends of paths that say which is meant, as a key can have them."""
    if len({path.name for path in paths}) == len(paths):
        ends = [path.name for path in paths]
    else:
        whole = [path.absolute() for path in paths]
        above = os.path.commonpath([path.parent for path in whole])
        ends = [os.path.relpath(path, above) for path in whole]
    return f"{len(paths)} files and was given to none; write which it is for: {in_a_row([*map(repr, ends)], NAMED)}"
