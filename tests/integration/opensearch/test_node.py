"""The node itself: what all tests of OpenSearch stand on."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.integration.opensearch.node import VERSION, Node, NodeUnavailable, find_java, has_vectors, java_version

pytestmark = pytest.mark.opensearch


def told(node: Node, path: str) -> str:
    with urllib.request.urlopen(node.url + path, timeout=10) as reply:
        return str(reply.read().decode())


def test_a_node_has_the_version_and_the_plugins_that_we_name(node: Node) -> None:
    assert json.loads(told(node, "/"))["version"]["number"] == VERSION
    plugins = {line.split()[1] for line in told(node, "/_cat/plugins").splitlines()}
    assert plugins == {"opensearch-knn", "opensearch-neural-search"}


def test_a_node_makes_no_index_by_itself(node: Node) -> None:
    line = b'{"index": {"_id": "1"}}\n{"a": [1.0]}\n'
    wanted = urllib.request.Request(f"{node.url}/nobody/_bulk", line, {"Content-Type": "application/x-ndjson"})
    with urllib.request.urlopen(wanted, timeout=10) as reply:
        assert json.load(reply)["errors"]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        told(node, "/nobody")


def test_what_is_needed_and_missing_is_named(tmp_path: Path) -> None:
    old = tmp_path / "java"
    old.write_text("#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\n")
    old.chmod(0o755)
    assert java_version(str(old)) == 17
    assert not has_vectors(str(old))
    with pytest.raises(NodeUnavailable, match="make ci-tools"):
        find_java(oldest=999)
