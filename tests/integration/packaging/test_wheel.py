"""What is installed from a wheel: all of it, with its types."""

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGES = ("video_dialog", "bot", "retrieval", "prompts", "demo")

CLIENT = """\
from collections.abc import Iterator

import video_dialog


def cited(question: str) -> Iterator[tuple[str, float]]:
    with video_dialog.open("home", vision="none") as library:
        for report in library.ingest("films", on_progress=lambda progress: print(progress.stage)):
            print(report.video_id, report.verdict)
        for hit in library.search("a red car", start="0:10"):
            print(hit.video_id, hit.span.start, hit.text, hit.score)
        for event in library.conversation().stream(question):
            if isinstance(event, video_dialog.Answered):
                for citation in event.answer.citations:
                    library.clip(citation, f"{citation.handle}.mp4")
                    yield citation.video_id, citation.span.end


reveal_type(cited("Where is a red car?"))
reveal_type(video_dialog.open().search("a red car")[0].score)
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that has the wheel, and otherwise what this one has."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    built = ["wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", folder, source]
    subprocess.run([*pip, *built], check=True, cwd=folder)
    venv.create(folder / "venv", with_pip=False)
    installed = folder / "venv" / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    (wheel,) = folder.glob("video_dialog-*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", installed, wheel], check=True, cwd=folder)
    # what is installed comes first; the paths in .pth files of that folder are not read
    (installed / "everything-else.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return folder / "venv" / "bin" / "python"


@pytest.mark.slow
def test_an_installed_wheel_has_all_of_it(python: Path, tmp_path: Path) -> None:
    program = (
        "import importlib.metadata, importlib.resources, video_dialog\n"
        f"for name in {PACKAGES!r}:\n    assert (importlib.resources.files(name) / 'py.typed').is_file(), name\n"
        "from bot.trial.dialogues import packaged, read\n"
        "assert sum(len(read(path).dialogues) for path in packaged()) >= 20\n"
        "assert importlib.metadata.version('video-dialog') == video_dialog.__version__\n"
        "print(video_dialog.__file__, video_dialog.open('home'))"
    )
    ran = subprocess.run([python, "-c", program], cwd=tmp_path, env={}, capture_output=True, text=True, check=True)
    assert str(python.parents[1]) in ran.stdout
    assert "0 videos>" in ran.stdout


@pytest.mark.slow
def test_a_client_of_an_installed_wheel_is_checked_by_its_types(python: Path, tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(CLIENT)
    options = ["--strict", "--python-executable", python, "--config-file", "", "--cache-dir", tmp_path / "cache"]
    command = [sys.executable, "-m", "mypy", *options, "client.py"]
    ran = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    revealed = ran.stdout.replace("builtins.", "")
    assert "Iterator[tuple[str, float]]" in revealed
    assert 'Revealed type is "float"' in revealed
    (tmp_path / "client.py").write_text('import video_dialog\nvideo_dialog.open().search(k="three")\n')
    assert subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, check=False).returncode == 1
