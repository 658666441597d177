"""The files of a LLaVA: loaded, or refused with what is wrong with them and what mends it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from transformers import AutoConfig, AutoProcessor, LlavaForConditionalGeneration

from retrieval.errors import MissingModel, first_line

ARCHITECTURE = "llava"

LARGE = 2048
"""Width from which a language model would take twice the memory of its file if it were calculated exactly."""


def loaded(model: str, device: str) -> tuple[Any, Any]:
    """Return model and processor.

    Raises:
        MissingModel: they are not there, damaged, or do not fit each other.
    """
    folder = Path(model).expanduser()
    source = str(folder) if folder.exists() else model
    try:
        config = AutoConfig.from_pretrained(source, local_files_only=True)
    except Exception as error:  # no file, no hub, no JSON: no model
        raise _absent(model, folder, error) from error
    kind = config.model_type
    if kind != ARCHITECTURE:
        raise MissingModel(f"the vision model {model!r} is of the kind {kind!r}, not {ARCHITECTURE!r}", SET_MODEL)
    try:
        processor: Any = AutoProcessor.from_pretrained(source, local_files_only=True)  # type: ignore[no-untyped-call]
        weights: Any = LlavaForConditionalGeneration
        found, told = weights.from_pretrained(
            source, dtype=_dtype(config, device), local_files_only=True, use_safetensors=True, output_loading_info=True
        )
    except Exception as error:  # truncated, of other shapes, without a tokenizer: no model
        raise _unfit(model, first_line(error)) from error
    if told["missing_keys"]:
        raise _unfit(model, f"its weights lack {min(told['missing_keys'])!r}")
    fault = _fault(found.config, processor)
    if fault:
        raise _unfit(model, fault)
    return found, processor


def image_token_count(config: Any) -> int:
    """Return how many tokens a picture takes, of whatever size it is."""
    seen = config.vision_config
    whole: int = config.vision_feature_select_strategy == "full"
    return int((seen.image_size // seen.patch_size) ** 2) + whole


def _dtype(config: Any, device: str) -> torch.dtype:
    """Return the numbers to calculate with: exact ones for small models, for others what fits into memory."""
    if device in ("cuda", "mps"):
        return torch.float16
    return torch.bfloat16 if config.text_config.hidden_size >= LARGE else torch.float32


def _fault(config: Any, processor: Any) -> str:
    """Return in what a processor does not fit its model, empty where it does."""
    seen, mark = config.vision_config, processor.image_token
    made = processor(images=[Image.new("RGB", (8, 8))], text=[mark], return_tensors="pt")
    marks, wanted = int((made["input_ids"] == config.image_token_id).sum()), image_token_count(config)
    if marks != wanted:
        return f"its processor makes {marks} marks of a picture, and the model takes {wanted}"
    if made["pixel_values"].shape[-1] != seen.image_size:
        return f"its processor makes pictures of {made['pixel_values'].shape[-1]} pixels, not {seen.image_size}"
    if len(processor.tokenizer) > config.text_config.vocab_size:
        return "its tokenizer has more words than the model"
    return ""


SET_UP = "Run: vdialog setup --only vision"
SET_MODEL = "Set VDIALOG_VISION_MODEL to a LLaVA: a folder, or a name on the hub."


def _absent(model: str, folder: Path, error: Exception) -> MissingModel:
    if folder.is_dir():
        return MissingModel(f"the folder {model!r} holds no vision model: {first_line(error)}", SET_MODEL)
    on_hub = re.fullmatch(r"[\w.-]+/[\w.-]+", model) is not None
    hint = f"{SET_UP}\nOr run: hf download {model}" if on_hub else SET_MODEL
    return MissingModel(f"the vision model {model!r} is not on this machine", hint)


def _unfit(model: str, what: str) -> MissingModel:
    return MissingModel(
        f"the vision model {model!r} cannot be loaded: {what}",
        "Its files are damaged or not of one model: get it again, or set VDIALOG_VISION_MODEL to another.",
    )
