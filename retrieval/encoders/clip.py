"""Pictures and texts in one space by CLIP, through open_clip: a model name (or config) and a file of weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from retrieval.encoders.base import Space, Vectors, unit
from retrieval.errors import MissingModel

BATCH = 32


class OpenClip:
    """An open_clip model as ImageEncoder.

    Args:
        model: a model name that open_clip knows, e.g. `ViT-B-32`.
        weights: a local file of weights, or a tag of pretrained weights that open_clip can get from the hub.

    Raises:
        MissingModel: the name is unknown, or the weights are not there or do not fit.
    """

    def __init__(self, model: str, weights: str) -> None:
        import open_clip
        import torch

        self._torch = torch
        try:
            self._model, _, self._preprocess = open_clip.create_model_and_transforms(
                model, pretrained=weights, require_pretrained=True
            )
            self._tokenizer = open_clip.get_tokenizer(model)
        except (OSError, RuntimeError, ValueError, KeyError, AssertionError) as error:  # open_clip asserts on shapes
            raise MissingModel(
                f"the CLIP model {model!r} cannot be loaded with weights {weights!r}: "
                f"{(str(error).splitlines() or [''])[0]}",
                "Set VDIALOG_CLIP_MODEL to a model of open_clip and VDIALOG_CLIP_WEIGHTS to its weights.",
            ) from error
        self._model.eval()
        dimension = self.encode_texts(["a picture"]).shape[1]
        self._space = Space(f"{model}/{Path(weights).stem}", dimension)

    @property
    def space(self) -> Space:
        """The model's name, the name of its weights, and its dimension."""
        return self._space

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        """Return one unit vector per RGB picture, float32 `(images, dimension)`."""
        torch, parts = self._torch, []
        with torch.inference_mode():
            for start in range(0, len(images), BATCH):
                batch = torch.stack([self._preprocess(im.convert("RGB")) for im in images[start : start + BATCH]])
                parts.append(self._model.encode_image(batch).float().numpy())
        return unit(np.concatenate(parts)) if parts else np.zeros((0, self._space.dimension), np.float32)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, float32 `(texts, dimension)`; CLIP reads 77 tokens of each."""
        torch, parts = self._torch, []
        with torch.inference_mode():
            for start in range(0, len(texts), BATCH):
                tokens = self._tokenizer(list(texts[start : start + BATCH]))
                parts.append(self._model.encode_text(tokens).float().numpy())
        return unit(np.concatenate(parts)) if parts else np.zeros((0, self._space.dimension), np.float32)
