"""The shipped demo model, through the loader of the large ones, on combinations it has never seen."""

from itertools import product
from pathlib import Path

import pytest

from bot import bootstrap
from bot.settings import load
from demo.exams import retrieval_exam
from demo.films import Film
from demo.scenes import Scene
from demo.teaching import MODELS
from demo.writing import write_films
from retrieval.encoders.clip import OpenClip
from tests.scenario.conftest import Vdialog

pytestmark = [pytest.mark.models, pytest.mark.slow]


@pytest.fixture(scope="module")
def paths() -> bootstrap.ModelPaths:
    return bootstrap.model_paths(load(models="demo"))


def test_the_clip_finds_unseen_combinations(paths: bootstrap.ModelPaths) -> None:
    recall = retrieval_exam(OpenClip(paths.clip_model, paths.clip_weights), count=400, seed=1)
    assert recall.to_image >= 0.97
    assert recall.to_text >= 0.97


def test_what_is_found_follows_the_pixels(vdialog: Vdialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keyframes change places on disk: the search follows the pictures, not the names."""
    monkeypatch.setenv("VDIALOG_MODELS", "demo")
    women = Scene("woman", 2, "red", "wave", "beach", seconds=4)
    dog = Scene("dog", 1, "blue", "sleep", "kitchen", seconds=4)
    write_films(tmp_path, [Film("two-scenes", "Two scenes", (women, dog))])
    assert vdialog("ingest", tmp_path / "two-scenes.mp4").code == 0

    def found(scene: Scene) -> tuple[str, list[str]]:
        """Return the moment found for a scene, and its keyframes."""
        hit = vdialog("search", scene.sentence, "--arm", "frames", "--json").data["hits"][0]
        return hit["moment_id"], hit["keyframes"]

    first, frames = found(women)
    second, others = found(dog)
    assert (first, second) == ("two-scenes:1", "two-scenes:2")
    for one, other in product(frames, others):
        assert Path(one).read_bytes() != Path(other).read_bytes()
    pictures = [Path(frames[0]).read_bytes(), Path(others[0]).read_bytes()]
    for path in frames:
        Path(path).write_bytes(pictures[1])
    for path in others:
        Path(path).write_bytes(pictures[0])
    assert vdialog("reindex", "--encode").code == 0
    assert found(women)[0] == "two-scenes:2"
    assert found(dog)[0] == "two-scenes:1"


def test_all_of_it_is_small() -> None:
    assert sum(file.stat().st_size for file in MODELS.rglob("*") if file.is_file()) <= 12_000_000
