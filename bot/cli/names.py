"""What files and videos are called where they are shown: by their names; where these are equal, by what differs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.catalogue.catalogue import Catalogue


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


def titles_apart(catalogue: "Catalogue", visible: frozenset[str]) -> Mapping[str, str]:
    """Return what to show for those videos whose title another visible one has, by id: `b/intro` beside `a/intro`."""
    shared = catalogue.naming.shared_titles(visible)
    if not shared:
        return {}
    alike = [video for video in catalogue.videos(visible) if video.title in shared]
    apart = told_apart(video.entry.path for video in alike if video.entry.path is not None)
    return {video.video_id: _titled(video.title, apart[video.entry.path]) for video in alike if video.entry.path}


def _titled(title: str, name: str) -> str:
    """Return a title with the folders of a name that is told apart; the name itself where its ending alone differs."""
    folder = Path(name).parent
    return name if folder == Path() else str(folder / title)
