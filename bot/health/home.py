"""Checks of what lies in the home folder: databases, copies, keyframes, index. A quick look, or every byte."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.health.check import Check
from bot.rights import owner_sees
from bot.settings import Settings
from retrieval.catalogue import presence

if TYPE_CHECKING:
    from retrieval.catalogue.row_sums import DamagedRow
    from retrieval.catalogue.soundness import Soundness
    from retrieval.library import Library

DATABASE_SECONDS, FRAME_SECONDS, COPY_SECONDS = 3.0, 2.0, 2.0
"""What a quick look takes at most for each database, for all keyframes, and for all copies."""

MADE_ANEW = ("vectors", "banks")
"""Tables of what models made of the others."""

REENCODE = "Run: vdialog reindex --encode"
REINDEX = "Run: vdialog reindex"
FRAMES = "Run: vdialog restore --frames"
"""Connect the disk of the videos first: it says which of them cannot be made anew."""
IMPORT = "There is no undamaged copy here. Import the captions file of these videos again: vdialog import FILE"
OF_CAPTIONS = ("moments", "texts", "given")
"""Tables that are written anew where captions are imported again."""

COPIES = "Run: vdialog backup --renew"
PART = "a part was read, and is undamaged; `vdialog doctor --full` reads all"

Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Closeness:
    """How closely a home is looked at: whether every byte is read, and who is told what is read and how much is done.

    `tell` takes what it is and a share, 0 to 1.
    """

    is_full: bool = False
    tell: Tell = lambda *_: None

    @property
    def seconds(self) -> float | None:
        """What a look into a database may take."""
        return None if self.is_full else DATABASE_SECONDS

    def going_on(self, name: str) -> Callable[[float], bool]:
        """Return what tells of a part of the work, and says whether there is time for more of it."""
        until = time.monotonic() + FRAME_SECONDS

        def go_on(done: float) -> bool:
            self.tell(name, done)
            return self.is_full or time.monotonic() < until

        return go_on


def conversations(settings: Settings, reading: Closeness) -> Check:
    """Check the stored conversations."""
    from bot import bootstrap

    reading.tell("conversations", 0.0)
    with bootstrap.stored_conversations(settings) as store:
        found = store.soundness(reading.seconds)
        if found.said():
            return Check("conversations", "failed", found.said(), _restore(settings.home / bootstrap.CONVERSATIONS))
        kept = f"{len(store.list())} kept"
        return Check("conversations", "ok", kept if found.is_whole else f"{kept}; {PART}")


def copies(settings: Settings, reading: Closeness) -> Check:
    """Check the copies that were made by themselves, as far as there is time for; where all is read, all of each."""
    from bot import bootstrap
    from retrieval.catalogue.soundness import of_file

    found_of = bootstrap.backups(settings)
    kept = [copy for copies in found_of.values() for copy in copies]
    if not kept:
        return Check("copies", "off", "none were made yet; the first is made when something was ingested")
    if not found_of[bootstrap.CATALOGUE]:
        return Check("copies", "warning", "there is none of the library itself", "Run: vdialog backup FOLDER")
    are_whole, until = True, time.monotonic() + COPY_SECONDS
    for place, copy in enumerate(kept):
        reading.tell("copies", place / len(kept))
        share = max(0.1, (until - time.monotonic()) / (len(kept) - place))
        found = of_file(copy.path, None if reading.is_full else share)
        if found.said():
            return Check("copies", "failed", f"{str(copy.path)!r} is damaged: {found.said()}", _renew(settings))
        are_whole &= found.is_whole
    newest, used = max(copy.made for copy in kept), sum(copy.size for copy in kept) / 1e6
    detail = f"{len(kept)} of the library and its conversations, {used:.1f} MB, the newest of {newest:%Y-%m-%d}"
    return Check("copies", "ok", detail if are_whole else f"{detail}; {PART}")


def _renew(settings: Settings) -> str:
    """Return what mends damaged copies: new ones, or where the library is damaged too, what brings that back."""
    from bot import bootstrap
    from retrieval.catalogue.soundness import of_file

    files = [path for name in (bootstrap.CATALOGUE, bootstrap.CONVERSATIONS) if (path := settings.home / name).exists()]
    damaged = next((path for path in files if of_file(path, DATABASE_SECONDS).said()), None)
    return COPIES if damaged is None else _restore(damaged)


def catalogue(library: "Library", reading: Closeness) -> Check:
    """Check the catalogue: each row, and that each video is what was published."""
    from retrieval.catalogue import vocabulary
    from retrieval.types import films

    reading.tell("catalogue", 0.0)
    found = library.catalogue.database.soundness(reading.seconds)
    if found.said():
        return Check("catalogue", "failed", _said(library, found), _mend(library, found))
    if reading.is_full and (changed := library.catalogue.failing()):
        said = f"{_named(library, changed)}: not what was published"
        return Check("catalogue", "failed", said, _restore(library.catalogue.database.path))
    with library.catalogue.database.reading() as connection:
        if reading.is_full and not vocabulary.is_sound(connection):
            return Check("catalogue", "failed", "the counts of words are not those of the texts", REINDEX)
    videos = films(library.catalogue.videos(owner_sees(library.catalogue)))
    state = "undamaged" if found.is_whole else PART
    return Check("catalogue", "ok", f"{len(videos)} videos, {library.catalogue.moment_count()} moments, {state}")


def _said(library: "Library", found: "Soundness") -> str:
    keys = sorted({key for row in found.rows if (key := _video_of(library, row))})
    return f"{found.said()}{': ' + _named(library, keys) if keys else ''}"


def _video_of(library: "Library", row: "DamagedRow") -> str:
    """Return the key of the video that a row belongs to, "" where that is not known."""
    if row.table == "videos":
        return "/".join(map(str, row.key))
    if row.table == "given":
        return str(row.key[0])
    rows = library.catalogue.database.rows("SELECT video_id FROM videos WHERE generation = ?", row.key[:1])
    return str(rows[0][0]) if rows else ""


def _named(library: "Library", keys: list[str]) -> str:
    naming, everything = library.catalogue.naming, owner_sees(library.catalogue)
    return ", ".join(repr(naming.shown(key, everything)) for key in keys[:5])


def _mend(library: "Library", found: "Soundness") -> str:
    is_made_anew = bool(found.rows) and all(row.table in MADE_ANEW for row in found.rows)
    if is_made_anew:
        return REENCODE
    fix = _restore(library.catalogue.database.path)
    return IMPORT if fix == presence.ANEW and _are_imported(library, found) else fix


def _are_imported(library: "Library", found: "Soundness") -> bool:
    """Tell whether all that is damaged is of videos that were imported: their captions can be imported again."""
    videos = [library.catalogue.stored(_video_of(library, row)) for row in found.rows if row.table in OF_CAPTIONS]
    return len(videos) == len(found.rows) > 0 and all(v is not None and v.state == "imported" for v in videos)


def _restore(path: Path) -> str:
    return presence.mend_of(path)


def frames(library: "Library", reading: Closeness) -> Check:
    """Check that the keyframes are there, and where all is read that they are what was written."""
    from retrieval.publishing.lost_frames import lost, marked

    shares = [0.0]
    go_on = reading.going_on("keyframes")

    def told(done: float) -> bool:
        shares.append(done)
        return go_on(done)

    gone = lost(library.catalogue.database, library.catalogue.home / "frames", reading.is_full, told)
    if gone:
        count, videos = sum(map(len, gone.values())), _named(library, [key for key, _ in gone])
        return Check("keyframes", "failed", f"{count} are damaged or gone, of {videos}", FRAMES)
    if without := marked(library.catalogue.database):
        return Check("keyframes", "failed", f"some are gone, of {_named(library, without)}", FRAMES)
    whole = "every picture is as it was written" if reading.is_full else "every picture is there"
    return Check("keyframes", "ok", whole)


def index(library: "Library", reading: Closeness) -> Check:
    """Check the files of the index, and that it holds every moment."""
    reading.tell("index", 0.0)
    if reading.is_full and (found := library.damaged_index()):  # to open it reads as much of it as there is time for
        return Check("index", "failed", f"it is damaged: {found}", REINDEX)
    known = library.catalogue.moment_count()
    indexed = library.index().count() if known else 0
    if indexed != known:
        return Check("index", "failed", f"{indexed} moments of {known} can be searched", REINDEX)
    return Check("index", "ok", f"all {known} moments can be searched")


def other_files(home: Path, reading: Closeness) -> Check:
    """Read what else lies in the home."""
    count = 0
    for path in _others(home):
        reading.tell("other files", 0.0)
        try:
            with path.open("rb") as file:
                while file.read(1 << 20):
                    pass
        except OSError as error:
            fix = "Check the disk, and copy the library to another one: vdialog backup FOLDER"
            return Check("other files", "failed", f"{str(path)!r} cannot be read: {error.strerror}", fix)
        count += 1
    return Check("other files", "ok", f"all {count} can be read")


def _others(home: Path) -> Iterator[Path]:
    for path in sorted(home.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path
