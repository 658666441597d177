"""What is LLaVA's own, beside the contract: marks, templates, confidence, stopping, and files that make no model."""

import json
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.errors import PromptTooLong
from retrieval.errors import MissingModel
from tests import tiny

pytestmark = pytest.mark.models

RED = Image.new("RGB", (40, 30), "red")
QUESTION = "what is there in the picture ?"
LONG = "is it a boat ?"
"""To this one the tiny model has a long answer."""

OWN_TEMPLATE = (
    "{{ '<s>' }}{% for message in messages %}{% for part in message['content'] %}"
    "{{ 'the picture : <image> ' if part['type'] == 'image' else part['text'] }}"
    "{% endfor %} yes{% endfor %}"
)


def loaded(folder: Path) -> Any:
    from bot.vision.huggingface import Llava

    return Llava(str(folder))


@pytest.fixture(scope="module")
def llava(tiny_llava: Path) -> Any:
    return loaded(tiny_llava)


def tokens(model: Any, prompt: str, images: list[Image.Image]) -> list[str]:
    asked = model._asked(prompt, bool(images))
    written: list[str] = model._words.convert_ids_to_tokens([*asked.seen, *asked.rest])
    return written


def test_a_model_without_a_template_is_asked_in_the_form_of_llava_1_5(llava: Any) -> None:
    assert tokens(llava, "a dog ?", [RED]) == ["user", ":", *["<image>"] * 16, "a", "dog", "?", "assistant", ":"]
    assert tokens(llava, "a dog ?", []) == ["user", ":", "a", "dog", "?", "assistant", ":"]


def test_a_model_with_a_template_is_asked_in_its_own_form(tmp_path: Path) -> None:
    model = loaded(tiny.write_llava(tmp_path / "own", chat_template=OWN_TEMPLATE))
    assert tokens(model, "a dog", [RED]) == ["<s>", "the", "picture", ":", *["<image>"] * 16, "a", "dog", "yes"]


def test_no_mark_comes_from_a_prompt(llava: Any) -> None:
    written = tokens(llava, "<image> a </s> dog <IMAGE><s>", [RED])
    assert written.count("<image>") == 16
    assert not {"</s>", "<s>"} & set(written)


def test_confidence_is_the_geometric_mean_of_the_words_probabilities(llava: Any) -> None:
    import torch

    said = llava.ask_each([(QUESTION, RED)])[0]
    asked = llava._asked(QUESTION, True)
    pixels = llava._processor.image_processor([RED], return_tensors="pt")["pixel_values"]
    inputs = {"input_ids": torch.tensor([[*asked.seen, *asked.rest]]), "pixel_values": pixels.to(llava._model.dtype)}
    chances: list[float] = []
    with torch.inference_mode():
        for _ in range(48):
            ask = {**inputs, "attention_mask": torch.ones_like(inputs["input_ids"])}
            row = llava._model(**ask).logits[0, -1].softmax(-1)
            best = int(row.argmax())
            chances.append(float(row[best]))
            inputs["input_ids"] = torch.cat([inputs["input_ids"], torch.tensor([[best]])], dim=1)
            if best in llava._ends:
                break
    product = 1.0
    for chance in chances:
        product *= chance
    assert said.confidence == pytest.approx(product ** (1 / len(chances)), rel=1e-3)


@pytest.mark.parametrize("where", ["vision_tower", "language_model"])
def test_a_batch_that_is_not_wanted_any_more_is_left_at_the_next_layer(tiny_llava: Path, where: str) -> None:
    model, begun, unwanted, worked = loaded(tiny_llava), threading.Event(), threading.Event(), list[float]()

    def slowly(*_: object) -> None:
        begun.set()
        time.sleep(0.2)
        worked.append(time.monotonic())

    parts = [part for name, part in model._model.named_modules() if where in name and name.rpartition(".")[2].isdigit()]
    hooks = [part.register_forward_hook(slowly) for part in parts]
    asked = [(LONG, Image.new("RGB", (40, 30), (shade, 0, 0))) for shade in range(8)]
    with ThreadPoolExecutor() as pool:
        answered = pool.submit(model.ask_each, asked, unwanted.is_set)
        assert begun.wait(60)
        at = time.monotonic()
        unwanted.set()
        assert answered.result(60) == []
    assert len([one for one in worked if one > at]) <= 1
    for hook in hooks:
        hook.remove()
    assert model.ask_each(asked) == loaded(tiny_llava).ask_each(asked)


def test_closing_an_answer_stops_the_model(llava: Any) -> None:
    steps: list[int] = []
    counting = llava._model.register_forward_hook(lambda *_: steps.append(1))
    try:
        list(llava.answer(LONG, [RED]))
        whole = len(steps)
        steps.clear()
        answer = llava.answer(LONG, [RED])
        next(answer)
        answer.close()
        assert not [thread for thread in threading.enumerate() if thread.name == "llava"]
        assert whole > 50
        assert len(steps) < whole
    finally:
        counting.remove()


def test_what_goes_wrong_while_writing_is_raised_to_the_reader(llava: Any) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("out of memory")

    failing = llava._model.register_forward_hook(fail)
    try:
        with pytest.raises(RuntimeError, match="out of memory"):
            list(llava.answer(QUESTION, [RED]))
    finally:
        failing.remove()
    assert list(llava.answer(QUESTION, [RED]))


def test_two_readers_at_once_get_what_each_would_alone(llava: Any) -> None:
    alone = ["".join(llava.answer(prompt, [RED])) for prompt in (QUESTION, "a dog ?")]
    first, second = llava.answer(QUESTION, [RED]), llava.answer("a dog ?", [RED])
    opening = next(first)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append("".join(second)))
    reader.start()
    assert [opening + "".join(first)] == alone[:1]
    reader.join()
    assert read == alone[1:]


def test_a_prompt_that_does_not_fit_is_refused_and_not_cut(tmp_path: Path) -> None:
    model = loaded(tiny.write_llava(tmp_path / "short", context=40))
    assert "".join(model.answer("a dog", [RED]))
    for ask in (lambda: model.answer("a dog " * 20, [RED]), lambda: model.ask_each([("a dog " * 20, RED)])):
        with pytest.raises(PromptTooLong, match="40 tokens"):
            ask()


def test_the_name_tells_one_training_from_another(tmp_path: Path, llava: Any) -> None:
    again = loaded(tiny.write_llava(tmp_path / "tiny-llava", seed=1))
    names = {again.profile.name, llava.profile.name}
    assert len(names) == 2
    assert all(name.startswith("tiny-llava-") for name in names)


def cut(folder: Path) -> None:
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[: len(whole) // 2])


def edited(name: str, **changes: Any) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        held = json.loads((folder / name).read_text())
        for path, value in changes.items():
            *inner, last = path.split("__")
            place = held
            for key in inner:
                place = place[key]
            place[last] = value
        (folder / name).write_text(json.dumps(held))

    return edit


def of_another_model(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    held = load_file(folder / "model.safetensors")
    save_file({f"other.{key}": value for key, value in held.items()}, folder / "model.safetensors", {"format": "pt"})


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut, "cannot be loaded"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b""), "cannot be loaded"),
        (lambda folder: (folder / "model.safetensors").unlink(), "cannot be loaded"),
        (of_another_model, "its weights lack"),
        (lambda folder: (folder / "tokenizer.json").unlink(), "cannot be loaded"),
        (lambda folder: (folder / "config.json").write_text("{"), "holds no vision model"),
        (lambda folder: (folder / "config.json").unlink(), "holds no vision model"),
        (edited("config.json", model_type="bert"), "of the kind 'bert'"),
        (edited("config.json", text_config__hidden_size=64), "cannot be loaded"),
        (edited("config.json", text_config__num_hidden_layers=5), "its weights lack"),
        (edited("config.json", vision_feature_select_strategy="full"), "16 marks of a picture, and the model takes 17"),
        (edited("processor_config.json", patch_size=16), "4 marks of a picture, and the model takes 16"),
    ],
)
def test_files_that_make_no_model_are_one_clear_error(
    damage: Callable[[Path], None], said: str, tiny_llava: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "llava"
    shutil.copytree(tiny_llava, folder)
    damage(folder)
    with pytest.raises(MissingModel) as refused:
        loaded(folder)
    assert said in refused.value.message
    assert repr(str(folder)) in refused.value.message
    assert "VDIALOG_VISION_MODEL" in refused.value.hint
    assert "\n" not in refused.value.message


@pytest.mark.parametrize(
    ("model", "hint"),
    [
        ("nobody/nothing-7b", "--only vision\nOr run: hf download nobody/nothing-7b"),
        ("/nowhere/at/all", "VDIALOG_VISION_MODEL"),
    ],
)
def test_a_model_that_is_not_on_this_machine_names_the_command_that_gets_it(model: str, hint: str) -> None:
    with pytest.raises(MissingModel, match="not on this machine") as refused:
        loaded(Path(model)) if model.startswith("/") else loaded_by_name(model)
    assert hint in refused.value.hint


def loaded_by_name(name: str) -> Any:
    from bot.vision.huggingface import Llava

    return Llava(name)


def test_the_standard_layout_is_loaded_and_run(tmp_path: Path) -> None:
    """CLIP at 336 pixels in patches of 14, as in LLaVA-1.5: 576 marks for each picture."""
    folder = tiny.write_llava(tmp_path / "llava-1.5-layout", image_size=336, patch_size=14, context=4096)
    model = loaded(folder)
    assert tokens(model, "a dog ?", [RED]).count("<image>") == 576
    assert "".join(model.answer(QUESTION, [RED]))
    first, second = model.ask_each([(QUESTION, RED), ("a dog ?", Image.new("RGB", (640, 360), "blue"))])
    assert first.text != second.text


def test_a_second_question_about_a_frame_does_not_look_at_it_again(tiny_llava: Path) -> None:
    model, fresh = loaded(tiny_llava), loaded(tiny_llava)
    looks: list[int] = []
    model._model.model.vision_tower.register_forward_hook(lambda _, given, out: looks.append(len(out[0])))
    blue = Image.new("RGB", (40, 30), "blue")
    first = model.ask_each([("a dog ?", RED), ("a dog ?", blue), ("a dog ?", RED)])
    assert looks == [2]
    assert first[0].text == first[2].text
    assert first[0].confidence == pytest.approx(first[2].confidence, abs=1e-3)
    assert first[0].confidence != pytest.approx(first[1].confidence, abs=1e-3)
    again = RED.copy()
    assert "".join(model.answer(LONG, [again])) == "".join(fresh.answer(LONG, [RED]))
    assert model.ask_each([(QUESTION, blue)])[0].text == fresh.ask_each([(QUESTION, blue)])[0].text
    assert looks == [2]
    model.ask_each([(QUESTION, Image.new("RGB", (30, 40), "blue"))])
    assert looks == [2, 1]


def test_what_is_kept_of_frames_has_a_limit(tiny_llava: Path) -> None:
    from bot.vision.huggingface import Llava

    of_one = 2 * 2 * 18 * 32 * 4  # layers, keys and values, tokens up to the picture's end, width, bytes
    model = Llava(str(tiny_llava), memory=2 * of_one)
    looks: list[int] = []
    model._model.model.vision_tower.register_forward_hook(lambda _, given, out: looks.append(len(out[0])))
    pictures = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    for number in (0, 1, 0, 2, 0, 1):  # the one that was used longest ago is forgotten
        model.ask_each([(QUESTION, pictures[number])])
    assert looks == [1, 1, 1, 1]
    assert len(model.ask_each([(QUESTION, picture) for picture in pictures])) == 3


def test_a_template_that_asks_before_it_shows_is_answered_as_well(tmp_path: Path) -> None:
    template = "{% for message in messages %}{{ message['content'][1]['text'] }} <image> yes{% endfor %}"
    model = loaded(tiny.write_llava(tmp_path / "last", chat_template=template))
    asked = [("a dog ?", RED), ("is it a boat on the beach ?", RED), ("a dog ?", RED)]
    together = model.ask_each(asked)
    assert [said.text for said in together] == [model.ask_each([one])[0].text for one in asked]
