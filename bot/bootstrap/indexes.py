"""Where the index of a library lies, chosen from the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.addresses import address, is_loopback
from bot.errors import ConfigurationError
from bot.settings import Settings

if TYPE_CHECKING:
    from retrieval.catalogue.catalogue import Catalogue
    from retrieval.index.opensearch import Cluster, Connection
    from retrieval.publishing.versions import IndexStore


@contextmanager
def index_store(settings: Settings) -> Iterator[Callable[[Catalogue], IndexStore] | None]:
    """Yield what makes the store of a library's index; None for folders of the library itself.

    Raises:
        ConfigurationError: what is set makes no connection.
        MissingModel: the package that connects is not installed.
    """
    if settings.index == "lance":
        yield None
        return
    from retrieval.errors import MissingModel

    try:
        from retrieval.index.opensearch_versions import OpenSearchStore
    except ModuleNotFoundError as error:
        raise MissingModel(
            f"an index in OpenSearch needs a package that is not installed: {error.name}",
            "Run: pip install 'video-dialog[opensearch]', or in a clone: pip install -e '.[opensearch]'",
        ) from error
    with cluster(settings) as opened:
        yield lambda catalogue: OpenSearchStore(opened, catalogue, settings.opensearch_index)


@contextmanager
def cluster(settings: Settings) -> Iterator[Cluster]:
    """Open the cluster that is set; nothing is asked of it yet."""
    from retrieval.index.opensearch import Cluster

    opened = Cluster(connection(settings))
    try:
        yield opened
    finally:
        opened.close()


def connection(settings: Settings) -> Connection:
    """Return where OpenSearch is and who we are to it.

    Raises:
        ConfigurationError: what is set makes no connection, or would send a password unprotected.
    """
    from retrieval.index.opensearch import Connection
    from retrieval.index.opensearch_dsl import Layout

    urls = tuple(settings.opensearch_url.replace(",", " ").split())
    for url in urls:
        _check_url(url, settings)
    if bool(settings.opensearch_client_cert) != bool(settings.opensearch_client_key):
        raise ConfigurationError(
            "a certificate needs its key, and a key its certificate",
            "Set both VDIALOG_OPENSEARCH_CLIENT_CERT and VDIALOG_OPENSEARCH_CLIENT_KEY.",
        )
    return Connection(
        urls=urls,
        user=settings.opensearch_user,
        password=settings.opensearch_password.get_secret_value(),
        client_cert=settings.opensearch_client_cert or None,
        client_key=settings.opensearch_client_key or None,
        ca_file=settings.opensearch_ca_file or None,
        verify=settings.opensearch_verify_certs,
        timeout=settings.opensearch_timeout,
        layout=Layout(settings.opensearch_shards, settings.opensearch_replicas, settings.opensearch_engine),
    )


def _check_url(url: str, settings: Settings) -> None:
    instead = "VDIALOG_OPENSEARCH_USER and VDIALOG_OPENSEARCH_PASSWORD"
    parts = address(url, "VDIALOG_OPENSEARCH_URL", "https://search.example.org:9200", instead)
    secret = settings.opensearch_password.get_secret_value()
    if secret and parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ConfigurationError(
            f"the password of OpenSearch would go to {parts.hostname!r} unprotected",
            "Begin VDIALOG_OPENSEARCH_URL with https.",
        )
