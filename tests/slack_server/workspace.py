"""What is in the workspace: people, channels, messages, files. Plain state; whoever uses it holds the lock."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Message = dict[str, Any]

TEAM = "T0LOCAL"
ELSEWHERE = "T0OTHER"
APP = "A0VIDEOS"
BOT = "B0VIDEOS"
BOT_USER = "U0VIDEOS"
BOT_TOKEN = "xoxb-local-bot-token"
APP_TOKEN = "xapp-local-app-token"
DOMAIN = "local"


class ApiError(Exception):
    """What a method answers instead of doing what it was asked."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **more}


@dataclass
class User:
    """Somebody; a guest is in some channels only, an outsider is of another workspace."""

    user: str
    is_guest: bool = False
    is_outsider: bool = False
    is_bot: bool = False

    def described(self) -> dict[str, Any]:
        name = self.user.lower()
        return {
            "id": self.user,
            "team_id": ELSEWHERE if self.is_outsider else TEAM,
            "name": name,
            "real_name": name.title(),
            "deleted": False,
            "is_admin": False,
            "is_owner": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "is_restricted": self.is_guest,
            "is_ultra_restricted": False,
            "is_stranger": self.is_outsider,
            "profile": {"real_name": name.title(), "display_name": name, "team": TEAM},
        }


@dataclass
class Channel:
    """A channel, a private one (group), or a direct message (im)."""

    channel: str
    kind: Literal["channel", "group", "im", "mpim"] = "channel"
    members: list[str] = field(default_factory=list)
    is_ext_shared: bool = False
    is_archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def scope(self) -> str:
        """What the scopes and events of its kind are called by."""
        return {"channel": "channels", "group": "groups"}.get(self.kind, self.kind)

    def described(self) -> dict[str, Any]:
        shared = {"is_shared": self.is_ext_shared, "is_ext_shared": self.is_ext_shared, "is_org_shared": False}
        own = {"user": next(user for user in self.members if user != BOT_USER)} if self.kind == "im" else {}
        return {
            "id": self.channel,
            "name": self.channel.lower(),
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_im": self.kind == "im",
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "channel",
            "is_archived": self.is_archived,
            "is_member": BOT_USER in self.members,
            "is_pending_ext_shared": False,
            "shared_team_ids": [TEAM, *([ELSEWHERE] if self.is_ext_shared else [])],
            "context_team_id": TEAM,
            **shared,
            **own,
        }

    def thread(self, root: str) -> list[Message]:
        return [one for ts, one in self.messages.items() if ts == root or one.get("thread_ts") == root]


@dataclass
class File:
    """A file; `done` says whether its upload was completed, `ready` when Slack has looked at it."""

    file: str
    name: str
    content: bytes
    mimetype: str
    user: str
    length: int = 0
    done: bool = True
    ready: float = 0.0
    deleted: bool = False
    title: str = ""

    def described(self, origin: str) -> dict[str, Any]:
        at = f"{origin}/files-pri/{TEAM}-{self.file}"
        return {
            "id": self.file,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": self.name.rpartition(".")[2],
            "user": self.user,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "url_private": f"{at}/{self.name}",
            "url_private_download": f"{at}/download/{self.name}",
            "permalink": f"https://{DOMAIN}.slack.com/files/{self.user}/{self.file}/{self.name}",
        }


class Workspace:
    """One workspace with the app in it; `changed` is told of all that happens.

    `untold` are people of whom Slack does not tell who they are.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self.changed = threading.Condition(threading.RLock())
        self.users = {BOT_USER: User(BOT_USER, is_bot=True)}
        self.untold: set[str] = set()
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.ephemeral: list[Message] = []
        self.statuses: list[dict[str, Any]] = []
        self.prompts: list[dict[str, Any]] = []
        self.replies: dict[str, tuple[str, str, int]] = {}
        self.reactions: set[tuple[str, str, str]] = set()
        self._number = 0
        self._second = 0

    def number(self) -> int:
        self._number += 1
        return self._number

    def ts(self) -> str:
        """Return the time of a new message: later than all before."""
        self._second = max(self._second, int(self.now()))
        return f"{self._second}.{self.number() % 1_000_000:06d}"

    def user(self, user: str) -> User:
        return self.users.setdefault(user, User(user))

    def channel(self, channel: str) -> Channel:
        """Return a channel; one that is new is public and has the app in it, or is a direct message to it (`D...`)."""
        if channel not in self.channels:
            kinds: dict[str, Literal["group", "im"]] = {"G": "group", "D": "im"}
            self.channels[channel] = Channel(channel, kinds.get(channel[0], "channel"), [BOT_USER])
        return self.channels[channel]

    def direct(self, user: str) -> Channel:
        """Return the direct message between the app and a user."""
        for channel in self.channels.values():
            if channel.kind == "im" and user in channel.members:
                return channel
        made = self.channel(f"D{user.removeprefix('U')}")
        self.user(user)
        made.members.append(user)
        return made

    def seen(self, channel: str) -> Channel:
        """Return a channel as the app sees it; ApiError where it does not."""
        found = self.channels.get(channel)
        if found is None or (found.kind != "channel" and BOT_USER not in found.members):
            raise ApiError("channel_not_found")
        return found

    def written_to(self, channel: str) -> Channel:
        """Return a channel that the app may write to."""
        found = self.seen(channel)
        if found.is_archived:
            raise ApiError("is_archived")
        if BOT_USER not in found.members:
            raise ApiError("not_in_channel")
        return found

    def message(self, channel: str, ts: str, error: str = "message_not_found") -> Message:
        found = self.seen(channel).messages.get(ts)
        if found is None:
            raise ApiError(error)
        return found

    def own(self, channel: str, ts: str, error: str = "cant_update_message") -> Message:
        """Return a message of the app's own."""
        found = self.message(channel, ts)
        if found.get("bot_id") != BOT:
            raise ApiError(error)
        return found

    def posts(self) -> Iterator[tuple[str, Message]]:
        """Yield the app's messages that are there now, with their channels."""
        for channel in self.channels.values():
            for message in channel.messages.values():
                if message.get("bot_id") == BOT:
                    yield channel.channel, message

    def add(self, channel: Channel, message: Message) -> Message:
        channel.messages[message["ts"]] = message
        return message
