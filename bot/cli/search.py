"""`vdialog search`: ranked moments for words, a picture, or another moment."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, FailEmpty, Picture, picture, time
from bot.cli.output import emit, hit_data, say, say_hit
from bot.errors import NOTHING_FOUND, UsageError
from bot.untrusted import inert_line

if TYPE_CHECKING:
    from retrieval.catalogue.catalogue import Catalogue
    from retrieval.library import Library
    from retrieval.searching.query import Query
    from retrieval.searching.search import Found
    from retrieval.types import Filter


def search(
    query: Annotated[str | None, typer.Argument(help='Words; "exact phrases" in quotes, -word excludes.')] = None,
    image: Picture = None,
    like: Annotated[str | None, typer.Option(metavar="MOMENT_ID", help="A moment that others should be like.")] = None,
    queries: Annotated[
        Path | None,
        typer.Option(metavar="FILE", exists=True, dir_okay=False, help="Queries, one a line; prints JSON lines."),
    ] = None,
    k: Annotated[int, typer.Option("-k", metavar="N", min=1, max=1000, help="Moments at most.")] = 10,
    video: Annotated[list[str] | None, typer.Option(metavar="ID", help="Only in this video; may be repeated.")] = None,
    collection: Annotated[list[str] | None, typer.Option(metavar="C", help="Only in this collection.")] = None,
    start: Annotated[
        float | None, typer.Option("--from", metavar="S", parser=time, help="Only from this time: seconds or mm:ss.")
    ] = None,
    end: Annotated[float | None, typer.Option("--to", metavar="S", parser=time, help="Only up to this time.")] = None,
    arm: Annotated[
        str | None, typer.Option(metavar="NAME", help="Rank by one arm alone: keywords, meaning, frames, or another.")
    ] = None,
    fail_empty: FailEmpty = False,
    as_json: AsJson = False,
) -> None:
    """Find moments, best first."""
    from bot import bootstrap, settings
    from bot.dialogue.reading.queries import read_query

    if sum(given is not None for given in (query, image, like, queries)) != 1:
        raise UsageError(
            "search takes one of QUERY, --image, --like and --queries", '`vdialog search "a red car"` is the simplest.'
        )
    with bootstrap.library(settings.load()) as library:
        narrowed = _filter(library.catalogue, video or [], collection or [], start, end)

        def asked(words: str) -> "Query":
            seen = picture(image) if image else None
            return replace(read_query(words), image=seen, like=like, filter=narrowed, arm=arm)

        if queries is not None:
            empty = not any([_line(library, text, asked(text), k) for text in _lines(queries)])
        else:
            named = query if query is not None else str(image) if image is not None else str(like)
            empty = not _one(library, named, asked(query or ""), k, as_json)
    if empty and fail_empty:
        raise typer.Exit(NOTHING_FOUND)


def _filter(
    catalogue: "Catalogue", videos: list[str], collections: list[str], start: float | None, end: float | None
) -> "Filter":
    from bot.dialogue.plan import OPEN_END
    from retrieval.errors import NotInLibrary
    from retrieval.types import Filter, TimeSpan

    known = catalogue.collections()
    for video in videos:
        catalogue.video(video, known)
    for collection in collections:
        if collection not in known:
            raise NotInLibrary(f"there is no collection {collection!r}", "`vdialog videos list` shows those that are.")
    within = None
    if start is not None or end is not None:
        within = TimeSpan(min(start or 0.0, OPEN_END - 1), OPEN_END) if end is None else TimeSpan(start or 0.0, end)
    return Filter(frozenset(collections) or None, frozenset(videos) or None, within)


def _search(library: "Library", query: "Query", k: int) -> "Found":
    """Search; what the library most likely does not hold is nothing, unless one arm's ranking is wanted."""
    from bot.dialogue.verdict import matches

    found = library.searcher.search(query, library.catalogue.collections(), k)
    return found if query.arm or matches(found) else replace(found, hits=())


def _one(library: "Library", named: str, query: "Query", k: int, as_json: bool) -> bool:
    found = _search(library, query, k)
    if as_json:
        _emit(named, found)
        return bool(found.hits)
    for hit in found.hits:
        say_hit(hit)
    if not library.catalogue.collections():
        say("Your library is empty: `vdialog ingest FOLDER` takes videos in.")
    elif not found.hits:
        say(f'Nothing in your library matches "{inert_line(named)}".')
    return bool(found.hits)


def _line(library: "Library", text: str, query: "Query", k: int) -> bool:
    found = _search(library, query, k)
    _emit(text, found)
    return bool(found.hits)


def _emit(named: str, found: "Found") -> None:
    emit({"query": named, "seconds": round(found.seconds, 6), "hits": [hit_data(hit) for hit in found.hits]})


def _lines(path: Path) -> Iterable[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{str(path)!r} is not a text file in UTF-8") from error
    return [line.strip() for line in text.splitlines() if line.strip()]
