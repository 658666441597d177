"""One suite for every captioner: the scripted one, and those that ask a vision model."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from bot.vision.base import Output
from bot.vision.captioner import ModelCaptioner
from bot.vision.scripted import ScriptedVision
from retrieval.ingest.captions import Captioner, GeneratedCaption
from retrieval.ingest.scripted import ScriptedCaptioner

PICTURES = [
    Image.new("RGB", (40, 30), "red"),
    Image.new("L", (7, 9), 200),
    Image.new("RGBA", (64, 20), (0, 0, 255, 9)),
    Image.new("1", (1, 1)),
]


def colour(image: Image.Image) -> str:
    return f"A wall of {image.convert('RGB').resize((1, 1)).getpixel((0, 0))}."


def by_colour(prompt: str, images: Sequence[Image.Image]) -> Output:
    return Output(colour(images[0]), None)


KINDS = ["scripted", "scripted model", pytest.param("llava", marks=pytest.mark.models)]


@pytest.fixture(params=KINDS, scope="module")
def captioner(request: pytest.FixtureRequest) -> Captioner:
    if request.param == "scripted":
        return ScriptedCaptioner(lambda image: GeneratedCaption(colour(image), 0.9))
    if request.param == "scripted model":
        return ModelCaptioner("by colour", lambda: ScriptedVision(by_colour))
    from bot.vision.huggingface import Llava

    folder: Path = request.getfixturevalue("tiny_llava")
    return ModelCaptioner("tiny", lambda: Llava(str(folder)))


def test_it_has_a_name_that_stays(captioner: Captioner) -> None:
    name = captioner.name
    captioner.describe(PICTURES[:1])
    assert name
    assert captioner.name == name


def test_each_picture_is_described_in_order_as_it_would_be_alone(captioner: Captioner) -> None:
    together = captioner.describe(PICTURES * 3)
    alone = [captioner.describe([image])[0] for image in PICTURES] * 3
    assert [one.text for one in together] == [one.text for one in alone]
    assert [one.confidence for one in together] == pytest.approx([one.confidence for one in alone], abs=1e-4)
    assert len({one.text for one in together}) > 1
    assert all(0 <= one.confidence <= 1 for one in together)


def test_no_pictures_have_no_descriptions(captioner: Captioner) -> None:
    assert captioner.describe([]) == []
