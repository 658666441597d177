"""Models for pictures through the command line: sets, searching by picture, and what is said where one is missing."""

import json
import shutil
import socket
from pathlib import Path

import pytest
from PIL import Image

from tests import tiny
from tests.films import film, picture, shots
from tests.scenario.conftest import Vdialog
from tests.unit.bot.vision.faulty_server import Act, faulty

pytestmark = pytest.mark.models


@pytest.fixture
def with_clip(vdialog: Vdialog, tiny_clip: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Vdialog:
    """The command line with a CLIP given by its config file and its weights."""
    monkeypatch.setenv("VDIALOG_CLIP_MODEL", str(tiny_clip[0]))
    monkeypatch.setenv("VDIALOG_CLIP_WEIGHTS", str(tiny_clip[1]))
    return vdialog


@pytest.fixture
def three_shots(with_clip: Vdialog, tmp_path: Path) -> Vdialog:
    """A library with one silent film of three shots, 5 seconds each: pictures 1, 2 and again 1."""
    (tmp_path / "films").mkdir()
    film(tmp_path / "films" / "squares.mp4", shots((1, 5), (2, 5), (1, 5)))
    ran = with_clip("ingest", tmp_path / "films")
    assert ran.code == 0, ran.err
    return with_clip


def check(vdialog: Vdialog, name: str) -> dict[str, str]:
    found: dict[str, str] = next(c for c in vdialog("doctor", "--json").data["checks"] if c["name"] == name)
    return found


def found(vdialog: Vdialog, *arguments: str | Path) -> list[str]:
    ran = vdialog("search", *arguments, "--json")
    assert ran.code == 0, ran.err
    return [hit["moment_id"] for hit in ran.data["hits"]]


def test_a_picture_finds_the_frames_like_it_and_a_moment_those_like_its_own(
    three_shots: Vdialog, tmp_path: Path
) -> None:
    for number, best in ((1, {"squares:1", "squares:3"}), (2, {"squares:2"})):
        Image.fromarray(picture(number)).save(tmp_path / "asked.png")
        assert set(found(three_shots, "--image", tmp_path / "asked.png")[: len(best)]) == best
    assert found(three_shots, "--like", "squares:1", "--arm", "frames") == ["squares:3", "squares:2"]
    assert found(three_shots, "--like", "squares:1")[0] == "squares:3"


def test_words_are_compared_with_frames_and_every_hit_says_so(three_shots: Vdialog) -> None:
    ran = three_shots("search", "a red dog", "--arm", "frames", "--json")
    assert {hit["moment_id"] for hit in ran.data["hits"]} == {"squares:1", "squares:2", "squares:3"}
    assert all(list(hit["arms"]) == ["frames"] and Path(hit["keyframes"][0]).is_file() for hit in ran.data["hits"])


def test_a_picture_can_be_asked_about(three_shots: Vdialog, tmp_path: Path) -> None:
    Image.fromarray(picture(2)).save(tmp_path / "asked.png")
    answer = three_shots("ask", "Where is this?", "--image", tmp_path / "asked.png", "--json").data
    assert answer["citations"][0]["moment_id"] == "squares:2"
    assert (answer["verdict"], answer["looked"]) == ("unsure", False)


def test_weights_trained_again_are_another_space_and_reindex_mends_it(
    three_shots: Vdialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, weights = tiny.write_clip(tmp_path / "again", seed=1)
    monkeypatch.setenv("VDIALOG_CLIP_MODEL", str(model))
    monkeypatch.setenv("VDIALOG_CLIP_WEIGHTS", str(weights))
    ran = three_shots("search", "a red dog", "--json")
    assert (ran.code, ran.error["code"]) == (3, "space_mismatch")
    assert "vdialog reindex" in ran.error["hint"]
    assert three_shots("reindex").code == 0
    assert found(three_shots, "--like", "squares:1", "--arm", "frames")[0] == "squares:3"


def test_doctor_shows_the_set_the_files_and_their_hashes(
    three_shots: Vdialog, tiny_clip: tuple[Path, Path], tiny_llava: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from retrieval.encoders.weights import short

    monkeypatch.setenv("VDIALOG_VISION", "transformers")
    monkeypatch.setenv("VDIALOG_VISION_MODEL", str(tiny_llava))
    assert check(three_shots, "models")["detail"].startswith("set standard: ")
    clip, llava = check(three_shots, "picture model"), check(three_shots, "vision model")
    assert (clip["state"], llava["state"]) == ("ok", "ok")
    assert all(f"{path.name} {short(path)}" in clip["detail"] for path in tiny_clip)
    assert f"model.safetensors {short(tiny_llava / 'model.safetensors')}" in llava["detail"]


def test_doctor_says_what_the_standard_set_lacks_and_the_command_that_gets_it(library: Vdialog) -> None:
    clip, llava = check(library, "picture model"), check(library, "vision model")
    assert (clip["state"], llava["state"]) == ("off", "off")
    assert clip["fix"].startswith("Run: vdialog setup --only clip\n") and "VDIALOG_CLIP_WEIGHTS" in clip["fix"]
    assert llava["fix"].startswith("Run: vdialog setup --only vision\n") and "VDIALOG_VISION" in llava["fix"]
    assert check(library, "speech")["fix"].startswith("Run: vdialog setup --only speech\n")


def test_a_vision_model_that_is_not_there_fails_by_name(library: Vdialog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VDIALOG_VISION", "transformers")
    monkeypatch.setenv("VDIALOG_VISION_MODEL", "nobody/nothing-7b")
    assert library("doctor", "--json").code == 4
    found = check(library, "vision model")
    assert (found["state"], found["fix"]) == (
        "failed",
        "Run: vdialog setup --only vision\nOr run: hf download nobody/nothing-7b",
    )


@pytest.mark.parametrize("runs", ["ollama", "openai"])
def test_a_server_that_is_not_there_fails_with_what_mends_it(
    runs: str, library: Vdialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("VDIALOG_VISION", runs)
        monkeypatch.setenv("VDIALOG_VISION_URL", url)
        assert library("doctor", "--json").code == 4
        found = check(library, "vision model")
    assert found["state"] == "failed"
    assert url in found["detail"]
    assert "VDIALOG_VISION_URL" in found["fix"]


def test_frames_are_not_sent_to_another_machine_without_a_token(
    library: Vdialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VDIALOG_VISION", "ollama")
    monkeypatch.setenv("VDIALOG_VISION_URL", "http://llava.example:11434")
    assert library("doctor", "--json").code == 3
    found = check(library, "vision model")
    assert found["state"] == "failed"
    assert "VDIALOG_VISION_TOKEN" in found["fix"]


def test_config_says_what_comes_from_the_set(vdialog: Vdialog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VDIALOG_MODELS", "demo")
    shown = {s["variable"]: (s["value"], s["origin"]) for s in vdialog("config", "show", "--json").data["settings"]}
    assert shown["VDIALOG_CLIP_MODEL"] == ("packaged", "model set")
    assert shown["VDIALOG_VISION"] == ("transformers", "model set")


@pytest.mark.parametrize("fault", ["cut", "gone", "of another model"])
def test_clip_files_that_make_no_model_stop_pictures_alone_and_it_is_said_what_mends_it(
    fault: str, with_clip: Vdialog, tiny_clip: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = tmp_path / "weights.safetensors"
    if fault == "cut":
        weights.write_bytes(tiny_clip[1].read_bytes()[:4000])
    if fault == "of another model":
        shutil.copyfile(tiny.write_llava(tmp_path / "llava") / "model.safetensors", weights)
    monkeypatch.setenv("VDIALOG_CLIP_WEIGHTS", str(weights))
    (tmp_path / "c.json").write_text(json.dumps({"v": {"duration": 5, "timestamps": [[0, 5]], "sentences": ["A."]}}))
    assert with_clip("search", "dog", "--json").code == 0
    for command in (("search", "dog", "--arm", "frames"), ("import", tmp_path / "c.json")):
        ran = with_clip(*command, "--json")
        assert (ran.code, ran.error["code"]) == (4, "missing_model"), command
        assert str(weights) in ran.error["message"]
        assert "VDIALOG_CLIP_WEIGHTS" in ran.error["hint"] or "vdialog setup" in ran.error["hint"]


def test_what_a_model_sees_is_found_by_text_and_an_answer_says_who_saw_it(
    vdialog: Vdialog, tiny_llava: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VDIALOG_VISION", "transformers")
    monkeypatch.setenv("VDIALOG_VISION_MODEL", str(tiny_llava))
    monkeypatch.setenv("VDIALOG_VISION_CAPTIONS", "true")
    ran = vdialog("ingest", film(tmp_path / "squares.mp4", shots((1, 5), (2, 5))))
    assert ran.code == 0, ran.err
    moments = vdialog("videos", "show", "squares", "--json").data["moments"]
    texts = [text for moment in moments for text in moment["texts"]]
    assert {text["source"] for text in texts} == {"vision"}
    assert texts[0]["text"]
    assert found(vdialog, texts[0]["text"])[0] == "squares:1"
    answer = vdialog("ask", texts[0]["text"], "--no-vision", "--json").data
    assert (answer["sources"], answer["looked"]) == (["vision"], False)
    assert "a model described the frame as" in answer["answer"]
    assert "nobody looked at the picture again" in answer["answer"]


def test_doctor_lets_ollama_get_the_model_that_is_set(vdialog: Vdialog, monkeypatch: pytest.MonkeyPatch) -> None:
    def says(*parts: dict[str, object]) -> Act:
        return lambda request: request.lines(*parts)

    none: dict[str, object] = {"models": []}
    some: dict[str, object] = {"models": [{"model": "llava:latest", "digest": "0123456789abcdef"}]}
    sees: dict[str, object] = {"capabilities": ["vision"], "model_info": {"llama.context_length": 4096}}
    got = says(
        {"status": "pulling"}, {"total": 10, "completed": 4}, {"total": 10, "completed": 10}, {"status": "success"}
    )
    monkeypatch.setenv("VDIALOG_VISION", "ollama")
    monkeypatch.setenv("VDIALOG_VISION_MODEL", "llava")
    with faulty(says(none), got, says(sees), says(some)) as server:
        monkeypatch.setenv("VDIALOG_VISION_URL", server.url)
        ran = vdialog("doctor", "--get")
        assert "getting llava: 40%\ngetting llava: 100%\n" in ran.out
        assert "llava-01234567 sees pictures" in ran.out
        assert [body["model"] for path, body, _ in server.asked if path == "/api/pull"] == ["llava"]
    with faulty(says(none), says({"error": "pull model manifest: file does not exist"})) as server:
        monkeypatch.setenv("VDIALOG_VISION_URL", server.url)
        ran = vdialog("doctor", "--get")
        assert (ran.code, "cannot get 'llava': pull model manifest" in ran.err) == (4, True)
    with faulty(says(some), says(sees), says(some)) as server:
        monkeypatch.setenv("VDIALOG_VISION_URL", server.url)
        assert "getting" not in vdialog("doctor", "--get").out
