from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from bot import bootstrap
from bot.health import cluster as checks
from bot.settings import Settings


@pytest.mark.parametrize(
    ("version", "state"), [("2.19.1", "failed"), ("3.0.0", "ok"), ("3.6.0-SNAPSHOT", "ok"), ("10.0.0", "ok")]
)
def test_a_cluster_that_is_too_old_is_told(version: str, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def cluster(_: Settings) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(version=lambda: version, connection=SimpleNamespace(urls=("http://127.0.0.1:9200",)))

    monkeypatch.setattr(bootstrap, "cluster", cluster)
    found = checks._server(Settings(_env_file=None))
    assert found.state == state
    assert version in found.detail
    assert ("OpenSearch 3 or newer" in found.fix) == (state == "failed")
