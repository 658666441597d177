"""What is said in a video, by a Whisper model on the processor.

The model's weights are fetched by the user beforehand: nothing is downloaded here, and without them the reason is said
and the video is taken in without its speech.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from retrieval.errors import MissingModel
from retrieval.types import TimedText, TimeSpan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLE_RATE = 16_000
"""Samples a second that the model was trained on."""

SILENCE = 0.6
"""Above this probability that nobody speaks a segment is dropped: the model makes words of music and noise."""

SET_UP = "Run: vdialog setup --only speech"
FILES = ("config.json", "model.bin", "tokenizer.json")
"""What a model's folder must hold; without the last, the package would ask the network for it."""


class Segment(Protocol):
    """A stretch of recognised speech, as the model gives it; times in seconds."""

    start: float
    end: float
    text: str
    no_speech_prob: float


def unavailable(model: str | Path) -> str | None:
    """Return why speech cannot be recognised with this model, or None where it can."""
    try:
        model_folder(model)
    except MissingModel as missing:
        return f"{missing.message}. {missing.hint}"
    return None


def model_folder(model: str | Path) -> Path:
    """Return the folder of a model given by name or by path, without touching the network.

    Raises:
        MissingModel: the weights are not there; the hint says how to get them.
    """
    folder = Path(model) if Path(model).is_dir() else _cached(str(model))
    lacking = [name for name in FILES if not (folder / name).is_file()]
    if lacking:
        raise MissingModel(
            f"speech is not recognised: the model {str(model)!r} lacks {', '.join(lacking)}",
            f"{SET_UP}\nOr give the folder of a Whisper model converted for CTranslate2, complete.",
        )
    return folder


def _cached(name: str) -> Path:
    from faster_whisper import download_model

    try:
        return Path(download_model(name, local_files_only=True))
    except (ValueError, OSError) as error:
        raise MissingModel(
            f"speech is not recognised: the model {name!r} is not on this machine",
            f"{SET_UP}\nOr give the folder of a model; docs/models.md tells the steps by hand.",
        ) from error


class SpeechRecogniser:
    """A Whisper model; loaded when the first audio comes.

    Args:
        model: name of a size (`small`, `medium.en`, ...) or the folder of a converted model.
        threads: processor threads to use.
        device: `cuda` for a graphics card of NVIDIA, `auto` for one if it is there; everything else, `mps` too, is the
            processor: the package knows no other.

    Raises:
        MissingModel: the weights are not there.
    """

    def __init__(self, model: str | Path = "small", threads: int = 2, device: str = "cpu") -> None:
        self._folder = model_folder(model)
        self._threads = threads
        self._device = device
        self._model: Any = None

    def transcribe(
        self, audio: "NDArray[np.float32]", duration: float, tell: Callable[[float], None] = lambda done: None
    ) -> list[TimedText]:
        """Return what is said, in order of time, source `speech`.

        Args:
            audio: mono samples between -1 and 1 at 16 kHz, from the start of the media.  # (samples,)
            duration: seconds of the media; nothing reaches beyond it.
            tell: is told how much of it was heard, 0 to 1.

        Raises:
            MissingModel: the weights are there but cannot be loaded.
        """
        if not len(audio):
            return []
        segments, _ = self._loaded().transcribe(audio, vad_filter=True, condition_on_previous_text=False)
        return spoken(_told(segments, len(audio) / SAMPLE_RATE, tell), duration)

    def load(self) -> None:
        """Load the model now, to see whether it can be used.

        Raises:
            MissingModel: it cannot be loaded.
        """
        self._loaded()

    def _loaded(self) -> Any:
        if self._model is None:
            from faster_whisper import WhisperModel

            device = known_device(self._device)
            try:
                self._model = WhisperModel(
                    str(self._folder),
                    device=device,
                    compute_type="int8" if device == "cpu" else "float16",
                    cpu_threads=self._threads,
                    local_files_only=True,
                )
            except (RuntimeError, ValueError, OSError) as error:
                raise MissingModel(
                    f"speech is not recognised: the model in {str(self._folder)!r} cannot be loaded ({error})",
                    SET_UP,
                ) from error
        return self._model


def known_device(device: str) -> str:
    """Return the device that the package is given for the one that is set."""
    if device == "auto":
        import ctranslate2

        return "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
    return device if device == "cuda" else "cpu"


def _told(segments: Iterable[Segment], seconds: float, tell: Callable[[float], None]) -> Iterator[Segment]:
    for segment in segments:
        tell(min(1.0, segment.end / seconds))
        yield segment


def spoken(segments: Iterable[Segment], duration: float) -> list[TimedText]:
    """Turn recognised segments into texts: clipped to the media (seconds), silence and empty ones left out."""
    texts = []
    for segment in segments:
        start, end = max(0.0, segment.start), min(segment.end, duration)
        text = " ".join(segment.text.split())
        if text and start < end and segment.no_speech_prob <= SILENCE:
            texts.append(TimedText(TimeSpan(start, end), text, "speech"))
    return sorted(texts, key=lambda t: (t.span.start, t.span.end))
