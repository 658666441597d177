"""Files: pictures that people drop are fetched in bounds and opened by the confined child; clips and frames go up.

What went up is noted with its video, so that it can be taken away when the video is.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from PIL import Image

from bot.actions.pictures import picture
from bot.errors import PictureUnreadable
from bot.slack.calls import Retrying, SlackRefused, SlackUnreachable
from bot.slack.downloads import NotHandedOut, TooMuch, download, is_of_slack
from bot.slack.incoming import PICTURES
from retrieval.catalogue.database import Database

if TYPE_CHECKING:
    from slack_sdk import WebClient

LARGEST = 20 * 2**20
"""Bytes of a picture."""

FETCH_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that the app uploaded: its id, the key of its video, what of it, and when, in seconds since 1970."""

    file: str
    video: str
    source: str
    at: float


class Files:
    """The files that go to and fro.

    Args:
        database: as `bot.slack.state.opened` returns it.
        client: of the app.
        calls: does the calls.
        now: tells the time, in seconds since 1970.
    """

    def __init__(
        self, database: Database, client: "WebClient", calls: Retrying, now: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._client = client
        self._calls = calls
        self._now = now

    def picture(self, file: str) -> Image.Image:
        """Return a picture that somebody dropped, RGB.

        Raises:
            PictureUnreadable: it is none, too large, damaged, or Slack does not hand it out.
            SlackUnreachable: Slack does not answer.
        """
        try:
            told = self._calls(self._client.files_info, file=file).get("file") or {}
        except SlackRefused as error:
            raise PictureUnreadable(f"Slack does not hand out the picture: {error.error}") from error
        address, size = str(told.get("url_private_download") or ""), int(told.get("size") or 0)
        if told.get("mimetype") not in PICTURES:
            raise PictureUnreadable("the file is no JPEG, PNG, WebP or GIF", "Send a picture of such a kind.")
        if size > LARGEST or not is_of_slack(self._client, address):
            raise PictureUnreadable("the picture is too large, or does not lie in Slack", "Send a smaller one.")
        with TemporaryDirectory() as folder:
            path = Path(folder) / "picture"
            try:
                self._calls.until(
                    lambda: download(self._client, address, path, LARGEST, FETCH_SECONDS), "the download of a picture"
                )
            except NotHandedOut:
                raise PictureUnreadable("Slack does not hand out the picture", "Send it again.") from None
            except TooMuch:
                raise PictureUnreadable("the picture is too large", "Send a smaller one.") from None
            return picture(path)

    def upload(self, path: Path, name: str, video: str, source: str, **given: Any) -> str:
        """Upload a file, note it, and return its id.

        Args:
            path: of the file.
            name: that people see.
            video: the key of the video that it is of.
            source: what of it.
            given: where it is shown, and with which words.
        """
        made = self._client.files_upload_v2(file=str(path), filename=name, title=name, **given)
        file = str((made.get("files") or [{}])[0].get("id") or "")
        with self._database.writing() as db:
            db.execute("INSERT OR REPLACE INTO uploads VALUES (?, ?, ?, ?)", (file, video, source, self._now()))
        return file

    def keyframe(self, path: Path, video: str, alt_text: str) -> str | None:
        """Return the id of a keyframe in Slack, uploaded where it is not there yet; None where it cannot be."""
        rows = self._database.rows("SELECT file FROM uploads WHERE source = ?", (str(path),))
        if rows:
            return str(rows[0]["file"])
        if not path.is_file():
            return None
        try:
            upload = self.upload
            return self._calls.until(
                lambda: upload(path, path.name, video, str(path), alt_txt=alt_text[:1000]), "an upload"
            )
        except (SlackRefused, SlackUnreachable):
            return None

    def uploads(self) -> list[Upload]:
        """Return everything that was uploaded, the oldest first."""
        rows = self._database.rows("SELECT * FROM uploads ORDER BY at, file")
        return [Upload(row["file"], row["video"], row["source"], row["at"]) for row in rows]

    def delete(self, file: str) -> None:
        """Delete a file in Slack; one that is gone there is gone.

        Raises:
            SlackRefused: Slack does not delete it.
            SlackUnreachable: Slack does not answer.
        """
        try:
            self._calls(self._client.files_delete, file=file)
        except SlackRefused as error:
            if error.error not in ("file_not_found", "file_deleted"):
                raise
        with self._database.writing() as db:
            db.execute("DELETE FROM uploads WHERE file = ?", (file,))
