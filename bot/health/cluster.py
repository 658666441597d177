"""The checks where the index lies in OpenSearch."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.errors import SERVICE_MISSING
from bot.health.check import Check
from bot.settings import Settings

if TYPE_CHECKING:
    from retrieval.library import Library

OLDEST = 3
SERVER = "OpenSearch"
NEEDED_PLUGIN = "opensearch-knn"
UNCHECKED = "certificates are not checked: anyone on the way can read and change everything"


def listed(settings: Settings, library: "Library") -> list[tuple[str, Callable[[], Check]]]:
    """Return the checks, each with its name, in the order in which they make sense."""
    return [
        (SERVER, lambda: _server(settings)),
        ("OpenSearch plugins", lambda: _plugins(settings)),
        ("OpenSearch health", lambda: _health(settings)),
        ("OpenSearch alias", lambda: _alias(settings, library)),
        ("OpenSearch mapping", lambda: _mapping(library)),
    ]


def _server(settings: Settings) -> Check:
    from bot import bootstrap

    with bootstrap.cluster(settings) as cluster:
        version, where = cluster.version(), ", ".join(cluster.connection.urls)
    if int(re.findall(r"\d+", version)[0]) < OLDEST:
        fix = f"Update the cluster to OpenSearch {OLDEST} or newer."
        return Check(SERVER, "failed", f"version {version} at {where} is too old", fix, SERVICE_MISSING)
    if not settings.opensearch_verify_certs:
        fix = "Unset VDIALOG_OPENSEARCH_VERIFY_CERTS, and set VDIALOG_OPENSEARCH_CA_FILE."
        return Check(SERVER, "warning", f"version {version} at {where}; {UNCHECKED}", fix)
    return Check(SERVER, "ok", f"version {version} at {where}")


def _plugins(settings: Settings) -> Check:
    from bot import bootstrap

    with bootstrap.cluster(settings) as cluster:
        there = cluster.plugins()
    if NEEDED_PLUGIN not in there:
        fix = f"On each node run: bin/opensearch-plugin install {NEEDED_PLUGIN}"
        return Check("OpenSearch plugins", "failed", f"{NEEDED_PLUGIN} is missing", fix, SERVICE_MISSING)
    return Check("OpenSearch plugins", "ok", ", ".join(sorted(there)))


def _health(settings: Settings) -> Check:
    from bot import bootstrap
    from retrieval.index.opensearch_versions import IndexNames

    names = IndexNames(settings.opensearch_index)

    with bootstrap.cluster(settings) as cluster:
        health = cluster.health(sorted(cluster.indexes(f"{names.moments},{names.frames}")))
    if health == "red":
        fix = "Bring back the node that held the missing parts. If it is gone for good, run: vdialog reindex"
        return Check("OpenSearch health", "failed", "red: parts of the index are missing", fix, SERVICE_MISSING)
    if health == "yellow":
        fix = "Add a node, or set VDIALOG_OPENSEARCH_REPLICAS=0 and run: vdialog reindex"
        return Check("OpenSearch health", "warning", "yellow: copies are missing; a node that fails is missed", fix)
    return Check("OpenSearch health", "ok", health)


def _alias(settings: Settings, library: "Library") -> Check:
    from bot import bootstrap
    from retrieval.index.opensearch_versions import IndexNames

    alias = IndexNames(settings.opensearch_index).moments
    with bootstrap.cluster(settings) as cluster:
        named = sorted(cluster.indexes(alias))
    if len(named) == 1:
        return Check("OpenSearch alias", "ok", f"{alias} stands for {named[0]}")
    if not named and not library.catalogue.moment_count():
        return Check("OpenSearch alias", "off", f"{alias} is made with the first video")
    found = f"stands for several indexes: {', '.join(named)}" if named else "is missing"
    return Check("OpenSearch alias", "failed", f"{alias} {found}", "Run: vdialog reindex")


def _mapping(library: "Library") -> Check:
    if not library.catalogue.moment_count():
        return Check("OpenSearch mapping", "off", "it is made with the first video")
    library.index()
    return Check("OpenSearch mapping", "ok", str(library.spaces()))
