"""The small LLaVA of the sample films on a real Ollama: the same answers as by transformers, and the whole demo."""

import json
from pathlib import Path
from random import Random

import pytest

from bot import bootstrap, settings
from bot.cli import main
from bot.trial import exams
from bot.vision.base import VisionModel
from demo import quiz
from tests.integration.ollama.server import OllamaServer

pytestmark = [pytest.mark.ollama, pytest.mark.models]


@pytest.fixture(scope="module")
def on_ollama(ollama_server: OllamaServer) -> VisionModel:
    load = bootstrap.vision_model(settings.load(models="demo", vision="ollama", vision_url=ollama_server.url))
    assert load is not None
    return load()


def test_it_answers_there_as_by_transformers(on_ollama: VisionModel) -> None:
    load = bootstrap.vision_model(settings.load(models="demo"))
    assert load is not None
    assert on_ollama.profile.instruct is load().profile.instruct is False
    rng = Random(1)
    asked, right = [], []
    for scene in exams.distinct_scenes("test", count=3, seed=5):
        frame = exams.frame(scene, rng)
        for kind in quiz.QUESTION_KINDS:
            if quiz.can_ask(scene, kind):
                one = quiz.ask(scene, kind, "test", rng)
                asked.append((f"{one.question.capitalize()}?", frame))
                right.append(one.answer)
    there, here = on_ollama.ask_each(asked), load().ask_each(asked)
    same = sum(one.text == other.text for one, other in zip(there, here, strict=True))
    assert same >= 0.96 * len(asked)  # measured: 32 of 33
    assert sum(one.text == answer for one, answer in zip(there, right, strict=True)) >= 0.87 * len(asked)


def test_the_server_gets_it_once(on_ollama: VisionModel, ollama_server: OllamaServer) -> None:
    sent = (ollama_server.folder / "server.log").read_text().count("/api/blobs/")
    again = bootstrap.vision_model(settings.load(models="demo", vision="ollama", vision_url=ollama_server.url))
    assert again is not None
    assert again().profile == on_ollama.profile
    assert (ollama_server.folder / "server.log").read_text().count("/api/blobs/") == sent


@pytest.mark.slow
def test_the_demo_runs_on_it(
    ollama_server: OllamaServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    films = bootstrap.sample_films(tmp_path / "films", 1)[0]
    chosen = {"HOME": str(tmp_path / "home"), "MODELS": "demo", "VISION": "ollama", "VISION_URL": ollama_server.url}
    for name, value in chosen.items():
        monkeypatch.setenv(f"VDIALOG_{name}", value)
    (video,) = ingested(films, capsys)
    assert main(["videos", "show", video, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    texts = [text for moment in shown["moments"] for text in moment["texts"] if text["source"] == "vision"]
    assert texts


def ingested(films: list[Path], capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main(["ingest", *map(str, films), "--json"]) == 0
    capsys.readouterr()
    assert main(["videos", "list", "--json"]) == 0
    return [video["video_id"] for video in json.loads(capsys.readouterr().out)["videos"]]
