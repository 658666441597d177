"""What files are called in tables and reports: by their names; where these are equal, by the folder that differs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path


def told_apart(paths: Iterable[Path]) -> Mapping[Path, str]:
    """Return the shortest end of each path that no other has: `intro.mp4`, or `a/intro.mp4` beside `b/intro.mp4`."""
    names: dict[Path, str] = {}
    left = list(dict.fromkeys(paths))
    parts = 1
    while left:
        ends: dict[tuple[str, ...], list[Path]] = defaultdict(list)
        for path in left:
            ends[path.parts[-parts:]].append(path)
        left = []
        for end, same in ends.items():
            for path in same:
                if len(same) == 1 or parts >= len(path.parts):
                    names[path] = str(Path(*end)) if end else str(path)
                else:
                    left.append(path)
        parts += 1
    return names
