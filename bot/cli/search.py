"""`vdialog search`: ranked moments for words, a picture, or another moment."""

import logging
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.names import titles_apart
from bot.cli.options import AsJson, FailEmpty, From, PictureOption, To, WithinCollections, WithinVideos, file_or_dash
from bot.cli.output import emit, say, say_hint, say_hit, waiting
from bot.cli.standard_input import is_marked, typed_text
from bot.errors import NOTHING_FOUND, USAGE, AssistantError, UsageError, problem_of
from bot.untrusted import inert_line
from retrieval.errors import LibraryError

if TYPE_CHECKING:
    from bot.actions.searching import Searched


log = logging.getLogger(__name__)

QueriesFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        parser=file_or_dash,
        help="Queries, one a line, - reads them; prints JSON lines.",
    ),
]

MOST_QUERY = 1_000_000
MOST_QUERIES = 256 * 2**20
"""Bytes that are read from standard input: of one query, of queries."""


def search(
    query: Annotated[
        str | None, typer.Argument(help='Words; "exact phrases" in quotes, -word excludes; - reads them.')
    ] = None,
    image: PictureOption = None,
    like: Annotated[str | None, typer.Option(metavar="MOMENT_ID", help="A moment that others should be like.")] = None,
    queries: QueriesFile = None,
    k: Annotated[int, typer.Option("-k", metavar="N", min=1, max=1000, help="Moments at most.")] = 10,
    video: WithinVideos = None,
    collection: WithinCollections = None,
    start: From = None,
    end: To = None,
    arm: Annotated[
        str | None, typer.Option(metavar="NAME", help="Rank by one arm alone: keywords, meaning, frames, or another.")
    ] = None,
    fail_empty: FailEmpty = False,
    as_json: AsJson = False,
) -> None:
    """Find moments, best first."""
    from bot import bootstrap, settings
    from bot.actions.pictures import picture
    from bot.actions.searching import narrowed
    from bot.actions.searching import search as search_for
    from bot.rights import owner_sees

    _check_one(query, image, like, queries)
    chosen = settings.load()
    if is_marked(query):
        query = " ".join(typed_text("the words to look for", MOST_QUERY).split())
    listed = None if queries is None else _lines(queries)
    with bootstrap.library(chosen, tell=waiting) as library:
        visible = owner_sees(library.catalogue)
        within = narrowed(library.catalogue, visible, video or [], collection or [], start, end)
        shown = picture(image) if image else None

        def find(text: str) -> "Searched":
            found = search_for(library.searcher, visible, k, text, shown, like, within, arm)
            log.info("%d hits in %.3f s", len(found.hits), found.seconds)
            return found

        wrong = False
        if listed is not None:
            found = [_answered(number, text, find) for number, text in listed]
            empty, wrong = not any(found), None in found
        else:
            named = query if query is not None else str(image) if image is not None else str(like)
            apart = {} if as_json else titles_apart(library.catalogue, visible)
            empty = not _one(named, find(query or ""), not visible, as_json, apart)
    if wrong or (empty and fail_empty):
        raise typer.Exit(USAGE if wrong else NOTHING_FOUND)


def _check_one(*asked: object) -> None:
    if sum(given is not None for given in asked) != 1:
        raise UsageError(
            "search takes one of QUERY, --image, --like and --queries", '`vdialog search "a red car"` is the simplest.'
        )


def _one(named: str, found: "Searched", is_empty: bool, as_json: bool, apart: Mapping[str, str]) -> bool:
    """Print one search; tell whether it found what was asked."""
    if as_json:
        return _line(named, found)
    if found.mended:
        say(f"searched for {', '.join(_quoted(word) for word in found.mended.values())}")
    if is_empty:
        say_hint("Your library is empty: `vdialog ingest FOLDER` takes videos in.")
    elif not found.hits:
        say(f'Nothing in your library matches "{inert_line(named)}".')
    elif not found.is_certain:
        say("Nothing certain; nearest:")
    for hit in found.hits:
        say_hit(hit, apart)
    return found.is_certain


def _quoted(word: str) -> str:
    return f'"{inert_line(word)}"'


def _line(named: str, found: "Searched") -> bool:
    from bot.actions.data import search_data

    emit(search_data(named, found))
    return found.is_certain


def _answered(number: int, text: str, find: "Callable[[str], Searched]") -> bool | None:
    """Print the hits of a line and tell whether there are any; None where the line itself is wrong."""
    try:
        return _line(text, find(text))
    except (AssistantError, LibraryError) as error:
        from bot.actions.data import problem_data, search_data
        from bot.actions.searching import NOT_SEARCHED

        problem = problem_of(error)
        if problem.exit_code != USAGE:
            raise
        emit({**search_data(text, NOT_SEARCHED), "line": number, **problem_data(problem)})
        return None


def _lines(path: Path) -> Iterable[tuple[int, str]]:
    """Return the lines that hold something, with their numbers."""
    try:
        marked = is_marked(path)
        text = typed_text("queries, one a line", MOST_QUERIES) if marked else path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{str(path)!r} is not a text file in UTF-8", "Save it as UTF-8.") from error
    return [(number, line.strip()) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
