"""`vdialog videos`: what is in the library, one video closer, moving one, and taking one out with all made of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.names import titles_apart
from bot.cli.options import AsJson, named
from bot.cli.output import emit, plural, say, say_hint, size, sourced, table, typed_again
from bot.cli.removing import remove
from bot.untrusted import inert_line, inert_name

if TYPE_CHECKING:
    from retrieval.catalogue.findable import Findable
    from retrieval.types import Video

app = typer.Typer(help="List, show, move and remove videos.", no_args_is_help=True, rich_markup_mode=None)

VideoId = Annotated[str, typer.Argument(metavar="VIDEO_ID", help="As `vdialog videos list` prints it.")]
Into = Annotated[
    str, typer.Option("--collection", metavar="C", parser=named, help="The collection.", show_default=False)
]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the videos; those whose file is gone are marked, and can still be found.

    The same film in several collections is listed once, as COLLECTION/ID of each.
    """
    from bot import bootstrap, settings
    from bot.actions.covering import found_of
    from bot.actions.data import video_data
    from bot.rights import owner_sees
    from retrieval.types import films

    with bootstrap.catalogue(settings.load()) as catalogue:
        found = films(catalogue.videos(owner_sees(catalogue)))
        known = found_of(catalogue, found)
        apart = titles_apart(catalogue, owner_sees(catalogue))
    if as_json:
        emit({"videos": [video_data(video, known[video.generation]) for video in found]})
    else:
        say_videos(found, known, apart)


def say_videos(found: "Sequence[Video]", known: "Mapping[int, Findable]", apart: Mapping[str, str]) -> None:
    """Print films as a table: those whose file is gone are marked, and what each can be found by stands beside it.

    `apart` are the titles of videos that are told apart, by id.
    """
    from bot.actions.data import waits_for_choice
    from bot.cli.coverage import found_by
    from retrieval.types import timecode

    if not found:
        say_hint("Your library is empty: `vdialog ingest FOLDER` takes videos in.")
        return
    rows: list[tuple[str, ...]] = [
        (
            ", ".join(typed_again(one.key if video.copies else one.video_id) for one in (video, *video.copies)),
            inert_name(apart.get(video.video_id, video.title)),
            timecode(video.duration, is_end=True),
            _state(video, known[video.generation]),
            found_by(known[video.generation]),
            ", ".join(inert_name(entry.collection) for entry in video.entries),
        )
        for video in found
    ]
    header: tuple[str, ...] = ("video", "title", "length", "state", "found by", "collections")
    if all(video.title == one.video_id for video in found for one in (video, *video.copies)):
        header, rows = header[:1] + header[2:], [row[:1] + row[2:] for row in rows]  # what is said twice takes room
    table(header, rows, whole=("video",), marked="state")
    if waiting := sum(map(waits_for_choice, found)):
        say_hint(
            f"{plural(waiting, 'film')} of several collections: texts that you gave wait, and nobody finds them."
            " `vdialog videos keep-texts VIDEO_ID` says which video keeps them, `vdialog videos show` shows them."
        )


@app.command("show")
def show(video_id: VideoId, as_json: AsJson = False) -> None:
    """Show one video with its moments, where its file is, and the bytes it takes."""
    from bot import bootstrap, settings
    from bot.actions.covering import found_of
    from bot.actions.data import moment_data, text_data, video_data
    from bot.actions.meaning import meant
    from bot.cli.coverage import found_by
    from bot.rights import owner_sees
    from retrieval.types import timecode

    with bootstrap.catalogue(settings.load()) as catalogue:
        visible = owner_sees(catalogue)
        video_id = meant(catalogue, visible, video_id)
        video = catalogue.video(video_id, visible)
        moments = catalogue.moments(video_id, visible)
        used, frames = catalogue.bytes_used(video), catalogue.keyframe_count(video)
        aside = catalogue.aside(video.content_hash)
        names = catalogue.other_names(video)
        found = found_of(catalogue, [video])[video.generation]
    waiting = [*aside.captions, *aside.cues]
    if as_json:
        emit(
            {
                **video_data(video, found),
                "set_aside": [text_data(text) for text in waiting],
                "other_names": [str(path) for path in names],
                "bytes": used,
                "keyframes": frames,
                "moments": [moment_data(moment) for moment in moments],
            }
        )
        return
    name, title = inert_name(video.video_id), inert_name(video.title)
    say(f"{name}: {title}, {timecode(video.duration, is_end=True)}, {_state(video, found)}, found by {found_by(found)}")
    say(*(f"{inert_name(one.entry.collection)}: {inert_name(_place(one))}" for one in (video, *video.copies)))
    say(*(f"also called {inert_name(str(path))}{'' if path.is_file() else ' (gone)'}" for path in names))
    hourly = f" ({frames / video.duration * 3600:.0f} an hour)" if frames else ""
    say(f"{size(used)}: {plural(frames, 'keyframe')}{hourly}, vectors and texts")
    if video.note:
        say(inert_line(video.note))
    say(*(f"    set aside: {sourced(text.source, text.text)}" for text in waiting))
    say(plural(len(moments), "moment"))
    for moment in moments:
        say(f"  {typed_again(moment.moment_id)}  {moment.span.timecode}  {plural(len(moment.keyframes), 'frame')}")
        say(*(f"    {sourced(text.source, text.text)}" for text in moment.texts))


@app.command("move")
def move(video_id: VideoId, collection: Into, as_json: AsJson = False) -> None:
    """Put a video with all its texts into another collection."""
    from bot import bootstrap, settings
    from bot.actions.meaning import meant
    from bot.cli.grants import say_of_empty
    from bot.rights import Rights, owner_sees

    with bootstrap.library(settings.load()) as library:
        everything = owner_sees(library.catalogue)
        video_id = meant(library.catalogue, everything, video_id)
        was = library.catalogue.naming.key(video_id, everything)
        key = library.move(video_id, collection, everything)
        moved = library.catalogue.naming.shown(key, owner_sees(library.catalogue))
        left = [grant for grant in Rights(library.catalogue).of_empty() if was.startswith(f"{grant.collection}/")]
    if as_json:
        emit({"moved": video_id, "video_id": moved, "collection": collection})
    elif key == was:
        say(f"{inert_name(video_id)} is in {inert_name(collection)} already.")
    else:
        say(f"Moved {inert_name(video_id)}: it is {inert_name(moved)} in {inert_name(collection)} now.")
        say_of_empty(left)


@app.command("keep-texts")
def keep_texts(video_id: VideoId, as_json: AsJson = False) -> None:
    """Let a video keep the texts that were given to its film while it was in several collections.

    Older versions showed them in all of these. They are set aside, and only you see them, until a video keeps them.
    """
    from bot import bootstrap, settings
    from bot.actions.meaning import meant
    from bot.rights import owner_sees

    with bootstrap.library(settings.load()) as library:
        video_id = meant(library.catalogue, everything := owner_sees(library.catalogue), video_id)
        kept = library.keep_texts(video_id, everything)
    if as_json:
        emit({"video_id": video_id, "kept": kept})
    elif kept:
        say(f"{inert_name(video_id)} keeps the texts that were given to its film.")
    else:
        say(f"No texts of {inert_name(video_id)} are set aside.")


@app.command("rename")
def rename(
    video_id: VideoId,
    new: Annotated[str, typer.Argument(metavar="NEW_ID", help="What it is called from now on.")],
    as_json: AsJson = False,
) -> None:
    """Give a video another id; what was said of it goes with it. Its file keeps its name, and gives the title."""
    from bot import bootstrap, settings
    from bot.actions.meaning import meant
    from bot.actions.renaming import rename_video
    from bot.rights import owner_sees

    with bootstrap.library(settings.load()) as library:
        everything = owner_sees(library.catalogue)
        video_id = meant(library.catalogue, everything, video_id)
        named = rename_video(library, video_id, new, everything)
    if as_json:
        emit({"renamed": video_id, "video_id": named})
    else:
        say(f"Renamed {inert_name(video_id)}: it is {inert_name(named)} now.")


app.command("remove")(remove)


def _state(video: "Video", found: "Findable") -> str:
    from bot.actions.data import state_of
    from retrieval.ingest.relink import is_gone

    state = state_of(video, found)
    return f"{state}, file gone" if is_gone(video) else state


def _place(video: "Video") -> str:
    from bot.actions.data import absolute

    path = video.entry.path
    if video.state == "imported":
        return "no media"
    if path is None:
        return "gone: another film is where its file was"
    return f"{absolute(path)}{'' if path.is_file() else ' (gone; ingest it from where it is now)'}"
