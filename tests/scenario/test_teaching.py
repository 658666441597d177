from pathlib import Path

import pytest
from PIL import Image

from bot.vision.huggingface import Llava
from demo.rendering import render
from demo.scenes import Scene
from demo.teaching import CLIP_CONFIG, CLIP_WEIGHTS, Lessons, teach
from retrieval.encoders.clip import OpenClip

SCENE = Scene("woman", 2, "red", "wave", "beach")


@pytest.mark.slow
@pytest.mark.models
def test_both_models_are_taught_and_load_as_the_large_ones_do(tmp_path: Path) -> None:
    said = list[str]()
    losses = teach(tmp_path / "out", tmp_path / "work", Lessons().short(), said.append)
    assert [name for name, loss in losses.items() if loss.last < loss.first] == list(losses)
    clip = OpenClip(
        str(tmp_path / "out" / "clip" / CLIP_CONFIG.name), str(tmp_path / "out" / "clip" / CLIP_WEIGHTS.name)
    )
    assert clip.encode_images([render(SCENE, 1.0)]).shape == (1, 128)
    llava = Llava(str(tmp_path / "out" / "llava"), instruct=False)
    assert len(llava.ask_each([("who is there", render(SCENE, 1.0)), ("who is there", Image.new("RGB", (9, 9)))])) == 2
    again = teach(tmp_path / "out", tmp_path / "work", Lessons().short(), said.append)
    assert again.keys() == losses.keys()
    assert sum("going on from step 12" in line for line in said) == len(losses)
