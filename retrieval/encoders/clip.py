"""Pictures and texts in one space by CLIP, through open_clip: a model's name or config file, and a file of weights."""

from __future__ import annotations

import json
import logging
import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image

from retrieval.encoders import weights as files
from retrieval.encoders.devices import ChosenDevice, best
from retrieval.errors import MissingModel, first_line
from retrieval.spaces import Space, Vectors, unit
from retrieval.types import whole

BATCH = 32
HUB_NAMES = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
"""What open_clip calls weights on the hub, where a tag does not name the file."""

MOST_TAGS = 6
"""Tags that an error names; open_clip knows dozens of some models."""

PREPARATIONS = frozenset({"mean", "std", "interpolation", "resize_mode"})
"""What a config file may say of how pictures are prepared; their size is the model's."""

SUFFIXES = (".safetensors", ".pt", ".pth", ".bin")
"""What files of weights are called; no tag is."""

SET_MODEL = "Set VDIALOG_CLIP_MODEL to a model of open_clip (e.g. ViT-B-32) or to the config file of one."
SET_WEIGHTS = "Set VDIALOG_CLIP_WEIGHTS to a file of weights for VDIALOG_CLIP_MODEL."


class OpenClip:
    """An open_clip model as ImageEncoder.

    Args:
        model: a model name that open_clip knows, e.g. `ViT-B-32`, or the path of a config file (`.json`) in
            open_clip's form. There `hf_tokenizer_name` is a folder beside the file, and `preprocess_cfg` may
            give `mean`, `std`, `interpolation` and `resize_mode`.
        weights: a local file of weights, or a tag of pretrained weights of open_clip that were fetched
            from the hub before.
        device: what it is calculated on.

    Raises:
        MissingModel: the name is unknown, or the weights are not there or do not fit.
    """

    def __init__(self, model: str, weights: str, device: ChosenDevice = "cpu") -> None:
        import open_clip
        import torch

        self._torch = torch
        self._device = best(device)
        recipe = _recipe(model, weights)
        try:
            self._model, _, self._preprocess = open_clip.create_model_and_transforms(
                recipe.name,
                pretrained=str(recipe.file),
                device=self._device,
                force_quick_gelu=recipe.quick_gelu,
                **{f"image_{key}": value for key, value in recipe.preparation.items()},
            )
        except Exception as error:  # whatever a loader raises means that these files make no model
            raise _refusal(model, recipe.file, error) from error
        try:
            self._tokenizer = open_clip.get_tokenizer(recipe.name)
        except Exception as error:  # as above, of the tokenizer's files
            raise MissingModel(f"the CLIP model {model!r} has no tokenizer: {first_line(error)}", SET_MODEL) from error
        self._model.eval()
        dimension = self.encode_texts(["a picture"]).shape[1]
        self._space = Space(f"{recipe.name}/{recipe.file.stem}-{files.short(recipe.file)}", dimension)

    @property
    def space(self) -> Space:
        """The model and its weights by name and by hash, and its dimension: other weights are another space."""
        return self._space

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        """Return one unit vector per RGB picture, float32 `(images, dimension)`."""
        torch, parts = self._torch, []
        with torch.inference_mode():
            for start in range(0, len(images), BATCH):
                batch = torch.stack([self._preprocess(im.convert("RGB")) for im in images[start : start + BATCH]])
                parts.append(self._model.encode_image(batch.to(self._device)).float().cpu().numpy())
        return unit(np.concatenate(parts)) if parts else np.zeros((0, self._space.dimension), np.float32)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, float32 `(texts, dimension)`; CLIP reads its first tokens, most often 77."""
        torch, parts = self._torch, []
        with torch.inference_mode():
            for start in range(0, len(texts), BATCH):
                tokens = self._tokenizer([whole(text) for text in texts[start : start + BATCH]])
                parts.append(self._of_tokens(tokens.to(self._device)).float().cpu().numpy())
        return unit(np.concatenate(parts)) if parts else np.zeros((0, self._space.dimension), np.float32)

    def taught(self, word: str) -> bool:
        """Tell whether the tokenizer has a token for a word; one that builds words of pieces has for every one."""
        tokenizer = getattr(self._tokenizer, "tokenizer", None)
        unknown = getattr(tokenizer, "unk_token_id", None)
        if tokenizer is None or unknown is None:
            return True
        return unknown not in tokenizer(whole(word), add_special_tokens=False)["input_ids"]

    def _of_tokens(self, tokens: Any) -> Any:
        """Return the vectors of texts, calculated no further than the longest of them ends.

        No token sees a later one, and a text is read at its end mark, the highest number: what is behind changes
        nothing, and is most of the 77 tokens of a short text.
        """
        model = self._model
        if getattr(model, "attn_mask", None) is None or getattr(model, "text_pool_type", "") != "argmax":
            return model.encode_text(tokens)
        length = int(tokens.argmax(dim=-1).max()) + 1
        shorter = {
            "positional_embedding": model.positional_embedding[:length],
            "attn_mask": model.attn_mask[:length, :length],
        }
        return self._torch.func.functional_call(model, shorter, (None, tokens[:, :length]))[1]


def check_files(model: str, weights: str) -> None:
    """Refuse a config file or a file of weights that is not there, without loading anything.

    A name of open_clip's models or tags is left to the loader, which knows them all.

    Raises:
        MissingModel: it is not there.
    """
    if model.endswith(".json") and not Path(model).expanduser().is_file():
        raise MissingModel(f"there is no file of a CLIP config {model!r} (VDIALOG_CLIP_MODEL)", SET_MODEL)
    given = Path(weights).expanduser()
    is_path = model.endswith(".json") or given.suffix in SUFFIXES or len(given.parts) > 1
    if is_path and not given.is_file():
        raise MissingModel(f"there is no file of CLIP weights {weights!r} (VDIALOG_CLIP_WEIGHTS)", SET_WEIGHTS)


@dataclass(frozen=True, slots=True)
class _Recipe:
    """What open_clip is to load: a name that it knows, a file, and how pictures are prepared for these weights."""

    name: str
    file: Path
    preparation: dict[str, Any] = field(default_factory=dict)
    quick_gelu: bool = False


def _recipe(model: str, weights: str) -> _Recipe:
    import open_clip

    given = Path(weights).expanduser()
    if model.endswith(".json"):
        name, preparation = _registered(Path(model).expanduser())
        if not given.is_file():
            raise MissingModel(f"there is no file of CLIP weights {weights!r} (VDIALOG_CLIP_WEIGHTS)", SET_WEIGHTS)
        return _Recipe(name, given, preparation)
    if model not in open_clip.list_models():
        raise MissingModel(f"open_clip knows no model {model!r}", SET_MODEL)
    if given.is_file():
        return _Recipe(model, given)
    tag = open_clip.get_pretrained_cfg(model, weights)
    if not tag:
        known = ", ".join(open_clip.list_pretrained_tags_by_model(model)[:MOST_TAGS]) or "none"
        raise MissingModel(
            f"there is no file of CLIP weights {weights!r}, and {model} has no tag of that name",
            f"{SET_WEIGHTS} Tags of weights on the hub, among others: {known}.",
        )
    preparation = {key: tag[key] for key in PREPARATIONS & tag.keys()}
    return _Recipe(model, _from_hub(weights, tag), preparation, bool(tag.get("quick_gelu")))


def _registered(config: Path) -> tuple[str, dict[str, Any]]:
    """Make a config file known to open_clip; return its name there, and how pictures are prepared."""
    import open_clip

    if not config.is_file():
        raise MissingModel(f"there is no file of a CLIP config {str(config)!r}", SET_MODEL)
    try:
        cfg = json.loads(config.read_text(encoding="utf-8"))
        preparation = {key: value for key, value in cfg.pop("preprocess_cfg", {}).items() if key in PREPARATIONS}
        missing = [key for key in ("embed_dim", "vision_cfg", "text_cfg") if key not in cfg]
        if missing:
            raise ValueError(f"it has no {', '.join(missing)}")
        tokenizer = cfg["text_cfg"].get("hf_tokenizer_name")
        if tokenizer:
            there = config.parent.absolute() / tokenizer
            if not there.is_dir():
                raise ValueError(f"its tokenizer is not there: {str(there)!r}")
            cfg["text_cfg"]["hf_tokenizer_name"] = str(there)
        name = f"{config.stem}-{files.short(config)}"
        if open_clip.get_model_config(name) != cfg:
            with TemporaryDirectory() as folder:  # open_clip reads configs from files alone, at once
                made = Path(folder) / f"{name}.json"
                made.write_text(json.dumps(cfg), encoding="utf-8")
                open_clip.add_model_config(made)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise MissingModel(f"the CLIP config {str(config)!r} cannot be used: {first_line(error)}", SET_MODEL) from error
    return name, preparation


def _from_hub(name: str, tag: dict[str, Any]) -> Path:
    """Return the file of a tag as it was fetched before; nothing is asked of the hub."""
    import huggingface_hub

    repository, _, named = str(tag.get("hf_hub", "")).rpartition("/")
    for file in [named] if named else HUB_NAMES:
        cached = huggingface_hub.try_to_load_from_cache(repository, file) if repository else None
        if isinstance(cached, str):
            return Path(cached)
    by_hand = f"hf download {repository} {named or HUB_NAMES[0]}" if repository else "get its file"
    raise MissingModel(
        f"the CLIP weights {name!r} are not on this machine",
        f"Run: vdialog setup --only clip\nOr: {by_hand}. Or set VDIALOG_CLIP_WEIGHTS to a file that you have.",
    )


def _refusal(model: str, file: Path, error: Exception) -> MissingModel:
    """Say whether a file of weights is damaged or is another model's."""
    from safetensors import SafetensorError

    damaged = isinstance(error, SafetensorError | pickle.UnpicklingError | EOFError | OSError)
    if damaged or "PytorchStreamReader" in str(error):
        what = f"the CLIP weights {str(file)!r} cannot be read: damaged, cut off, or no weights"
        return MissingModel(what, "Get the file again, or set VDIALOG_CLIP_WEIGHTS to another.")
    what = f"the CLIP weights {str(file)!r} do not fit the model {model!r}: {first_line(error)}"
    return MissingModel(what, "VDIALOG_CLIP_MODEL and VDIALOG_CLIP_WEIGHTS must be of one model.")


def untrained(config: Path) -> tuple[Any, Any, dict[str, Any]]:
    """Return an open_clip model of a config file with random weights, its tokenizer, and how pictures are prepared.

    Raises:
        MissingModel: the config cannot be used.
    """
    import open_clip

    name, preparation = _registered(config)
    return open_clip.create_model(name), open_clip.get_tokenizer(name), preparation


def write_untrained(config: Path, target: Path, seed: int = 0) -> None:
    """Write the random weights of a config file's model: what a trained one is compared with.

    Raises:
        MissingModel: the config cannot be used.
    """
    import torch
    from safetensors.torch import save_file

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        logging.disable(logging.WARNING)  # open_clip warns of what is wanted here
        try:
            model, _, _ = untrained(config)
        finally:
            logging.disable(logging.NOTSET)
    save_file({name: part.contiguous() for name, part in model.state_dict().items()}, target)
