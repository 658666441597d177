from pathlib import Path

from PIL import Image

from bot import bootstrap
from bot.settings import load
from bot.vision.base import VisionModel
from bot.vision.scripted import ScriptedVision


def test_the_eyes_that_are_handed_over_describe_what_is_taken_in(tmp_path: Path) -> None:
    loaded: list[VisionModel] = []

    def eyes() -> VisionModel:
        loaded.append(ScriptedVision(["a red ball"]))
        return loaded[-1]

    chosen = load(home=tmp_path, vision="ollama", vision_captions=True)
    captioner = bootstrap.ingest_options(chosen, eyes).captioner
    assert captioner is not None
    assert loaded == []
    assert [one.text for one in captioner.describe([Image.new("RGB", (8, 8))] * 2)] == ["a red ball"] * 2
    assert len(loaded) == 1


def test_nobody_describes_where_that_is_off(tmp_path: Path) -> None:
    assert bootstrap.ingest_options(load(home=tmp_path), None).captioner is None
