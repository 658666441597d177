"""The models that can be set up, as data: what each brings, where it comes from, what it takes, and how it is set."""

from dataclasses import dataclass
from typing import Literal

from bot.setup.machine import GIB

MB = 1_000_000

ModelPart = Literal["clip", "speech", "vision"]
"""What a model does in the program; of each part one model is used."""

PARTS: tuple[ModelPart, ...] = ("clip", "speech", "vision")

DOES: dict[ModelPart, str] = {
    "clip": "finds pictures: what you describe, or what resembles a picture",
    "speech": "writes down the words spoken in films, so that they are found and quoted",
    "vision": "looks at frames and answers questions about what is in the picture",
}

WORKS: dict[ModelPart, str] = {
    "clip": "searching finds what pictures show, and pictures like another one (--image)",
    "speech": "what is said in a film that you ingest from now on is found",
    "vision": "questions about what is seen are answered from the frames",
}
"""What works with a model that is on."""


@dataclass(frozen=True, slots=True)
class HubFiles:
    """Files of a repository of the hub.

    Attributes:
        repository: its name there.
        patterns: of the files that are fetched.
        needed: files without which the model cannot be loaded; of an index of weights, what it lists too.
    """

    repository: str
    patterns: tuple[str, ...]
    needed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfOllama:
    """A model that Ollama gets and runs."""

    name: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be set up.

    Attributes:
        part: what it does.
        name: what people call it.
        source: where it comes from.
        download: bytes that are fetched, about.
        memory: bytes that it takes while it is used, about.
        cores: of a processor, below which it is too slow to be recommended without a graphics card.
        settings: what is set for it, by field of `Settings`.
    """

    part: ModelPart
    name: str
    source: HubFiles | OfOllama
    download: int
    memory: int
    cores: int
    settings: tuple[tuple[str, str], ...]


CLIP = Model(
    "clip",
    "CLIP ViT-B/32",
    HubFiles(
        "laion/CLIP-ViT-B-32-laion2B-s34B-b79K", ("open_clip_model.safetensors",), ("open_clip_model.safetensors",)
    ),
    605 * MB,
    2 * GIB,
    1,
    (("clip_model", "ViT-B-32"), ("clip_weights", "laion2b_s34b_b79k")),
)

_WHISPER = ("config.json", "model.bin", "tokenizer.json")


def _whisper(size: str, download: int, memory: int, cores: int) -> Model:
    files = HubFiles(f"Systran/faster-whisper-{size}", (*_WHISPER, "vocabulary.*"), _WHISPER)
    return Model("speech", f"Whisper {size}", files, download, memory, cores, (("speech_model", size),))


def _of_ollama(name: str, called: str, download: int, memory: int, cores: int) -> Model:
    return Model(
        "vision", called, OfOllama(name), download, memory, cores, (("vision", "ollama"), ("vision_model", name))
    )


LLAVA = Model(
    "vision",
    "LLaVA 1.5 7B",
    HubFiles(
        "llava-hf/llava-1.5-7b-hf",
        ("*.safetensors", "*.json", "tokenizer.model", "*.jinja"),
        ("config.json", "tokenizer.json", "model.safetensors.index.json"),
    ),
    14_200 * MB,
    16 * GIB,
    8,
    (("vision", "transformers"), ("vision_model", "llava-hf/llava-1.5-7b-hf")),
)

MODELS: tuple[Model, ...] = (
    CLIP,
    _whisper("small", 486 * MB, GIB, 4),
    _whisper("base", 148 * MB, GIB // 2, 1),
    _of_ollama("llava", "LLaVA 1.6 7B", 4_700 * MB, 7 * GIB, 8),
    _of_ollama("llava-phi3", "LLaVA Phi-3 Mini", 2_900 * MB, 5 * GIB, 4),
    _of_ollama("moondream", "Moondream 2", 1_700 * MB, 3 * GIB, 2),
    LLAVA,
)
"""Of each part the one that is better goes first; those of Ollama before those that run in this process."""
