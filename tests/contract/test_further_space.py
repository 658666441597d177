"""A fourth space, of clips, on every index: one registration, and it is encoded, indexed, searched and made anew."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageColor
from typer.testing import CliRunner

from bot.bootstrap import models
from bot.cli.app import app
from retrieval.encoders.hashing import HashingClipEncoder, HashingImageEncoder, HashingTextEncoder
from retrieval.encoders.lazy import Encoders, Registration
from retrieval.errors import InvalidQuery, MissingModel, SpaceMismatch
from retrieval.index.memory import MemoryIndex
from retrieval.index.opensearch import Cluster, Connection
from retrieval.index.opensearch_versions import OpenSearchStore
from retrieval.index.spaces import claim
from retrieval.library import Library, embedded_index
from retrieval.searching.query import Query
from retrieval.searching.search import SearchResult
from retrieval.spaces import IndexSpaces, SpaceKind, Vectors
from retrieval.types import Filter, TimeSpan
from tests.films import HEIGHT, RATE, WIDTH, film
from tests.integration.opensearch.stores import drop, fresh_name

CHANGES = SpaceKind("changes", "clips")
HERE, BOTH = frozenset({"here"}), frozenset({"here", "there"})
DUSK = [("white", "blue"), ("blue", "black")]
LAMP = [("red", "green"), ("green", "red")]

Opens = Callable[[Encoders], Library]


class CountingClips(HashingClipEncoder):
    """Notes of how many frames each clip is that it encodes; fails at the clip of a number, 0 for never."""

    def __init__(self, fails_at: int = 0) -> None:
        super().__init__()
        self.seen: list[int] = []
        self._fails_at = fails_at

    def encode_clips(self, clips: Sequence[Sequence[Image.Image]]) -> Vectors:
        self.seen += [len(clip) for clip in clips]
        if 0 < self._fails_at <= len(self.seen):
            raise KeyboardInterrupt
        return super().encode_clips(clips)


@pytest.fixture(params=["memory", "lance", pytest.param("opensearch", marks=pytest.mark.opensearch)])
def opens(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opens]:
    """Opens the same home with the encoders given, on each index."""
    home, kept = tmp_path / "home", {}

    def remembered(folder: Path, spaces: IndexSpaces) -> MemoryIndex:
        folder.mkdir(parents=True, exist_ok=True)
        claim(folder, spaces)
        return kept.setdefault(folder, MemoryIndex(spaces))

    if request.param != "opensearch":
        make = remembered if request.param == "memory" else embedded_index
        yield lambda encoders: Library(home, encoders, make_index=make)
        return
    cluster, name = Cluster(Connection((request.getfixturevalue("node").url,))), fresh_name()
    yield lambda encoders: Library(home, encoders, make_store=lambda known: OpenSearchStore(cluster, known, name))
    with Library(home, without()) as library:
        drop(cluster, OpenSearchStore(cluster, library.catalogue, name))
    cluster.close()


@pytest.fixture
def in_memory(tmp_path: Path) -> Opens:
    return lambda encoders: Library(tmp_path / "home", encoders, make_index=lambda _, spaces: MemoryIndex(spaces))


def without() -> Encoders:
    return Encoders(HashingTextEncoder, HashingImageEncoder)


def registered(load: Callable[[], HashingClipEncoder] = HashingClipEncoder, weight: float = 0.0) -> Encoders:
    return Encoders(HashingTextEncoder, HashingImageEncoder, [Registration(CHANGES, load, weight)])


def filmed(path: Path, scenes: Sequence[tuple[str, str]], seconds: float = 2.0) -> Path:
    """Write a film of scenes, each of one colour that gives way to another, and its captions: a moment for each."""
    colours = [colour for scene in scenes for colour in scene]
    steps = [colour for colour in colours for _ in range(round(seconds / 2 * RATE))]
    pictures = [np.full((HEIGHT, WIDTH, 3), ImageColor.getrgb(colour), np.uint8) for colour in steps]
    film(path, [(place / RATE, image) for place, image in enumerate(pictures)])
    spans = [[seconds * n, seconds * n + seconds] for n in range(len(scenes))]
    told = {"duration": spans[-1][1], "timestamps": spans, "sentences": [f"Scene {n}." for n in range(len(scenes))]}
    path.with_suffix(".json").write_text(json.dumps({path.stem: told}))
    return path


def take(library: Library, path: Path, collection: str = "here") -> None:
    reports = library.ingest([path], collection, path.with_suffix(".json"))
    assert reports[0].verdict in ("new", "updated"), reports


def ids(found: SearchResult) -> list[str]:
    return [hit.moment.moment_id for hit in found.hits]


def asked(library: Library, text: str, visible: frozenset[str] = BOTH, **narrowed: object) -> list[str]:
    query = Query(text, arm="changes", filter=Filter(**narrowed))  # type: ignore[arg-type]
    return ids(library.searcher.search(query, visible))


def kept(library: Library) -> int:
    query = "SELECT count(*) FROM vectors WHERE name = 'changes_vec'"
    return int(library.catalogue.database.rows(query)[0][0])


@pytest.fixture
def films(tmp_path: Path) -> list[Path]:
    return [filmed(tmp_path / "dusk.mp4", DUSK), filmed(tmp_path / "lamp.mp4", LAMP)]


def test_its_arm_ranks_moments_by_text_by_picture_and_by_likeness(opens: Opens, films: list[Path]) -> None:
    with opens(registered()) as library:
        for path, collection in zip(films, ("here", "there"), strict=True):
            take(library, path, collection)
        assert asked(library, "from red to green")[0] == "lamp:1"
        assert asked(library, "from green to red")[0] == "lamp:2"
        hit = library.searcher.search(Query("from blue to black", arm="changes"), BOTH).hits[0]
        assert (hit.moment.moment_id, list(hit.arms), hit.arms["changes"].rank) == ("dusk:2", ["changes"], 1)
        white = Query(image=Image.new("RGB", (32, 32), "white"), arm="changes")
        assert ids(library.searcher.search(white, BOTH))[0] == "dusk:1"
        like = ids(library.searcher.search(Query(like="lamp:1", arm="changes"), BOTH))
        assert (len(like), "lamp:1" in like) == (3, False)


def test_its_arm_keeps_to_what_is_visible_and_to_every_filter(opens: Opens, films: list[Path]) -> None:
    with opens(registered()) as library:
        for path, collection in zip(films, ("here", "there"), strict=True):
            take(library, path, collection)
        there = frozenset({"there"})
        assert set(asked(library, "red to green", HERE)) == {"dusk:1", "dusk:2"}
        assert asked(library, "red to green", HERE, collections=there) == []
        assert set(asked(library, "white to blue", collections=there)) == {"lamp:1", "lamp:2"}
        assert set(asked(library, "white to blue", videos=frozenset({"lamp"}))) == {"lamp:1", "lamp:2"}
        assert set(asked(library, "red to green", within=TimeSpan(0.0, 1.5))) == {"lamp:1", "dusk:1"}


def test_a_library_made_without_it_gets_it_by_a_reindex_and_loses_it_by_another(
    opens: Opens, films: list[Path]
) -> None:
    encoder = CountingClips()
    with opens(without()) as library:
        take(library, films[1])
        before = [(hit.moment.moment_id, hit.score) for hit in library.searcher.search(Query("scene"), HERE).hits]
    with opens(registered(lambda: encoder)) as library:
        with pytest.raises(SpaceMismatch, match=r"the clip encoder none, and hashing-changes \(24, cosine\) is set"):
            asked(library, "red to green")
        encoder.seen.clear()  # the canary's
        library.reindex()
        assert encoder.seen == [4, 4]
        after = [(hit.moment.moment_id, hit.score) for hit in library.searcher.search(Query("scene"), HERE).hits]
        assert after == [(name, pytest.approx(score, abs=1e-5)) for name, score in before]
        ranked = asked(library, "from red to green")
        library.reindex()
        assert (asked(library, "from red to green"), encoder.seen) == (ranked, [4, 4])
        library.reindex(encode=True)
        assert (asked(library, "from red to green"), len(encoder.seen)) == (ranked, 4)
    with opens(without()) as library:
        library.reindex()
        assert (kept(library), len(library.searcher.search(Query("scene"), HERE).hits)) == (0, 2)


def test_a_video_that_is_removed_leaves_no_vector(opens: Opens, films: list[Path]) -> None:
    with opens(registered()) as library:
        for path in films:
            take(library, path)
        assert kept(library) == 4
        library.remove("lamp", HERE)
        assert (set(asked(library, "red to green")), kept(library)) == ({"dusk:1", "dusk:2"}, 2)


def test_its_arm_counts_beside_the_others_only_by_its_weight(in_memory: Opens, films: list[Path]) -> None:
    with in_memory(registered()) as library:
        take(library, films[1])
        alone = library.searcher.search(Query("green to red"), HERE).hits
    with in_memory(registered(weight=5.0)) as library:
        library.reindex()
        beside = library.searcher.search(Query("green to red"), HERE).hits
    assert not any("changes" in hit.arms for hit in alone)
    assert (beside[0].moment.moment_id, beside[0].arms["changes"].rank) == ("lamp:2", 1)
    assert beside[0].score == pytest.approx(5.0 + dict((h.moment.moment_id, h.score) for h in alone)["lamp:2"])


def test_no_clip_is_encoded_twice(in_memory: Opens, tmp_path: Path) -> None:
    path = filmed(tmp_path / "strip.mp4", [("red", "green"), ("blue", "white")] * 10, seconds=0.4)
    broken, whole = CountingClips(fails_at=8 + 17), CountingClips()  # the canary takes eight
    with in_memory(registered(lambda: broken)) as library, pytest.raises(KeyboardInterrupt):
        take(library, path)
    with in_memory(registered(lambda: whole)) as library:
        take(library, path)
        assert (len(whole.seen), kept(library)) == (8 + 4, 20)  # sixteen were kept
        path.with_suffix(".srt").write_text("1\n00:00:00,000 --> 00:00:00,300\nA lamp.\n")
        take(library, path)
        assert (len(whole.seen), kept(library)) == (8 + 4, 20)


def test_where_the_film_is_gone_its_keyframes_are_encoded(in_memory: Opens, films: list[Path]) -> None:
    encoder = CountingClips()
    with in_memory(registered(lambda: encoder)) as library:
        take(library, films[1])
        assert encoder.seen[8:] == [4, 4]
        films[1].write_bytes(b"another file by now")
        library.reindex(encode=True)
        assert all(1 <= count < 4 for count in encoder.seen[10:]) and len(encoder.seen) == 12
        assert set(asked(library, "red to green")) == {"lamp:1", "lamp:2"}


def test_a_space_of_whole_videos_ranks_all_moments_of_the_best_one(in_memory: Opens, films: list[Path]) -> None:
    looks = Registration(SpaceKind("looks", "videos"), HashingClipEncoder)
    with in_memory(Encoders(HashingTextEncoder, None, [looks])) as library:
        for path in films:
            take(library, path)
        found = ids(library.searcher.search(Query("from white to black", arm="looks"), HERE))
        assert found == ["dusk:1", "dusk:2", "lamp:1", "lamp:2"]


def test_an_arm_that_is_off_or_unknown_is_told(in_memory: Opens, films: list[Path]) -> None:
    off = Registration(CHANGES, None, off="no weights are set")
    with in_memory(Encoders(HashingTextEncoder, None, [off])) as library:
        take(library, films[0])
        assert library.searcher.search(Query("scene"), HERE).arms_off["changes"] == "no weights are set"
        with pytest.raises(MissingModel, match="the changes arm is off: no weights are set"):
            asked(library, "scene")
        with pytest.raises(InvalidQuery, match="no arm 'sounds'") as unknown:
            library.searcher.search(Query("scene", arm="sounds"), HERE)
        assert unknown.value.hint == "These are there: keywords, meaning, frames, changes."


def test_the_command_line_searches_and_checks_it(
    films: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "FURTHER_SPACES", (lambda _: Registration(CHANGES, HashingClipEncoder),))
    settings = {"VDIALOG_HOME": str(tmp_path / "home"), "VDIALOG_TEXT_MODEL": "hashing", "VDIALOG_STABLE_SECONDS": "0"}

    def typed(*words: str) -> dict[str, list[dict[str, object]]]:
        ran = CliRunner().invoke(app, [*words, "--json"], env=settings)
        assert ran.exit_code == 0, ran.output
        return json.loads(ran.stdout.splitlines()[-1])  # type: ignore[no-any-return]

    typed("ingest", str(films[1]), "--captions", str(films[1].with_suffix(".json")))
    assert typed("search", "from green to red", "--arm", "changes")["hits"][0]["moment_id"] == "lamp:2"
    checks = {check["name"]: check for check in typed("doctor")["checks"]}
    assert checks["changes model"]["state"] == "ok"
    assert "search --arm changes" in str(checks["changes model"]["detail"])


@pytest.mark.parametrize("name", ["", "Clips", "two words", "keywords", "meaning", "moment", "x" * 40])
def test_a_name_that_no_column_or_arm_can_have_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no space can be called"):
        SpaceKind(name, "clips")


def test_two_spaces_of_one_name_are_refused() -> None:
    twice = Registration(CHANGES, None)
    with pytest.raises(ValueError, match="two spaces of one name"):
        Encoders(HashingTextEncoder, None, [twice, twice])
