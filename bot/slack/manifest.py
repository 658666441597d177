"""The manifest of the app: what Slack is told when the app is made, and why it asks for each scope. Pure.

`manifest.json` holds it; a test compares it with the methods that the app calls and the events that it listens to.
"""

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from slack_sdk.web import SlackResponse

SCOPES: Final = {
    "app_mentions:read": "to be told when somebody mentions it",
    "assistant:write": "to suggest questions where somebody opens its messages",
    "channels:history": "to read the threads of public channels that it is in",
    "channels:read": "to see who reads along in a public channel: guests are shown only what is marked external",
    "chat:write": "to answer, to show what it is doing, and to take an answer back",
    "commands": "for `/videos`, “Ask about this” and “Add to a collection”",
    "files:read": "to look at a picture that somebody sends as a question, and to fetch a video that is to be added",
    "files:write": "to show frames and clips, to send long answers as files, and to delete them again",
    "groups:history": "to read the threads of private channels that it is in",
    "groups:read": "to see who reads along in a private channel",
    "im:history": "to read what somebody writes to it directly",
    "im:read": "to know a direct message from a channel",
    "im:write": "to answer somebody directly who asked where it may not write",
    "mpim:history": "to read the threads of group messages that it is in",
    "mpim:read": "to see who reads along in a group message",
    "users:read": "to know guests and people of other workspaces from members",
}
"""Each scope of the bot's token, and what the app needs it for."""

_KINDS: Final = ("channels", "groups", "im", "mpim")

METHODS: Final[dict[str, tuple[str, ...]]] = {
    "assistant.threads.setStatus": ("chat:write",),
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
    "auth.test": (),
    "chat.appendStream": ("chat:write",),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.startStream": ("chat:write",),
    "chat.stopStream": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.info": tuple(f"{kind}:read" for kind in _KINDS),
    "conversations.members": tuple(f"{kind}:read" for kind in _KINDS),
    "conversations.open": ("im:write",),
    "conversations.replies": tuple(f"{kind}:history" for kind in _KINDS),
    "files.delete": ("files:write",),
    "files.info": ("files:read",),
    "files.upload.v2": ("files:write",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
}
"""Each method that the app calls, with the scopes that it needs; an upload is three calls."""

EVENTS: Final[dict[str, tuple[str, ...]]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}
"""Each event that the app is told of, with the scopes that it needs."""


def manifest() -> dict[str, Any]:
    """Return the manifest, as `vdialog slack manifest` prints it."""
    read: dict[str, Any] = json.loads(files("bot.slack").joinpath("manifest.json").read_text(encoding="utf-8"))
    return read


def missing_scopes(granted: str) -> list[str]:
    """Return the scopes that the app needs and a token does not have.

    Args:
        granted: the scopes of a token in a row, with commas, as Slack writes them into `x-oauth-scopes`.
    """
    return sorted(SCOPES.keys() - {scope.strip() for scope in granted.split(",")})


def lacking(answer: "SlackResponse") -> list[str]:
    """Return the scopes that the app needs and a token does not have, by what Slack answers to `auth.test`."""
    headers = {name.lower(): value for name, value in dict(answer.headers or {}).items()}
    granted = headers.get("x-oauth-scopes", "")
    return missing_scopes(granted[0] if isinstance(granted, list) else granted)
