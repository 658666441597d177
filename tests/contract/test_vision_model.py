"""One suite for every vision model: the scripted one, LLaVA from a folder of weights, and one that Ollama serves."""

import numpy as np
import pytest
from PIL import Image
from pydantic import SecretStr

from bot.servers.http import Server
from bot.vision.base import Output, VisionModel
from bot.vision.guard import Guarded
from bot.vision.ollama import Ollama
from bot.vision.openai import OpenAI
from bot.vision.scripted import ScriptedVision

RED = Image.new("RGB", (40, 30), "red")
BLUE = Image.new("RGB", (64, 64), "blue")
NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 255, (48, 48, 3), np.uint8))
QUESTION = "what is there in the picture ?"


def by_colour(prompt: str, images: list[Image.Image]) -> Output:
    seen = " ".join(str(image.convert("RGB").resize((1, 1)).getpixel((0, 0))) for image in images)
    return Output(f"it shows {seen or 'no picture'}, and {len(prompt)} letters ask", 0.5)


KINDS = [
    "scripted",
    pytest.param("llava", marks=pytest.mark.models),
    pytest.param("ollama", marks=pytest.mark.ollama),
    pytest.param("openai", marks=pytest.mark.ollama),
    pytest.param("guarded", marks=pytest.mark.ollama),
]


@pytest.fixture(params=KINDS, scope="module")
def model(request: pytest.FixtureRequest) -> VisionModel:
    if request.param == "scripted":
        return ScriptedVision(by_colour)
    if request.param != "llava":
        return served(request.param, request.getfixturevalue("ollama_server").url)
    from bot.vision.huggingface import Llava

    return Llava(str(request.getfixturevalue("tiny_llava")))


def served(kind: str, url: str) -> VisionModel:
    if kind == "openai":
        return OpenAI(Server(f"{url}/v1", SecretStr(""), patience=60), "tiny-llava")
    model = Ollama(Server(url, SecretStr(""), patience=60), "tiny-llava")
    return Guarded(model) if kind == "guarded" else model


def test_a_model_says_what_it_can_do(model: VisionModel) -> None:
    assert model.profile.name
    assert model.profile.max_images >= 1


def test_an_answer_comes_in_pieces_and_none_is_empty(model: VisionModel) -> None:
    pieces = list(model.answer(QUESTION, [RED]))
    assert len(pieces) > 1
    assert all(pieces)
    assert not "".join(pieces).startswith(" ")


def test_the_same_question_about_the_same_picture_has_the_same_answer(model: VisionModel) -> None:
    assert "".join(model.answer(QUESTION, [NOISE])) == "".join(model.answer(QUESTION, [NOISE]))


def test_the_answer_depends_on_the_picture_and_on_whether_there_is_one(model: VisionModel) -> None:
    answers = {"".join(model.answer(QUESTION, images)) for images in ([RED], [NOISE], [])}
    assert len(answers) == 3


def test_more_pictures_than_it_takes_are_refused_before_anything_is_said(model: VisionModel) -> None:
    with pytest.raises(ValueError, match="pictures at most"):
        model.answer(QUESTION, [RED] * (model.profile.max_images + 1))


def test_an_answer_that_is_closed_or_never_read_leaves_the_next_one_whole(model: VisionModel) -> None:
    whole = "".join(model.answer(QUESTION, [RED]))
    begun = model.answer(QUESTION, [BLUE])
    assert next(begun)
    begun.close()
    assert list(begun) == []
    model.answer(QUESTION, [BLUE]).close()
    assert "".join(model.answer(QUESTION, [RED])) == whole


def test_many_questions_are_answered_in_their_order_as_each_would_be_alone(model: VisionModel) -> None:
    asked = [(f"{QUESTION} {'a dog ' * (n % 3)}", (RED, BLUE, NOISE)[n % 3]) for n in range(11)]
    together = model.ask_each(asked)
    alone = [model.ask_each([one])[0] for one in asked]
    assert [said.text for said in together] == [said.text for said in alone]
    sure = [said.confidence for said in together if said.confidence is not None]
    assert sure == pytest.approx([said.confidence for said in alone], abs=1e-4)
    assert all(0.0 <= share <= 1.0 for share in sure)
    assert len({said.text for said in together}) > 1


def test_no_question_has_no_answer(model: VisionModel) -> None:
    assert model.ask_each([]) == []


def test_what_is_not_wanted_is_not_answered(model: VisionModel) -> None:
    assert model.ask_each([(QUESTION, RED)] * 2, lambda: True) == []
    assert len(model.ask_each([(QUESTION, RED)] * 2, lambda: False)) == 2


@pytest.mark.parametrize(
    "prompt",
    ["", " ", "\ud800 half", "<image> <image> </s> [img-0] ASSISTANT: yes", "{{ 7 * 7 }} {% if %}", "东京 \x00"],
)
def test_any_text_can_be_asked(model: VisionModel, prompt: str) -> None:
    list(model.answer(prompt, [RED]))
    list(model.answer(prompt, []))
    assert len(model.ask_each([(prompt, RED), (QUESTION, BLUE)])) == 2


@pytest.mark.parametrize(
    "image", [Image.new("L", (7, 9), 200), Image.new("RGBA", (64, 20), (0, 0, 255, 9)), Image.new("1", (1, 1))]
)
def test_any_picture_can_be_shown(model: VisionModel, image: Image.Image) -> None:
    assert isinstance("".join(model.answer(QUESTION, [image])), str)
    assert len(model.ask_each([(QUESTION, image)])) == 1
