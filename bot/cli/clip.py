"""`vdialog clip`: cut a moment, or any span, out of its video."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, time
from bot.cli.output import emit, say
from bot.errors import UsageError
from bot.untrusted import inert_name

if TYPE_CHECKING:
    from bot.settings import Settings
    from retrieval.catalogue.catalogue import Catalogue
    from retrieval.ingest.cutting import Clip
    from retrieval.types import TimeSpan, Video


@dataclass(frozen=True, slots=True)
class Source:
    """A span of a video's file."""

    video_id: str
    path: Path
    span: "TimeSpan"


def clip(
    what: Annotated[
        str, typer.Argument(metavar="MOMENT_ID_OR_SPAN", help="squirrel:1, squirrel@2.5-6 or squirrel@00:02-00:06")
    ],
    target: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", dir_okay=False, help="The file to write.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace FILE where it exists.")] = False,
    as_json: AsJson = False,
) -> None:
    """Cut a moment or a span out of its video."""
    from bot import bootstrap, settings

    chosen = settings.load()
    if not target.absolute().parent.is_dir():
        raise UsageError(f"the folder {str(target.absolute().parent)!r} does not exist", "Make it first.")
    with bootstrap.catalogue(chosen) as catalogue:
        source = find(what, catalogue)
    made = cut(chosen, source, target, overwrite)
    if as_json:
        emit(clip_data(source, made))
    else:
        say(said(source, made))


def cut(chosen: "Settings", source: Source, target: Path, overwrite: bool = False) -> "Clip":
    """Cut a span out of a video's file.

    Raises:
        UsageError: the target is there already, or its suffix is not that of a video.
        UnreadableMedia: the file cannot be read.
    """
    from bot import bootstrap

    try:
        return bootstrap.cut_clip(chosen, source.path, source.span, target, overwrite)
    except (FileExistsError, ValueError) as error:
        raise UsageError(str(error), "Give another FILE; --overwrite replaces one, but never the video.") from error


def clip_data(source: Source, made: "Clip") -> dict[str, object]:
    """Return a clip in the shape that `clip --json` prints."""
    return {
        "path": str(made.path.absolute()),
        "video_id": source.video_id,
        "start": made.start,
        "end": made.end,
        "copied": made.copied,
    }


def said(source: Source, made: "Clip") -> str:
    """Return what to say of a clip that was made."""
    how = "copied as it is" if made.copied else "encoded again"
    return f"Wrote {made.path}: {made.start:.2f} to {made.end:.2f} s of {inert_name(source.video_id)}, {how}."


def find(what: str, catalogue: "Catalogue") -> Source:
    """Return the file and the span that a moment id or a `VIDEO@START-END` names.

    Raises:
        NotInLibrary: there is no such moment or video.
        UsageError: the video has no file, or its file is gone.
        InvalidSpan: the end is not after the start.
    """
    from retrieval.types import TimeSpan

    visible = catalogue.collections()
    video_id, at, times = what.rpartition("@")
    if at:
        start, dash, end = times.partition("-")
        if not dash:
            raise UsageError(f"{times!r} is not a span", "Write VIDEO@START-END, e.g. squirrel@00:02-00:06.")
        span = TimeSpan(time(start), time(end))
    else:
        moment = catalogue.moment(what, visible)
        video_id, span = moment.video_id, moment.span
    return Source(video_id, file_of(catalogue.video(video_id, visible)), span)


def file_of(video: "Video") -> Path:
    """Return where a video's file is now.

    Raises:
        UsageError: the video has no file, or its file is gone.
    """
    from retrieval.ingest.relink import media

    if video.state == "imported":
        raise UsageError(
            f"video {video.video_id!r} was imported without media", "Only videos with a file can be cut or played."
        )
    here = media(video)
    if here is None:
        known = [str(m.path) for m in video.memberships if m.path is not None]
        what = f"is gone: {known[0]!r}" if known else "is gone: another film is where it was"
        raise UsageError(
            f"the file of video {video.video_id!r} {what}",
            "Ingest the folder where it is now: `vdialog ingest FOLDER` knows it again by its bytes."
            " Until then its moments can be found, but not cut or played.",
        )
    return here
