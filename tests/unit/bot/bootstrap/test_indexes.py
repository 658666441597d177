import logging
from pathlib import Path

import pytest

from bot.bootstrap.indexes import connection, index_store
from bot.errors import ConfigurationError
from bot.settings import Settings, load, origins
from retrieval.catalogue.catalogue import Catalogue
from retrieval.index.opensearch import Cluster, Connection
from retrieval.index.opensearch_dsl import Layout
from retrieval.index.opensearch_versions import OpenSearchStore


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"VDIALOG_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_by_default_the_index_lies_in_the_library(tmp_path: Path) -> None:
    with index_store(load(home=tmp_path)) as make:
        assert make is None


def test_a_cluster_of_several_nodes_is_described_by_the_settings() -> None:
    given = load(
        opensearch_url="https://a:9200 https://b:9200",
        opensearch_user="team",
        opensearch_password="hidden",
        opensearch_ca_file="ca.pem",
        opensearch_timeout=5,
        opensearch_shards=4,
        opensearch_replicas=1,
    )
    made = connection(given)
    assert made.urls == ("https://a:9200", "https://b:9200")
    assert (made.user, made.password, made.ca_file, made.timeout) == ("team", "hidden", "ca.pem", 5)
    assert made.layout == Layout(4, 1, "lucene")
    assert made.verify


def test_the_index_lies_in_the_cluster_where_that_is_set(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path)
    with index_store(load(home=tmp_path, index="opensearch")) as make:
        assert make is not None
        store = make(catalogue)
    catalogue.close()
    assert isinstance(store, OpenSearchStore)


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    given = load(home=tmp_path, opensearch_user="team", opensearch_password="hidden")
    assert "hidden" not in repr(given) + repr(connection(given)) + repr(origins(given))


@pytest.mark.parametrize(
    ("wrong", "means"),
    [
        ({"opensearch_url": "search.example.org"}, "no address"),
        ({"opensearch_url": "https://team:hidden@example.org"}, "holds a user or a password"),
        ({"opensearch_url": "http://example.org:9200", "opensearch_password": "hidden"}, "unprotected"),
        ({"opensearch_client_cert": "me.pem"}, "needs its key"),
    ],
)
def test_what_makes_no_connection_is_refused_and_no_secret_told(wrong: dict[str, str], means: str) -> None:
    with pytest.raises(ConfigurationError, match=means) as refused:
        connection(load(**wrong))
    assert "hidden" not in str(refused.value)


def test_a_password_may_go_to_this_machine() -> None:
    assert connection(load(opensearch_password="hidden")).password == "hidden"


@pytest.mark.parametrize("name", ["Upper", "-first", "with space", "*", "a" * 101])
def test_a_name_that_no_index_can_have_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="VDIALOG_OPENSEARCH_INDEX"):
        load(opensearch_index=name)


def test_unchecked_certificates_are_always_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        Cluster(Connection(("https://127.0.0.1:9",), verify=False)).close()
        assert "certificates of OpenSearch are not checked" in caplog.text
        caplog.clear()
        Cluster(Connection(("https://127.0.0.1:9",))).close()
    assert caplog.text == ""
