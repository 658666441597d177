"""Videos that people drop, as files of the home: in a folder that is its owner's alone, under the names they have.

The library plays and cuts them from there, so they stay as long as nobody deletes them.
"""

import re
import shutil
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import UsageError
from bot.slack.calls import Retrying, SlackRefused
from bot.slack.downloads import NotHandedOut, TooMuch, download, is_of_slack
from bot.untrusted import inert_line
from retrieval.ingest.sources import ENDINGS

if TYPE_CHECKING:
    from slack_sdk import WebClient

FOLDER = "dropped"
LONGEST = 3 * 3600.0
"""Seconds that a download may take."""

LONGEST_NAME = 100
SPARE = 2**30
"""Bytes of the disk that stay free: what is made of a video needs room too."""


@dataclass(frozen=True, slots=True)
class DroppedVideo:
    """A video in Slack: the id of its file, its name, its bytes, and where it lies there."""

    file: str
    name: str
    size: int
    address: str

    @property
    def shown(self) -> str:
        """The name, for people, in quotation marks."""
        return f"“{inert_line(self.name)}”"


class DroppedVideos:
    """The videos that were dropped.

    Args:
        home: the folder of the library.
        client: of the app.
        calls: does the calls.
        largest: bytes that a video may have.
    """

    def __init__(self, home: Path, client: "WebClient", calls: Retrying, largest: int) -> None:
        self._folder = home / FOLDER
        self._client = client
        self._calls = calls
        self._largest = largest

    def video(self, file: str) -> DroppedVideo:
        """Return what Slack tells of a video.

        Raises:
            UsageError: it is none, too large, or Slack does not hand it out; names it.
            SlackUnreachable: Slack does not answer.
        """
        try:
            told = self._calls(self._client.files_info, file=file).get("file") or {}
        except SlackRefused as error:
            raise UsageError(f"Slack does not hand out a file: {error.error}") from error
        name, kind = str(told.get("name") or "video"), str(told.get("mimetype") or "")
        found = DroppedVideo(file, name, int(told.get("size") or 0), str(told.get("url_private_download") or ""))
        if not kind.startswith("video/") and Path(name).suffix.lower() not in ENDINGS:
            raise UsageError(f"{found.shown} is no video file")
        if found.size > self._largest:
            size, most = ceil(found.size / 1e6), self._largest // 10**6
            raise UsageError(f"{found.shown} is too large: {size} MB, and at most {most} are taken")
        if not found.size or not is_of_slack(self._client, found.address):
            raise UsageError(f"{found.shown} does not lie in Slack")
        return found

    def fetch(self, video: DroppedVideo, is_wanted: Callable[[], bool]) -> Path:
        """Return where a video lies in the home, fetched where it is not there yet.

        Args:
            video: as `video` returns it.
            is_wanted: tells whether to go on; where not, what is returned is not whole.

        Raises:
            UsageError: it cannot be fetched; names it.
            SlackUnreachable: Slack does not answer.
        """
        path = self._folder / re.sub(r"\W", "_", video.file) / _file_name(video.name)
        if path.is_file() and path.stat().st_size == video.size:
            return path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        if shutil.disk_usage(path.parent).free < video.size + SPARE:
            raise UsageError(f"there is no room for {video.shown} on the disk of the machine that I run on")
        part = path.with_name(f"{path.name}.part")
        try:
            got = self._calls.until(
                lambda: download(self._client, video.address, part, video.size, LONGEST, is_wanted),
                "the download of a video",
            )
            if not is_wanted():
                return path
            if got != video.size:
                raise NotHandedOut
            part.replace(path)
        except (NotHandedOut, TooMuch):
            raise UsageError(f"Slack does not hand out {video.shown}") from None
        finally:
            part.unlink(missing_ok=True)
        return path

    def delete(self, path: Path) -> None:
        """Delete the file of a video that was not taken in."""
        path.unlink(missing_ok=True)
        with suppress(OSError):  # there is more in it
            path.parent.rmdir()


def _file_name(name: str) -> str:
    """Return a name of a file as it can lie in any folder: its ending stays, and leads nowhere else."""
    tidy = "".join(one if unicodedata.category(one)[0] in "LMN" or one in " ._-()" else "_" for one in name)
    stem, dot, ending = tidy.strip(" .").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    kept = stem.encode()[:LONGEST_NAME].decode(errors="ignore").strip(" .") or "video"
    return f"{kept}.{ending[:8]}" if ending else kept
