"""CLIP from a config file and from a name: its space, its preparation of pictures, and files that make no model."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from retrieval.encoders.base import ImageEncoder
from retrieval.encoders.canary import check_image_encoder
from retrieval.errors import MissingModel
from tests import tiny
from tests.hub import running

pytestmark = pytest.mark.models


def loaded(model: Path | str, weights: Path | str) -> ImageEncoder:
    from retrieval.encoders.clip import OpenClip

    return OpenClip(str(model), str(weights))


def test_a_clip_is_loaded_by_its_config_file_wherever_that_lies(tiny_clip: tuple[Path, Path], tmp_path: Path) -> None:
    import open_clip

    package = Path(open_clip.__file__).parent / "model_configs"
    before = sorted(package.iterdir())
    moved = tmp_path / "elsewhere"
    shutil.copytree(tiny_clip[0].parent, moved)
    here, there = loaded(*tiny_clip), loaded(moved / tiny_clip[0].name, moved / tiny_clip[1].name)
    check_image_encoder(here)
    assert here.space == there.space
    assert np.allclose(here.encode_texts(["a red dog"]), there.encode_texts(["a red dog"]), atol=1e-6)
    assert sorted(package.iterdir()) == before


def test_the_words_are_those_of_the_tokenizer_beside_the_config(tiny_clip: tuple[Path, Path]) -> None:
    dog, loud, cat, odd = loaded(*tiny_clip).encode_texts(["a dog", "A  DOG", "a cat", "a zebra"])
    assert dog == pytest.approx(loud, abs=1e-6)
    assert min(1 - dog @ cat, 1 - dog @ odd) > 1e-4


def test_texts_are_read_to_their_ends_alone_with_the_vectors_of_the_whole(tiny_clip: tuple[Path, Path]) -> None:
    """The padding behind a text is not calculated: the vectors are those of open_clip, for each text of a batch."""
    import torch

    encoder = loaded(*tiny_clip)
    model, tokenizer = encoder._model, encoder._tokenizer  # type: ignore[attr-defined]
    texts = ["a dog", "a red dog and a cat on a sofa", ""]
    read: list[int] = []
    model.transformer.register_forward_pre_hook(lambda module, given: read.append(given[0].shape[1]))
    ours = encoder.encode_texts(texts)
    with torch.inference_mode():
        whole = model.encode_text(tokenizer(texts), normalize=True).numpy()
    assert np.allclose(ours, whole, atol=1e-6)
    assert read[0] < read[1] == model.context_length


def test_pictures_are_prepared_as_the_config_says(tiny_clip: tuple[Path, Path], tmp_path: Path) -> None:
    """Squashed, not cropped: what is at the edge of a wide picture counts."""
    wide = Image.new("RGB", (96, 32), "white")
    edge = wide.copy()
    edge.paste("red", (0, 0, 16, 32))
    cropping = tmp_path / "cropping"
    shutil.copytree(tiny_clip[0].parent, cropping)
    config = {**tiny.CLIP, "preprocess_cfg": {**tiny.CLIP["preprocess_cfg"], "resize_mode": "shortest"}}
    (cropping / "tiny.json").write_text(json.dumps(config))
    squashed = loaded(*tiny_clip).encode_images([wide, edge])
    cropped = loaded(cropping / "tiny.json", tiny_clip[1]).encode_images([wide, edge])
    assert squashed[0] @ squashed[1] < 0.9999
    assert cropped[0] @ cropped[1] == pytest.approx(1.0, abs=1e-6)


def test_weights_trained_again_and_other_configs_are_other_spaces(tiny_clip: tuple[Path, Path], tmp_path: Path) -> None:
    again = tiny.write_clip(tmp_path / "again", seed=1)
    other = tiny.write_clip(tmp_path / "other")
    other[0].write_text(other[0].read_text().replace("squash", "longest"))
    names = {loaded(*pair).space.name for pair in (tiny_clip, again, other)}
    assert len(names) == 3
    assert all(name.startswith("tiny-") and "/tiny-" in name for name in names)


def without(key: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        config = json.loads((folder / "tiny.json").read_text())
        del config[key]
        (folder / "tiny.json").write_text(json.dumps(config))

    return edit


def replaced(old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "tiny.json").write_text((folder / "tiny.json").read_text().replace(old, new))  # type: ignore[return-value]


def cut(folder: Path) -> None:
    held = (folder / "tiny.safetensors").read_bytes()
    (folder / "tiny.safetensors").write_bytes(held[: len(held) // 2])


def of_another_model(folder: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"weight": np.zeros((3, 3), np.float16)}, folder / "tiny.safetensors")


@pytest.mark.parametrize(
    ("damage", "said", "mend"),
    [
        (cut, "damaged, cut off", "VDIALOG_CLIP_WEIGHTS"),
        (lambda folder: (folder / "tiny.safetensors").write_bytes(b""), "damaged, cut off", "VDIALOG_CLIP_WEIGHTS"),
        (lambda folder: (folder / "tiny.safetensors").unlink(), "no file of CLIP weights", "VDIALOG_CLIP_WEIGHTS"),
        (of_another_model, "do not fit", "VDIALOG_CLIP_WEIGHTS"),
        (replaced('"layers": 2', '"layers": 3'), "do not fit", "VDIALOG_CLIP_MODEL"),
        (replaced('"embed_dim": 32', '"embed_dim": 48'), "do not fit", "VDIALOG_CLIP_MODEL"),
        (replaced('"layers": 2', '"layer": 2'), "do not fit", "VDIALOG_CLIP_MODEL"),
        (replaced('"squash"', '"stretch"'), "do not fit", "VDIALOG_CLIP_MODEL"),
        (lambda folder: (folder / "tiny.json").unlink(), "no file of a CLIP config", "VDIALOG_CLIP_MODEL"),
        (lambda folder: (folder / "tiny.json").write_text("{"), "cannot be used", "VDIALOG_CLIP_MODEL"),
        (lambda folder: (folder / "tiny.json").write_text("[]"), "cannot be used", "VDIALOG_CLIP_MODEL"),
        (without("vision_cfg"), "it has no vision_cfg", "VDIALOG_CLIP_MODEL"),
        (lambda folder: shutil.rmtree(folder / "tokenizer"), "its tokenizer is not there", "VDIALOG_CLIP_MODEL"),
        (lambda folder: (folder / "tokenizer" / "tokenizer.json").unlink(), "no tokenizer", "VDIALOG_CLIP_MODEL"),
    ],
)
def test_files_that_make_no_clip_are_one_clear_error(
    damage: Callable[[Path], None], said: str, mend: str, tiny_clip: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "clip"
    shutil.copytree(tiny_clip[0].parent, folder)
    damage(folder)
    with pytest.raises(MissingModel) as refused:
        loaded(folder / "tiny.json", folder / "tiny.safetensors")
    assert said in refused.value.message
    assert mend in refused.value.hint
    assert "\n" not in refused.value.message


def test_a_file_that_is_no_weights_is_said_so(tmp_path: Path, tiny_clip: tuple[Path, Path]) -> None:
    (tmp_path / "weights.pt").write_bytes(b"no weights at all\n" * 9)
    with pytest.raises(MissingModel, match="damaged, cut off, or no weights"):
        loaded(tiny_clip[0], tmp_path / "weights.pt")


@pytest.mark.parametrize(
    ("model", "weights", "said"),
    [("no-such-model", "x", "knows no model"), ("ViT-B-32", "no-such-tag", "no tag of that name")],
)
def test_names_that_open_clip_does_not_know_are_said_so(model: str, weights: str, said: str) -> None:
    with pytest.raises(MissingModel, match=said):
        loaded(model, weights)


def with_hub(folder: Path, program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program with a cache of its own; where the hub is, is read once in a process."""
    own: dict[str, Any] = {**os.environ, "HF_HOME": str(folder), "OMP_NUM_THREADS": "1", **environment}
    own.pop("HF_HUB_CACHE", None)
    return subprocess.run([sys.executable, "-c", program], env=own, capture_output=True, text=True, check=False)


LOADING = """
from retrieval.encoders.clip import OpenClip
from retrieval.errors import MissingModel
try:
    print(OpenClip("ViT-B-32", "laion2b_s34b_b79k").space)
except MissingModel as error:
    print(error.message, "|", error.hint)
"""


def test_a_tag_that_was_not_fetched_says_what_fetches_it_and_the_hub_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"")
    repository = "laion/CLIP-ViT-B-32-laion2B-s34B-b79K"
    with running({repository: {"open_clip_model.safetensors": tmp_path / "weights"}}) as hub:
        ran = with_hub(tmp_path, LOADING, HF_ENDPOINT=hub.url)
        assert hub.asked == []
    assert ran.returncode == 0, ran.stderr
    assert "not on this machine" in ran.stdout and "| Run: vdialog setup --only clip" in ran.stdout
    assert f"hf download {repository} open_clip_model.safetensors" in ran.stdout


@pytest.mark.slow
def test_the_standard_model_is_loaded_from_a_file_and_from_the_cache_of_the_hub(tmp_path: Path) -> None:
    """ViT-B/32 as it is, with random weights: by path, and by a tag without asking the hub."""
    import open_clip
    from safetensors.torch import save_file

    repository = tmp_path / "hub" / "models--laion--CLIP-ViT-B-32-laion2B-s34B-b79K"
    snapshot = repository / "snapshots" / "0" / "open_clip_model.safetensors"
    snapshot.parent.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("0")
    state = open_clip.create_model("ViT-B-32").state_dict()
    save_file({key: value.half().contiguous() for key, value in state.items()}, snapshot)
    del state
    try:
        encoder = loaded("ViT-B-32", snapshot)
        assert encoder.space.dimension == 512
        assert encoder.space.name.startswith("ViT-B-32/open_clip_model-")
        assert encoder.encode_images([Image.new("RGB", (640, 360), "red")]).shape == (1, 512)
        assert encoder.encode_texts(["a red picture", "東京"]).shape == (2, 512)
        ran = with_hub(tmp_path, LOADING, HF_ENDPOINT="http://127.0.0.1:9")
        assert ran.stdout.strip() == str(encoder.space)
    finally:
        shutil.rmtree(repository)
