"""A real Ollama server for the tests: built once by Go, with its engine for the processor, and run on loopback.

python -m tests.integration.ollama.server check     which Go would build it; fails where there is none
python -m tests.integration.ollama.server build     fills the cache folder, so that no test waits minutes for it
python -m tests.integration.ollama.server run       runs it with the tiny models until interrupted; prints its URL
"""

import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VERSION = "0.17.4"
OLDEST_GO = (1, 24)
MODULE = "github.com/ollama/ollama"
INCLUDED = Path(__file__).with_name("include")
HEADERS = ("nlohmann/json.hpp", "stb/stb_image.h")
SIGTERM_AT_PARENTS_END = 1
MENDED = "(`make ci-tools` installs it)"

TEMPLATE = """\
{{ range .Messages }}{{ if eq .Role "system" }}{{ .Content }}
{{ else if eq .Role "user" }}USER: {{ .Content }}
{{ else if eq .Role "assistant" }}ASSISTANT:{{ .Content }}</s>
{{ end }}{{ end }}ASSISTANT:"""


class OllamaUnavailable(Exception):
    """Something that the server needs is not on this machine."""


def find_go() -> str:
    """Return a Go that is new enough: of this environment, of the path, or of its usual folder."""
    for go in (Path(sys.executable).with_name("go"), shutil.which("go"), "/usr/local/go/bin/go"):
        if go and os.access(go, os.X_OK):
            told = subprocess.run([str(go), "env", "GOVERSION"], capture_output=True, text=True, check=False).stdout
            found = re.search(r"go(\d+)\.(\d+)", told)
            if found and (int(found[1]), int(found[2])) >= OLDEST_GO:
                return str(go)
    raise OllamaUnavailable(f"Ollama is built by Go {'.'.join(map(str, OLDEST_GO))} or newer {MENDED}")


def check() -> str:
    """Return the Go that would build the server; raises OllamaUnavailable where that or something else is missing."""
    go = find_go()
    missing = [name for name in HEADERS if not (Path("/usr/include") / name).exists()]
    if missing:
        raise OllamaUnavailable(f"Ollama is built with {missing[0]} {MENDED}")
    if shutil.which("c++") is None:
        raise OllamaUnavailable(f"Ollama is built with a C++ compiler {MENDED}")
    return go


def built() -> Path:
    """Return the server's program, built where it is not there yet.

    Raises:
        OllamaUnavailable: it is not there and cannot be built.
    """
    import filelock
    import platformdirs

    home = platformdirs.user_cache_path("video-dialog", appauthor=False) / f"ollama-{VERSION}"
    home.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(f"{home}.lock"):
        if not (home / "ollama").exists():
            _build(check(), home)
    return home / "ollama"


def _build(go: str, home: Path) -> None:
    # A path that stays the same lets Go use again what it has compiled.
    shutil.copytree(INCLUDED, home / "include", dirs_exist_ok=True)
    part = home / "part"
    flags = {"CGO_CFLAGS": "-O1 -g0", "CGO_CXXFLAGS": f"-O1 -g0 -I{home / 'include'}", "GOBIN": str(part)}
    named = f"-s -w -X={MODULE}/version.Version={VERSION}"
    command = [go, "install", "-ldflags", named, f"{MODULE}@v{VERSION}"]
    ran = subprocess.run(command, env={**os.environ, **flags}, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise OllamaUnavailable(f"Ollama cannot be built: {ran.stderr.strip()[-300:]}")
    (part / "ollama").rename(home / "ollama")
    part.rmdir()


class OllamaServer:
    """One server, started when made; ends with this process at the latest.

    Args:
        folder: where its models and its log are, or will be.
        port: where it listens; any free one by default.
    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder, self.port = folder, port or _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        folder.mkdir(parents=True, exist_ok=True)
        settings = {
            "HOME": str(folder),
            "OLLAMA_HOST": f"127.0.0.1:{self.port}",
            "OLLAMA_MODELS": str(folder / "models"),
            "OLLAMA_NO_CLOUD": "1",
            "OLLAMA_NUM_PARALLEL": "1",
            "OLLAMA_KEEP_ALIVE": "5m",
        }
        with (folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(built()), "serve"],
                env={**os.environ, **settings},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # what runs its models is ended with its process group
                preexec_fn=lambda: ctypes.CDLL(None).prctl(SIGTERM_AT_PARENTS_END, signal.SIGTERM),
            )

    def wait(self, seconds: float = 60) -> "OllamaServer":
        """Return when the server answers."""
        import ollama

        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            try:
                with ollama.Client(host=self.url, trust_env=False) as client:
                    client.list()
                return self
            except ConnectionError:
                time.sleep(0.05)
        self.stop()
        said = (self.folder / "server.log").read_text(errors="replace")
        raise RuntimeError(f"Ollama did not start\n{said[-4000:]}")

    def create(self, name: str, *files: Path, template: str = TEMPLATE, **parameters: object) -> None:
        """Make a model of GGUF files."""
        import ollama

        given = {"temperature": 0, "num_thread": 1, "num_ctx": 4096, "stop": ["USER:"], **parameters}
        with ollama.Client(host=self.url, trust_env=False) as client:
            blobs = {path.name: client.create_blob(str(path)) for path in files}
            client.create(name, files=blobs, template=template, parameters=given)

    def create_tiny(self, language: Path, tower: Path) -> None:
        """Make the tiny models: one that sees, one that never comes to an end, one that does not see."""
        self.create("tiny-llava", language, tower)
        self.create("tiny-babble", language, tower, template=TEMPLATE.removesuffix("ASSISTANT:") + "BABBLE>")
        self.create("tiny-text", language)

    def kill(self) -> None:
        """End it at once, with everything that it runs."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it in order, with everything that it runs."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def running(folder: Path, port: int = 0) -> Iterator[OllamaServer]:
    """Run a server with the tiny models, until the end of the block."""
    from tests.integration.ollama.tiny_llava import write

    server = OllamaServer(folder / "server", port)
    try:
        server.wait().create_tiny(*write(folder / "tiny"))
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def main(command: str) -> None:
    """Do what the command line asks for; see the top."""
    if command == "check":
        print(check())
    elif command == "build":
        print(built())
    elif command == "run":
        with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as server:
            print(server.url, flush=True)
            server.process.wait()
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) == 2 else "")
    except (OllamaUnavailable, KeyboardInterrupt) as ended:
        raise SystemExit(str(ended)) from None
