"""Training of a LLaVA on the tower of a CLIP, in the stages of LLaVA itself (Liu et al. 2023).

The language model first learns to answer from a text, as one that was pretrained has; then the projector alone learns
to put pictures in the place of that text; then everything learns together, the tower slowly. Several questions follow
one picture in one row, and no question sees another: each is answered as if it were asked alone.
Why: docs/decisions/small-models.md.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch.nn import functional
from transformers import (
    CLIPImageProcessor,
    CLIPVisionConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
)

from retrieval.training.attention import WRITTEN_OUT, last_llama_layer
from retrieval.training.batches import Questions
from retrieval.training.checkpoints import Checkpoints
from retrieval.training.normal import Normal
from retrieval.training.recipe import Losses, Recipe
from retrieval.training.schedule import Say, best_device, device_of, run
from retrieval.training.towers import TowerState, tower_of, visual_of

IMAGE = "<image>"
TOKENS_READ: Literal["default", "full"] = "full"
"""The first token of a picture is read too; LLaVA-1.5 leaves it out ("default")."""

TOWER_RATE = 0.3
"""The tower learns at this share of the others' rate."""

CHAT_TEMPLATE = (
    "{% for message in messages %}USER: {% for part in message['content'] %}"
    "{{ '<image>\n' if part['type'] == 'image' else part['text'] }}"
    "{% endfor %} ASSISTANT:{% endfor %}"
)
"""The form of LLaVA 1.5; `prompt` writes the same."""

_NOTHING = -100


@dataclass(frozen=True, slots=True)
class Row:
    """Token numbers of a picture's (or a text's) prefix and of the questions behind it, with their answers."""

    prefix: list[int]
    branches: list[tuple[list[int], list[int]]]


def build(clip: Any, vision: Mapping[str, int], language: Mapping[str, Any], tokenizer: Any) -> Any:
    """Return an untrained LlavaForConditionalGeneration whose tower is that of an open_clip model.

    It reads the tower's last block, its first token too: there the CLIP has gathered what it knows of the picture.

    `vision` has `image_size`, `patch_size`, `width`, `head_width` and `layers`, as in the open_clip config; `language`
    has arguments of `LlamaConfig`.
    """
    side = vision["image_size"] // vision["patch_size"]
    tower = CLIPVisionConfig(
        hidden_size=vision["width"],
        intermediate_size=4 * vision["width"],
        num_hidden_layers=vision["layers"],
        num_attention_heads=vision["width"] // vision["head_width"],
        image_size=vision["image_size"],
        patch_size=vision["patch_size"],
        hidden_act="gelu",
    )
    text = LlamaConfig(
        vocab_size=len(tokenizer),
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        tie_word_embeddings=True,
        **language,
    )
    model = LlavaForConditionalGeneration(
        LlavaConfig(
            vision_config=tower,
            text_config=text,
            image_token_index=tokenizer.convert_tokens_to_ids(IMAGE),
            image_seq_length=side * side + 1,
            vision_feature_layer=-1,
            vision_feature_select_strategy=TOKENS_READ,
            tie_word_embeddings=True,
        )
    )
    fitted = model.model.vision_tower.load_state_dict(tower_of(clip.visual.state_dict(), vision["layers"]))
    assert not fitted.missing_keys and not fitted.unexpected_keys
    return model


class LlavaTraining:
    """A LLaVA that learns, stage by stage; each stage takes up its own checkpoint.

    Args:
        clip: an open_clip model whose tower it begins with.
        normal: how pictures are prepared for that tower.
        vision: `image_size`, `patch_size`, `width`, `head_width` and `layers`, as in the open_clip config.
        language: arguments of `LlamaConfig`.
        seed: decides the weights that it begins with.
        workers: processes that make batches ahead.
    """

    def __init__(
        self,
        clip: Any,
        normal: Normal,
        vision: Mapping[str, int],
        language: Mapping[str, Any],
        tokenizer: Any,
        seed: int,
        say: Say,
        workers: int = 1,
    ) -> None:
        torch.manual_seed(seed)
        self.model = build(clip, vision, language, tokenizer).to(best_device())
        self._tokenizer, self._normal, self._vision = tokenizer, normal, vision
        self._say, self._workers = say, workers

    def language(self, batch: Callable[[int], Questions], recipe: Recipe, checkpoints: Checkpoints) -> Losses:
        """Train the language model on texts alone."""
        return self._train([self.model.model.language_model], batch, recipe, checkpoints)

    def projector(self, batch: Callable[[int], Questions], recipe: Recipe, checkpoints: Checkpoints) -> Losses:
        """Train the projector alone."""
        return self._train([self.model.model.multi_modal_projector], batch, recipe, checkpoints)

    def everything(self, batch: Callable[[int], Questions], recipe: Recipe, checkpoints: Checkpoints) -> Losses:
        """Train all parts."""
        inner = self.model.model
        parts = [inner.multi_modal_projector, inner.language_model, inner.vision_tower]
        return self._train(parts, batch, recipe, checkpoints)

    def tower(self) -> TowerState:
        """Return what the tower has learnt, under the names of open_clip."""
        return visual_of(self.model.model.vision_tower.state_dict(), self._vision["layers"])

    def save(self, folder: Path) -> None:
        """Write model (float16), tokenizer and processor in the ordinary files of transformers."""
        side = {"height": self._vision["image_size"], "width": self._vision["image_size"]}
        pictures = CLIPImageProcessor(
            size=side, do_center_crop=False, image_mean=list(self._normal.mean), image_std=list(self._normal.deviation)
        )
        processor = LlavaProcessor(  # type: ignore[no-untyped-call]
            image_processor=pictures,
            tokenizer=self._tokenizer,
            patch_size=self._vision["patch_size"],
            vision_feature_select_strategy=TOKENS_READ,
            image_token=IMAGE,
            num_additional_image_tokens=1,
            chat_template=CHAT_TEMPLATE,
        )
        processor.save_pretrained(folder)
        copy.deepcopy(self.model).half().save_pretrained(folder)

    def _train(
        self, parts: Sequence[Any], batch: Callable[[int], Questions], recipe: Recipe, checkpoints: Checkpoints
    ) -> Losses:
        self.model.train()
        self.model.requires_grad_(False)
        groups = []
        for part in parts:
            part.requires_grad_(True)
            share = TOWER_RATE if part is self.model.model.vision_tower else 1.0
            groups.append({"params": list(part.parameters()), "lr": recipe.rate * share})
        self.model.set_attn_implementation(WRITTEN_OUT)
        losses = run(self.model, groups, self.loss, batch, recipe, checkpoints, self._say, self._workers)
        self.model.set_attn_implementation("sdpa")
        self.model.requires_grad_(True)
        self.model.eval()
        return losses

    def loss(self, questions: Questions) -> torch.Tensor:
        """Return the mean cross entropy of all tokens of the answers."""
        device, image_tokens = device_of(self.model), self.model.config.image_seq_length
        rows = [
            _row(self._tokenizer, None if questions.pictures is not None else questions.contexts[number], asked)
            for number, asked in enumerate(questions.asked)
        ]
        packed = pack(rows, self.model.config.image_token_id, image_tokens, self._tokenizer.eos_token_id)
        inputs: dict[str, Any] = {name: tensor.to(device) for name, tensor in packed.items()}
        targets = inputs.pop("targets")
        if questions.pictures is not None:
            inputs["pixel_values"] = self._normal(questions.pictures).to(device)
        answered = targets != _NOTHING
        most = int(answered.sum(dim=1).max())
        places = answered.int().argsort(dim=1, descending=True, stable=True)[:, :most]  # (rows, most)
        with last_llama_layer(self.model.model.language_model, places):
            hidden = self.model.model(**inputs, use_cache=False).last_hidden_state
        said = self.model.lm_head(hidden).float().flatten(0, 1)
        return functional.cross_entropy(said, targets.gather(1, places).flatten(), ignore_index=_NOTHING)


def prompt(question: str, context: str = IMAGE) -> str:
    """Return the text that LLaVA 1.5 is asked with."""
    return f"USER: {context}\n{question} ASSISTANT:"


def _row(tokenizer: Any, context: str | None, asked: Sequence[tuple[str, str]]) -> Row:
    """Return a row of one picture (or, with a context, of one text)."""

    def numbers(text: str) -> list[int]:
        return list(tokenizer(text, add_special_tokens=False).input_ids)

    before, _, _ = prompt("", "\0").partition("\0")
    prefix = [tokenizer.bos_token_id, *numbers(before), *numbers(IMAGE if context is None else context)]
    branches = []
    for question, answer in asked:
        _, _, after = prompt(question, "\0").partition("\0")
        branches.append((numbers(after), numbers(answer)))
    return Row(prefix, branches)


def pack(rows: Sequence[Row], image: int, image_tokens: int, end: int) -> dict[str, torch.Tensor]:
    """Lay rows out as one batch: token numbers, positions, who sees whom, and what is to be said next.

    The mask is `(rows, 1, length, length)`, true where a token sees another: the prefix, and what came before it in
    its own branch. Every branch begins at the position behind a picture, so that order tells nothing.
    """
    expanded = [[number for token in row.prefix for number in _expanded(token, image, image_tokens)] for row in rows]
    begin = max(2 + image_tokens, *map(len, expanded))
    length = max(
        len(prefix) + sum(len(q) + len(a) + 1 for q, a in row.branches)
        for prefix, row in zip(expanded, rows, strict=True)
    )
    tokens = torch.full((len(rows), length), end)
    places = torch.zeros((len(rows), length), dtype=torch.long)
    targets = torch.full((len(rows), length), _NOTHING)
    branch = torch.full((len(rows), length), -1)
    for number, (prefix, row) in enumerate(zip(expanded, rows, strict=True)):
        at = len(prefix)
        tokens[number, :at], places[number, :at], branch[number, :at] = torch.tensor(prefix), torch.arange(at), 0
        for which, (question, answer) in enumerate(row.branches, start=1):
            said = [*question, *answer, end]
            stop = at + len(said)
            tokens[number, at:stop] = torch.tensor(said)
            places[number, at:stop] = begin + torch.arange(len(said))
            targets[number, at + len(question) - 1 : stop - 1] = torch.tensor(said[len(question) :])
            branch[number, at:stop] = which
            at = stop
    earlier = torch.ones((length, length), dtype=torch.bool).tril()
    seen = (branch[:, None, :] == 0) | (branch[:, None, :] == branch[:, :, None])
    mask = (seen & earlier)[:, None]
    return {"input_ids": tokens, "position_ids": places, "attention_mask": mask, "targets": targets}


def _expanded(token: int, image: int, image_tokens: int) -> list[int]:
    return [token] * (image_tokens if token == image else 1)
