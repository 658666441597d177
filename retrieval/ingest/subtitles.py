"""Subtitle files that lie beside a video: SubRip, WebVTT and (Advanced) SubStation Alpha.

Such files come from everywhere, so reading is tolerant of encodings, numbering and order; what is read is data,
never markup. Subtitle streams inside a video are not read here.
"""

import html
import math
import os
import re
import warnings
from collections.abc import Container, Iterable
from pathlib import Path

import pysubs2
from pysubs2.exceptions import Pysubs2Error

from retrieval.errors import InvalidSubtitles
from retrieval.types import TimedText, TimeSpan

ENDINGS = (".srt", ".vtt", ".ass")

MAX_BYTES = 20 * 2**20
"""Larger files are refused: a whole film's subtitles have some 100 kB."""

MAX_CUES = 30_000
"""More cues are refused: a day and a night of speech have fewer, and reading so many takes a second."""

MAX_CUE = 2_000
"""Characters of one cue that are read; more is not a subtitle but a damaged file."""

ROLLING_GAP = 0.1
"""Seconds between cues within which a repeated line counts as the same one, still standing."""

# A language (`en`, `pt-BR`), perhaps with what subtitles are for: `film.en.sdh.srt`, but not `film.part2.srt`.
_SUFFIX = re.compile(r"(\.[a-z]{2,3}([-_][a-z0-9]{2,8})*)?(\.(forced|sdh|cc|default))?", re.IGNORECASE)
_SUBSTATION = re.compile(r"^\[(Script Info|Events)\]", re.MULTILINE)
_WORD_TIME = re.compile(r"<[\d:.]{5,16}>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u2060\ufeff]")


def sidecars(video: Path) -> list[Path]:
    """Return the subtitle files of a video: in its folder, with its stem and perhaps a language.

    The one without a language comes first. What only has such a name is among them: see `check_ordinary`.
    """
    try:
        found = [path for path in video.parent.iterdir() if belongs(path, video.stem)]
    except OSError:  # the folder went
        return []
    return sorted(found, key=lambda path: (len(path.suffixes), path.name))


def belongs(path: Path, stem: str) -> bool:
    """Tell whether a path has the name of a subtitle file of a video in its folder that has this stem."""
    if path.suffix.lower() not in ENDINGS or not path.name.startswith(stem):
        return False
    return _SUFFIX.fullmatch(path.stem[len(stem) :]) is not None


def belongs_to_one(file: Path, stems: Container[str]) -> bool:
    """Tell whether a subtitle file belongs to one of the videos of its folder, by their stems."""
    stem = file.stem
    while stem:
        if stem in stems and belongs(file, stem):
            return True
        stem = stem.rpartition(".")[0]
    return False


def check_ordinary(path: Path) -> None:
    """Refuse what has the name of a subtitle file and is none that may be read.

    Raises:
        InvalidSubtitles: a folder, a pipe, or a link that leads nowhere, in a circle or out of the folder.
    """
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise InvalidSubtitles(f"{path.name!r} is a link that leads nowhere") from error
    if not target.is_file():
        raise InvalidSubtitles(f"{path.name!r} is not an ordinary file")
    if target.parent != path.parent.resolve():
        raise InvalidSubtitles(f"{path.name!r} is a link that leads out of its folder")


def read_subtitles(path: Path, duration: float | None = None) -> list[TimedText]:
    """Return the cues of a subtitle file in order of time, source `subtitle`.

    Cues without words or with an end at or before the start are left out. Lines that roll on from one cue into
    the next are given once.

    Args:
        path: a file in one of the `ENDINGS`; the content decides over the ending.
        duration: seconds of the video, if known; cues are cut there, and those beyond it left out.

    Raises:
        InvalidSubtitles: the file cannot be read, is too large, or holds no cue at all or too many.
    """
    text = _decode(_read(path))
    count = text.count("-->") + text.count("\nDialogue:")
    if count > MAX_CUES:
        raise InvalidSubtitles(
            f"{path.name!r} has {count:,} cues, too many for one film", f"At most {MAX_CUES:,} are read: divide it."
        )
    try:
        cues = _cues(_events(text))
    except (Pysubs2Error, ValueError, LookupError) as error:
        raise InvalidSubtitles(f"{path.name!r} cannot be read as subtitles: {error}") from error
    if not cues:
        raise InvalidSubtitles(f"{path.name!r} holds no subtitles", "Supported are SubRip, WebVTT and ASS files.")
    limit = math.inf if duration is None else duration
    return _once((start, min(end, limit), lines) for start, end, lines in cues if start < limit)


def start_of(path: Path) -> bytes:
    """Return the size and the bytes of a subtitle file by which a change is told; none of one that cannot be read.

    Of a file that is too large to be read as subtitles, the beginning stands for all.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            return file.read(MAX_BYTES) if size <= MAX_BYTES else b"%d " % size + file.read(2**16)
    except OSError:
        return b"unreadable"


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > MAX_BYTES:
                raise InvalidSubtitles(
                    f"{path.name!r} is too large for subtitles", f"At most {MAX_BYTES // 2**20} MB are read."
                )
            return file.read(MAX_BYTES)
    except OSError as error:
        raise InvalidSubtitles(f"{path.name!r} cannot be read: {error.strerror}") from error


def _decode(raw: bytes) -> str:
    """Decode by byte order mark, else UTF-16 by its zero bytes, else UTF-8, else the Western code page."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", "replace")
    elif raw[1:400:2].count(0) > len(raw[1:400:2]) // 2:
        text = raw.decode("utf-16-le", "replace")
    elif raw[:400:2].count(0) > len(raw[:400:2]) // 2:
        text = raw.decode("utf-16-be", "replace")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", "replace")
    return _UNPRINTED.sub("", re.sub(r"\r\n?", "\n", text))


def _events(text: str) -> list[pysubs2.SSAEvent]:
    if _SUBSTATION.search(text):
        return _parse(text, "ssa" if "[V4 Styles]" in text else "ass")
    plain = _WORD_TIME.sub("", text)  # two word times in a line of words look like a line of times
    if plain.lstrip().startswith("WEBVTT"):
        return _parse(_timed_blocks(plain), "vtt")
    plain = re.sub(r"\n{3,}", "\n\n", plain)
    return _parse(plain, "srt") or _parse(plain, "vtt")  # times without hours are WebVTT's


def _parse(text: str, form: str) -> list[pysubs2.SSAEvent]:
    # Tags are kept here and taken out in `_lines`, where the pattern is bounded.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a field of style that makes no sense: of no matter here
        read = pysubs2.SSAFile.from_string(text, format_=form, keep_html_tags=True)
    for event in read:
        event.text = event.text[:MAX_CUE]
    return [event for event in read if event.is_text]


def _timed_blocks(text: str) -> str:
    """Keep of each block of WebVTT what follows its name: styles, notes and names are not words on screen."""
    blocks = (block.split("\n") for block in re.split(r"\n{2,}", text))
    kept = []
    for lines in blocks:
        timed = next((n for n, line in enumerate(lines) if "-->" in line), None)
        if timed is not None:
            kept.append("\n".join(lines[timed:]))
    return "\n\n".join(kept)


def _cues(events: Iterable[pysubs2.SSAEvent]) -> list[tuple[float, float, list[str]]]:
    """Return start and end in seconds and the lines of each cue that can be seen, in order of time."""
    cues = []
    for event in events:
        start, end = max(0.0, event.start / 1000), event.end / 1000
        lines = _lines(event.plaintext)
        if lines and start < end:
            cues.append((start, end, lines))
    return sorted(cues, key=lambda cue: cue[:2])


def _lines(text: str) -> list[str]:
    lines = html.unescape(_TAG.sub("", text)).split("\n")
    return [" ".join(line.split()) for line in lines if line.strip()]


def _once(cues: Iterable[tuple[float, float, list[str]]]) -> list[TimedText]:
    """Join cues that repeat the one before them, and leave out the lines that only stand on from it."""
    texts: list[TimedText] = []
    standing: list[str] = []
    for start, end, lines in cues:
        touches = bool(texts) and start <= texts[-1].span.end + ROLLING_GAP
        fresh = lines[_standing_on(standing, lines) :] if touches else lines
        standing = lines
        if fresh:
            texts.append(TimedText(TimeSpan(start, end), " ".join(fresh), "subtitle"))
        else:
            last = texts[-1]
            texts[-1] = TimedText(TimeSpan(last.span.start, max(last.span.end, end)), last.text, "subtitle")
    return texts


def _standing_on(before: list[str], lines: list[str]) -> int:
    """Return how many first lines are the last ones of the cue before."""
    return next((n for n in range(min(len(before), len(lines)), 0, -1) if before[-n:] == lines[:n]), 0)
