"""The texts that a person gave to a video: captions, and the subtitle files beside it.

They are kept as they were given, apart from the moments made of them: what is not given again is not withdrawn, and
nothing of it passes to a copy in another collection. What was set aside when a film of several collections became a
video of each belongs to no collection until its owner chooses one.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from sqlite3 import Connection, Row
from typing import Literal

from retrieval.catalogue import checksums, row_sums
from retrieval.types import TextKind, TextSource, TimedText, TimeSpan

GivenKind = Literal["captions", "subtitles"]
SOURCES: dict[GivenKind, TextSource] = {"captions": "caption", "subtitles": "subtitle"}

ASIDE = "its given texts belong to no collection yet: `vdialog videos keep-texts` chooses one"


@dataclass(frozen=True, slots=True)
class Given:
    """Texts that a person gave. Times are seconds as they were given; they may reach beyond the video.

    Attributes:
        captions: from a captions file, in its order.
        subtitles: the cues of each subtitle file, by what its name has more than the video's, such as `.en.srt`, or by
            its path where it lies beside another name of the video; "" where that is not known.
        digests: the hash of each of these files, so that one that did not change is not read again.
        further: captions of other names of the video, by their paths.
    """

    captions: tuple[TimedText, ...] = ()
    subtitles: Mapping[str, tuple[TimedText, ...]] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict, compare=False)
    further: Mapping[str, tuple[TimedText, ...]] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[TextKind, ...]:
        """The kinds of text that there are."""
        there: dict[TextKind, bool] = {"captions": bool(self.sentences), "subtitles": any(self.subtitles.values())}
        return tuple(kind for kind, is_there in there.items() if is_there)

    @property
    def sentences(self) -> tuple[TimedText, ...]:
        """All captions, name by name; the same ones given to several names stand once."""
        named = (self.captions, *(self.further[name] for name in sorted(self.further)))
        return tuple(text for texts in dict.fromkeys(named) for text in texts)

    @property
    def cues(self) -> tuple[TimedText, ...]:
        """All subtitles, file by file."""
        return tuple(cue for name in sorted(self.subtitles) for cue in self.subtitles[name])


def given_of(db: Connection, key: str) -> Given:
    """Return what was given to a video."""
    found = _read(db.execute("SELECT * FROM given WHERE video_id = ? ORDER BY kind, file, place", (key,)))
    files = db.execute("SELECT file, digest FROM given_files WHERE video_id = ?", (key,))
    return replace(found, digests={row["file"]: row["digest"] for row in files})


def aside(db: Connection, content_hash: str) -> Given:
    """Return the given texts of a film that belong to no collection yet."""
    query = "SELECT * FROM set_aside WHERE content_hash = ? ORDER BY kind, file, place"
    return _read(db.execute(query, (content_hash,)))


def write_given(db: Connection, key: str, given: Given) -> None:
    """Write what is given to a video, instead of what was."""
    db.execute("DELETE FROM given WHERE video_id = ?", (key,))
    db.execute("DELETE FROM given_files WHERE video_id = ?", (key,))
    row_sums.forget(db, "given", key)
    db.executemany("INSERT INTO given VALUES (?, ?, ?, ?, ?, ?, ?)", ((key, *row) for row in _rows(given)))
    db.executemany("INSERT INTO given_files VALUES (?, ?, ?)", ((key, *file) for file in given.digests.items()))


def move_given(db: Connection, key: str, moved: str) -> None:
    """Let what was given to a video, and its other names, be given to it under its new key."""
    for table in ("given", "given_files", "other_names"):
        db.execute(f"UPDATE {table} SET video_id = ? WHERE video_id = ?", (moved, key))


def write_aside(db: Connection, content_hash: str, given: Given) -> None:
    """Set given texts of a film aside, instead of what was; with none, nothing of it is set aside any more."""
    db.execute("DELETE FROM set_aside WHERE content_hash = ?", (content_hash,))
    db.executemany("INSERT INTO set_aside VALUES (?, ?, ?, ?, ?, ?, ?)", ((content_hash, *r) for r in _rows(given)))


def choose(db: Connection, key: str) -> bool:
    """Give a video the texts of its film that were set aside, if there are any; tell whether.

    Its moments are to be made anew then, and nothing is missing of its copies any more.
    """
    row = db.execute("SELECT content_hash FROM videos WHERE video_id = ?", (key,)).fetchone()
    found = Given() if row is None else aside(db, row["content_hash"])
    if not found.kinds:
        return False
    held = given_of(db, key)
    write_given(
        db, key, replace(held, captions=held.captions or found.captions, subtitles=held.subtitles or found.subtitles)
    )
    write_aside(db, row["content_hash"], Given())
    query = "SELECT generation FROM videos WHERE content_hash = ? AND note = ?"
    waiting = [video["generation"] for video in db.execute(query, (row["content_hash"], ASIDE))]
    sound = [generation for generation in waiting if checksums.is_sound(db, generation)]
    query = "UPDATE videos SET note = '', state = 'complete' WHERE content_hash = ? AND note = ?"
    db.execute(query, (row["content_hash"], ASIDE))
    db.execute("UPDATE videos SET inputs = '' WHERE video_id = ?", (key,))
    for generation in sound:
        checksums.note(db, generation)
    return True


def give_captions(db: Connection, key: str, captions: tuple[TimedText, ...], name: str = "") -> bool:
    """Give captions to a video, instead of those it has; tell whether they are others.

    Its moments are to be made anew then. `name` is the path of another name of it that they are for.
    """
    held = given_of(db, key)
    if (held.further.get(name, ()) if name else held.captions) == captions:
        return False
    given = replace(held, further={**held.further, name: captions}) if name else replace(held, captions=captions)
    row = db.execute("SELECT generation FROM videos WHERE video_id = ?", (key,)).fetchone()
    is_sound = checksums.is_sound(db, row["generation"])
    write_given(db, key, given)
    db.execute("UPDATE videos SET inputs = '' WHERE video_id = ?", (key,))
    if is_sound:
        checksums.note(db, row["generation"])
    return True


def inputs_hash(pipeline: str, content: str, given: Given, speech: str | None, describer: str | None) -> str:
    """Return a digest of all that moments are made from.

    Args:
        pipeline: the version of how they are made.
        content: the hash of the media's bytes.
        given: what a person gave.
        speech: the model that understood what is spoken.
        describer: the model that described frames.
    """
    digest = hashlib.sha256(repr((pipeline, content, speech, describer)).encode("utf-8", "surrogatepass"))
    for row in _rows(given):
        digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _rows(given: Given) -> Iterator[tuple[str, str, int, float, float, str]]:
    files = [
        ("captions", "", given.captions),
        *(("captions", name, given.further[name]) for name in sorted(given.further)),
        *(("subtitles", name, given.subtitles[name]) for name in sorted(given.subtitles)),
    ]
    for kind, name, texts in files:
        for place, text in enumerate(texts):
            yield kind, name, place, text.span.start, text.span.end, text.text


def _read(rows: Iterable[Row]) -> Given:
    captions: dict[str, list[TimedText]] = {}
    subtitles: dict[str, list[TimedText]] = {}
    for row in rows:
        text = TimedText(TimeSpan(row["start"], row["end"]), row["text"], SOURCES[row["kind"]])
        (captions if row["kind"] == "captions" else subtitles).setdefault(row["file"], []).append(text)
    own = tuple(captions.pop("", ()))
    return Given(own, {n: tuple(t) for n, t in subtitles.items()}, further={n: tuple(t) for n, t in captions.items()})
