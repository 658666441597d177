"""What a search and a question load, what they say meanwhile, and what is told before anything is loaded."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot import bootstrap
from bot.cli import main
from bot.settings import load

pytestmark = pytest.mark.models

ROOT = Path(__file__).parents[2]
NEVER = ("torch", "transformers", "sentence_transformers", "open_clip", "langchain", "langchain_core", "scipy", "cv2")
NEVER_HERE = (*NEVER, "av", "scenedetect", "rapidocr", "onnxruntime", "pysubs2", "pandas", "sklearn", "faster_whisper")
CAPTIONS = '{"harbour": {"duration": 20, "timestamps": [[0, 9], [9, 20]], "sentences": ["A ferry leaves.", "Gulls."]}}'


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of captions, in a home of its own."""
    folder = tmp_path_factory.mktemp("home")
    captions = folder / "captions.json"
    captions.write_text(CAPTIONS)
    with bootstrap.library(load(home=folder / "library")) as library:
        library.import_annotations(captions, "library")
    return folder / "library"


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    monkeypatch.setenv("VDIALOG_HOME", str(home))
    monkeypatch.chdir(tmp_path)
    yield home


def loaded(home: Path, names: tuple[str, ...], *arguments: str, **variables: str) -> tuple[str, list[str]]:
    """Run a command in a process of its own; return what it printed and which of the modules it had loaded."""
    program = (
        "import sys\nfrom bot.cli import main\ncode = main(sys.argv[1:])\n"
        f"print('LOADED', *[name for name in {names!r} if name in sys.modules], file=sys.stderr)\nsys.exit(code)"
    )
    environment = {**os.environ, "VDIALOG_HOME": str(home), "PYTHONPATH": str(ROOT), **variables}
    command = [sys.executable, "-c", program, *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=home, check=False)
    last = ran.stderr.splitlines()[-1].split()
    assert last[0] == "LOADED", ran.stderr
    return ran.stdout + ran.stderr, last[1:]


def test_a_search_loads_no_framework_and_nothing_of_ingest(home: Path) -> None:
    said, found = loaded(home, NEVER_HERE, "search", "a boat sails away", "--json")
    assert "A ferry leaves." in said
    assert found == []


def test_a_question_loads_no_framework_and_nothing_of_ingest(home: Path) -> None:
    said, found = loaded(home, NEVER_HERE, "ask", "What leaves?", "--json")
    assert "A ferry leaves." in said
    assert found == []


@pytest.mark.parametrize("device", ["auto", "cpu"])
def test_keywords_alone_load_no_model_whatever_is_misspelt(home: Path, device: str) -> None:
    weights = ("safetensors", *NEVER)
    said, found = loaded(
        home, weights, "search", "a ferrry leaves", "--arm", "keywords", "--json", VDIALOG_DEVICE=device
    )
    assert "A ferry leaves." in said
    assert found == []


WRONG: dict[str, tuple[Mapping[str, str], tuple[str, ...], int, str]] = {
    "text model": ({"VDIALOG_TEXT_MODEL": "/no/such"}, (), 4, "no folder of a text model '/no/such'"),
    "index": ({"VDIALOG_INDEX": "nonsense"}, (), 3, "VDIALOG_INDEX"),
    "device": ({"VDIALOG_DEVICE": "gpu"}, (), 3, "VDIALOG_DEVICE"),
    "arm": ({}, ("--arm", "smell"), 2, "there is no arm 'smell'"),
    "arm that is off": ({}, ("--arm", "frames"), 4, "the frames arm is off"),
    "video": ({}, ("--video", "nosuch"), 2, "nosuch"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_before_a_model_is_loaded(home: Path, case: str) -> None:
    variables, options, code, said = WRONG[case]
    program = "import sys\nfrom bot.cli import main\ncode = main(sys.argv[1:])\nprint(code, *sys.modules)"
    environment = {**os.environ, "VDIALOG_HOME": str(home), "PYTHONPATH": str(ROOT), **variables}
    command = [sys.executable, "-c", program, "search", "a ferry", *options]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=home, check=True)
    ended, *modules = ran.stdout.split()
    assert said in ran.stderr
    assert int(ended) == code
    assert not {*NEVER, "safetensors", "tokenizers", "lancedb"} & set(modules)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"VDIALOG_CLIP_WEIGHTS": "/no/such.pt"}, "no file of CLIP weights '/no/such.pt' (VDIALOG_CLIP_WEIGHTS)"),
        ({"VDIALOG_CLIP_MODEL": "no.json", "VDIALOG_CLIP_WEIGHTS": "x"}, "'no.json' (VDIALOG_CLIP_MODEL)"),
    ],
)
@pytest.mark.parametrize("clip", ["", "hashing"])
def test_a_wrong_path_of_the_picture_model_does_not_stop_what_is_asked_in_words(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str], said: str, clip: str
) -> None:
    made = {"clip_model": clip} if clip else {}
    with bootstrap.library(load(home=tmp_path / "made", text_model="hashing", **made)) as library:
        library.import_annotations(home.parent / "captions.json", "library")
    monkeypatch.setenv("VDIALOG_HOME", str(tmp_path / "made"))
    monkeypatch.setenv("VDIALOG_TEXT_MODEL", "hashing")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    def ran(*words: str) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "bot.cli", *words]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=dict(os.environ), check=False)
        return done.returncode, done.stdout, done.stderr

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for words in (["search", "a ferry"], ["ask", "What leaves?"]):
        code, out, err = ran(*words)
        assert (code, "A ferry leaves" in out) == (0, True)
        assert "pictures are not searched" in err
        assert said in err
    code, _, err = ran("search", "a ferry", "--arm", "frames")
    assert (code, "frames arm is off" in err) == (4, True)
    checks = {check["name"]: check["state"] for check in json.loads(ran("doctor", "--json")[1])["checks"]}
    assert (checks["picture model"], checks["index"]) == ("failed", "ok")
    code, _, err = ran("reindex")
    assert (code, said in err) == (4, True), "nothing of pictures is thrown away for a wrong path"


def test_doctor_runs_whatever_a_setting_is_set_to(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import sys\nfrom bot.cli import main\nsys.exit(main(sys.argv[1:]))"
    wrong = {"VDIALOG_DEVICE": "nonsense", "VDIALOG_VERIFIED_HITS": "many"}
    environment = {**os.environ, "VDIALOG_HOME": str(home), "PYTHONPATH": str(ROOT), **wrong}
    command = [sys.executable, "-c", program, "doctor", "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=home, check=False)
    checks = json.loads(ran.stdout)["checks"]
    said = " ".join(check["detail"] for check in checks if check["state"] == "failed")
    assert ran.returncode == 3
    assert all(name in said for name in wrong)
    assert next(check for check in checks if check["name"] == "index")["state"] == "ok"


def test_an_index_with_pictures_is_refused_before_a_model_is_loaded_where_pictures_are_off(
    home: Path, tmp_path: Path
) -> None:
    with bootstrap.library(load(home=tmp_path / "pictured", text_model="hashing", clip_model="hashing")) as library:
        library.import_annotations(home.parent / "captions.json", "library")
    said, found = loaded(tmp_path / "pictured", ("safetensors", *NEVER), "search", "a ferry")
    assert "picture encoder" in said
    assert "reindex" in said
    assert found == []


def test_a_device_that_is_not_there_is_told_and_doctor_goes_on(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import torch

    lacking = next(
        (
            name
            for name, there in (("mps", torch.backends.mps.is_available()), ("cuda", torch.cuda.is_available()))
            if not there
        )
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VDIALOG_DEVICE", lacking)
        assert main(["search", "a ferry"]) == 3
        said = capsys.readouterr().err
        assert f"VDIALOG_DEVICE is {lacking}" in said
        assert "VDIALOG_DEVICE=auto" in said
        assert main(["doctor"]) == 3
        told = capsys.readouterr().out
    assert "tells texts apart" in told
    assert lacking in told


def test_a_terminal_is_told_which_model_is_loaded_and_a_program_is_not(home: Path) -> None:
    environment = {**os.environ, "VDIALOG_HOME": str(home), "PYTHONPATH": str(ROOT)}
    program = "import sys\nfrom bot.cli import main\nsys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, "search", "a ferry", "--json"]
    ours, theirs = pty.openpty()
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, env=environment, cwd=home, check=True)
    os.close(theirs)
    told = os.read(ours, 10_000).decode()
    os.close(ours)
    assert told.splitlines() == ["Loading the text model ..."]
    assert b"Loading" not in ran.stdout
    piped = subprocess.run(command, capture_output=True, env=environment, cwd=home, check=True)
    assert piped.stderr == b""
