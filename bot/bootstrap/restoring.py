"""A library brought back from a copy: what that would do, and doing it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bootstrap import CATALOGUE, CONVERSATIONS, backups, library
from bot.settings import Settings

if TYPE_CHECKING:
    from retrieval.publishing.comparing import Difference
    from retrieval.publishing.restoring import Restored


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """What a restore would do.

    Attributes:
        copies: by the names of the files that they replace.
        folder: that `back_up` made; None for copies made by themselves.
        made: when each copy was made.
        changes: what goes and comes back, by the same names; None where that cannot be read.
        replaced: the files that are there now.
    """

    copies: Mapping[str, Path]
    folder: Path | None
    made: Mapping[str, datetime]
    changes: "Mapping[str, Difference | None]"
    replaced: tuple[str, ...]


def plan_restore(settings: Settings, folder: Path | None, only: str | None) -> RestorePlan | None:
    """Return what a restore would do; None where nothing is damaged. Nothing is changed.

    Args:
        settings: say where the library is.
        folder: a folder that `back_up` made; None for the copies that were made by themselves, of what is damaged.
        only: the name of the one file that is wanted; of the copies made by themselves also where it is undamaged.

    Raises:
        LibraryUnusable: there is no copy, or none that is undamaged.
    """
    from retrieval.publishing.comparing import difference

    copies = _copies(settings, folder, only)
    if not copies:
        return None
    made = {copy.path: copy.made for kept in backups(settings).values() for copy in kept}
    return RestorePlan(
        copies,
        folder,
        {name: made.get(path) or datetime.fromtimestamp(path.stat().st_mtime, UTC) for name, path in copies.items()},
        {name: difference(settings.home / name, path) for name, path in copies.items()},
        tuple(name for name in copies if (settings.home / name).exists()),
    )


def restore(settings: Settings, plan: RestorePlan) -> "Restored":
    """Bring back what was planned; return what became of the library.

    Raises:
        LibraryUnusable: a copy is damaged, or another process works with the library.
    """
    from bot.rights import owner_sees
    from retrieval.publishing.restoring import restore

    restored = restore(settings.home, plan.copies, None if plan.folder is None else plan.folder / "frames")
    if CATALOGUE in plan.copies:
        with library(settings) as opened:
            opened.reindex()
            naming, everything = opened.catalogue.naming, owner_sees(opened.catalogue)
            restored = replace(restored, incomplete=tuple(naming.shown(key, everything) for key in restored.incomplete))
    return restored


def _copies(settings: Settings, folder: Path | None, only: str | None) -> dict[str, Path]:
    """Return the copies to be brought back, by the names of the files that they replace."""
    from retrieval.catalogue.backups import damage
    from retrieval.catalogue.presence import ANEW, missing
    from retrieval.errors import LibraryUnusable

    names = (CATALOGUE, CONVERSATIONS) if only is None else (only,)
    if folder is not None:
        copies = {name: folder / name for name in names if (folder / name).is_file()}
        if not copies:
            raise LibraryUnusable(f"there is no copy in {str(folder)!r}", "`vdialog backup FOLDER` makes one.")
        return copies
    kept = backups(settings)
    files = {name: settings.home / name for name in names}
    wanted = [name for name, file in files.items() if only or missing(file) or (file.is_file() and damage(file))]
    sound = {name: next((copy.path for copy in kept[name] if not damage(copy.path)), None) for name in wanted}
    for name, copy in sound.items():
        if copy is None:
            raise LibraryUnusable(f"there is no sound copy of {str(settings.home / name)!r} in the library", ANEW)
    return {name: copy for name, copy in sound.items() if copy is not None}
