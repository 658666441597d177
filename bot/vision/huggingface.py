"""LLaVA through transformers: `llava-hf/llava-1.5-7b-hf`, and every model of that architecture in a local folder.

Nothing is downloaded here: a model that is not on this machine is an error that names the command that gets it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from transformers import (
    AutoConfig,
    AutoProcessor,
    GenerationConfig,
    LlavaForConditionalGeneration,
    StoppingCriteria,
    StoppingCriteriaList,
    TextIteratorStreamer,
)
from transformers.utils import logging as chatter

from bot.errors import PromptTooLong
from bot.vision.base import Profile, Said, check_count
from bot.vision.marks import Marks
from retrieval.encoders.weights import name_of
from retrieval.errors import MissingModel, first_line

ARCHITECTURE = "llava"
ANSWER_TOKENS = 256
"""Longest answer."""

SHORT_TOKENS = 48
"""Longest answer where many are asked for at once."""

LARGE = 2048
"""Width from which a language model would take twice the memory of its file if it were calculated exactly."""

BATCH = 8
"""Pictures looked at together."""

PLAIN_TEMPLATE = (
    "{% for message in messages %}USER: {% for part in message['content'] %}"
    "{{ '<image>\n' if part['type'] == 'image' else part['text'] }}"
    "{% endfor %} ASSISTANT:{% endfor %}"
)
"""The form of LLaVA-1.5, for models that come without a template of their own."""


class Llava:
    """A LLaVA as VisionModel, on the graphics card if there is one. It answers one prompt at a time; others wait.

    Args:
        model: a folder as `save_pretrained` writes it, or a name on the hub that was downloaded before.
        instruct: whether it follows instructions in free words.

    Raises:
        MissingModel: it is not there, is damaged, or is no LLaVA.
    """

    def __init__(self, model: str, instruct: bool = True) -> None:
        chatter.set_verbosity_error()  # type: ignore[no-untyped-call]
        chatter.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model, self._processor = _loaded(model, self._device)
        self._model.to(self._device).eval()
        self._words = self._processor.tokenizer
        self._template = self._processor.chat_template or PLAIN_TEMPLATE
        self._marks = Marks(self._words, self._processor.image_token)
        self._context = int(self._model.config.text_config.max_position_embeddings)
        self._ends = _ends(self._model.generation_config.eos_token_id, self._words.eos_token_id)
        self._profile = Profile(name_of(model), max_images=1, instruct=instruct)
        self._alone = threading.Lock()
        self._preparing = threading.Lock()  # a tokenizer is not to be shared between threads

    @property
    def profile(self) -> Profile:
        """The model's name, with the hash of its weights where they are one local file; LLaVA sees one picture."""
        return self._profile

    def answer(self, prompt: str, images: Sequence[Image.Image]) -> Generator[str, None, None]:
        """Yield an answer piece by piece, always the most likely words. See `VisionModel`."""
        check_count(self._profile, images)
        return self._streamed(self._inputs([prompt], images))

    def ask_each(self, asked: Sequence[tuple[str, Image.Image]]) -> list[Said]:
        """Return a short answer to each prompt about its picture. See `VisionModel`."""
        said: list[Said] = []
        for start in range(0, len(asked), BATCH):
            batch = asked[start : start + BATCH]
            said += self._answered(self._inputs([prompt for prompt, _ in batch], [image for _, image in batch]))
        return said

    def _answered(self, inputs: dict[str, Any]) -> list[Said]:
        with self._alone, torch.inference_mode():
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
        return [Said(text.strip(), float(share)) for text, share in zip(texts, sure, strict=True)]

    def _streamed(self, inputs: dict[str, Any]) -> Generator[str, None, None]:
        stop, failed = _Stop(), list[Exception]()
        streamer = TextIteratorStreamer(self._words, skip_prompt=True, skip_special_tokens=True)

        def write() -> None:
            try:
                with self._alone, torch.inference_mode():
                    if not stop.wanted.is_set():
                        self._model.generate(
                            **inputs,
                            generation_config=self._greedy(ANSWER_TOKENS, inputs),
                            streamer=streamer,
                            stopping_criteria=StoppingCriteriaList([stop]),
                        )
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
            stop.wanted.set()
            writer.join(timeout=1.0)  # a step that takes longer ends by itself, and the next answer waits for it

    def _greedy(self, most: int, inputs: dict[str, Any]) -> GenerationConfig:
        left = self._context - inputs["input_ids"].shape[1]
        pad = self._ends[0] if self._words.pad_token_id is None else self._words.pad_token_id
        return GenerationConfig(  # type: ignore[no-untyped-call]
            do_sample=False, max_new_tokens=min(most, left), eos_token_id=self._ends, pad_token_id=pad
        )

    def _inputs(self, prompts: Sequence[str], images: Sequence[Image.Image]) -> dict[str, Any]:
        """Return what the model takes: prompts in the form of its dialogues, padded at the left, and pictures."""
        with self._preparing:
            texts = [self._rendered(prompt, bool(images)) for prompt in prompts]
            # A template may write the token that begins a text; the tokenizer writes it too, and once is enough.
            begun = bool(self._words.bos_token) and texts[0].startswith(self._words.bos_token)
            made = self._processor(
                images=[image.convert("RGB") for image in images] or None,
                text=texts,
                padding=True,
                padding_side="left",
                add_special_tokens=not begun,
                return_tensors="pt",
            )
        length = made["input_ids"].shape[1]
        if length >= self._context:
            raise PromptTooLong(self._profile.name, length, self._context)
        made.pop("token_type_ids", None)
        if images:
            made["pixel_values"] = made["pixel_values"].to(self._model.dtype)
        return dict(made.to(self._device))

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


class _Stop(StoppingCriteria):
    """Ends generation at the next token once that is wanted."""

    def __init__(self) -> None:
        self.wanted = threading.Event()

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        return torch.full((input_ids.shape[0],), self.wanted.is_set(), dtype=torch.bool, device=input_ids.device)


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


def _loaded(model: str, device: str) -> tuple[Any, Any]:
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
        loaded, told = weights.from_pretrained(
            source, dtype=_dtype(config, device), local_files_only=True, use_safetensors=True, output_loading_info=True
        )
    except Exception as error:  # truncated, of other shapes, without a tokenizer: no model
        raise _unfit(model, first_line(error)) from error
    if told["missing_keys"]:
        raise _unfit(model, f"its weights lack {min(told['missing_keys'])!r}")
    fault = _fault(loaded.config, processor)
    if fault:
        raise _unfit(model, fault)
    return loaded, processor


def _dtype(config: Any, device: str) -> torch.dtype:
    """Return the numbers to calculate with: exact ones for small models, for others what fits into memory."""
    if device == "cuda":
        return torch.float16
    return torch.bfloat16 if config.text_config.hidden_size >= LARGE else torch.float32


def _fault(config: Any, processor: Any) -> str:
    """Return in what a processor does not fit its model, empty where it does."""
    seen, mark = config.vision_config, processor.image_token
    made = processor(images=[Image.new("RGB", (8, 8))], text=[mark], return_tensors="pt")
    marks = int((made["input_ids"] == config.image_token_id).sum())
    wanted = (seen.image_size // seen.patch_size) ** 2 + (config.vision_feature_select_strategy == "full")
    if marks != wanted:
        return f"its processor makes {marks} marks of a picture, and the model takes {wanted}"
    if made["pixel_values"].shape[-1] != seen.image_size:
        return f"its processor makes pictures of {made['pixel_values'].shape[-1]} pixels, not {seen.image_size}"
    if len(processor.tokenizer) > config.text_config.vocab_size:
        return "its tokenizer has more words than the model"
    return ""


SET_MODEL = "Set VDIALOG_VISION_MODEL to a LLaVA: a folder, or a name on the hub."


def _absent(model: str, folder: Path, error: Exception) -> MissingModel:
    if folder.is_dir():
        return MissingModel(f"the folder {model!r} holds no vision model: {first_line(error)}", SET_MODEL)
    on_hub = re.fullmatch(r"[\w.-]+/[\w.-]+", model) is not None
    hint = f"Run: hf download {model}" if on_hub else SET_MODEL
    return MissingModel(f"the vision model {model!r} is not on this machine", hint)


def _unfit(model: str, what: str) -> MissingModel:
    return MissingModel(
        f"the vision model {model!r} cannot be loaded: {what}",
        "Its files are damaged or not of one model: get it again, or set VDIALOG_VISION_MODEL to another.",
    )
