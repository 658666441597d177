from PIL import Image

import prompts
from bot.vision.base import Output, VisionModel
from bot.vision.captioner import ModelCaptioner
from bot.vision.scripted import ScriptedVision
from retrieval.ingest.captions import LEAST, GeneratedCaption


def test_every_picture_is_asked_the_same_question() -> None:
    model = ScriptedVision([Output("A dog.", 0.8), Output("A cat.", 0.2)])
    pictures = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    assert ModelCaptioner("scripted", lambda: model).describe(pictures) == [
        GeneratedCaption("A dog.", 0.8),
        GeneratedCaption("A cat.", 0.2),
    ]
    assert model.asked == [(prompts.render("caption_frame"), (picture,)) for picture in pictures]


def test_a_model_that_does_not_tell_how_sure_it_is_is_still_believed() -> None:
    model = ScriptedVision([Output("A dog.", None)])
    (described,) = ModelCaptioner("scripted", lambda: model).describe([Image.new("RGB", (4, 4))])
    assert LEAST < described.confidence < 1.0


def test_the_model_is_loaded_when_it_is_needed_and_once() -> None:
    loaded: list[VisionModel] = []

    def load() -> VisionModel:
        loaded.append(ScriptedVision(["A dog."]))
        return loaded[-1]

    captioner = ModelCaptioner("small-1a2b", load)
    assert captioner.name == f"small-1a2b: {prompts.render('caption_frame')}"
    assert loaded == []
    captioner.describe([Image.new("RGB", (4, 4))])
    assert len(loaded) == 1
