from PIL import Image

from bot.vision.base import Output, Profile
from bot.vision.scripted import ScriptedVision

PICTURE = Image.new("RGB", (4, 4))


def test_answers_are_given_in_turn_and_over_and_over() -> None:
    model = ScriptedVision(["A dog.", Output("A cat.", 0.25)])
    assert model.ask_each([("What?", PICTURE)] * 3) == [
        Output("A dog.", 1.0),
        Output("A cat.", 0.25),
        Output("A dog.", 1.0),
    ]


def test_it_remembers_what_it_was_asked_and_how_much_was_read() -> None:
    model = ScriptedVision(lambda prompt, images: f"{prompt} Yes: {len(images)} picture. ")
    answer = model.answer("Is it?", [PICTURE])
    assert [next(answer), next(answer)] == ["Is", " it?"]
    answer.close()
    assert (model.asked, model.written) == ([("Is it?", (PICTURE,))], 2)
    assert "".join(model.answer("Is it?", [PICTURE])) == "Is it? Yes: 1 picture. "


def test_it_is_what_it_was_told_to_be() -> None:
    profile = Profile("two-eyes", max_images=2, instruct=False)
    model = ScriptedVision([""], profile)
    assert model.profile == profile
    assert list(model.answer("What?", [PICTURE, PICTURE])) == []
