"""Fetching what people dropped in Slack, in bounds; the token of the app goes to Slack and nowhere else."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from slack_sdk import WebClient

SILENCE = 30.0
"""Seconds without a byte after which a download is tried again."""


class NotHandedOut(Exception):
    """Slack does not hand the file out."""


class TooMuch(Exception):
    """There is more than was to be fetched, or it takes longer than it may."""


def is_of_slack(client: "WebClient", address: str) -> bool:
    """Tell whether the token may go to an address: to Slack, or where Slack is for this client."""
    there, ours = urlsplit(address), urlsplit(client.base_url)
    if (there.scheme, there.netloc) == (ours.scheme, ours.netloc):
        return True
    return there.scheme == "https" and (there.hostname or "").endswith(f".{ours.hostname}")


def download(
    client: "WebClient",
    address: str,
    path: Path,
    most: int,
    seconds: float,
    is_wanted: Callable[[], bool] = lambda: True,
) -> int:
    """Write what lies at an address into a file, and return its bytes; no other address is followed to.

    Args:
        client: of the app.
        address: of Slack's; see `is_of_slack`.
        path: of the file.
        most: bytes that are taken.
        seconds: that it may take.
        is_wanted: tells whether to go on; what is there so far is returned where not.

    Raises:
        NotHandedOut: Slack answers with something else.
        TooMuch: it is larger, or takes longer.
        ConnectionError: it may be tried again.
    """
    import httpx

    headers, until = {"Authorization": f"Bearer {client.token}"}, time.monotonic() + seconds
    try:
        with httpx.stream("GET", address, headers=headers, timeout=SILENCE) as reply, path.open("wb") as file:
            if reply.status_code >= 500:
                raise ConnectionError(f"Slack answers {reply.status_code}")
            if reply.status_code != 200:
                raise NotHandedOut
            for chunk in reply.iter_bytes():
                file.write(chunk)
                if file.tell() > most or time.monotonic() > until:
                    raise TooMuch
                if not is_wanted():
                    break
            return file.tell()
    except httpx.HTTPError as error:
        raise ConnectionError(f"a file could not be fetched: {type(error).__name__}") from None
