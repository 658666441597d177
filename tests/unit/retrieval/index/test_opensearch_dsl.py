import numpy as np
import pytest

from retrieval.index import opensearch_dsl as dsl
from retrieval.index.base import FrameRow, KeywordQuery, MomentRow, Scope, VideoRows
from retrieval.index.opensearch_dsl import Body, Layout
from retrieval.spaces import FRAMES, TEXT, IndexSpaces, Space
from retrieval.types import Filter, TimeSpan

SPACES = IndexSpaces.of({TEXT: Space("probe", 384), FRAMES: Space("probe-frames", 512)})
MOMENT, CLIP = SPACES.column("moment_vec"), SPACES.column("clip_vec")
SCOPE = Scope(frozenset({"team"}), frozenset({7}))
VECTOR = np.array([0.6, 0.8], np.float32)


def fields(index: Body) -> Body:
    return dict(index["mappings"]["properties"])


def test_the_mapping_has_the_fields_of_the_paper_and_ours() -> None:
    made = dsl.moment_index(SPACES, {"library": "x"}, Layout(shards=3, replicas=1))
    assert set(fields(made)) == {
        *("video_id", "start", "end", "moment_description", "caption_bow", "caption_vec"),
        *("moment_id", "moment_vec", "generation", "collections", "sources", "duration", "stems"),
    }
    assert made["mappings"]["_meta"] == {"library": "x"}
    assert made["mappings"]["dynamic"] == "strict"
    assert made["settings"]["index"]["knn"] is True
    assert (made["settings"]["index"]["number_of_shards"], made["settings"]["index"]["number_of_replicas"]) == (3, 1)
    lengths = {name: field["dimension"] for name, field in fields(made).items() if field["type"] == "knn_vector"}
    assert lengths == {"caption_vec": 384, "moment_vec": 386}
    assert fields(dsl.frame_index(SPACES, {}, Layout()))["clip_vec"]["dimension"] == 512


def test_vectors_use_lucene_by_default_and_cosine() -> None:
    method = fields(dsl.moment_index(SPACES, {}, Layout()))["moment_vec"]["method"]
    assert (method["name"], method["engine"], method["space_type"]) == ("hnsw", "lucene", "cosinesimil")


def test_the_engine_for_very_many_moments_keeps_vectors_on_disk() -> None:
    """Not run here: native code of faiss ends the node of the tests. It is tested as a value only."""
    field = fields(dsl.moment_index(SPACES, {}, Layout(engine="faiss")))["moment_vec"]
    assert field == {"type": "knn_vector", "dimension": 386, "space_type": "cosinesimil", "mode": "on_disk"}


def test_filters_stand_inside_every_clause_that_ranks() -> None:
    near = dsl.nearest(MOMENT, VECTOR, SCOPE, 5)["query"]["knn"]["moment_vec"]
    assert near["filter"]["bool"] == dsl.within(SCOPE)
    assert near["k"] == 5
    words = dsl.keywords(KeywordQuery(("dog",), SCOPE), 5)["query"]["bool"]
    assert {"filter": words["filter"], "must_not": words["must_not"]} == dsl.within(SCOPE)
    compared = dsl.exact(MOMENT, VECTOR, SCOPE, 5)["query"]["script_score"]["query"]["bool"]
    assert compared["filter"][: len(dsl.within(SCOPE)["filter"])] == dsl.within(SCOPE)["filter"]


def test_no_search_fetches_sources() -> None:
    bodies = [
        dsl.nearest(CLIP, VECTOR, SCOPE, 5),
        dsl.exact(CLIP, VECTOR, SCOPE, 5),
        dsl.keywords(KeywordQuery(("dog",), SCOPE), 5),
    ]
    assert all(body["_source"] is False for body in bodies)
    assert bodies[1]["collapse"] == {"field": "moment_id"}


def test_a_scope_becomes_conditions() -> None:
    wanted = Filter(frozenset({"team", "secret"}), frozenset({"b", "a"}), TimeSpan(5, 10), frozenset({"speech"}))
    scope = Scope(frozenset({"team"}), frozenset({9, 3}), wanted, ("two hands",), ("dog",))
    phrase = [{"match_phrase": {"moment_description": form}} for form in ("two hands", "two >hands", "<two hands")]
    assert dsl.within(scope) == {
        "filter": [
            {"terms": {"collections": ["team"]}},
            {"terms": {"video_id": ["a", "b"]}},
            {"range": {"start": {"lt": 10}}},
            {"range": {"end": {"gt": 5}}},
            {"terms": {"sources": ["speech"]}},
            {"bool": {"should": phrase, "minimum_should_match": 1}},
        ],
        "must_not": [{"match_phrase": {"caption_bow": "dog"}}, {"terms": {"generation": [3, 9]}}],
    }


@pytest.mark.parametrize("wanted", [Filter(videos=frozenset()), Filter(sources=frozenset())])
def test_a_filter_of_nothing_matches_nothing(wanted: Filter) -> None:
    assert {"match_none": {}} in dsl.within(Scope(frozenset({"team"}), frozenset(), wanted))["filter"]


def test_more_values_than_a_clause_takes_are_split() -> None:
    videos = frozenset(f"v{i}" for i in range(dsl.MOST_VALUES + 5))
    clause = dsl.within(Scope(frozenset({"team"}), frozenset(), Filter(videos=videos)))["filter"][1]["bool"]
    assert [len(part["terms"]["video_id"]) for part in clause["should"]] == [dsl.MOST_VALUES, 5]
    assert clause["minimum_should_match"] == 1


def test_a_document_is_named_by_its_generation_and_moment() -> None:
    frames = (FrameRow(1.5, {"clip_vec": VECTOR}),)
    row = MomentRow("a:1", TimeSpan(0, 5), ("caption",), "dog", "a dog", {"moment_vec": VECTOR}, frames)
    video = VideoRows("a", 3, ("team",), (row,), 60.0)
    made = dsl.moment_document(video, row)
    assert made.id == "3/a:1"
    assert made.source["moment_vec"] == pytest.approx([0.6, 0.8])
    assert "caption_vec" not in made.source
    assert made.source["duration"] == 60.0
    assert [frame.id for frame in dsl.frame_documents(video, row)] == ["3/a:1@1.5"]


def test_a_vector_without_a_direction_is_left_out() -> None:
    none = np.zeros(2, np.float32)
    row = MomentRow(
        "a:1", TimeSpan(0, 5), ("caption",), "", "", {"moment_vec": none}, (FrameRow(1.5, {"clip_vec": none}),)
    )
    video = VideoRows("a", 3, ("team",), (row,), 60.0)
    assert {"caption_vec", "moment_vec"}.isdisjoint(dsl.moment_document(video, row).source)
    assert list(dsl.frame_documents(video, row)) == []


def test_an_id_that_is_too_long_is_shortened_and_stays_its_own() -> None:
    one, other = (dsl.document_id(1, "x" * 600 + end) for end in "ab")
    assert one != other
    assert max(len(one), len(other)) < 512


def test_numbers_are_the_same_in_single_precision() -> None:
    vector = np.random.default_rng(0).standard_normal(1_000).astype(np.float32)
    vector /= np.linalg.norm(vector)
    assert np.abs(np.array(dsl.numbers(vector), np.float32) - vector).max() < 1e-8
