import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from retrieval.errors import MissingModel
from retrieval.ingest.speech import FILES, SpeechRecogniser, spoken, unavailable
from retrieval.types import TimeSpan


@dataclass
class Said:
    start: float
    end: float
    text: str
    no_speech_prob: float = 0.1


def _package(monkeypatch: pytest.MonkeyPatch, said: list[Said]) -> list[dict[str, object]]:
    """Stand in for the package, whose models are large; returns the options that models are made with."""
    made: list[dict[str, object]] = []

    def download_model(name: str, local_files_only: bool) -> str:
        assert local_files_only, "nothing may be downloaded"
        raise FileNotFoundError(name)

    class WhisperModel:
        def __init__(self, path: str, **options: object) -> None:
            if (Path(path) / "model.bin").read_bytes() == b"broken":
                raise RuntimeError("unsupported model")
            made.append(options)

        def transcribe(self, audio: object, **options: object) -> tuple[object, object]:
            return iter(said), SimpleNamespace(language="en")

    package = ModuleType("faster_whisper")
    package.__spec__ = SimpleNamespace(name="faster_whisper")  # type: ignore[assignment]
    package.download_model = download_model  # type: ignore[attr-defined]
    package.WhisperModel = WhisperModel  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "faster_whisper", package)
    return made


def _weights(folder: Path) -> Path:
    for name in FILES:
        (folder / name).write_bytes(b"")
    return folder


def test_a_model_that_is_not_on_the_machine_is_named_and_not_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    _package(monkeypatch, [])
    reason = unavailable("small")
    assert reason and "'small' is not on this machine" in reason and "vdialog setup --only speech" in reason


def test_an_incomplete_folder_is_refused_before_the_package_would_ask_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _package(monkeypatch, [])
    (_weights(tmp_path) / "tokenizer.json").unlink()
    with pytest.raises(MissingModel, match="lacks tokenizer.json"):
        SpeechRecogniser(tmp_path)


def test_weights_that_cannot_be_loaded_are_a_missing_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _package(monkeypatch, [])
    (_weights(tmp_path) / "model.bin").write_bytes(b"broken")
    with pytest.raises(MissingModel, match="cannot be loaded"):
        SpeechRecogniser(tmp_path).transcribe(np.zeros(16_000, np.float32), 1.0)


def test_the_model_is_loaded_once_and_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _package(monkeypatch, [Said(0.5, 1.5, " Energy is conserved. ")])
    recogniser = SpeechRecogniser(_weights(tmp_path), threads=1)
    assert unavailable(tmp_path) is None and made == []

    texts = [recogniser.transcribe(np.zeros(32_000, np.float32), 2.0) for _ in range(2)][1]

    assert [(t.span, t.text, t.source) for t in texts] == [(TimeSpan(0.5, 1.5), "Energy is conserved.", "speech")]
    assert len(made) == 1 and made[0]["local_files_only"] is True and made[0]["cpu_threads"] == 1


def test_a_video_without_sound_says_nothing_and_loads_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _package(monkeypatch, [])
    assert SpeechRecogniser(_weights(tmp_path)).transcribe(np.zeros(0, np.float32), 5.0) == []
    assert made == []


def test_segments_are_clipped_ordered_and_rid_of_silence() -> None:
    said = [Said(8, 12, "last"), Said(-0.2, 1, "first"), Said(2, 2, "no time"), Said(3, 4, " "), Said(5, 6, "la", 0.9)]
    assert [(t.span, t.text) for t in spoken([*said, Said(10.5, 12, "after")], 10.0)] == [
        (TimeSpan(0, 1), "first"),
        (TimeSpan(8, 10), "last"),
    ]


@pytest.mark.parametrize(("device", "taken"), [("cpu", "cpu"), ("mps", "cpu"), ("cuda", "cuda")])
def test_what_the_package_does_not_know_is_the_processor(device: str, taken: str) -> None:
    from retrieval.ingest.speech import known_device

    assert known_device(device) == taken
