"""What the app uploaded to Slack: clips, frames, and of which video each is, so that it can be taken away with it."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.slack.calls import Retrying, SlackRefused
from retrieval.catalogue.database import Database

if TYPE_CHECKING:
    from slack_sdk import WebClient


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that the app uploaded: its id, the key of its video, what of it, and when, in seconds since 1970."""

    file: str
    video: str
    source: str
    at: float

    @property
    def is_frame(self) -> bool:
        """Whether it is a keyframe, and not a clip."""
        return Path(self.source).is_absolute()


class Uploads:
    """What was uploaded from one home.

    Args:
        database: as `bot.slack.state.opened` returns it.
        now: tells the time, in seconds since 1970.
    """

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    def add(self, file: str, video: str, source: str) -> None:
        """Note a file: the key of the video that it is of, and what of it."""
        with self._database.writing() as db:
            db.execute("INSERT OR REPLACE INTO uploads VALUES (?, ?, ?, ?)", (file, video, source, self._now()))

    def of(self, source: str) -> str | None:
        """Return the id of the file that was uploaded of something; None where there is none."""
        rows = self._database.rows("SELECT file FROM uploads WHERE source = ?", (source,))
        return str(rows[0]["file"]) if rows else None

    def left(self, videos: Collection[str]) -> list[Upload]:
        """Return what is of other videos than those with these keys, the oldest first."""
        rows = self._database.rows("SELECT * FROM uploads ORDER BY at, file")
        found = (Upload(row["file"], row["video"], row["source"], row["at"]) for row in rows)
        return [one for one in found if one.video not in videos]

    def delete(self, file: str, client: "WebClient", calls: Retrying) -> None:
        """Delete a file in Slack; one that is gone there is gone.

        Raises:
            SlackRefused: Slack does not delete it.
            SlackUnreachable: Slack does not answer.
        """
        try:
            calls(client.files_delete, file=file)
        except SlackRefused as error:
            if error.error not in ("file_not_found", "file_deleted"):
                raise
        with self._database.writing() as db:
            db.execute("DELETE FROM uploads WHERE file = ?", (file,))
