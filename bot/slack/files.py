"""Files: pictures that people drop are fetched in bounds and opened by the confined child; clips and frames go up."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from PIL import Image

from bot.actions.pictures import picture
from bot.errors import PictureUnreadable
from bot.slack.calls import Retrying, SlackRefused, SlackUnreachable
from bot.slack.downloads import NotHandedOut, TooMuch, download, is_of_slack
from bot.slack.incoming import PICTURES
from bot.slack.uploads import Uploads
from retrieval.catalogue.database import Database

if TYPE_CHECKING:
    from slack_sdk import WebClient

LARGEST = 20 * 2**20
"""Bytes of a picture."""

FETCH_SECONDS = 30.0


class Files:
    """The files that go to and fro.

    Args:
        database: as `bot.slack.state.opened` returns it.
        client: of the app.
        calls: does the calls.
    """

    def __init__(self, database: Database, client: "WebClient", calls: Retrying) -> None:
        self._uploads = Uploads(database)
        self._client = client
        self._calls = calls

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
        self._uploads.add(file, video, source)
        return file

    def keyframe(self, path: Path, video: str, alt_text: str) -> str | None:
        """Return the id of a keyframe in Slack, uploaded where it is not there yet; None where it cannot be."""
        if (file := self._uploads.of(str(path))) is not None:
            return file
        if not path.is_file():
            return None
        try:
            upload = self.upload
            return self._calls.until(
                lambda: upload(path, path.name, video, str(path), alt_txt=alt_text[:1000]), "an upload"
            )
        except (SlackRefused, SlackUnreachable):
            return None
