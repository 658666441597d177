"""What each part has, from the settings and from what lies in the cache of the hub."""

import json
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.setup.hub import Hub
from bot.setup.models import CLIP, LLAVA, HubFiles, Model, ModelPart
from bot.setup.now import now

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub(NOWHERE, tmp_path / "cache")


def cached(hub: Hub, model: Model, *names: str) -> None:
    assert isinstance(model.source, HubFiles)
    folder = hub.cache / f"models--{model.source.repository.replace('/', '--')}"
    (folder / "refs").mkdir(parents=True, exist_ok=True)
    (folder / "refs" / "main").write_text("0")
    (folder / "snapshots" / "0").mkdir(parents=True, exist_ok=True)
    index = json.dumps({"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}})
    for name in names:
        (folder / "snapshots" / "0" / name).write_text(index)


@pytest.mark.parametrize(
    ("part", "given", "is_on", "said"),
    [
        ("clip", {}, False, "none is set"),
        ("clip", {"models": "demo"}, False, "sample films"),
        ("clip", {"clip_model": "hashing"}, True, "tests"),
        ("clip", {"clip_weights": "laion2b_s34b_b79k"}, False, "its files are not there"),
        ("clip", {"clip_weights": "/nowhere/weights.bin"}, False, "its files are not there"),
        ("clip", {"clip_weights": __file__}, True, "is set"),
        ("clip", {"clip_weights": "openai"}, True, "openai is set"),
        ("speech", {}, False, "none is set"),
        ("speech", {"speech_model": "/nowhere/whisper"}, False, "speech is not recognised"),
        ("vision", {}, False, "none is set"),
        ("vision", {"models": "demo"}, False, "sample films"),
        ("vision", {"vision": "transformers"}, False, "its files are not there"),
        ("vision", {"vision": "openai", "vision_model": "mine", "vision_url": NOWHERE}, True, "mine, behind"),
        ("vision", {"vision": "ollama", "vision_url": NOWHERE}, False, "Ollama does not answer"),
        ("vision", {"vision": "ollama", "vision_url": "http://192.0.2.1:11434"}, False, "no token is set"),
    ],
)
def test_what_is_set_is_on_only_if_it_is_there(
    hub: Hub, part: ModelPart, given: dict[str, str], is_on: bool, said: str
) -> None:
    found = now(part, Settings(**given), hub)  # type: ignore[arg-type]
    assert (found.is_on, said in found.said) == (is_on, True), found


def test_a_model_in_the_cache_is_there_when_all_of_it_is(hub: Hub) -> None:
    clip = Settings(clip_weights="laion2b_s34b_b79k")
    cached(hub, CLIP, "open_clip_model.safetensors")
    assert now("clip", clip, hub).is_on
    llava = Settings(vision="transformers")
    cached(hub, LLAVA, "config.json", "tokenizer.json", "model.safetensors.index.json", "model-1.safetensors")
    assert not now("vision", llava, hub).is_on, "the index lists another file"
    cached(hub, LLAVA, "model-2.safetensors")
    assert now("vision", llava, hub).is_on
