"""The guard of the tests themselves: another machine is reached by no test, nor by what one starts."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guard import loopback_only


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the attempts of this test are written down, instead of where they fail it."""
    monkeypatch.setenv(loopback_only.LOG, str(tmp_path / "log"))
    return tmp_path / "log"


def test_looking_up_and_connecting_fail_loudly(tried: Path) -> None:
    with pytest.raises(Exception, match="is not this machine"):
        socket.getaddrinfo("example.org", 80)
    with pytest.raises(Exception, match="is not this machine"):
        socket.gethostbyname("example.org")
    with socket.socket() as one, pytest.raises(Exception, match="is not this machine"):
        one.connect(("192.0.2.1", 80))
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(Exception, match="is not this machine"):
        one.sendto(b"x", ("192.0.2.1", 53))
    assert len(tried.read_text().splitlines()) == 4


def test_a_process_that_a_test_starts_is_watched_too(tried: Path) -> None:
    program = "import socket\ntry:\n  socket.getaddrinfo('example.org', 80)\nexcept Exception: print('refused')"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout == "refused\n" and "example.org" in tried.read_text()


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
        socket.create_connection(("localhost", server.getsockname()[1])).close()
