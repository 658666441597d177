from dataclasses import replace

import numpy as np

from retrieval.catalogue.vectors import StoredVideo
from retrieval.publishing import rows
from retrieval.spaces import FRAMES, TEXT, IndexSpaces, Space, SpaceKind, Vectors
from retrieval.types import TimedText, TimeSpan

LOOKS = SpaceKind("looks", "videos")
SPACES = {TEXT: Space("probe", 4), FRAMES: Space("probe-frames", 2), LOOKS: Space("probe-looks", 3)}


def vector(size: int) -> Vectors:
    return np.ones(size, np.float32) / np.float32(size**0.5)


def kept() -> StoredVideo:
    spans = (TimeSpan(0, 5), TimeSpan(5, 9))
    moments = ((spans[0], (TimedText(spans[0], "A man sits.", "caption"),)), (spans[1], ()))
    vectors = {
        "caption_vec": {1.0: vector(4)},
        "context_vec": {1.0: 2 * vector(4)},
        "clip_vec": {1.5: vector(2)},
        "looks_vec": {0.0: vector(3)},
    }
    return StoredVideo("v", 1, "hash", 9.0, ("team",), moments, ((1.5, "a.jpg"), (6.0, "b.jpg")), vectors)


def test_a_row_has_the_vectors_of_its_moment_and_those_of_its_whole_video() -> None:
    told, silent = rows.build(kept(), IndexSpaces.of(SPACES), None).moments
    assert {name: vec.shape for name, vec in told.vectors.items()} == {
        "caption_vec": (4,),
        "moment_vec": (6,),
        "looks_vec": (3,),
    }
    assert list(silent.vectors) == ["looks_vec"]


def test_a_keyframe_that_nobody_encoded_has_no_row() -> None:
    told, silent = rows.build(kept(), IndexSpaces.of(SPACES), None).moments
    assert [(frame.time, list(frame.vectors)) for frame in told.frames] == [(1.5, ["clip_vec"])]
    assert silent.frames == ()


def test_vectors_of_spaces_that_the_index_has_not_stay_out() -> None:
    told, _ = rows.build(kept(), IndexSpaces.of({TEXT: SPACES[TEXT]}), None).moments
    assert (set(told.vectors), told.frames) == ({"caption_vec", "moment_vec"}, ())
    bare = rows.build(replace(kept(), vectors={}), IndexSpaces.of(SPACES), None).moments
    assert [moment.vectors for moment in bare] == [{}, {}]
