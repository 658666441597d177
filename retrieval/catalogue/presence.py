"""Which databases a folder holds, so that one that is gone is not taken for one that is yet to be made."""

import os
from contextlib import suppress
from pathlib import Path

from retrieval.catalogue import soundness
from retrieval.errors import LibraryDamaged

LIST = "databases.txt"
"""A file beside the databases that names them, a line for each."""

RESTORE = "Restore the newest copy: vdialog restore"
ANEW = (
    "There is no undamaged copy here; from one of your own: vdialog restore FOLDER. "
    "To begin anew, with what is left kept aside: vdialog restore --anew"
)
LOOK_SECONDS = 2.0
"""What a look into a copy may take."""

LEFT = {"catalogue.db": ("frames/*/*",)}
"""What a database leaves when it goes, beside its copies."""


def check_there(path: Path) -> None:
    """Refuse to make a database anew where it was before.

    Raises:
        LibraryDamaged: it is gone, or empty.
    """
    if found := missing(path):
        raise LibraryDamaged(f"{str(path)!r} {found}", mend_of(path))


def missing(path: Path) -> str:
    """Return what became of a database that is gone or empty although it was made, "" where all is well."""
    if path.is_file() and path.stat().st_size:
        return ""
    left = (f"backups/{path.stem}-*.db", *LEFT.get(path.name, ()))
    if path.name in _listed(path.parent) or any(True for pattern in left for _ in path.parent.glob(pattern)):
        return "is empty" if path.is_file() else "is gone"
    return ""


def mend_of(path: Path) -> str:
    """Return the command that brings a database back; copies are looked at as far as there is time for."""
    copies = sorted(path.parent.glob(f"backups/{path.stem}-*.db"), reverse=True)
    return RESTORE if any(not soundness.of_file(copy, LOOK_SECONDS).said() for copy in copies) else ANEW


def note_there(path: Path) -> None:
    """Note that a database was made; a folder that cannot be written is left as it is."""
    listed = _listed(path.parent)
    if path.name not in listed:
        unfinished = path.with_name(f"{LIST}.{os.getpid()}.part")
        with suppress(OSError):
            unfinished.write_text("".join(f"{name}\n" for name in sorted({*listed, path.name})))
            os.replace(unfinished, path.with_name(LIST))


def _listed(folder: Path) -> frozenset[str]:
    try:
        return frozenset((folder / LIST).read_text(errors="replace").split("\n")) - {""}
    except OSError:
        return frozenset()
