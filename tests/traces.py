"""Looks for words in every file of a home: in its bytes, and in what the libraries that wrote it read out of it."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import lancedb
import pyarrow as pa


def traces(home: Path, words: Iterable[str]) -> list[str]:
    """Return where which of the words, in small letters, is found, sorted.

    Beside the bytes of all files (in UTF-8 and UTF-16, whatever the case of letters), the rows of every version of
    every table are read, as a file may hold them packed.
    """
    wanted = {word: (word.encode(), word.encode("utf-16-le")) for word in words}
    found = []
    for path in sorted(home.rglob("*")):
        if path.is_file():
            held = path.read_bytes().lower()
            held += "\0".join(_rows(path)).casefold().encode()
            found += [f"{word} in {path.relative_to(home)}" for word, forms in wanted.items() if _holds(held, forms)]
        found += [f"{word} names {path.relative_to(home)}" for word in wanted if word in path.name.casefold()]
    for table in sorted(home.rglob("*.lance")):
        if table.is_dir():
            read = "\0".join(_columns(table)).casefold()
            found += [f"{word} in rows of {table.relative_to(home)}" for word in wanted if word in read]
    return found


def _holds(held: bytes, forms: Iterable[bytes]) -> bool:
    return any(form in held for form in forms)


def _rows(path: Path) -> Iterator[str]:
    """Yield all values of a SQLite file that are texts."""
    if path.suffix == ".db":
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                yield from (str(value) for row in db.execute(f'SELECT * FROM "{name}"') for value in row)


def _columns(folder: Path) -> Iterator[str]:
    """Yield what the columns of texts hold, in every version of a table."""
    table = lancedb.connect(folder.parent).open_table(folder.stem)
    for version in table.list_versions():
        table.checkout(version["version"])
        rows = table.to_arrow()
        yield from (str(rows[field.name].to_pylist()) for field in rows.schema if not _is_vector(field))


def _is_vector(field: pa.Field) -> bool:
    return pa.types.is_fixed_size_list(field.type)


def index_files(home: Path) -> set[str]:
    """Return the files of the index that hold rows, indexes of them, or what was done to them."""
    named = {str(path.relative_to(home)) for path in (home / "index").rglob("*.lance/**/*") if path.is_file()}
    return {name for name in named if not name.endswith("latest_version_hint.json")}
