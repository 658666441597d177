"""What Slack sends, read once into values: no payload goes further than this. Pure."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Payload = Mapping[str, Any]

_SPECIAL = re.compile(r"<([@#!]?)([^>|]*)(?:\|([^>]*))?>")
_EMOJI = re.compile(r"(?<![\w:]):[a-z0-9_+'-]+:(?![\w:])")

PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif")
"""Kinds of files that are taken for a picture to search with; what is in them is found out when they are read."""

SAID = (None, "", "file_share", "thread_broadcast")
"""Subtypes of messages in which a person says something."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message of a person.

    Attributes:
        event: the id of the event that told of it.
        channel: where.
        is_direct: whether it is a direct message to the app.
        message: its time, which names it.
        thread: the time of the message that its thread begins with, "" outside of threads.
        person: who.
        team: their workspace, "" where Slack does not say.
        text: their words, without Slack's marks.
        mentions_us: whether it mentions the app.
        mentions_others: whether it mentions somebody else, a group, or everybody.
        files: ids of the pictures that were dropped.
        look: whether there may be files that the event does not name.
        videos: ids of the videos that were dropped.
    """

    event: str
    channel: str
    is_direct: bool
    message: str
    thread: str
    person: str
    team: str
    text: str
    mentions_us: bool
    mentions_others: bool
    files: tuple[str, ...]
    look: bool
    videos: tuple[str, ...]

    @property
    def root(self) -> str:
        """The time of the message that its thread begins with: its own, where it begins one."""
        return self.thread or self.message


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that somebody pressed: what it does, what it carries and says, where, and where to answer in secret."""

    event: str
    action: str
    value: str
    label: str
    channel: str
    message: str
    person: str
    team: str
    reply_to: str
    at: str


@dataclass(frozen=True, slots=True)
class Commanded:
    """A slash command, or a message shortcut: what was typed or pointed at, by whom, and where.

    `files` are ids of pictures, `attached` of all files.
    """

    event: str
    text: str
    channel: str
    thread: str
    person: str
    team: str
    reply_to: str
    at: str
    files: tuple[str, ...] = ()
    attached: tuple[str, ...] = ()


def said(body: Payload, bot: str) -> Incoming | None:
    """Return what a person says in an event; None where it is no such thing, or comes from an app.

    Args:
        body: of the event.
        bot: the app's own id as a user.
    """
    event: Payload = body.get("event") or {}
    if event.get("subtype") not in SAID or event.get("bot_id") or event.get("bot_profile") or event.get("hidden"):
        return None
    person, channel, message = event.get("user"), event.get("channel"), event.get("ts")
    if not (person and channel and message) or person == bot:
        return None
    text = str(event.get("text") or "")
    others = [mark for mark in _SPECIAL.finditer(text) if mark[1] in ("@", "!") and mark[2] != bot]
    is_mention = event.get("type") == "app_mention"
    return Incoming(
        str(body.get("event_id") or f"{channel}/{message}"),
        str(channel),
        event.get("channel_type") == "im" or str(channel).startswith("D"),
        str(message),
        "" if event.get("thread_ts") in (None, message) else str(event["thread_ts"]),
        str(person),
        str(event.get("user_team") or event.get("team") or ""),
        words_of(text, bot),
        is_mention or f"<@{bot}" in text,
        bool(others),
        pictures(event),
        is_mention and "files" not in event,
        videos(event),
    )


def changed(body: Payload, bot: str) -> Incoming | None:
    """Return a message as a person changed it; None where an event tells of no such thing."""
    event: Payload = body.get("event") or {}
    if event.get("subtype") != "message_changed":
        return None
    now: Payload = event.get("message") or {}
    before: Payload = event.get("previous_message") or {}
    if now.get("text") == before.get("text"):
        return None
    return said({**body, "event": {**now, "channel": event.get("channel"), "hidden": False}}, bot)


def deleted(body: Payload) -> tuple[str, str] | None:
    """Return the channel and the time of a message that was deleted; None where an event tells of no such thing."""
    event: Payload = body.get("event") or {}
    if event.get("subtype") != "message_deleted" or not event.get("deleted_ts"):
        return None
    return str(event.get("channel") or ""), str(event["deleted_ts"])


def words_of(text: str, bot: str = "") -> str:
    """Return a text as a person reads it: links by what they say, no mention of the app, no marks, no emoji."""

    def shown(mark: re.Match[str]) -> str:
        kind, named, label = mark.groups()
        if kind == "@" and named == bot:
            return " "
        return f"#{label}" if kind == "#" and label else label or ("" if kind else named)

    lines = html.unescape(_EMOJI.sub(" ", _SPECIAL.sub(shown, text))).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def pictures(message: Payload) -> tuple[str, ...]:
    """Return the ids of the pictures of a message."""
    return tuple(str(one["id"]) for one in _files(message) if one.get("mimetype") in PICTURES)


def videos(message: Payload) -> tuple[str, ...]:
    """Return the ids of the videos of a message."""
    return tuple(str(one["id"]) for one in _files(message) if str(one.get("mimetype")).startswith("video/"))


def _files(message: Payload) -> list[Payload]:
    return [one for one in message.get("files") or () if isinstance(one, Mapping) and one.get("id")]


def pressed(body: Payload) -> Pressed | None:
    """Return which button was pressed; None where a payload names none."""
    actions, container = body.get("actions") or (), body.get("container") or {}
    if not actions:
        return None
    action, user = actions[0], body.get("user") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
    at = str(action.get("action_ts") or "")
    return Pressed(
        f"press/{body.get('trigger_id') or at}/{action.get('action_id')}",
        str(action.get("action_id") or ""),
        str(action.get("value") or ""),
        str((action.get("text") or {}).get("text") or ""),
        str(channel),
        str(container.get("message_ts") or (body.get("message") or {}).get("ts") or ""),
        str(user.get("id") or ""),
        str(user.get("team_id") or ""),
        str(body.get("response_url") or ""),
        at,
    )


def commanded(body: Payload, at: str) -> Commanded:
    """Return what a slash command asks for; `at` is the time, as Slack writes it."""
    return Commanded(
        f"command/{body.get('trigger_id') or ''}",
        html.unescape(str(body.get("text") or "")).strip(),
        str(body.get("channel_id") or ""),
        "",
        str(body.get("user_id") or ""),
        "",
        str(body.get("response_url") or ""),
        at,
    )


def pointed_at(body: Payload) -> Commanded:
    """Return the message that a shortcut was used on."""
    message, user = body.get("message") or {}, body.get("user") or {}
    return Commanded(
        f"shortcut/{body.get('trigger_id') or ''}",
        words_of(str(message.get("text") or "")),
        str((body.get("channel") or {}).get("id") or ""),
        str(message.get("thread_ts") or message.get("ts") or ""),
        str(user.get("id") or ""),
        str(user.get("team_id") or ""),
        str(body.get("response_url") or ""),
        str(body.get("action_ts") or message.get("ts") or ""),
        pictures(message),
        tuple(str(one["id"]) for one in _files(message)),
    )
