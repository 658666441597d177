import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.catalogue import banks, row_sums, vectors
from retrieval.catalogue.catalogue import Catalogue
from retrieval.catalogue.vocabulary import EVERY_MOMENT, frequencies
from retrieval.encoders.hashing import HashingTextEncoder
from retrieval.encoders.lazy import Encoders
from retrieval.errors import (
    AlreadyThere,
    AmbiguousVideo,
    LibraryDamaged,
    LibraryUnusable,
    NotInLibrary,
    SpaceMismatch,
)
from retrieval.library import Library
from retrieval.publishing.generations import Generations
from retrieval.searching import hubness
from retrieval.searching.query import Query
from retrieval.types import films

PUBLIC = frozenset({"public"})
Import = Callable[..., None]
DOGS = {"dogs": [(0.0, 5.0, "A dog barks."), (5.0, 9.0, "The dog sleeps.")]}


def opened(home: Path, dimension: int = 64) -> Library:
    return Library(home, Encoders(lambda: HashingTextEncoder(dimension)))


def ids(library: Library, query: str) -> list[str]:
    return [hit.moment.moment_id for hit in library.searcher.search(Query(query), PUBLIC).hits]


def rows(home: Path) -> dict[str, int]:
    catalogue = Catalogue(home)
    tables = ["videos", "given", "generations", "moments", "texts", "keyframes", "shots", "vocabulary"]
    counts = {table: int(catalogue.database.rows(f"SELECT count(*) FROM {table}")[0][0]) for table in tables}
    catalogue.close()
    return counts


def test_moments_are_numbered_in_order_of_time(library: Library, take: Import) -> None:
    take({"v": [(5.0, 9.0, "Second."), (0.0, 4.0, "First.")]})
    moments = library.catalogue.moments("v", PUBLIC)
    assert [(m.moment_id, m.text) for m in moments] == [("v:1", "First."), ("v:2", "Second.")]
    assert library.catalogue.moment("v:2", PUBLIC).text == "Second."


@pytest.mark.parametrize("wrong", ["v:3", "v:0", "w:1", "v", "v:x", ":1", "v:-1"])
def test_a_moment_that_is_not_there_is_said_so(library: Library, take: Import, wrong: str) -> None:
    take({"v": [(0.0, 4.0, "First."), (4.0, 8.0, "Second.")]})
    with pytest.raises(NotInLibrary):
        library.catalogue.moment(wrong, PUBLIC)


def test_importing_an_id_again_replaces_it(library: Library, take: Import) -> None:
    take(DOGS)
    take({"dogs": [(0.0, 3.0, "A cat purrs.")]})
    assert [m.text for m in library.catalogue.moments("dogs", PUBLIC)] == ["A cat purrs."]
    assert ids(library, "dog") == ["dogs:1"]  # by meaning alone: no moment holds the word any more
    assert frequencies(library.catalogue.database, ["dog", "cat", EVERY_MOMENT], PUBLIC) == {"cat": 1, EVERY_MOMENT: 1}
    assert (library.indexed(), library.catalogue.moment_count()) == (1, 1)


def test_importing_the_same_again_changes_nothing(library: Library, take: Import) -> None:
    take(DOGS)
    before = library.catalogue.video("dogs", PUBLIC)
    take(DOGS)
    assert library.catalogue.video("dogs", PUBLIC) == before


def test_an_id_of_another_collection_is_free_and_told_apart_where_both_are_seen(library: Library, take: Import) -> None:
    take(DOGS)
    take({"dogs": [(0.0, 3.0, "A hot dog is grilled.")]}, "kitchen")
    both = frozenset({"public", "kitchen"})
    assert [v.video_id for v in library.catalogue.videos(both)] == ["kitchen/dogs", "public/dogs"]
    assert [v.video_id for v in library.catalogue.videos(PUBLIC)] == ["dogs"]
    assert library.catalogue.moment("kitchen/dogs:1", both).text == "A hot dog is grilled."
    assert {hit.video_id for hit in library.searcher.search(Query("dog"), both).hits} == {"kitchen/dogs", "public/dogs"}
    with pytest.raises(AmbiguousVideo, match="2 collections have a video 'dogs'"):
        library.catalogue.video("dogs", both)


def test_the_same_captions_in_two_collections_are_two_videos_and_one_film(library: Library, take: Import) -> None:
    take(DOGS)
    take(DOGS, "pets")
    both = frozenset({"public", "pets"})
    videos = library.catalogue.videos(both)
    assert [(v.key, [e.collection for e in v.entries]) for v in videos] == [
        ("pets/dogs", ["pets", "public"]),
        ("public/dogs", ["public", "pets"]),
    ]
    assert [video.video_id for video in films(videos)] == ["pets/dogs"]
    assert [v.copies for v in library.catalogue.videos(PUBLIC)] == [()]
    found = library.searcher.search(Query("dog barks"), both).hits
    assert [hit.collections for hit in found] == [("pets", "public")] * 2
    assert [hit.collections for hit in library.searcher.search(Query("dog barks"), PUBLIC).hits] == [("public",)] * 2
    library.remove("pets/dogs", both)
    assert [v.video_id for v in library.catalogue.videos(both)] == ["dogs"]
    assert library.searcher.search(Query("dog"), frozenset({"pets"})).hits == ()
    assert library.searcher.search(Query("dog"), PUBLIC).hits != ()


def test_an_import_replaces_no_video_but_its_own(library: Library, take: Import) -> None:
    take({"a/b": [(0.0, 4.0, "One.")], "a%2Fb": [(0.0, 4.0, "Two.")]})
    names = [video.video_id for video in library.catalogue.videos(PUBLIC)]
    assert (len(names), any("/" in name for name in names)) == (2, False)
    take({"a/b": [(0.0, 4.0, "Three.")]})
    texts = {v.title: library.catalogue.moments(v.video_id, PUBLIC)[0].text for v in library.catalogue.videos(PUBLIC)}
    assert texts == {"a/b": "Three.", "a%2Fb": "Two."}


def test_hashes_that_begin_alike_make_ids_that_differ(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path)
    generations = Generations(catalogue)
    hashes = ["abcdef0", "abcdef1", "abcdef12", "abcdef123"]
    made = [generations.reserve("film", digest, "here").video_id for digest in hashes]
    assert made == ["here/film", "here/film-abcdef", "here/film-abcdef1", "here/film-abcdef123"[:-1]]
    assert generations.reserve("film", "abcdef", "there").video_id == "there/film"
    generations.close()
    catalogue.close()


def test_a_moved_video_is_seen_in_its_new_collection_alone_with_all_its_texts(library: Library, take: Import) -> None:
    take(DOGS)
    take({"dogs": [(0.0, 3.0, "A hot dog is grilled.")]}, "kitchen")
    key = library.move("dogs", "kitchen", PUBLIC)
    assert key.startswith("kitchen/dogs-")
    assert library.catalogue.videos(PUBLIC) == []
    assert library.searcher.search(Query("dog"), PUBLIC).hits == ()
    found = library.searcher.search(Query("the dog barks"), frozenset({"kitchen"})).hits[0]
    assert (found.video_id, found.text) == (key.removeprefix("kitchen/"), "A dog barks.")
    assert library.catalogue.given(key).captions
    assert library.indexed() == library.catalogue.moment_count() == 3
    assert not library.catalogue.failing()
    counts = frequencies(library.catalogue.database, ["bark", EVERY_MOMENT], frozenset({"kitchen"}))
    assert counts == {"bark": 1, EVERY_MOMENT: 3}


def test_a_video_is_not_moved_where_the_same_film_is(library: Library, take: Import) -> None:
    take(DOGS)
    take(DOGS, "pets")
    with pytest.raises(AlreadyThere, match="has the same film"):
        library.move("dogs", "pets", PUBLIC)
    with pytest.raises(NotInLibrary):
        library.move("pets/dogs", "pets", PUBLIC)


def test_removing_leaves_nothing_behind(tmp_path: Path, take_into: Callable[[Library, Path], None]) -> None:
    home = tmp_path / "home"
    with opened(home) as library:
        take_into(library, tmp_path)
        frames = library.catalogue.frames_folder(1)
        frames.mkdir(parents=True)
        (frames / "1.jpg").write_bytes(b"x")
        library.remove("dogs", PUBLIC)
        assert library.indexed() == 0
        assert not frames.exists()
    assert set(rows(home).values()) == {0}


def test_what_is_not_visible_cannot_be_removed(library: Library, take: Import) -> None:
    take(DOGS, "private")
    with pytest.raises(NotInLibrary):
        library.remove("dogs", PUBLIC)


@pytest.fixture
def take_into() -> Callable[[Library, Path], None]:
    def take(library: Library, folder: Path) -> None:
        path = folder / "dogs.json"
        path.write_text(
            json.dumps(
                {"dogs": {"duration": 9, "timestamps": [[0, 5], [5, 9]], "sentences": ["A dog barks.", "It sleeps."]}}
            )
        )
        library.import_annotations(path, "public")

    return take


def many(folder: Path, count: int) -> Path:
    entries = {
        f"v{i:03d}": {
            "duration": 10,
            "timestamps": [[0, 4], [4, 9]],
            "sentences": [f"Dog {i} runs.", f"Cat {i * 7} sits."],
        }
        for i in range(count)
    }
    path = folder / "many.json"
    path.write_text(json.dumps(entries))
    return path


def results(library: Library) -> list[list[tuple[str, float]]]:
    queries = ["dog 17 runs", "cat 35", "a sitting cat", "dog -run", '"dog 4"']
    return [
        [(h.moment.moment_id, round(h.score, 6)) for h in library.searcher.search(Query(q), PUBLIC).hits]
        for q in queries
    ]


def test_a_rebuilt_index_gives_identical_results(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as library:
        library.import_annotations(many(tmp_path, 300), "public")  # enough sentences for a bank
        assert list(banks.load_banks(library.catalogue.database)) == ["public"]
        before = results(library)
        assert library.reindex() == 600
        assert results(library) == before
    with opened(tmp_path / "home") as again:
        assert results(again) == before


def test_a_large_hidden_collection_changes_no_result_and_no_confidence(tmp_path: Path) -> None:
    def everything(library: Library) -> list[tuple[float, list[tuple[str, float]], dict[str, str]]]:
        found = [
            library.searcher.search(Query(q), PUBLIC, 600) for q in ("dog 17 runs", "catt 35", "sitting cats", "v007")
        ]
        return [(r.confidence, [(h.moment_id, h.score) for h in r.hits], dict(r.mended)) for r in found]

    with opened(tmp_path / "home") as library:
        library.import_annotations(many(tmp_path, 300), "public")
        before = everything(library)
        entry = {"duration": 9, "timestamps": [[0, 4], [4, 9]]}
        (tmp_path / "hidden.json").write_text(
            json.dumps(
                {f"h{n}": {**entry, "sentences": [f"Dogs run {n}.", f"Catty seventeen {n}."]} for n in range(600)}
            )
        )
        library.import_annotations(tmp_path / "hidden.json", "hidden")
        assert sorted(banks.load_banks(library.catalogue.database)) == ["hidden", "public"]
        assert everything(library) == before
        library.remove("h3", frozenset({"hidden"}))
        assert everything(library) == before


def test_a_bank_goes_with_its_collection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubness, "SMALLEST_BANK", 10)
    with opened(tmp_path / "home") as library:
        library.import_annotations(many(tmp_path, 10), "public")
        assert banks.load_banks(library.catalogue.database)
        for number in range(10):
            library.remove(f"v{number:03d}", PUBLIC)
        library.import_annotations(many(tmp_path, 3), "other")
        assert not banks.load_banks(library.catalogue.database)


def test_an_index_that_was_deleted_is_made_again(tmp_path: Path) -> None:
    import shutil

    with opened(tmp_path / "home") as library:
        library.import_annotations(many(tmp_path, 20), "public")
        before = results(library)
    shutil.rmtree(tmp_path / "home" / "index")
    with opened(tmp_path / "home") as library:
        assert library.indexed() == 0
        library.reindex()
        assert results(library) == before


def test_another_encoder_is_refused_until_the_index_is_made_anew(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as library:
        library.import_annotations(many(tmp_path, 20), "public")
    with opened(tmp_path / "home", dimension=32) as library:
        with pytest.raises(SpaceMismatch, match="vdialog reindex|made with the text encoder"):
            ids(library, "dog")
        library.reindex()
        assert ids(library, "dog 7 runs")[0] == "v007:1"


def test_an_index_of_an_earlier_form_is_refused_until_it_is_made_anew(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as library:
        library.import_annotations(many(tmp_path, 20), "public")
        counted = frequencies(library.catalogue.database, ["dog", "cat"], PUBLIC)
        with library.catalogue.database.writing() as db:
            db.execute("UPDATE vocabulary SET term = 'x' || term")
    (tmp_path / "home" / "index" / "1" / "form").unlink()
    (tmp_path / "home" / "index" / "1.sums").unlink()
    with opened(tmp_path / "home") as library:
        with pytest.raises(SpaceMismatch, match="another version"):
            ids(library, "dog")
        library.reindex()
        assert ids(library, "dog 7 runs")[0] == "v007:1"
        assert frequencies(library.catalogue.database, ["dog", "cat", "xdog"], PUBLIC) == counted


def test_uncommitted_rows_are_never_seen_and_swept_when_their_process_is_gone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with opened(home) as library:
        library.import_annotations(many(tmp_path, 3), "public")
        lost = Generations(library.catalogue)
        reserved = lost.reserve("lost", "hash", "public")
        index = library.index()
        kept = vectors.stored_video(library.catalogue, "public/v001")
        assert kept is not None
        from retrieval.publishing import rows as index_rows

        index.upsert(
            [
                index_rows.build(
                    replace(kept, video_id="public/lost", generation=reserved.generation), library.spaces(), None
                )
            ]
        )
        assert library.indexed() == 8
        assert not [name for name in ids(library, "dog 1 runs") if name.startswith("lost")]
        lost._lock.release()  # what the system does when a process ends
    with opened(home) as library:
        library.import_annotations(many(tmp_path, 4), "public")
        assert library.indexed() == 8
        assert library.catalogue.hidden() == frozenset()


def test_pending_work_of_a_living_process_is_left_alone(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as library:
        other = Generations(library.catalogue)
        reserved = other.reserve("coming", "hash", "public")
        library.import_annotations(many(tmp_path, 2), "public")
        assert library.catalogue.hidden() == {reserved.generation}
        other.close()


def test_the_same_content_taken_in_twice_at_once_is_one_video(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path)
    one, other = Generations(catalogue), Generations(catalogue)
    first, second = one.reserve("film", "same bytes", "here"), other.reserve("copy", "same bytes", "here")
    assert (first.video_id, second.video_id) == ("here/film", "here/film")
    assert one.reserve("film", "other bytes", "here").video_id == "here/film-other "
    one.close()
    other.close()
    catalogue.close()


def test_a_library_written_by_a_newer_version_is_refused(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path)
    with catalogue.database.writing() as db:
        db.execute("PRAGMA user_version = 99")
        row_sums.make(db)
    catalogue.close()
    with pytest.raises(LibraryUnusable, match="newer version"):
        Catalogue(tmp_path)


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryUnusable, match="cannot be made"):
        Catalogue(tmp_path / "file" / "home")


def test_a_catalogue_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalogue.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(LibraryUnusable, match="cannot be used"):
        Catalogue(tmp_path)


def test_a_damaged_catalogue_is_said_so_and_not_a_crash(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as library:
        library.import_annotations(many(tmp_path, 200), "public")
    path = tmp_path / "home" / "catalogue.db"
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 4 :] = b"\xff" * (len(damaged) - len(damaged) // 4)
    path.write_bytes(damaged)
    with pytest.raises(LibraryDamaged, match="cannot be used") as refused:
        Catalogue(tmp_path / "home").moments("v001", PUBLIC)
    assert "vdialog restore" in refused.value.hint


def test_a_bank_that_is_due_is_drawn_though_its_process_was_killed(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "many.json"
    spans = [[n, n + 1] for n in range(600)]
    path.write_text(
        json.dumps({"v": {"duration": 600, "timestamps": spans, "sentences": [f"Dog {n}." for n, _ in spans]}})
    )

    def cancel(done: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.import_annotations(path, "public", cancel)
    assert library.catalogue.moment_count() == 600
    assert not banks.load_banks(library.catalogue.database)
    assert library.import_annotations(path, "public").unchanged == 1
    assert list(banks.load_banks(library.catalogue.database)) == ["public"]
