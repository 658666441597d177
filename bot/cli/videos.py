"""`vdialog videos`: what is in the library, one video closer, and taking one out with all that was made of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson
from bot.cli.output import emit, plural, say, size, sourced, table
from bot.untrusted import inert_line, inert_name

if TYPE_CHECKING:
    from retrieval.types import Membership, Video

app = typer.Typer(help="List, show and remove videos.", no_args_is_help=True, rich_markup_mode=None)

VideoId = Annotated[str, typer.Argument(metavar="VIDEO_ID", help="As `vdialog videos list` prints it.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the videos; those whose file is gone are marked, and can still be found."""
    from bot import bootstrap, settings
    from bot.actions.data import video_data

    with bootstrap.catalogue(settings.load()) as catalogue:
        found = catalogue.videos(catalogue.collections())
    if as_json:
        emit({"videos": [video_data(video) for video in found]})
    else:
        say_videos(found)


def say_videos(found: "Sequence[Video]") -> None:
    """Print videos as a table; those whose file is gone are marked."""
    from retrieval.types import timecode

    if not found:
        say("Your library is empty: `vdialog ingest FOLDER` takes videos in.")
        return
    rows = [
        (
            inert_name(video.video_id),
            inert_name(video.memberships[0].title),
            timecode(video.duration),
            _state(video),
            ", ".join(inert_name(m.collection) for m in video.memberships),
        )
        for video in found
    ]
    table(("video", "title", "length", "state", "collections"), rows)


@app.command("show")
def show(video_id: VideoId, as_json: AsJson = False) -> None:
    """Show one video with its moments, where its file is, and the bytes it takes."""
    from bot import bootstrap, settings
    from bot.actions.data import moment_data, video_data
    from retrieval.types import timecode

    with bootstrap.catalogue(settings.load()) as catalogue:
        visible = catalogue.collections()
        video = catalogue.video(video_id, visible)
        moments = catalogue.moments(video_id, visible)
        used, frames = catalogue.bytes_used(video), catalogue.keyframe_count(video)
    if as_json:
        emit(
            {
                **video_data(video),
                "bytes": used,
                "keyframes": frames,
                "moments": [moment_data(moment) for moment in moments],
            }
        )
        return
    name, title = inert_name(video.video_id), inert_name(video.memberships[0].title)
    say(f"{name}: {title}, {timecode(video.duration)}, {_state(video)}")
    say(*(f"{inert_name(m.collection)}: {inert_name(_place(video, m))}" for m in video.memberships))
    hourly = f" ({frames / video.duration * 3600:.0f} an hour)" if frames else ""
    say(f"{size(used)}: {plural(frames, 'keyframe')}{hourly}, vectors and texts")
    if video.note:
        say(inert_line(video.note))
    say(plural(len(moments), "moment"))
    for moment in moments:
        say(f"  {inert_name(moment.moment_id)}  {moment.span.timecode}  {plural(len(moment.keyframes), 'frame')}")
        say(*(f"    {sourced(text.source, text.text)}" for text in moment.texts))


@app.command("remove")
def remove(video_id: VideoId, as_json: AsJson = False) -> None:
    """Remove a video from the library with its moments, frames and vectors; the file itself stays."""
    from bot import bootstrap, settings

    with bootstrap.library(settings.load()) as library:
        library.remove(video_id, library.catalogue.collections())
    if as_json:
        emit({"removed": video_id})
    else:
        say(f"Removed {inert_name(video_id)}.")


def _state(video: "Video") -> str:
    from retrieval.ingest.relink import is_gone

    return f"{video.state}, file gone" if is_gone(video) else video.state


def _place(video: "Video", membership: "Membership") -> str:
    from bot.actions.data import absolute

    if video.state == "imported":
        return "no media"
    if membership.path is None:
        return "gone: another film is where its file was"
    return (
        f"{absolute(membership.path)}{'' if membership.path.is_file() else ' (gone; ingest it from where it is now)'}"
    )
