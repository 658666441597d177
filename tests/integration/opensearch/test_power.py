"""A node that loses its power or its disk: what was acknowledged is there when it is back."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.errors import IndexUnavailable
from tests.contract.test_moment_index import SPACES, keywords, moment, nearest, video
from tests.integration.opensearch.node import Node, NodeUnavailable, assembled, find_java
from tests.integration.opensearch.stores import opened_store

pytestmark = [pytest.mark.opensearch, pytest.mark.slow]

DISK_IS_WATCHED = {
    "cluster.routing.allocation.disk.threshold_enabled": "true",
    "cluster.routing.allocation.disk.watermark.enable_for_single_data_node": "true",
    "cluster.info.update.interval": "10s",
    "cluster.routing.allocation.disk.watermark.low": "2b",
    "cluster.routing.allocation.disk.watermark.high": "2b",
    "cluster.routing.allocation.disk.watermark.flood_stage": "1b",
}
FULL = "1000000gb"


class Machine:
    """A node that can be killed and started again where it was."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.start()

    def start(self, status: str = "yellow") -> None:
        self.node = Node(self.folder, self.port, settings=DISK_IS_WATCHED).wait(status=status)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    try:
        find_java()
        assembled()
    except NodeUnavailable as missing:
        pytest.skip(str(missing))
    made = Machine(tmp_path_factory.mktemp("machine"))
    yield made
    made.node.stop()


def test_what_was_acknowledged_survives_kill_9_and_what_was_under_way_goes_on(machine: Machine, tmp_path: Path) -> None:
    acknowledged: list[int] = []
    failed: list[BaseException] = []
    with opened_store(machine.node.url, tmp_path / "home", patience=180.0) as store:
        index = store.open(1, SPACES)

        def write() -> None:
            try:
                for i in range(24):
                    index.upsert([video(f"v{i}", *(moment(f"v{i}:{j}", "dog", seed=30 * i + j) for j in range(1, 31)))])
                    acknowledged.append(i)
            except BaseException as error:
                failed.append(error)

        writer = threading.Thread(target=write)
        writer.start()
        for due in (4, 12):
            end = time.monotonic() + 60
            while len(acknowledged) < due and time.monotonic() < end:
                time.sleep(0.005)
            machine.node.kill()
            before = list(acknowledged)
            machine.start()
            there = set(nearest(index, 0, k=1_000))
            assert {f"v{i}:{j}" for i in before for j in range(1, 31)} <= there
        writer.join(240)
        assert not failed
        assert len(acknowledged) == 24
        assert index.count() == 24 * 30 == len(set(nearest(index, 0, k=1_000)))


def test_a_red_index_is_told_and_never_searched_in_part(machine: Machine, tmp_path: Path) -> None:
    with opened_store(machine.node.url, tmp_path / "home", patience=60.0) as store:
        index = store.open(1, SPACES)
        index.upsert([video(f"v{i}", moment(f"v{i}:1", "dog", seed=i)) for i in range(20)])
        [made] = store.cluster.indexes(store.names.moments).values()
        shard = machine.folder / "data/nodes/0/indices" / made["settings"]["index"]["uuid"] / "0"
        machine.node.stop()
        shard.rename(tmp_path / "unplugged")
        machine.start(status="red")
        assert store.cluster.health([store.names.moments]) == "red"
        with pytest.raises(IndexUnavailable, match="is away") as away:
            keywords(index, "dog")
        assert "vdialog doctor" in away.value.hint
        machine.node.stop()
        (tmp_path / "unplugged").rename(shard)
        machine.start()
        assert set(keywords(index, "dog", k=30)) == {f"v{i}:1" for i in range(20)}


def test_a_full_disk_is_told_and_mended_by_room(machine: Machine, tmp_path: Path) -> None:
    with opened_store(machine.node.url, tmp_path / "home", patience=2.0) as store:
        index = store.open(1, SPACES)
        index.upsert([video("a", moment("a:1", "dog"))])
        client = store.cluster._client
        flood = "cluster.routing.allocation.disk.watermark.flood_stage"
        rest = {f"cluster.routing.allocation.disk.watermark.{name}": FULL for name in ("low", "high")}
        client.cluster.put_settings(body={"transient": {flood: FULL, **rest}})
        told = None
        end = time.monotonic() + 90
        while told is None and time.monotonic() < end:
            try:
                index.upsert([video("b", moment("b:1", "dog"))])
                time.sleep(1)
            except IndexUnavailable as full:
                told = full
        assert told is not None
        assert "disk of OpenSearch is too full" in told.message
        assert "Make room" in told.hint
        assert set(keywords(index, "dog")) >= {"a:1"}
        client.cluster.put_settings(body={"transient": dict.fromkeys([flood, *rest])})
        end = time.monotonic() + 90
        while told is not None and time.monotonic() < end:
            try:
                index.upsert([video("c", moment("c:1", "dog"))])
                told = None
            except IndexUnavailable:
                time.sleep(1)
        assert told is None
        assert {"a:1", "c:1"} <= set(keywords(index, "dog"))
