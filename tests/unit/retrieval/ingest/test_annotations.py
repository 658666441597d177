import json
from pathlib import Path

import pytest

from retrieval.errors import InvalidAnnotations
from retrieval.ingest import annotations
from retrieval.ingest.annotations import read_annotations
from retrieval.types import TimeSpan


def _file(folder: Path, content: object) -> Path:
    path = folder / "captions.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def _entry(*stamps: list[object], duration: object = 10.0) -> dict[str, object]:
    return {"duration": duration, "timestamps": list(stamps), "sentences": [f"One {n}." for n in range(len(stamps))]}


def test_captions_keep_their_times_and_lose_their_surrounding_spaces(tmp_path: Path) -> None:
    entry = {"duration": 10, "timestamps": [[1, 4.5], [0, 2]], "sentences": ["  A man \n waves. ", "Étoile"]}

    read = read_annotations(_file(tmp_path, {"v_1": entry}))["v_1"]

    assert [(c.span, c.text, c.source) for c in read.captions] == [
        (TimeSpan(1, 4.5), "A man waves.", "caption"),
        (TimeSpan(0, 2), "Étoile", "caption"),
    ]
    assert (read.video_id, read.duration, read.dropped) == ("v_1", 10.0, ())


def test_the_same_span_twice_is_kept_twice(tmp_path: Path) -> None:
    read = read_annotations(_file(tmp_path, {"v": _entry([1, 2], [1, 2])}))["v"]
    assert len(read.captions) == 2


def test_an_end_a_little_past_the_video_is_clipped(tmp_path: Path) -> None:
    read = read_annotations(_file(tmp_path, {"v": _entry([4, 10.01])}))["v"]
    assert read.captions[0].span == TimeSpan(4, 10)


@pytest.mark.parametrize(
    ("stamp", "reason"),
    [
        ([5, 5], "ends where it starts"),
        ([6, 5], "ends where it starts"),
        ([-1, 5], "before the video"),
        ([2, 10.6], "beyond the video"),
        ([10, 10.2], "beyond the video"),
        ([float("nan"), 5], "not a number"),
        ([0, float("inf")], "not a number"),
        ([0, 10**400], "not a number"),
    ],
)
def test_one_bad_caption_is_dropped_with_its_reason(tmp_path: Path, stamp: list[object], reason: str) -> None:
    read = read_annotations(_file(tmp_path, {"v": _entry([0, 3], stamp)}))["v"]
    assert [c.text for c in read.captions] == ["One 0."]
    assert len(read.dropped) == 1 and reason in read.dropped[0] and "caption 2 of 'v'" in read.dropped[0]


def test_a_caption_without_words_is_dropped(tmp_path: Path) -> None:
    read = read_annotations(_file(tmp_path, {"v": {"duration": 5, "timestamps": [[0, 1]], "sentences": ["  "]}}))["v"]
    assert read.captions == () and "no words" in read.dropped[0]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "nested|not JSON"),
        ([], "no object"),
        ({"v": []}, "'v' is not an object"),
        ({"": _entry([0, 1])}, "is empty"),
        ({"v": {"timestamps": [], "sentences": []}}, "duration of 'v'"),
        ({"v": _entry([0, 1], duration="10")}, "duration of 'v'"),
        ({"v": _entry([0, 1], duration=True)}, "duration of 'v'"),
        ({"v": _entry([0, 1], duration=0)}, "duration of 'v'"),
        ({"v": _entry([0, 1], duration=float("nan"))}, "duration of 'v'"),
        ({"v": {"duration": 5, "sentences": []}}, "'timestamps' of 'v'"),
        ({"v": {"duration": 5, "timestamps": [], "sentences": "no"}}, "'sentences' of 'v'"),
        ({"v": {"duration": 5, "timestamps": [[0, 1]], "sentences": []}}, "'v' has 1 timestamps and 0 sentences"),
        ({"v": {"duration": 5, "timestamps": [[0, 1]], "sentences": [7]}}, "caption 1 of 'v'"),
        ({"v": _entry([0, 1, 2])}, "caption 1 of 'v'"),
        ({"v": _entry(["0", 1])}, "caption 1 of 'v'"),
        ({"v": {"duration": 5, "timestamps": [4], "sentences": ["a"]}}, "caption 1 of 'v'"),
        ('{"v": {}, "w": {}, "v": {}}', "'v' stands twice"),
        ('{"v": {"duration": ' + "9" * 5_000 + "}}", "not JSON"),
        ({"v\ud800": _entry([0, 1])}, "half a character"),
    ],
)
def test_a_fault_in_the_shape_refuses_the_file_and_names_the_video(tmp_path: Path, content: object, named: str) -> None:
    with pytest.raises(InvalidAnnotations, match=named):
        read_annotations(_file(tmp_path, content))


def test_a_file_that_is_missing_not_utf8_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InvalidAnnotations, match="cannot be read"):
        read_annotations(tmp_path / "none.json")
    (tmp_path / "latin.json").write_bytes(b'{"\xe9": 1}')
    with pytest.raises(InvalidAnnotations, match="not JSON"):
        read_annotations(tmp_path / "latin.json")
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(annotations.MAX_BYTES + 1)  # a hole: takes no space
    with pytest.raises(InvalidAnnotations, match="256 MB"):
        read_annotations(huge)


@pytest.mark.data
def test_real_files_lose_only_what_makes_no_span(data: Path) -> None:
    dropped = {}
    for path in sorted((data / "activitynet_captions").glob("*.json")):
        read = read_annotations(path).values()
        kept = sum(len(annotation.captions) for annotation in read)
        dropped[path.name] = (kept, sum(len(annotation.dropped) for annotation in read))
    assert dropped == {"train.json": (37_417, 4), "val_1_dev.json": (8_803, 0), "val_2_dev.json": (8_580, 0)}
