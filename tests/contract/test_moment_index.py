"""One suite for every MomentIndex: in memory, LanceDB in a folder, and a real node of OpenSearch."""

import asyncio
import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.analysis import terms, words
from retrieval.errors import SpaceMismatch
from retrieval.index.base import (
    K1,
    B,
    FrameRow,
    KeywordQuery,
    MomentIndex,
    MomentRow,
    Rarity,
    Scope,
    Scored,
    VectorQuery,
    VideoRows,
)
from retrieval.index.lance import LanceIndex
from retrieval.index.memory import MemoryIndex
from retrieval.index.phrases import Passage, written
from retrieval.index.readers import Read
from retrieval.index.spaces import dumped
from retrieval.spaces import FRAMES, TEXT, IndexSpaces, Space, Vectors, unit
from retrieval.types import Filter, TextSource, TimeSpan
from tests.integration.opensearch.stores import opened_store

SPACES = IndexSpaces.of({TEXT: Space("probe", 6), FRAMES: Space("probe-frames", 4)})
ALL = frozenset({"public"})

Make = Callable[[IndexSpaces], MomentIndex]


@pytest.fixture(params=["memory", "lance", pytest.param("opensearch", marks=pytest.mark.opensearch)])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    if request.param == "memory":
        yield MemoryIndex
    elif request.param == "lance":
        yield lambda spaces: LanceIndex(tmp_path / "index", spaces)
    else:
        with opened_store(request.getfixturevalue("node").url, tmp_path) as store:
            yield lambda spaces: store.open(1, spaces)


@pytest.fixture
def index(make: Make) -> MomentIndex:
    return make(SPACES)


def direction(seed: int, size: int) -> Vectors:
    return unit(np.random.default_rng(seed).standard_normal(size).astype(np.float32))


def moment(
    name: str,
    text: str,
    start: float = 0.0,
    seed: int = 0,
    source: TextSource = "caption",
    frames: tuple[tuple[float, int], ...] = (),
) -> MomentRow:
    has_text = bool(text)
    return MomentRow(
        name,
        TimeSpan(start, start + 5),
        (source,) if has_text else (),
        " ".join(terms(text)),
        " ".join(words(text)),
        {"caption_vec": direction(seed, 6), "moment_vec": direction(seed, 8)} if has_text else {},
        tuple(FrameRow(time, {"clip_vec": direction(s, 4)}) for time, s in frames),
    )


def video(name: str, *moments: MomentRow, generation: int = 1, collections: tuple[str, ...] = ("public",)) -> VideoRows:
    return VideoRows(name, generation, collections, moments, 60.0)


def scope(visible: frozenset[str] = ALL, hidden: frozenset[int] = frozenset(), **more: object) -> Scope:
    return Scope(visible, hidden, **more)  # type: ignore[arg-type]


def keywords(index: MomentIndex, query: str, k: int = 10, **more: object) -> list[str]:
    return [hit.moment_id for hit in index.search(KeywordQuery(tuple(terms(query)), scope(**more)), k)]


RARE = Rarity({"dog": 0.5, "run": 1.0, "zebra": 4.0}, 3.0)


def by_rarity(index: MomentIndex, query: str, k: int = 10, **more: object) -> list[Scored]:
    return index.search(KeywordQuery(tuple(terms(query)), scope(**more), RARE), k)


def nearest(index: MomentIndex, seed: int, k: int = 10, **more: object) -> list[str]:
    return [hit.moment_id for hit in index.search(VectorQuery("moment_vec", direction(seed, 8), scope(**more)), k)]


def test_with_given_figures_no_row_has_a_part_in_the_ranking_of_others(index: MomentIndex) -> None:
    seen = video("a", moment("a:1", "dogs run and run"), moment("a:2", "a dog sleeps"), moment("a:3", "a zebra runs"))
    index.upsert([seen])
    alone = by_rarity(index, "dog run zebra")
    assert [hit.moment_id for hit in alone] == ["a:3", "a:1", "a:2"]
    assert alone[0].score == pytest.approx(5.0 * (K1 + 1) / (1 + K1 * (1 - B + B * 2 / 3)), abs=1e-5)
    zebras = (moment(f"b:{n}", "zebra " * (n % 3 + 1)) for n in range(30))
    index.upsert([video("b", *zebras, generation=2, collections=("private",))])
    assert by_rarity(index, "dog run zebra", k=3) == alone
    assert [hit.moment_id for hit in by_rarity(index, "zebra", k=1)] == ["a:3"]
    assert len(by_rarity(index, "zebra", k=40, visible=frozenset({"public", "private"}))) == 31


def test_keywords_find_other_forms_of_a_word_and_rank_rare_words_first(index: MomentIndex) -> None:
    index.upsert(
        [video("a", moment("a:1", "dogs running"), moment("a:2", "a dog sleeps"), moment("a:3", "a zebra runs"))]
    )
    assert keywords(index, "the zebra ran with dogs")[0] == "a:3"
    assert set(keywords(index, "dog")) == {"a:1", "a:2"}
    assert keywords(index, "runs") == ["a:1", "a:3"] or keywords(index, "runs") == ["a:3", "a:1"]


def test_words_of_other_signs_and_scripts_are_found(index: MomentIndex) -> None:
    texts = ["C# at night", "C at night", ".NET at night", "a net", "我们吃牛肉面", "北方东京"]
    index.upsert([video("a", *(moment(f"a:{n}", text) for n, text in enumerate(texts, start=1)))])
    found = [index.search(KeywordQuery((stem,), scope()), 9) for stem in ("c#", ".net", "牛肉", "面", "北京")]
    assert [[hit.moment_id for hit in hits] for hits in found] == [["a:1"], ["a:3"], ["a:5"], ["a:5"], []]


def test_scores_of_words_are_those_of_bm25_whatever_the_index(index: MomentIndex) -> None:
    index.upsert(
        [video("a", *(moment(f"a:{n}", f"zebra number{n}" if n == 1 else f"horse number{n}") for n in range(1, 9)))]
    )
    (hit,) = index.search(KeywordQuery(("zebra",), scope()), 3)
    assert hit.score == pytest.approx(
        math.log(1 + (8 - 1 + 0.5) / (1 + 0.5)), rel=0.02
    )  # tf 1 in a text of mean length


def test_a_quoted_phrase_must_occur_word_for_word(index: MomentIndex) -> None:
    index.upsert(
        [
            video(
                "a",
                moment("a:1", "Two hands take the bottles"),
                moment("a:2", "hands two"),
                moment("a:3", "two handsome men"),
            )
        ]
    )
    assert keywords(index, "two hands", phrases=("two hands",)) == ["a:1"]
    assert nearest(index, 0, phrases=("two hands",)) == ["a:1"]


def test_a_phrase_is_found_across_the_border_of_two_moments_and_in_other_spellings(index: MomentIndex) -> None:
    texts = ["the Wi-Fi router is", "slow tonight, O\u2019Brien", "said. \u6211\u4eec\u5403\u725b\u8089\u9762"]
    rows = []
    for at, text in enumerate(texts):
        passage = Passage(text, " ".join(texts[:at]), " ".join(texts[at + 1 :]))
        rows.append(replace(moment(f"a:{at + 1}", text), plain=written([passage])))
    index.upsert([video("a", *rows)])

    def found(phrase: str) -> list[str]:
        return sorted(nearest(index, 0, phrases=(phrase,)))

    assert [found(phrase) for phrase in ("wifi router", "the wi fi router", "WI-FI")] == [["a:1"]] * 3
    assert found("Router is slow") == ["a:1", "a:2"]
    assert found("is slow tonight OBrien said") == ["a:1", "a:2", "a:3"]
    assert [found("o brien"), found("slow tonight"), found("\u725b\u8089"), found("router slow")] == [
        ["a:2"],
        ["a:2"],
        ["a:3"],
        [],
    ]
    assert found("slow tonight O'Brien said \u6211\u4eec\u5403\u725b\u8089\u9762") == ["a:2", "a:3"]


def test_an_excluded_word_excludes_all_its_forms_in_every_arm(index: MomentIndex) -> None:
    index.upsert([video("a", moment("a:1", "a man with dogs", seed=1), moment("a:2", "a man alone", seed=2))])
    assert keywords(index, "man", excluded=("dog",)) == ["a:2"]
    assert nearest(index, 1, excluded=("dog",)) == ["a:2"]


def test_nearest_vectors_come_first_with_their_cosine(index: MomentIndex) -> None:
    index.upsert([video("a", *(moment(f"a:{i}", "word", seed=i) for i in range(1, 30)))])
    hits = index.search(VectorQuery("moment_vec", direction(7, 8), scope()), 29)
    expected = sorted(((float(direction(7, 8) @ direction(i, 8)), f"a:{i}") for i in range(1, 30)), reverse=True)
    assert [hit.moment_id for hit in hits] == [name for _, name in expected]
    assert [hit.score for hit in hits] == pytest.approx([score for score, _ in expected], abs=1e-5)


def test_a_moment_counts_by_its_best_keyframe(index: MomentIndex) -> None:
    many = tuple((float(t), 50) for t in range(40))
    index.upsert([video("a", moment("a:1", "", frames=((1.0, 3), (2.0, 4))), moment("a:2", "", frames=many))])
    hits = index.search(VectorQuery("clip_vec", direction(50, 4), scope()), 2)
    assert [hit.moment_id for hit in hits] == ["a:2", "a:1"]
    hits = index.search(VectorQuery("clip_vec", direction(4, 4), scope()), 2)
    assert (hits[0].moment_id, hits[0].frame_time) == ("a:1", 2.0)


def test_moments_without_a_vector_are_not_ranked_by_it(index: MomentIndex) -> None:
    index.upsert([video("a", moment("a:1", ""), moment("a:2", "text"))])
    assert nearest(index, 0) == ["a:2"]
    assert index.search(VectorQuery("clip_vec", direction(1, 4), scope()), 5) == []


def test_a_video_without_any_text_is_taken_and_found_by_its_frames(index: MomentIndex) -> None:
    index.upsert([video("a", moment("a:1", "", frames=((0.0, 1),)), moment("a:2", ""))])
    assert nearest(index, 0) == []
    assert [hit.moment_id for hit in index.search(VectorQuery("clip_vec", direction(1, 4), scope()), 5)] == ["a:1"]


@pytest.mark.parametrize("visible", [frozenset(), frozenset({"private"}), frozenset({"private", "other"})])
def test_nothing_is_seen_outside_the_visible_collections(index: MomentIndex, visible: frozenset[str]) -> None:
    index.upsert(
        [
            video("a", moment("a:1", "dog", frames=((0.0, 1),))),
            video("b", moment("b:1", "dog"), collections=("private",)),
        ]
    )
    expected = ["b:1"] if "private" in visible else []
    assert keywords(index, "dog", visible=visible) == expected
    assert nearest(index, 0, visible=visible) == expected
    assert index.search(VectorQuery("clip_vec", direction(1, 4), scope(visible)), 5) == []


def test_a_filter_can_narrow_but_never_widen_what_is_visible(index: MomentIndex) -> None:
    index.upsert([video("a", moment("a:1", "dog")), video("b", moment("b:1", "dog"), collections=("private",))])
    assert keywords(index, "dog", filter=Filter(collections=frozenset({"private"}))) == []
    assert keywords(index, "dog", filter=Filter(collections=frozenset({"public", "private"}))) == ["a:1"]


def test_filters_run_inside_the_search(index: MomentIndex) -> None:
    crowd = [video(f"v{i}", moment(f"v{i}:1", "dog dog dog", seed=1)) for i in range(60)]
    index.upsert([*crowd, video("rare", moment("rare:1", "a dog", start=100, seed=2, source="speech"))])
    for wanted in (
        Filter(videos=frozenset({"rare"})),
        Filter(within=TimeSpan(99, 101)),
        Filter(sources=frozenset({"speech"})),
    ):
        assert keywords(index, "dog", k=3, filter=wanted) == ["rare:1"]
        assert nearest(index, 1, k=3, filter=wanted) == ["rare:1"]
    assert keywords(index, "dog", filter=Filter(videos=frozenset())) == []


def test_a_window_takes_moments_that_overlap_it_and_not_those_that_touch_it(index: MomentIndex) -> None:
    index.upsert(
        [video("a", moment("a:1", "dog", start=0), moment("a:2", "dog", start=5), moment("a:3", "dog", start=10))]
    )
    assert nearest(index, 0, filter=Filter(within=TimeSpan(5, 10))) == ["a:2"]


def test_a_vector_search_returns_as_many_as_there_are(index: MomentIndex) -> None:
    index.upsert([video(f"v{i}", moment(f"v{i}:1", "dog", seed=i)) for i in range(30)])
    wanted = Filter(videos=frozenset(f"v{i}" for i in range(12)))
    assert len(nearest(index, 3, k=10, filter=wanted)) == 10
    assert len(nearest(index, 3, k=50, filter=wanted)) == 12
    assert len(nearest(index, 3, k=50)) == 30


def test_within_some_videos_moments_without_a_vector_are_not_ranked(index: MomentIndex) -> None:
    index.upsert([video("a", moment("a:1", ""), moment("a:2", "dog")), video("b", moment("b:1", "dog"))])
    only = Filter(videos=frozenset({"a"}))
    assert nearest(index, 0, filter=only) == ["a:2"]
    assert nearest(index, 0, filter=only, excluded=("dog",)) == []


def test_what_is_written_is_seen_by_the_next_search_within_the_same_videos(index: MomentIndex) -> None:
    only = Filter(videos=frozenset({"a"}))
    index.upsert([video("a", moment("a:1", "dog"))])
    assert nearest(index, 0, filter=only) == ["a:1"]
    index.upsert([video("a", moment("a:1", "dog"), moment("a:2", "cat", seed=3), generation=2)])
    assert nearest(index, 0, filter=only, hidden=frozenset({1})) == ["a:1", "a:2"]
    index.delete(["a"], [2])
    assert nearest(index, 0, filter=only) == ["a:1"]


def test_rows_of_hidden_generations_are_never_seen(index: MomentIndex) -> None:
    index.upsert([video("a", moment("a:1", "old dog")), video("a", moment("a:1", "new cat"), generation=2)])
    assert keywords(index, "dog cat", hidden=frozenset({2})) == ["a:1"]
    assert keywords(index, "cat", hidden=frozenset({2})) == []
    assert keywords(index, "dog", hidden=frozenset({1})) == []


def test_upserting_again_replaces_and_deleting_leaves_nothing(index: MomentIndex) -> None:
    index.upsert([video("a", moment("a:1", "dog", frames=((0.0, 1),))), video("b", moment("b:1", "dog"))])
    index.upsert([video("a", moment("a:1", "cat", frames=((0.0, 1),)))])
    assert (index.count(), keywords(index, "dog")) == (2, ["b:1"])
    index.delete(["a"])
    assert index.count() == 1
    assert keywords(index, "cat") == []
    assert index.search(VectorQuery("clip_vec", direction(1, 4), scope()), 5) == []


def test_one_generation_can_be_deleted_alone(index: MomentIndex) -> None:
    index.upsert([video("a", moment("a:1", "dog")), video("a", moment("a:1", "dog"), generation=2)])
    index.delete(["a"], [1])
    assert index.count() == 1
    assert keywords(index, "dog", hidden=frozenset({1})) == ["a:1"]


def test_a_vector_that_does_not_fit_is_refused_and_nothing_is_written(index: MomentIndex) -> None:
    vectors = {"caption_vec": direction(0, 5), "moment_vec": direction(0, 8)}
    wrong = MomentRow("a:2", TimeSpan(0, 1), ("caption",), "x", "x", vectors)
    with pytest.raises(SpaceMismatch, match="caption_vec has 6 dimensions"):
        index.upsert([video("a", moment("a:1", "dog"), wrong)])
    assert index.count() == 0
    with pytest.raises(SpaceMismatch, match="moment_vec"):
        index.search(VectorQuery("moment_vec", direction(0, 6), scope()), 3)


def test_an_index_without_pictures_refuses_a_picture_search(make: Make) -> None:
    index = make(IndexSpaces.of({TEXT: Space("probe", 6)}))
    with pytest.raises(SpaceMismatch, match="no vectors 'clip_vec'"):
        index.search(VectorQuery("clip_vec", direction(0, 4), scope()), 3)


def test_names_with_quotes_and_odd_characters_are_only_names(index: MomentIndex) -> None:
    name = 'it\'s; DROP "x" -- 東京'
    index.upsert([video(name, moment(f"{name}:1", "dog"), collections=("o'brien",))])
    found = keywords(index, "dog", visible=frozenset({"o'brien"}), filter=Filter(videos=frozenset({name})))
    assert found == [f"{name}:1"]
    index.delete([name])
    assert index.count() == 0


def test_optimizing_does_not_change_what_is_found(index: MomentIndex) -> None:
    index.upsert([video(f"v{i}", moment(f"v{i}:1", f"dog number {i}", seed=i)) for i in range(50)])
    before = (keywords(index, "dog 7", k=50), nearest(index, 3, k=50))
    index.optimize()
    assert (keywords(index, "dog 7", k=50), nearest(index, 3, k=50)) == before


def test_purging_does_not_change_what_is_found(index: MomentIndex) -> None:
    index.upsert([video(f"v{i}", moment(f"v{i}:1", f"dog number {i}", seed=i)) for i in range(50)])
    index.delete(["v7", "v8"])
    before = (keywords(index, "dog 9", k=50), nearest(index, 3, k=50))
    index.purge()
    index.purge()
    assert (keywords(index, "dog 9", k=50), nearest(index, 3, k=50)) == before
    assert index.count() == 48
    index.delete([f"v{i}" for i in range(50)])
    index.purge()
    assert (index.count(), keywords(index, "dog")) == (0, [])
    index.upsert([video("new", moment("new:1", "dog"))])
    assert keywords(index, "dog") == ["new:1"]


def test_a_search_goes_on_whose_version_is_purged_before_it_is_read(tmp_path: Path) -> None:
    ours, theirs = (LanceIndex(tmp_path / "index", SPACES) for _ in range(2))
    theirs.upsert([video(f"v{i}", moment(f"v{i}:1", "dog", seed=i)) for i in range(50)])
    reader, purged = ours._readers["moments"], []
    now = reader.now

    async def slow() -> Read:
        read = await now()
        if len(purged) < 2:
            purged.append(read.version)
            await asyncio.to_thread(theirs.purge)
        return read

    reader.now = slow  # type: ignore[method-assign]
    assert (len(keywords(ours, "dog", k=50)), len(nearest(ours, 3, k=50))) == (50, 50)
    assert len(set(purged)) == 2


def test_a_durable_index_keeps_acknowledged_rows_when_its_process_is_killed(tmp_path: Path) -> None:
    program = f"""
import os, signal
from pathlib import Path
from tests.contract.test_moment_index import SPACES, moment, video
from retrieval.index.lance import LanceIndex
index = LanceIndex(Path({str(tmp_path / "index")!r}), SPACES)
for i in range(5):
    index.upsert([video(f"v{{i}}", moment(f"v{{i}}:1", "dog"))])
os.kill(os.getpid(), signal.SIGKILL)
"""
    ended = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], check=False)
    assert ended.returncode == -9
    assert len(keywords(LanceIndex(tmp_path / "index", SPACES), "dog")) == 5


def test_an_index_made_with_another_encoder_is_refused_by_name(tmp_path: Path) -> None:
    LanceIndex(tmp_path / "index", SPACES)
    with pytest.raises(SpaceMismatch, match=r"probe \(6, cosine\).*other"):
        LanceIndex(tmp_path / "index", IndexSpaces.of({**dict(SPACES.held), TEXT: Space("other", 6)}))


def test_what_another_process_writes_is_seen_by_the_next_search_and_nothing_private(tmp_path: Path) -> None:
    ours, theirs = (LanceIndex(tmp_path / "index", SPACES) for _ in range(2))
    theirs.upsert([video("a", moment("a:1", "dog"))])
    assert (keywords(ours, "dog"), nearest(ours, 0)) == (["a:1"], ["a:1"])
    theirs.upsert(
        [video("b", moment("b:1", "dog", seed=2)), video("c", moment("c:1", "dog"), collections=("private",))]
    )
    assert (set(keywords(ours, "dog")), nearest(ours, 0)) == ({"a:1", "b:1"}, ["a:1", "b:1"])
    assert nearest(ours, 0, visible=frozenset({"private"})) == ["c:1"]


def test_an_index_kept_open_while_rows_move_names_them_like_one_opened_anew(tmp_path: Path) -> None:
    ours, theirs = (LanceIndex(tmp_path / "index", SPACES) for _ in range(2))

    def answers(index: LanceIndex) -> list[object]:
        frames = index.search(VectorQuery("clip_vec", direction(3, 4), scope()), 9)
        return [keywords(index, "dog"), nearest(index, 3), [(hit.moment_id, hit.frame_time) for hit in frames]]

    def write(round_: int) -> None:
        theirs.upsert(
            [video(f"v{i}", moment(f"v{i}:1", "dog", seed=i, frames=((float(round_), i),))) for i in range(5)]
        )

    write(0)
    for round_ in range(1, 5):
        assert answers(ours) == answers(LanceIndex(tmp_path / "index", SPACES))
        write(round_)
        theirs.delete([f"v{round_}"])
        if round_ % 2:
            theirs.optimize()
    assert answers(ours) == answers(LanceIndex(tmp_path / "index", SPACES))
    assert len(keywords(ours, "dog")) == 4


def test_a_large_index_finds_what_a_small_one_finds(tmp_path: Path) -> None:
    large = LanceIndex(tmp_path / "index", SPACES, index_from=500)
    crowd = [video(f"v{i}", moment(f"v{i}:1", "dog", start=i, seed=i, frames=((0.5, i),))) for i in range(600)]
    large.upsert(crowd)
    queries = [VectorQuery("moment_vec", direction(i, 8), scope()) for i in range(700, 710)]
    queries += [VectorQuery("clip_vec", direction(i, 4), scope()) for i in range(700, 710)]
    before = [large.search(query, 10) for query in queries]
    large.optimize()
    assert [large.search(query, 10) for query in queries] == before
    large.upsert([video("late", moment("late:1", "dog", start=900, seed=3))])
    assert nearest(large, 3, k=2) == ["late:1", "v3:1"]
    assert len(nearest(large, 3, k=50, filter=Filter(within=TimeSpan(100, 130)))) == 34
    large.delete(["late"])
    large.purge()
    assert [large.search(query, 10) for query in queries] == before


def test_an_index_with_other_columns_asks_for_a_new_one(tmp_path: Path) -> None:
    LanceIndex(tmp_path / "index", SPACES)
    other = IndexSpaces.of({**dict(SPACES.held), TEXT: Space("probe", 60)})
    (tmp_path / "index" / "spaces.json").write_text(dumped(other))
    with pytest.raises(SpaceMismatch, match="another version"):
        LanceIndex(tmp_path / "index", other)
