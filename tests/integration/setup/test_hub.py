"""Fetching from a hub that runs: what broke off goes on, what is wrong is refused, and nothing half is in its place."""

import errno
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from bot.errors import DiskFull, NotFetched
from bot.setup.hub import PART, Hub
from bot.setup.models import HubFiles
from tests.hub import BLOCK, LARGE, LocalHub, running

NAME = "somebody/model"
FILES = HubFiles(NAME, ("*.bin", "config.json"), ("model.bin", "config.json"))
CACHED = "models--somebody--model"
CHUNK = 10 * 2**20
"""Bytes that the hub's client writes at once."""
SIZE = 3 * CHUNK + LARGE


@pytest.fixture
def local(tmp_path: Path) -> Iterator[LocalHub]:
    there = tmp_path / "there"
    there.mkdir()
    (there / "model.bin").write_bytes(bytes(range(256)) * (SIZE // 256))
    (there / "config.json").write_text('{"small": true}')
    (there / "README.md").write_text("not wanted")
    with running({NAME: {path.name: path for path in there.iterdir()}}) as hub:
        yield hub


@pytest.fixture
def hub(local: LocalHub, tmp_path: Path) -> Hub:
    return Hub(local.url, tmp_path / "cache")


def fetch(hub: Hub) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    hub.fetch(FILES, lambda done, total: told.append((done, total)))
    return told


def content(hub: Hub, name: str) -> bytes:
    (found,) = (hub.cache / CACHED / "snapshots").glob(f"*/{name}")
    return found.read_bytes()


def test_all_files_that_are_wanted_come_and_nothing_else(hub: Hub, local: LocalHub) -> None:
    assert not hub.has(FILES) and hub.begun(FILES) == 0
    told = fetch(hub)
    total = SIZE + len('{"small": true}')
    assert (told[0], told[-1]) == ((0, total), (total, total))
    assert told == sorted(told)
    assert hub.has(FILES)
    for name in ("model.bin", "config.json"):
        assert content(hub, name) == local.repositories[NAME][name].read_bytes()
    assert not list(hub.cache.rglob("README*")) and not list(hub.cache.rglob(f"*{PART}"))


def test_loaders_find_the_files_where_the_client_of_the_hub_keeps_them(hub: Hub) -> None:
    from huggingface_hub import snapshot_download, try_to_load_from_cache

    fetch(hub)
    assert isinstance(try_to_load_from_cache(NAME, "model.bin", cache_dir=hub.cache), str)
    folder = Path(snapshot_download(NAME, cache_dir=hub.cache, local_files_only=True))
    assert (folder / "config.json").read_text() == '{"small": true}'


def test_what_is_there_is_not_fetched_again(hub: Hub, local: LocalHub) -> None:
    fetch(hub)
    asked = len(local.files_asked())
    assert fetch(hub)[0][0] == fetch(hub)[0][1]
    assert len(local.files_asked()) == asked


def test_what_broke_off_goes_on_where_it_was(hub: Hub, local: LocalHub) -> None:
    def interrupt(done: int, total: int) -> None:
        if done > CHUNK + LARGE:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hub.fetch(FILES, interrupt)
    assert not hub.has(FILES)
    begun = hub.begun(FILES)
    assert CHUNK <= begun < SIZE
    assert [path for path in hub.cache.rglob("model.bin")] == []
    local.asked.clear()
    fetch(hub)
    assert hub.has(FILES) and content(hub, "model.bin") == local.repositories[NAME]["model.bin"].read_bytes()
    ((name, first),) = local.files_asked()
    assert name == "model.bin" and first >= CHUNK


def test_a_connection_that_breaks_again_and_again_does_no_harm(hub: Hub, local: LocalHub) -> None:
    local.breaks_after = CHUNK + 4 * BLOCK
    fetch(hub)
    assert content(hub, "model.bin") == local.repositories[NAME]["model.bin"].read_bytes()
    assert len({first for _, first in local.files_asked()}) >= 3


@pytest.mark.parametrize("name", ["model.bin", "config.json"])
def test_a_wrong_checksum_is_refused_by_name_removed_and_fetched_anew(hub: Hub, local: LocalHub, name: str) -> None:
    local.damages.add(name)
    with pytest.raises(NotFetched, match=f"{name}.*another checksum") as raised:
        fetch(hub)
    assert "fetched anew" in raised.value.hint
    assert not hub.has(FILES) and not list(hub.cache.rglob(name)) and not list(hub.cache.rglob(f"*{PART}"))
    local.damages.clear()
    fetch(hub)
    assert content(hub, name) == local.repositories[NAME][name].read_bytes()


def test_a_file_that_was_damaged_on_disk_is_fetched_anew(hub: Hub, local: LocalHub) -> None:
    fetch(hub)
    (found,) = (hub.cache / CACHED / "snapshots").glob("*/model.bin")
    damaged = bytearray(found.read_bytes())
    damaged[7] ^= 1
    found.resolve().write_bytes(damaged)
    local.asked.clear()
    fetch(hub)
    assert local.files_asked() == [("model.bin", 0)]
    assert content(hub, "model.bin") == local.repositories[NAME]["model.bin"].read_bytes()


def test_what_another_program_fetched_is_taken_as_it_is(hub: Hub, local: LocalHub) -> None:
    from huggingface_hub import snapshot_download

    snapshot_download(NAME, cache_dir=hub.cache, endpoint=local.url)
    local.asked.clear()
    fetch(hub)
    assert local.files_asked() == []


def test_a_part_of_what_the_hub_has_no_longer_goes(hub: Hub) -> None:
    old = hub.cache / CACHED / "blobs" / f"{hashlib.sha256(b'old').hexdigest()}{PART}"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"half")
    fetch(hub)
    assert not old.exists()


def test_a_hub_that_is_not_there_is_named(hub: Hub, tmp_path: Path) -> None:
    away = Hub("http://127.0.0.1:9", tmp_path / "cache")
    with pytest.raises(NotFetched, match="somebody/model.*127.0.0.1:9"):
        fetch(away)


def test_a_password_in_the_address_of_a_hub_is_not_told(tmp_path: Path) -> None:
    away = Hub("http://me:secret@127.0.0.1:9", tmp_path / "cache")
    with pytest.raises(NotFetched) as raised:
        fetch(away)
    assert "secret" not in raised.value.message


def test_a_repository_without_what_is_needed_is_refused(hub: Hub, local: LocalHub) -> None:
    with pytest.raises(NotFetched, match="lacks other.bin"):
        hub.fetch(HubFiles(NAME, ("*.bin",), ("model.bin", "other.bin")), lambda done, total: None)
    assert local.files_asked() == []


def test_a_full_disk_keeps_what_has_come(hub: Hub) -> None:
    def full(done: int, total: int) -> None:
        if done > CHUNK + LARGE:
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskFull) as raised:
        hub.fetch(FILES, full)
    assert str(hub.cache) in raised.value.message
    assert not hub.has(FILES) and hub.begun(FILES) >= CHUNK


def test_two_at_once_are_refused(hub: Hub) -> None:
    lock = hub.cache / ".locks" / CACHED / "video-dialog.lock"
    lock.parent.mkdir(parents=True)
    with FileLock(lock), pytest.raises(NotFetched, match="another process"):
        fetch(hub)


def test_a_token_of_the_hub_goes_to_nobody_else(hub: Hub, local: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    fetch(hub)
    by_place = {url: local.tokens[int(url.rpartition(":")[2])] for url in (local.url, local.elsewhere)}
    assert by_place[local.url] == {"Bearer hf_secret"}
    assert by_place[local.elsewhere] == {None}
