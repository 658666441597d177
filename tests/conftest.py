"""What all tests share: the folder of real data, tiny models of the real architectures, and real servers."""

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import tiny
from tests.guard import loopback_only
from tests.integration.ollama import server as ollama
from tests.integration.opensearch.node import Node, NodeUnavailable, assembled, find_java, running

# Nothing is looked up or reached but this machine: neither by this process, nor by a Python that a test starts.
GUARD = Path(__file__).parent / "guard"
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(GUARD), os.environ.get("PYTHONPATH"))))
os.environ[loopback_only.LOG] = str(Path(tempfile.mkdtemp(prefix="reached-out-")) / "log")
loopback_only.install()

# What whoever runs the tests has set for themselves counts in no test, nor in a process that one starts.
os.environ["XDG_CONFIG_HOME"] = os.devnull

# How long an example takes, or its drawing, says more of the machine than of the program.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--data", type=Path, default=None, help="folder of real clips and captions")
    parser.addoption("--strict-skips", action="store_true", help="a skip is a failure, but for missing data")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and item.config.getoption("--strict-skips") and "data" not in item.keywords:
        report.outcome = "failed"
        report.longrepr = f"skipped, and --strict-skips was given: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def reached_out() -> Iterator[None]:
    """Fail a test during which something wanted to reach another machine, whoever swallowed the error."""
    before = len(loopback_only.attempts())
    yield
    assert loopback_only.attempts()[before:] == []


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(Path(os.environ[loopback_only.LOG]).parent, ignore_errors=True)


@pytest.fixture(scope="session")
def data(request: pytest.FixtureRequest) -> Path:
    """The folder given by `--data`; tests that ask for it are skipped without it."""
    folder = request.config.getoption("--data")
    if folder is None:
        pytest.skip("no folder of real clips and captions given (--data DIR)")
    return Path(folder).resolve()


@pytest.fixture(scope="session")
def tiny_clip(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Config and weights of a CLIP that learned nothing."""
    return tiny.write_clip(tmp_path_factory.mktemp("clip"))


@pytest.fixture(scope="session")
def tiny_llava(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a LLaVA that learned nothing."""
    return tiny.write_llava(tmp_path_factory.mktemp("llava") / "tiny-llava")


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node of OpenSearch for all tests that need one; ended with them."""
    try:
        find_java()
        assembled()
    except NodeUnavailable as missing:
        pytest.skip(str(missing))
    with running(tmp_path_factory.mktemp("opensearch")) as running_node:
        yield running_node


@pytest.fixture(scope="session")
def ollama_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ollama.OllamaServer]:
    """An Ollama with tiny models for all tests that need one; ended with them."""
    try:
        ollama.built()
    except ollama.OllamaUnavailable as missing:
        pytest.skip(str(missing))
    with ollama.running(tmp_path_factory.mktemp("ollama")) as running_server:
        yield running_server
