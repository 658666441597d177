"""Who is believed, and who we show ourselves to be: real certificates before an answer of OpenSearch."""

import json
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from retrieval.errors import IndexUnavailable
from retrieval.index.opensearch import Cluster, Connection

pytestmark = pytest.mark.opensearch


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine that vouches for itself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes certificates, is not there")
    folder = tmp_path_factory.mktemp("certificates")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    named = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *named]
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return certificate, key


class Told(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"version": {"number": "3.6.0"}, "user": self.headers.get("Authorization", "")}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that ends the connection is what some tests are about."""


@contextmanager
def serving(certificate: tuple[Path, Path], wants_one_too: bool = False) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    if wants_one_too:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(certificate[0])
    server = Quiet(("127.0.0.1", 0), Told)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: tuple[Path, Path]) -> None:
    with serving(certificate) as url:
        cluster = Cluster(Connection((url,)))
        with pytest.raises(IndexUnavailable, match="is not to be trusted") as refused:
            cluster.version()
        cluster.close()
    assert "VDIALOG_OPENSEARCH_CA_FILE" in refused.value.hint


def test_a_certificate_of_an_authority_that_is_set_is_believed(certificate: tuple[Path, Path]) -> None:
    with serving(certificate) as url:
        cluster = Cluster(Connection((url,), ca_file=str(certificate[0])))
        assert cluster.version() == "3.6.0"
        cluster.close()


def test_without_checks_any_certificate_goes_and_it_is_said(
    certificate: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    with serving(certificate) as url:
        cluster = Cluster(Connection((url,), verify=False))
        assert cluster.version() == "3.6.0"
        cluster.close()
    assert "are not checked" in caplog.text


def test_a_certificate_can_stand_for_a_password(certificate: tuple[Path, Path]) -> None:
    ours, key = map(str, certificate)
    with serving(certificate, wants_one_too=True) as url:
        unknown = Cluster(Connection((url,), ca_file=ours, patience=1.0))
        with pytest.raises(IndexUnavailable):
            unknown.version()
        unknown.close()
        known = Cluster(Connection((url,), ca_file=ours, client_cert=ours, client_key=key))
        assert known.version() == "3.6.0"
        known.close()
