"""Import: moments without media, from a captions file into the library."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Literal

from retrieval.catalogue import checksums, other_names
from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.given import Given, give_captions
from retrieval.errors import LibraryDamaged
from retrieval.ingest.annotations import Annotation, read_annotations
from retrieval.publishing.drafts import Draft
from retrieval.publishing.generations import Generations
from retrieval.publishing.publisher import Publisher
from retrieval.types import Entry, Video, in_a_row, whole

BATCH = 200
"""Videos published together: enough to encode in full batches, few enough to see progress."""

OfFilms = Literal["leave out", "join", "as new"]
"""What becomes of captions of videos that are in with their films: none, theirs, or videos of their own."""

_KEPT = "captions of films that are in the library: {}; --join gives them to these films, --as-new makes further videos"
_NOT_NEW = "no film in the library is called like these: {}; --as-new makes videos of their own of them"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: videos new or changed, their moments, what was left out, videos replaced.

    `unchanged` videos were there already with the same captions. `joined` are the ids of videos that are in with their
    films and got captions.
    """

    videos: int
    moments: int
    dropped: tuple[str, ...]
    replaced: int
    unchanged: int
    joined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedFilm:
    """A video with its film, and which other name of it is meant; "" for its own."""

    video: Video
    name: str = ""


@dataclass(frozen=True, slots=True)
class NamedFilms:
    """What the entries of a captions file name: films, several films at once, or nothing that is there.

    `unclear` says in words what is wrong with those of several.
    """

    films: Mapping[str, NamedFilm] = field(default_factory=dict)
    several: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


class Importer:
    """Takes captions files into a library.

    Args:
        catalogue: of the library.
        generations: of the library.
        publisher: of the library.
        remake: makes the moments of a video anew, by its key.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        generations: Generations,
        publisher: Publisher,
        remake: Callable[[str], None],
    ) -> None:
        self._catalogue = catalogue
        self._generations = generations
        self._publisher = publisher
        self._remake = remake

    def take(
        self,
        path: Path,
        collection: str,
        on_progress: Callable[[float], None] | None = None,
        of_films: OfFilms = "leave out",
        are_others_new: bool = True,
    ) -> ImportReport:
        """Import a captions file; an id that was imported into the collection before is replaced.

        `are_others_new` says whether entries that nothing in the collection is called like become videos.

        Raises:
            InvalidAnnotations: the file is not in the form of ActivityNet Captions.
        """
        wrong: list[str] = []
        annotations = list(read_annotations(path, wrong).values())
        there = self._catalogue.videos(frozenset({collection}))
        named = NamedFilms() if of_films == "as new" else named_by(annotations, self._catalogue, collection)
        dropped = [*wrong, *(reason for annotation in annotations for reason in annotation.dropped), *named.unclear]
        if named.films and of_films == "leave out":
            dropped.append(_KEPT.format(in_a_row(list(named.films))))
        if named.others and not are_others_new:
            dropped.append(_NOT_NEW.format(in_a_row(list(named.others))))
        aside = {*named.films, *named.several, *(() if are_others_new else named.others)}
        given = [a for a in annotations if a.captions and a.video_id not in aside]
        imported = {v.title: v for v in there if v.state == "imported"}
        held = (imported[a.video_id] for a in given if a.video_id in imported)
        again = {video.title for video in held if not self._is_sound(video)}
        same = {a.video_id for a in given if self._catalogue.holding(_content_hash(a), collection)} - again
        fresh = [a for a in given if a.video_id not in same]
        replaced = moments = done = 0
        for batch in _batches(fresh):
            before = [imported.get(annotation.video_id) for annotation in batch]
            drafts = [self._draft(a, collection, held) for a, held in zip(batch, before, strict=True)]
            replaced += sum(held is not None for held in before)
            self._publisher.publish(drafts)
            moments += sum(len(draft.moments) for draft in drafts)
            done += len(batch)
            if on_progress is not None:
                on_progress(done / len(fresh))
        if any(a.video_id in again for a in fresh):
            self._generations.recount()  # of what was damaged other words were counted
        joining = [a for a in annotations if a.captions and a.video_id in named.films] if of_films == "join" else []
        joined = [named.films[a.video_id] for a in joining if self._join(a, named.films[a.video_id], dropped)]
        self._publisher.settle(bool(fresh or joined))
        unchanged = len(given) - len(fresh) + len(joining) - len(joined)
        ids = tuple(dict.fromkeys(film.video.video_id for film in joined))
        return ImportReport(len(fresh), moments, tuple(dropped), replaced, unchanged, ids)

    def _is_sound(self, video: Video) -> bool:
        """Tell whether all that is kept of a video is what was written."""
        with self._catalogue.database.reading() as connection:
            if not checksums.is_sound(connection, video.generation):
                return False
        try:
            rows = {"given": "given AS t WHERE t.video_id = ?1", "texts": "texts AS t WHERE t.generation = ?2"}
            self._catalogue.database.verify(rows, "", [video.key, video.generation])
        except LibraryDamaged:
            return False
        return True

    def _join(self, annotation: Annotation, film: NamedFilm, left_out: list[str]) -> bool:
        """Give captions to a video that is in with its film; tell whether they are others than it had."""
        video = film.video
        late = sum(caption.span.start >= video.duration for caption in annotation.captions)
        if late:
            what = f"{late} captions" if late > 1 else "1 caption"
            begins = "begin" if late > 1 else "begins"
            left_out.append(
                f"{what} of {annotation.video_id!r} {begins} after the end of its film, at {video.duration:.1f} s"
            )
        with self._catalogue.database.writing() as db:
            if not give_captions(db, video.key, annotation.captions, film.name):
                return False
        self._remake(video.key)
        return True

    def _draft(self, annotation: Annotation, collection: str, before: Video | None) -> Draft:
        content_hash = _content_hash(annotation)
        ordered = sorted(annotation.captions, key=lambda caption: caption.span)
        return Draft(
            self._generations.reserve(
                annotation.video_id, content_hash, collection, None if before is None else before.key
            ),
            content_hash,
            content_hash,
            annotation.duration,
            "imported",
            "",
            Entry(collection, annotation.video_id, None),
            tuple((caption.span, (caption,)) for caption in ordered),
            given=Given(tuple(ordered)),
        )


def named_by(annotations: Iterable[Annotation], catalogue: Catalogue, collection: str) -> NamedFilms:
    """Return what the entries of a captions file name in a collection.

    A film is named by its id, else by any name of its file, with or without its ending; what was imported by its title.
    """
    videos = catalogue.videos(frozenset({collection}))
    by_id = {video.video_id.rpartition("/")[2]: NamedFilm(video) for video in videos if video.state != "imported"}
    by_name: dict[str, dict[str, NamedFilm]] = defaultdict(dict)
    for film in by_id.values():
        for name in (film.video.title, *([film.video.entry.path.name] if film.video.entry.path else [])):
            by_name[name].setdefault(film.video.key, film)
        for path in other_names.of_video(catalogue.database, film.video.key):
            for name in (path.stem, path.name):
                by_name[name].setdefault(film.video.key, NamedFilm(film.video, whole(str(path))))
    imported = {video.title for video in videos if video.state == "imported"}
    films: dict[str, NamedFilm] = {}
    several, others = [], []
    unclear: list[str] = []
    for name in (annotation.video_id for annotation in annotations if annotation.captions):
        fits = [by_id[name]] if name in by_id else list(by_name.get(name, {}).values())
        if not fits:
            others += [] if name in imported else [name]
        elif len(fits) > 1:
            several.append(name)
            ids = in_a_row([repr(film.video.video_id) for film in fits])
            unclear.append(f"{name!r} fits several films and was given to none; write the id of one: {ids}")
        elif fits[0] in films.values():
            several.append(name)
            unclear.append(f"{name!r} is a second entry of the film {fits[0].video.video_id!r}: write both as one")
        else:
            films[name] = fits[0]
    return NamedFilms(films, tuple(several), tuple(others), tuple(unclear))


def _content_hash(annotation: Annotation) -> str:
    content = [annotation.video_id, annotation.duration]
    captions = [[c.span.start, c.span.end, c.text] for c in annotation.captions]
    return hashlib.sha256(json.dumps([content, captions]).encode()).hexdigest()


def _batches(annotations: Sequence[Annotation]) -> Iterator[list[Annotation]]:
    waiting = iter(annotations)
    while batch := list(islice(waiting, BATCH)):
        yield batch
