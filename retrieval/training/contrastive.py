"""Training of a CLIP: pictures and their texts come together, others apart (Radford et al. 2021).

A text of a batch that also holds for another picture is no wrong answer for it: such pairs are left out of the
comparison.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch.nn import functional

from retrieval.encoders.clip import untrained
from retrieval.training.attention import clip_blocks
from retrieval.training.batches import Pairs
from retrieval.training.checkpoints import Checkpoints
from retrieval.training.normal import Normal
from retrieval.training.recipe import Losses, Recipe
from retrieval.training.schedule import Say, best_device, run
from retrieval.training.towers import TowerState

LARGEST_SCALE = 100.0


class ClipTraining:
    """An open_clip model that learns.

    Args:
        config: its config file, as `OpenClip` takes it; the tokenizer's folder is beside it.
        seed: decides the weights that it begins with.
        workers: processes that make batches ahead.

    Raises:
        MissingModel: the config cannot be used.
    """

    def __init__(self, config: Path, seed: int, say: Say, workers: int = 1) -> None:
        torch.manual_seed(seed)
        self.model, self.tokenizer, preparation = untrained(config)
        self.normal = Normal(tuple(preparation["mean"]), tuple(preparation["std"]))
        self._say, self._workers = say, workers
        self.model.to(best_device())

    def train(self, batch: Callable[[int], Pairs], recipe: Recipe, checkpoints: Checkpoints) -> Losses:
        """Learn from pictures of the size that the model takes."""
        device = best_device()
        plain = [parameter for parameter in self.model.parameters() if parameter.ndim < 2]
        weights = [parameter for parameter in self.model.parameters() if parameter.ndim >= 2]
        groups: list[dict[str, Any]] = [{"params": weights}, {"params": plain, "weight_decay": 0.0}]

        def loss_of(pairs: Pairs) -> torch.Tensor:
            images, texts = self.normal(pairs.pictures).to(device), self.tokenizer(list(pairs.texts)).to(device)
            pictures, said = seen(self.model, images), read(self.model, texts)
            return contrastive_loss(pictures, said, self.model.logit_scale, torch.from_numpy(pairs.matches).to(device))

        self.model.train()
        losses = run(self.model, groups, loss_of, batch, recipe, checkpoints, self._say, self._workers)
        self.model.eval()
        return losses

    def look_with(self, tower: TowerState) -> None:
        """Take over a vision tower, under the names of open_clip; the way from there into the space stays."""
        fitted = self.model.visual.load_state_dict(tower, strict=False)
        assert not fitted.unexpected_keys

    def save(self, path: Path) -> None:
        """Write the weights in float16 as safetensors."""
        save_file({name: part.half().contiguous().cpu() for name, part in self.model.state_dict().items()}, path)


def seen(model: Any, images: torch.Tensor) -> torch.Tensor:
    """Return the vectors of pictures as `encode_image` does; the last block works on the first token alone."""
    first = torch.zeros((len(images), 1), dtype=torch.long, device=images.device)
    with clip_blocks(model.visual.transformer, first):
        vectors: torch.Tensor = model.visual(images)
    return vectors


def read(model: Any, tokens: torch.Tensor) -> torch.Tensor:
    """Return the vectors of texts as `encode_text` does, without what comes behind the longest text."""
    ends = tokens.argmax(dim=-1, keepdim=True)  # the end has the highest number
    length = int(ends.max()) + 1
    said = model.token_embedding(tokens[:, :length]) + model.positional_embedding[:length]
    with clip_blocks(model.transformer, ends):
        said = model.transformer(said, attn_mask=model.attn_mask[:length, :length])
    vectors: torch.Tensor = model.ln_final(said)[:, 0] @ model.text_projection
    return vectors


def contrastive_loss(
    pictures: torch.Tensor, texts: torch.Tensor, scale: torch.Tensor, matches: torch.Tensor
) -> torch.Tensor:
    """Return the mean of both directions' cross entropy, with other true pairs left out.

    The vectors may have any length; `scale` is the logarithm of what their cosines are multiplied by.
    """
    near = functional.normalize(pictures.float(), dim=-1) @ functional.normalize(texts.float(), dim=-1).T
    logits = scale.exp().clamp(max=LARGEST_SCALE) * near
    own = torch.eye(len(logits), dtype=torch.bool, device=logits.device)
    logits = logits.masked_fill(matches & ~own, float("-inf"))
    target = torch.arange(len(logits), device=logits.device)
    return (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2
