"""LLaVA through transformers: `llava-hf/llava-1.5-7b-hf`, and every model of that architecture in a local folder.

Nothing is downloaded here: a model that is not on this machine is an error that names the command that gets it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import torch
from PIL import Image
from transformers import GenerationConfig, TextIteratorStreamer
from transformers.utils import logging as chatter

from bot.errors import PromptTooLong
from bot.servers.queue import never
from bot.vision.base import Output, Profile, check_count
from bot.vision.huggingface_loading import image_token_count, loaded
from bot.vision.huggingface_memory import FrameCache, States
from bot.vision.special_tokens import SpecialTokens
from retrieval.encoders.devices import ChosenDevice, best
from retrieval.encoders.weights import name_of

ANSWER_TOKENS = 256
"""Longest answer."""

SHORT_TOKENS = 48
"""Longest answer where many are asked for at once."""

BATCH = 8
"""Pictures looked at together."""

MEMORY = 2**31
"""Bytes that are kept of frames: those of six with LLaVA-1.5-7B, of thousands with a small model."""

PLAIN_TEMPLATE = (
    "{% for message in messages %}USER: {% for part in message['content'] %}"
    "{{ '<image>\n' if part['type'] == 'image' else part['text'] }}"
    "{% endfor %} ASSISTANT:{% endfor %}"
)
"""The form of LLaVA-1.5, for models that come without a template of their own."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The tokens of a prompt: those up to the end of its picture, none without one, and those after it."""

    seen: tuple[int, ...]
    rest: tuple[int, ...]


class Llava:
    """A LLaVA as VisionModel. It answers one prompt at a time; others wait.

    What it computed of a frame is kept, so that another question about it begins after the frame.

    Args:
        model: a folder as `save_pretrained` writes it, or a name on the hub that was downloaded before.
        instruct: whether it follows instructions in free words.
        memory: bytes that are kept of frames.
        device: what it is calculated on.

    Raises:
        MissingModel: it is not there, is damaged, or is no LLaVA.
    """

    def __init__(self, model: str, instruct: bool = True, memory: int = MEMORY, device: ChosenDevice = "auto") -> None:
        chatter.set_verbosity_error()  # type: ignore[no-untyped-call]
        chatter.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._device = best(device)
        self._model, self._processor = loaded(model, self._device)
        self._model.to(self._device).eval()
        self._words = self._processor.tokenizer
        self._template = self._processor.chat_template or PLAIN_TEMPLATE
        self._marks = SpecialTokens(self._words, self._processor.image_token)
        self._context = int(self._model.config.text_config.max_position_embeddings)
        self._ends = _ends(self._model.generation_config.eos_token_id, self._words.eos_token_id)
        self._picture = image_token_count(self._model.config)
        self._memory = FrameCache(memory)
        self._profile = Profile(name_of(model), max_images=1, instruct=instruct, batch=BATCH)
        stacks = (part for part in self._model.modules() if isinstance(part, torch.nn.ModuleList))
        self._layers = [layer for stack in stacks for layer in stack]
        self._alone = threading.Lock()
        self._preparing = threading.Lock()  # a tokenizer is not to be shared between threads

    @property
    def profile(self) -> Profile:
        """The model's name, with the hash of its weights where they are one local file; LLaVA sees one picture."""
        return self._profile

    def answer(self, prompt: str, images: Sequence[Image.Image]) -> Generator[str, None, None]:
        """Yield an answer piece by piece, always the most likely words. See `VisionModel`."""
        check_count(self._profile, images)
        return self._streamed(self._asked(prompt, bool(images)), images)

    def ask_each(self, asked: Sequence[tuple[str, Image.Image]], unwanted: Callable[[], bool] = never) -> list[Output]:
        """Return a short answer to each prompt about its picture. See `VisionModel`."""
        said: list[Output] = []
        for start in range(0, len(asked), BATCH):
            batch = asked[start : start + BATCH]
            rows = [(self._asked(prompt, True), image) for prompt, image in batch]
            # Templates begin alike whatever is asked, so this is one group, unless one puts the picture last.
            for _, alike in groupby(rows, key=lambda row: row[0].seen):
                try:
                    together, images = zip(*alike, strict=True)
                    said += self._answered(together, images, unwanted)
                except _Unwanted:
                    return said
        return said

    def forget(self) -> None:
        """Keep nothing of the frames seen so far."""
        with self._alone:
            self._memory.clear()

    def _answered(
        self, asked: Sequence[_Asked], images: Sequence[Image.Image], unwanted: Callable[[], bool]
    ) -> list[Output]:
        with self._working(unwanted):
            inputs = self._inputs(asked, images)
            out = self._model.generate(
                **inputs,
                generation_config=self._greedy(SHORT_TOKENS, inputs),
                return_dict_in_generate=True,
                output_logits=True,
            )
        written = out.sequences[:, inputs["input_ids"].shape[1] :]  # (batch, steps)
        logits = torch.stack(out.logits, dim=1).float()  # (batch, steps, vocabulary)
        chances = logits.log_softmax(-1).gather(-1, written.unsqueeze(-1)).squeeze(-1)  # (batch, steps)
        ended = torch.isin(written, torch.tensor(self._ends, device=written.device))
        counted = (ended.cumsum(1) - ended.long()) == 0  # up to the token that ends an answer, and with it
        sure = ((chances * counted).sum(1) / counted.sum(1)).exp().clamp(0.0, 1.0)
        kept = [row[told] for row, told in zip(written, counted & ~ended, strict=True)]
        texts = self._words.batch_decode(kept, skip_special_tokens=True)
        return [Output(text.strip(), float(share)) for text, share in zip(texts, sure, strict=True)]

    def _streamed(self, asked: _Asked, images: Sequence[Image.Image]) -> Generator[str, None, None]:
        unwanted, failed = threading.Event(), list[Exception]()
        streamer = TextIteratorStreamer(self._words, skip_prompt=True, skip_special_tokens=True)

        def write() -> None:
            try:
                with self._working(unwanted.is_set):
                    inputs = self._inputs([asked], images)
                    greedy = self._greedy(ANSWER_TOKENS, inputs)
                    self._model.generate(**inputs, generation_config=greedy, streamer=streamer)
            except _Unwanted:
                pass
            except Exception as error:  # raised again where the answer is read
                failed.append(error)
            finally:
                streamer.text_queue.put(streamer.stop_signal)

        writer = threading.Thread(target=write, name="llava", daemon=True)
        writer.start()
        try:
            yield from _trimmed(streamer)
            if failed:
                raise failed[0]
        finally:
            unwanted.set()
            writer.join(timeout=1.0)  # a layer that takes longer ends by itself, and the next answer waits for it

    @contextmanager
    def _working(self, unwanted: Callable[[], bool]) -> Iterator[None]:
        """Let the model work for one alone; once that is unwanted, leave it before its next layer, wherever it is.

        Raises:
            _Unwanted: it was left.
        """

        def go_on(*_: object) -> None:
            if unwanted():
                raise _Unwanted

        with self._alone, torch.inference_mode(), ExitStack() as hooks:
            go_on()
            for layer in self._layers:
                hooks.callback(layer.register_forward_pre_hook(go_on).remove)
            yield

    def _greedy(self, most: int, inputs: dict[str, Any]) -> GenerationConfig:
        left = self._context - inputs["input_ids"].shape[1]
        pad = self._ends[0] if self._words.pad_token_id is None else self._words.pad_token_id
        return GenerationConfig(  # type: ignore[no-untyped-call]
            do_sample=False, max_new_tokens=min(most, left), eos_token_id=self._ends, pad_token_id=pad
        )

    def _asked(self, prompt: str, with_image: bool) -> _Asked:
        """Return the tokens of a prompt in the form of the model's dialogues.

        Raises:
            PromptTooLong: they leave no room for an answer.
        """
        mark = self._processor.image_token
        with self._preparing:
            text = self._rendered(prompt, with_image).replace(mark, mark * self._picture)
            # A template may write the token that begins a text; the tokenizer writes it too, and once is enough.
            begun = bool(self._words.bos_token) and text.startswith(self._words.bos_token)
            tokens = tuple(self._words(text, add_special_tokens=not begun)["input_ids"])
        if len(tokens) >= self._context:
            raise PromptTooLong(self._profile.name, len(tokens), self._context)
        image = self._model.config.image_token_id
        seen = len(tokens) - tokens[::-1].index(image) if with_image else 0
        return _Asked(tokens[:seen], tokens[seen:])

    def _inputs(self, asked: Sequence[_Asked], images: Sequence[Image.Image]) -> dict[str, Any]:
        """Return what the model goes on from: prompts that begin alike, and its states after their pictures.

        What follows the pictures is padded before it, so that all prompts end together.
        """
        seen, longest = asked[0].seen, max(len(one.rest) for one in asked)
        pad = self._ends[0] if self._words.pad_token_id is None else self._words.pad_token_id
        gaps = [longest - len(one.rest) for one in asked]
        tokens = [[*seen, *[pad] * gap, *one.rest] for one, gap in zip(asked, gaps, strict=True)]
        mask = [[1] * len(seen) + [0] * gap + [1] * (longest - gap) for gap in gaps]
        inputs: dict[str, Any] = {"input_ids": self._tensor(tokens), "attention_mask": self._tensor(mask)}
        if images:
            inputs["past_key_values"] = self._memory.joined(images, seen, self._looked)
        return inputs

    def _looked(self, images: Sequence[Image.Image], seen: Sequence[int]) -> list[States]:
        """Return the states of the model after it has seen each picture."""
        with self._preparing:
            made = self._processor.image_processor([image.convert("RGB") for image in images], return_tensors="pt")
        pixels = made["pixel_values"].to(self._device, self._model.dtype)  # (pictures, 3, height, width)
        tokens = self._tensor([list(seen)] * len(images))
        out = self._model(input_ids=tokens, pixel_values=pixels, use_cache=True, logits_to_keep=1)
        layers = [(layer.keys, layer.values) for layer in out.past_key_values.layers]
        rows = range(len(images))
        return [tuple((keys[n : n + 1].clone(), values[n : n + 1].clone()) for keys, values in layers) for n in rows]

    def _tensor(self, rows: list[list[int]]) -> torch.Tensor:
        return torch.tensor(rows, dtype=torch.long, device=self._device)

    def _rendered(self, prompt: str, with_image: bool) -> str:
        text = {"type": "text", "text": self._marks.defused(prompt)}
        content = [{"type": "image"}, text] if with_image else [text]
        rendered: str = self._processor.apply_chat_template(
            [{"role": "user", "content": content}],
            chat_template=self._template,
            add_generation_prompt=True,
            tokenize=False,
        )
        return rendered


class _Unwanted(Exception):
    """What the model works on is not wanted any more."""


def _trimmed(pieces: TextIteratorStreamer) -> Generator[str, None, None]:
    """Yield pieces that are not empty, the first without the space before it."""
    begun = False
    for piece in pieces:
        shown = piece if begun else piece.lstrip()
        if shown:
            begun = True
            yield shown


def _ends(given: int | list[int] | None, fallback: int) -> list[int]:
    """Return the tokens that end an answer."""
    if given is None:
        return [fallback]
    return [given] if isinstance(given, int) else list(given)
