"""The shipped demo models, through the loaders of the large ones, on combinations they have never seen."""

from collections.abc import Iterator, Sequence

import pytest
from PIL import Image

from bot import bootstrap
from bot.settings import load
from bot.vision.huggingface import Llava
from demo.exams import answers_exam, noise_exam, retrieval_exam
from demo.teaching import MODELS
from retrieval.encoders.clip import OpenClip

pytestmark = [pytest.mark.models, pytest.mark.slow]


@pytest.fixture(scope="module")
def paths() -> bootstrap.ModelPaths:
    return bootstrap.model_paths(load(models="demo"))


@pytest.fixture(scope="module")
def llava(paths: bootstrap.ModelPaths) -> Iterator[Llava]:
    yield Llava(paths.vision_model, instruct=False)


def test_the_clip_finds_unseen_combinations(paths: bootstrap.ModelPaths) -> None:
    recall = retrieval_exam(OpenClip(paths.clip_model, paths.clip_weights), count=400, seed=1)
    assert recall.to_image >= 0.97
    assert recall.to_text >= 0.97


def test_the_llava_answers_about_unseen_combinations(llava: Llava) -> None:
    def ask_each(asked: Sequence[tuple[str, Image.Image]]) -> list[str]:
        return [said.text for said in llava.ask_each(asked)]

    marks = answers_exam(ask_each, count=2000, seed=1)
    shares = {kind: mark.share for kind, mark in marks.items()}
    assert sum(shares.values()) / len(shares) >= 0.95
    assert min(shares.values()) >= 0.88, shares
    assert shares["absent"] >= 0.9
    assert noise_exam(ask_each, count=200, seed=1).share >= 0.9


def test_all_of_it_is_small() -> None:
    assert sum(file.stat().st_size for file in MODELS.rglob("*") if file.is_file()) <= 12_000_000
