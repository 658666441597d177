"""Fetches files of the hub into its usual cache: what is there is kept, what broke off goes on, and all is verified.

Names, sizes and checksums come from the hub's client, and so do addresses, tokens and the place of the cache, as its
own variables set them (HF_ENDPOINT, HF_HOME, ...). The bytes are kept beside their place until their checksum is right:
the client itself begins a file anew each time, and does not compare.
"""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from bot.addresses import masked
from bot.errors import AssistantError, DiskFull, NotFetched
from bot.setup.models import HubFiles
from retrieval.errors import first_line

SECONDS_FOR_HUB = 10.0
"""How long the hub may take to say what it has."""

REVISION = "main"
BLOCK = 2**20
PART = ".vdialog.incomplete"
"""Ending of what is not whole yet; `hf cache prune` removes such files too."""
SHA256_DIGITS = 64

TellBytes = Callable[[int, int], None]
"""Is told how many bytes are there, and of how many."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as the hub describes it; its digest is a SHA-256, or git's name of a small one."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Hub:
    """Where models come from and where they are kept; what the hub's client uses by default.

    Attributes:
        endpoint: address of the hub.
        cache: folder in which its files lie.
    """

    endpoint: str
    cache: Path

    @property
    def shown(self) -> str:
        """The address of the hub without a password."""
        return masked(self.endpoint)

    @staticmethod
    def usual() -> "Hub":
        """Return the hub and the cache that are set for its client."""
        from huggingface_hub import constants

        return Hub(constants.ENDPOINT, Path(constants.HF_HUB_CACHE))

    def has(self, wanted: HubFiles) -> bool:
        """Tell whether all that a model cannot do without lies in the cache; checksums are not compared."""
        found = {name: self._cached(wanted, name) for name in wanted.needed}
        indexes = [path for name, path in found.items() if path is not None and name.endswith(".index.json")]
        listed = {name for path in indexes for name in _listed(path)}
        return None not in found.values() and all(self._cached(wanted, name) for name in listed)

    def begun(self, wanted: HubFiles) -> int:
        """Return how many bytes of a model's files lie in the cache, those that are not whole included."""
        return sum(path.stat().st_size for path in self._blobs(wanted).glob("*") if path.is_file())

    def fetch(self, wanted: HubFiles, tell: TellBytes) -> None:
        """Fetch what is missing of a model's files, and verify all of them. It can be interrupted and called again.

        Raises:
            NotFetched: the hub cannot be reached or does not have it, or what came has another checksum.
            DiskFull: there is no room.
        """
        repository = wanted.repository
        with _understood(repository, self.shown, self.cache), self._alone(wanted):
            files = self._known(wanted)
            missing = [file for file in files if not self._is_whole(wanted, file)]
            total, done = sum(file.size for file in files), sum(file.size for file in files if file not in missing)
            self._refuse_without_room(sum(file.size - self._size_of_part(wanted, file) for file in missing))
            tell(done, total)
            for file in missing:
                self._fetch_one(wanted, file, lambda size, before=done: tell(before + size, total))  # type: ignore[misc]
                done += file.size
            for file in files:
                self._put_in_place(wanted, file)
            for left in self._blobs(wanted).glob(f"*{PART}"):  # of what the hub has no longer
                left.unlink()

    def _known(self, wanted: HubFiles) -> list[RemoteFile]:
        """Return the files as the hub describes them; where it is not there, as they were when all of them came."""
        try:
            return self._described(wanted)
        except NotFetched:
            raise
        except Exception:  # of the network or of the hub
            if files := self._described_before(wanted):
                return files
            raise

    def _described_before(self, wanted: HubFiles) -> list[RemoteFile]:
        """Return the files of a whole model in the cache, whose names there are their digests; none of another."""
        first = self._cached(wanted, wanted.needed[0]) if self.has(wanted) else None
        there = [] if first is None else [path for path in first.parent.rglob("*") if path.is_file()]
        if first is None or not all(path.is_symlink() for path in there):
            return []
        return [
            RemoteFile(path.relative_to(first.parent).as_posix(), path.stat().st_size, path.resolve().name)
            for path in there
            if any(fnmatch(path.relative_to(first.parent).as_posix(), pattern) for pattern in wanted.patterns)
        ]

    def _described(self, wanted: HubFiles) -> list[RemoteFile]:
        from huggingface_hub import HfApi

        api = HfApi(endpoint=self.endpoint)
        told = api.model_info(wanted.repository, revision=REVISION, files_metadata=True, timeout=SECONDS_FOR_HUB)
        files = [
            RemoteFile(one.rfilename, one.size or 0, one.lfs.sha256 if one.lfs else one.blob_id or "")
            for one in told.siblings or ()
            if any(fnmatch(one.rfilename, pattern) for pattern in wanted.patterns)
        ]
        lacking = sorted(set(wanted.needed) - {file.name for file in files})
        if lacking:
            raise NotFetched(f"{wanted.repository!r} at {self.shown} lacks {', '.join(lacking)}", AGAIN)
        return sorted(files, key=lambda file: file.size)

    def _is_whole(self, wanted: HubFiles, file: RemoteFile) -> bool:
        """Tell whether a file is in the cache as it should be; a wrong one is removed."""
        paths = (self._blobs(wanted) / file.digest, self._cached(wanted, file.name))
        there = next((path for path in paths if path is not None and path.is_file()), None)
        if there is not None and not is_sound(there, file):
            os.unlink(os.path.realpath(there))
            there.unlink(missing_ok=True)
            return False
        return there is not None

    def _fetch_one(self, wanted: HubFiles, file: RemoteFile, tell: Callable[[int], None]) -> None:
        """Bring a file into the folder of blobs, from where it broke off."""
        from huggingface_hub import get_hf_file_metadata, hf_hub_url
        from huggingface_hub.file_download import http_get
        from huggingface_hub.utils import build_hf_headers, logging  # type: ignore[attr-defined]

        logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # it repeats signed addresses
        url = hf_hub_url(wanted.repository, file.name, revision=REVISION, endpoint=self.endpoint)
        headers = {**build_hf_headers(), "Accept-Encoding": "identity"}
        location = get_hf_file_metadata(url, timeout=SECONDS_FOR_HUB, headers=headers, endpoint=self.endpoint).location
        if location != url:
            headers.pop("authorization", None)  # of the hub, and of nobody who keeps files for it
        part = self._part(wanted, file)
        part.parent.mkdir(parents=True, exist_ok=True)
        if self._size_of_part(wanted, file) > file.size:
            part.unlink()
        with part.open("ab") as out:
            there = out.tell()
            bar = _counting(tell, there)
            http_get(location, out, resume_size=there, headers=headers, expected_size=file.size, tqdm_class=bar)
            out.flush()
            os.fsync(out.fileno())
        if not is_sound(part, file):
            part.unlink()
            raise NotFetched(
                f"{file.name!r} of {wanted.repository!r} came with another checksum than {self.shown} says",
                "It was removed. Give the same command again: it is fetched anew.",
            )
        part.replace(self._blobs(wanted) / file.digest)

    def _put_in_place(self, wanted: HubFiles, file: RemoteFile) -> None:
        """Let the hub's client note a verified file in its cache, where loaders look for it."""
        from huggingface_hub import hf_hub_download

        found, blob = self._cached(wanted, file.name), self._blobs(wanted) / file.digest
        if found is not None and os.path.realpath(found) == os.path.realpath(blob):
            return
        path = Path(
            hf_hub_download(
                wanted.repository, file.name, revision=REVISION, endpoint=self.endpoint, cache_dir=self.cache
            )
        )
        if os.path.realpath(path) != os.path.realpath(blob) and not is_sound(path, file):
            raise NotFetched(f"{file.name!r} of {wanted.repository!r} was changed while it was fetched", AGAIN)

    def _refuse_without_room(self, missing: int) -> None:
        there = next(folder for folder in (self.cache, *self.cache.parents) if folder.is_dir())
        free = shutil.disk_usage(there).free
        if missing > free:
            said = f"{missing / 1e6:,.0f} MB are to be fetched, and {free / 1e6:,.0f} MB are free"
            raise DiskFull(str(self.cache), said)

    @contextmanager
    def _alone(self, wanted: HubFiles) -> Iterator[None]:
        """Let no other process fetch the same at once."""
        folder = self.cache / ".locks" / self._blobs(wanted).parent.name
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "video-dialog.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise NotFetched(f"another process fetches {wanted.repository!r} now", "Wait until it is done.") from error
        try:
            yield
        finally:
            lock.release()

    def _cached(self, wanted: HubFiles, name: str) -> Path | None:
        from huggingface_hub import try_to_load_from_cache

        found = try_to_load_from_cache(wanted.repository, name, cache_dir=self.cache)
        return Path(found) if isinstance(found, str) else None

    def _blobs(self, wanted: HubFiles) -> Path:
        from huggingface_hub.file_download import repo_folder_name

        return self.cache / repo_folder_name(repo_id=wanted.repository, repo_type="model") / "blobs"

    def _part(self, wanted: HubFiles, file: RemoteFile) -> Path:
        return self._blobs(wanted) / f"{file.digest}{PART}"

    def _size_of_part(self, wanted: HubFiles, file: RemoteFile) -> int:
        part = self._part(wanted, file)
        return part.stat().st_size if part.is_file() else 0


AGAIN = "Give the same command again later."


def is_sound(path: Path, file: RemoteFile) -> bool:
    """Tell whether a file has the bytes that the hub says it has."""
    if path.stat().st_size != file.size:
        return False
    is_large = len(file.digest) == SHA256_DIGITS
    found = hashlib.sha256() if is_large else hashlib.sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as read:
        while block := read.read(BLOCK):
            found.update(block)
    return found.hexdigest() == file.digest


@contextmanager
def _understood(repository: str, endpoint: str, cache: Path) -> Iterator[None]:
    """Translate whatever the hub's client, the network and the disk raise."""
    try:
        yield
    except AssistantError:
        raise
    except Exception as error:  # of the network, of the hub, of the disk
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull(str(cache)) from error
        said = f"{repository!r} cannot be fetched from {endpoint}: {masked(first_line(error))}"
        hint = "Is this machine connected to the internet? What has come is kept: the same command goes on."
        raise NotFetched(said, hint) from error


def _counting(tell: Callable[[int], None], there: int) -> Any:
    """Return what the hub's client takes for a progress bar, which counts bytes from those that are there."""

    class Bar:
        def __init__(self, **_: object) -> None:
            self._size = there

        def update(self, size: int) -> None:
            self._size += size
            tell(self._size)

        def __enter__(self) -> "Bar":
            return self

        def __exit__(self, *_: object) -> None:
            pass

    return Bar


def _listed(index: Path) -> set[str]:
    """Return the files that an index of weights lists; none of one that cannot be read."""
    try:
        return set(map(str, json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {""}
