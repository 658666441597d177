"""The commands as a team's person types them, with the index on a real node."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from retrieval.index.opensearch import Cluster, Connection
from tests.integration.opensearch.node import Node
from tests.integration.opensearch.stores import fresh_name

pytestmark = [pytest.mark.opensearch, pytest.mark.slow]

CAPTIONS = {
    "park": {"duration": 9, "timestamps": [[0, 5], [5, 9]], "sentences": ["A man throws a ball.", "A dog brings it."]},
    "sea": {"duration": 9, "timestamps": [[0, 9]], "sentences": ["A ship leaves the harbour."]},
}


class Person:
    """Types commands in a folder of its own, with names of its own in the cluster."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.name = fresh_name()
        self.set = {"VDIALOG_INDEX": "opensearch", "VDIALOG_OPENSEARCH_URL": url}
        self.set |= {"VDIALOG_OPENSEARCH_INDEX": self.name, "VDIALOG_HOME": str(folder / "home")}
        self.set |= {"VDIALOG_TEXT_MODEL": "hashing"}

    def types(self, *words: str, **instead: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **self.set, **instead}
        vdialog = [sys.executable, "-m", "bot.cli", *words]
        environment["PYTHONPATH"] = str(Path(__file__).parents[3])
        return subprocess.run(vdialog, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)

    def found(self, query: str) -> list[str]:
        ran = self.types("search", query, "--json")
        assert ran.returncode == 0, ran.stderr
        return [hit["moment_id"] for hit in json.loads(ran.stdout)["hits"]]

    def checks(self, **instead: str) -> dict[str, dict[str, Any]]:
        ran = self.types("doctor", "--json", **instead)
        assert ran.stdout, ran.stderr
        return {check["name"]: check for check in json.loads(ran.stdout)["checks"]}


@pytest.fixture
def cluster(node: Node) -> Iterator[Cluster]:
    opened = Cluster(Connection((node.url,)))
    yield opened
    opened.close()


@pytest.fixture
def person(node: Node, cluster: Cluster, tmp_path: Path) -> Iterator[Person]:
    (tmp_path / "captions.json").write_text(json.dumps(CAPTIONS))
    someone = Person(tmp_path, node.url)
    yield someone
    for index in cluster.indexes(f"{someone.name}-*"):
        cluster.drop(index)


def test_two_lines_lead_from_lancedb_to_opensearch(person: Person) -> None:
    assert person.types("import", "captions.json", VDIALOG_INDEX="lance").returncode == 0
    early = person.types("search", "dog")
    assert (early.returncode, "vdialog reindex" in early.stderr) == (3, True)
    ran = person.types("reindex")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert person.found("a dog brings the ball")[0] == "park:2"
    assert person.types("videos", "remove", "sea").returncode == 0
    assert not [name for name in person.found("ship harbour") if name.startswith("sea")]


def test_a_library_can_begin_in_opensearch(person: Person) -> None:
    assert person.checks()["OpenSearch alias"]["state"] == "off"
    ran = person.types("import", "captions.json")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert person.found("ship")[0] == "sea:1"
    states = {name: check["state"] for name, check in person.checks().items() if name.startswith("OpenSearch")}
    assert states == dict.fromkeys(
        ["OpenSearch", "OpenSearch plugins", "OpenSearch health", "OpenSearch alias", "OpenSearch mapping"], "ok"
    )
    assert person.checks()["index"]["detail"] == "all 3 moments can be searched"


def test_doctor_names_what_is_wrong_and_its_mend(person: Person, cluster: Cluster) -> None:
    assert person.types("import", "captions.json").returncode == 0
    moments = next(iter(cluster.indexes(f"{person.name}-moments")))

    cluster.delete([moments], {"query": {"term": {"video_id": "library/sea"}}})
    stale = person.checks()["index"]
    assert (stale["state"], stale["detail"]) == ("failed", "2 moments of 3 can be searched")

    cluster.change_aliases([{"remove": {"index": moments, "alias": f"{person.name}-moments"}}])
    checks = person.checks()
    assert "is missing" in checks["OpenSearch alias"]["detail"]
    assert checks["OpenSearch alias"]["fix"] == checks["index"]["fix"] == "Run: vdialog reindex"
    assert person.types("reindex").returncode == 0
    assert person.checks()["index"]["state"] == "ok"

    other = person.checks(VDIALOG_CLIP_MODEL="hashing", VDIALOG_CLIP_WEIGHTS="hashing")["OpenSearch mapping"]
    assert (other["state"], "vdialog reindex" in other["fix"]) == ("failed", True)


def test_doctor_tells_missing_copies_and_a_cluster_that_is_away(person: Person) -> None:
    assert person.types("import", "captions.json", VDIALOG_OPENSEARCH_REPLICAS="1").returncode == 0
    health = person.checks()["OpenSearch health"]
    assert (health["state"], "VDIALOG_OPENSEARCH_REPLICAS=0" in health["fix"]) == ("warning", True)
    ran = person.types("search", "dog", VDIALOG_OPENSEARCH_URL="http://127.0.0.1:9")
    assert (ran.returncode, "cannot be reached at http://127.0.0.1:9" in ran.stderr) == (4, True)
    assert len(ran.stderr.splitlines()) == 3, "what is wrong, what mends it, a reference, and nothing of packages"
    away = person.checks(VDIALOG_OPENSEARCH_URL="http://127.0.0.1:9")
    assert (away["OpenSearch"]["state"], "index" in away) == ("failed", False)
