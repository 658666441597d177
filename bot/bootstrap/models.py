"""Which models: from settings to what loads them. Nothing is loaded before it is first used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

from bot.bootstrap.light import needing_torch
from bot.errors import ConfigurationError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.servers.http import Server
    from bot.vision.base import VisionModel
    from retrieval.encoders.base import ImageEncoder, TextEncoder
    from retrieval.encoders.lazy import Encoders, Registration
    from retrieval.ingest.captions import Captioner

T = TypeVar("T")
OnLoading = Callable[[str], None]
"""Is told in a line, for a person who waits, which model is loaded."""

HASHING = "hashing"
PACKAGED = "packaged"
DEFAULT_URLS = {"ollama": "http://127.0.0.1:11434", "openai": "http://127.0.0.1:8000/v1"}

FURTHER_SPACES: tuple[Callable[[Settings], Registration], ...] = ()
"""The spaces beside those of texts and keyframes: a function each, from the settings to what is encoded and by what."""


def untold(what: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class ModelPaths:
    """Where the models for pictures are: names or paths, as their loaders take them. No weights: CLIP is off."""

    clip_model: str
    clip_weights: str
    vision_model: str


def encoders(settings: Settings, tell: OnLoading = untold) -> Encoders:
    """Return the encoders, not yet loaded; `tell` is told of each that is."""
    from retrieval.encoders.lazy import Encoders

    others = [register(settings) for register in FURTHER_SPACES]
    frames, texts = image_encoder(settings), partial(text_encoder, settings)
    return Encoders(
        partial(_told, tell, "text", texts),
        None if frames is None else partial(_told, tell, "picture", frames),
        others,
        partial(check_models, settings),
        _language if settings.text_model == PACKAGED else None,
    )


def _told(tell: OnLoading, kind: str, load: Callable[[], T]) -> T:
    tell(f"Loading the {kind} model ...")
    return load()


def _language() -> Callable[[str], bool]:
    from retrieval.encoders.minilm import language

    return language()


def check_device(settings: Settings) -> None:
    """Refuse a device that is not there, before anything is loaded for it.

    Raises:
        ConfigurationError: it is not.
    """
    from retrieval.encoders.devices import NAMED, is_there

    if not is_there(settings.device):
        raise ConfigurationError(
            f"VDIALOG_DEVICE is {settings.device}, and {NAMED[settings.device]} is not there, or torch cannot use it",
            "Set VDIALOG_DEVICE=auto, which takes what is there, or VDIALOG_DEVICE=cpu.",
        )


def check_models(settings: Settings) -> None:
    """Refuse files of models that are set and not there, without loading any.

    Raises:
        MissingModel: one is not there.
    """
    from retrieval.encoders import clip, sentence_model

    sentence_model.check_folder(settings.text_model)
    paths = model_paths(settings)
    if settings.clip_model != HASHING and paths.clip_weights:
        clip.check_files(paths.clip_model, paths.clip_weights)


def text_encoder(settings: Settings) -> TextEncoder:
    """Load the text encoder.

    Raises:
        MissingModel: its weights are not there.
    """
    if settings.text_model == HASHING:
        from retrieval.encoders.hashing import HashingTextEncoder

        return HashingTextEncoder()
    from retrieval.encoders import minilm, sentence_model

    if settings.text_model == PACKAGED and settings.device in ("auto", "cpu"):
        return minilm.MiniLM()
    sentence_model.check_folder(settings.text_model)
    with needing_torch("the text model"):
        if settings.text_model == PACKAGED:
            return sentence_model.SentenceModel(str(minilm.packaged()), settings.device, minilm.NAME)
        return sentence_model.SentenceModel(settings.text_model, settings.device)


def image_encoder(settings: Settings) -> Callable[[], ImageEncoder] | None:
    """Return what loads the picture encoder, None where no weights are set."""
    if settings.clip_model == HASHING:
        from retrieval.encoders.hashing import HashingImageEncoder

        return HashingImageEncoder
    paths = model_paths(settings)
    if not paths.clip_weights:
        return None

    def load() -> ImageEncoder:
        from retrieval.encoders.clip import OpenClip, check_files

        check_files(paths.clip_model, paths.clip_weights)
        with needing_torch("the picture model"):
            return OpenClip(paths.clip_model, paths.clip_weights, settings.device)

    return load


def vision_model(settings: Settings, tell: OnLoading = untold) -> Callable[[], VisionModel] | None:
    """Return what loads the vision model, once for all who ask; None where none is set. `tell` is told when it does.

    Calling it raises MissingModel where the model is not there or cannot be used, and ConfigurationError where its
    address cannot. What it returns keeps to the time limit that is set.
    """
    if settings.vision == "none":
        return None

    @cache
    def load() -> VisionModel:
        from bot.vision.guard import Guarded, TimeLimits

        limits = TimeLimits(first=settings.vision_timeout / 2, total=settings.vision_timeout)
        return Guarded(_told(tell, "vision", partial(_looking, settings)), limits)

    return load


def vision_url(settings: Settings) -> str:
    """Return the address of the server that runs the vision model, empty where none does."""
    default = DEFAULT_URLS.get(settings.vision, "")
    return settings.vision_url or default if default else ""


def get_models(settings: Settings) -> Iterator[tuple[str, float]]:
    """Let Ollama get those models that are set and that it does not have; yield each one's name and share, 0 to 1.

    Raises:
        MissingModel: its server is not there, or cannot get one.
        ConfigurationError: an address cannot be used.
    """
    from bot.bootstrap.language import chat_server
    from bot.servers.ollama import has, pull

    wanted = []
    if settings.vision == "ollama" and settings.vision_model != PACKAGED:
        wanted.append((_server(settings), settings.vision_model))
    if settings.planner == "ollama" or settings.agent or (settings.planner == "auto" and settings.chat_model):
        wanted.append((chat_server(settings), settings.chat_model))
    for server, name in wanted:
        if not has(server, name):
            yield from ((name, share) for share in pull(server, name))


def is_in_ollama(settings: Settings) -> bool:
    """Tell whether Ollama has the vision model that is set.

    Raises:
        MissingModel: its server is not there.
        ConfigurationError: its address cannot be used.
    """
    from bot.servers.ollama import has

    return has(_server(settings), settings.vision_model)


def get_vision_model(settings: Settings) -> Iterator[float]:
    """Let Ollama get the vision model that is set; yield how much of the file on the way is there, 0 to 1.

    Raises:
        MissingModel: its server is not there, or cannot get it.
        ConfigurationError: its address cannot be used.
    """
    from bot.servers.ollama import pull

    yield from pull(_server(settings), settings.vision_model)


def captioner(settings: Settings, model: Callable[[], VisionModel] | None) -> Captioner | None:
    """Return what describes moments without caption when a video is taken in; None where that is off."""
    if model is None or not settings.vision_captions:
        return None
    from bot.vision.captioner import ModelCaptioner
    from retrieval.encoders.weights import name_of

    if settings.vision_model == PACKAGED:
        from bot.bootstrap.drawn import unfit

        return ModelCaptioner(name_of(model_paths(settings).vision_model), model, unfit)
    return ModelCaptioner(settings.vision_model if vision_url(settings) else name_of(settings.vision_model), model)


def model_paths(settings: Settings) -> ModelPaths:
    """Return where the models for pictures are; `packaged` are those that come with the sample films."""
    ours = _packaged()
    vision = str(ours / "llava") if settings.vision_model == PACKAGED else settings.vision_model
    if settings.clip_model != PACKAGED:
        return ModelPaths(settings.clip_model, settings.clip_weights, vision)
    weights = settings.clip_weights or str(ours / "clip" / "demo-clip.safetensors")
    return ModelPaths(str(ours / "clip" / "demo-clip.json"), weights, vision)


def with_untrained_clip(settings: Settings, folder: Path, seed: int) -> Settings | None:
    """Return the settings with a CLIP of the same config that has learnt nothing; None where no config file is set."""
    from retrieval.encoders.clip import write_untrained

    config = model_paths(settings).clip_model
    if not config.endswith(".json"):
        return None
    weights = folder / "untrained.safetensors"
    write_untrained(Path(config), weights, seed)
    return settings.model_copy(update={"clip_weights": str(weights)})


def _looking(settings: Settings) -> VisionModel:
    """Load the vision model, or find it on its server."""
    if settings.vision == "transformers":
        with needing_torch("the vision model"):
            from bot.vision.huggingface import Llava

            instruct = settings.vision_model != PACKAGED
            return Llava(model_paths(settings).vision_model, instruct, device=settings.device)
    server = _server(settings)
    images, context = settings.vision_images, settings.vision_context
    if settings.vision == "ollama" and settings.vision_model == PACKAGED:
        return _packaged_on(server)
    if settings.vision == "ollama":
        from bot.vision.ollama import Ollama

        return Ollama(server, settings.vision_model, max_images=images, context=context)
    from bot.vision.openai import OpenAI

    return OpenAI(server, settings.vision_model, max_images=images, context=context)


def _server(settings: Settings) -> Server:
    from bot.servers.http import Server

    return Server(vision_url(settings), settings.vision_token, settings.vision_timeout, settings.vision_without_token)


def _packaged_on(server: Server) -> VisionModel:
    """Return the small LLaVA on an Ollama server, which gets it where it does not have it."""
    from bot.servers.ollama import has, put
    from bot.vision.ollama import Ollama
    from bot.vision.preprocessing import Preprocessed
    from demo import gguf_files
    from retrieval.encoders.weights import name_of

    ours = _packaged() / "llava"
    name = f"video-dialog-{name_of(str(ours))}"
    if not has(server, name):
        with TemporaryDirectory() as folder:
            files = gguf_files.write(ours, Path(folder))
            put(server, name, files, gguf_files.TEMPLATE, num_thread=1)  # so small that threads wait for each other
    return Preprocessed(Ollama(server, name, instruct=False))


def _packaged() -> Path:
    return Path(str(files("demo"))) / "models"
