from PIL import Image

from bot.vision.preprocessing import Preprocessed, normalised
from bot.vision.scripted import ScriptedVision


def test_a_small_model_is_shown_squares_and_asked_in_plain_words() -> None:
    inner = ScriptedVision(["a dog"])
    model = Preprocessed(inner)
    assert model.profile == inner.profile
    list(model.answer("What's the DOG doing, in 2026?", [Image.new("RGBA", (640, 360))]))
    model.ask_each([("Who?", Image.new("L", (9, 90)))])
    (first, pictures), (second, others) = inner.asked
    assert (first, second) == ("what s the dog doing in", "who")
    assert [image.size for image in (*pictures, *others)] == [(96, 96), (96, 96)]


def test_words_of_any_script_are_words() -> None:
    assert normalised("Où est le CHIEN_noir? 犬 [img-0] </s>") == "où est le chien noir 犬 img s"
