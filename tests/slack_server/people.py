"""What people do in the workspace: they speak, edit, press buttons, come and go; the app is told of it."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from tests.slack_server import payloads
from tests.slack_server.sockets import Envelope, Sockets
from tests.slack_server.workspace import BOT, BOT_USER, TEAM, Channel, File, Message, Workspace

Dropped = tuple[str, bytes, str]
"""A file that somebody drops: its name, its bytes, its type."""


class People:
    """The people of a workspace, and what they do."""

    workspace: Workspace
    sockets: Sockets
    subscribed: frozenset[str] | None
    origin: str
    revoked: str

    def say(
        self,
        channel: str,
        user: str,
        text: str,
        thread: str | None = None,
        mention: bool = False,
        files: Sequence[Dropped] = (),
        told: bool = True,
    ) -> str:
        """Post a message of a person; return its time. Without `told` the app hears nothing of it yet."""
        with self.workspace.changed:
            where = self._among(channel, user)
            shown = f"<@{BOT_USER}> {text}" if mention else text
            message: Message = {
                "type": "message",
                "user": user,
                "team": self.workspace.user(user).described()["team_id"],
                "ts": self.workspace.ts(),
                "text": shown,
                "client_msg_id": f"local-{self.workspace.number()}",
                "blocks": [_rich(shown)],
            }
            if thread:
                message |= {"thread_ts": thread, "parent_user_id": where.messages[thread]["user"]}
            if files:
                held = [self._dropped(user, *one) for one in files]
                described = [one.described(self.origin) for one in held]
                message |= {"subtype": "file_share", "files": described, "upload": False}
            self.workspace.add(where, message)
            if told:
                for inner in self.events_of(where.channel, message["ts"]):
                    self.tell(inner)
            return message["ts"]

    def events_of(self, channel: str, ts: str) -> list[payloads.Payload]:
        """Return the events that Slack sends of a message: that it was posted, and that it mentions the app."""
        where = self.workspace.channels[channel]
        message = where.messages[ts]
        made = [payloads.message_event(where, message)]
        if f"<@{BOT_USER}>" in message["text"] and where.kind != "im" and message["user"] != BOT_USER:
            made.append(payloads.mention_event(where, message))
        return [payloads.event(self.workspace, inner, where.is_ext_shared) for inner in made]

    def tell(self, body: payloads.Payload) -> Envelope | None:
        """Send an event to the app, if it subscribed to its kind; the same body may be sent again."""
        inner = body["event"]
        kind = f"message.{_plural(inner['channel_type'])}" if inner["type"] == "message" else inner["type"]
        if self.subscribed is not None and kind not in self.subscribed:
            return None
        if inner["type"] == "message" and BOT_USER not in self.workspace.channels[inner["channel"]].members:
            return None
        return self.sockets.send("events_api", body)

    def tell_of(self, channel: Channel, message: Message) -> None:
        """Tell the app of a message of its own: it hears itself."""
        self.tell(payloads.event(self.workspace, payloads.message_event(channel, message), channel.is_ext_shared))

    def tell_of_change(self, channel: Channel, before: Message, message: Message) -> None:
        """Tell the app that a message was edited, whoever did it."""
        self.tell(payloads.event(self.workspace, payloads.changed_event(self.workspace, channel, before, message)))

    def edit(self, channel: str, ts: str, text: str) -> None:
        """Edit a message of a person."""
        with self.workspace.changed:
            where = self.workspace.channels[channel]
            message, before = where.messages[ts], dict(where.messages[ts])
            edited = {"user": message["user"], "ts": self.workspace.ts()}
            message.update(text=text, edited=edited, blocks=[_rich(text)])
            self.tell_of_change(where, before, message)

    def remove(self, channel: str, ts: str) -> None:
        """Delete a message; of one that has a thread, a mark stays."""
        with self.workspace.changed:
            where = self.workspace.channels[channel]
            message = where.messages[ts]
            if any(one.get("thread_ts") == ts for one in where.messages.values()):
                gone = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": ts, "thread_ts": ts}
                where.messages[ts] = {**gone, "text": "This message was deleted.", "hidden": True}
            else:
                del where.messages[ts]
            self.tell(payloads.event(self.workspace, payloads.deleted_event(self.workspace, where, message)))

    def join(self, channel: str, user: str) -> None:
        """Let somebody come into a channel."""
        self._among(channel, user, "member_joined_channel")

    def leave(self, channel: str, user: str = BOT_USER) -> None:
        """Let somebody leave a channel, or the app be removed from it."""
        with self.workspace.changed:
            where = self.workspace.channels[channel]
            where.members.remove(user)
            inner = {"type": "member_left_channel", "user": user, "channel": channel, "team": TEAM}
            self.tell(payloads.event(self.workspace, {**inner, "event_ts": self.workspace.ts()}))

    def guest(self, user: str) -> str:
        """Make somebody a guest."""
        return self._changed(user, is_guest=True)

    def outsider(self, user: str) -> str:
        """Make somebody a person of another workspace."""
        return self._changed(user, is_outsider=True)

    def open_home(self, user: str, tab: str = "messages") -> None:
        """Open a tab of the app."""
        with self.workspace.changed:
            channel = self.workspace.direct(user).channel
            inner = {"type": "app_home_opened", "user": user, "channel": channel, "tab": tab}
            self.tell(payloads.event(self.workspace, {**inner, "event_ts": self.workspace.ts()}))

    def press(self, action: str, message: Message, user: str, value: str | None = None) -> Envelope:
        """Press a button of a message, by its action id; of the two of feedback, the one with this value."""
        with self.workspace.changed:
            channel = message.get("channel") or self._where(message)
            pressed = _button(message, action, value)
            body = payloads.pressed(self.workspace, channel, message, user, pressed, self.reply_address(channel, user))
            return self.sockets.send("interactive", body)

    def command(self, text: str, user: str, channel: str, name: str = "/videos") -> Envelope:
        """Give a slash command."""
        with self.workspace.changed:
            where = self._among(channel, user).channel
            answer = self.reply_address(where, user)
            return self.sockets.send(
                "slash_commands", payloads.command(self.workspace, where, user, name, text, answer)
            )

    def shortcut(self, named: str, channel: str, ts: str, user: str) -> Envelope:
        """Use a message shortcut on a message."""
        with self.workspace.changed:
            message = self._among(channel, user).messages[ts]
            answer = self.reply_address(channel, user)
            body = payloads.shortcut(self.workspace, channel, message, user, named, answer)
            return self.sockets.send("interactive", body)

    def uninstall(self) -> None:
        """Remove the app from the workspace: its tokens are worth nothing any more."""
        with self.workspace.changed:
            self.tell(payloads.event(self.workspace, {"type": "tokens_revoked", "tokens": {"bot": [BOT_USER]}}))
            self.tell(payloads.event(self.workspace, {"type": "app_uninstalled"}))
            self.revoked = "account_inactive"

    def reply_address(self, channel: str, user: str) -> str:
        """Return an address that takes messages for somebody in a channel, as commands and buttons come with one."""
        identity = uuid.uuid4().hex
        self.workspace.replies[identity] = (channel, user, 0)
        return f"{self.origin}/reply/{identity}"

    def posted(self, channel: str, thread: str | None = None) -> list[Message]:
        """Return the messages of the app that are in a channel now, or in a thread of it."""
        with self.workspace.changed:
            there = self.workspace.channels.get(channel)
            own = (one for one in (there.messages.values() if there else ()) if one.get("bot_id") == BOT)
            return [dict(one) for one in own if thread is None or one.get("thread_ts") == thread]

    def hidden(self, channel: str, user: str) -> list[Message]:
        """Return what only one person was shown in a channel."""
        with self.workspace.changed:
            return [dict(one) for one in self.workspace.ephemeral if (one["channel"], one["to"]) == (channel, user)]

    def wait_for(self, predicate: Callable[[], Any], seconds: float = 10.0) -> Any:
        """Return what a predicate returns as soon as it is true; AssertionError where it does not get so in time."""
        with self.workspace.changed:
            if not self.workspace.changed.wait_for(predicate, seconds):
                raise AssertionError(f"not within {seconds} seconds")
            return predicate()

    def _among(self, channel: str, user: str, event: str = "") -> Channel:
        """Return a channel with somebody in it; the direct message of the app and them for `@`."""
        with self.workspace.changed:
            where = self.workspace.direct(user) if channel == "@" else self.workspace.channel(channel)
            self.workspace.user(user)
            if user not in where.members:
                where.members.append(user)
                if event:
                    inner = {"type": event, "user": user, "channel": channel, "team": TEAM}
                    self.tell(payloads.event(self.workspace, {**inner, "event_ts": self.workspace.ts()}))
            return where

    def _changed(self, user: str, **what: bool) -> str:
        with self.workspace.changed:
            for name, value in what.items():
                setattr(self.workspace.user(user), name, value)
            inner = {"type": "user_change", "user": self.workspace.user(user).described()}
            self.tell(payloads.event(self.workspace, {**inner, "event_ts": self.workspace.ts()}))
            return user

    def _dropped(self, user: str, name: str, content: bytes, kind: str) -> File:
        file = File(f"F{self.workspace.number()}", name, content, kind, user)
        self.workspace.files[file.file] = file
        return file

    def _where(self, message: Message) -> str:
        channels = self.workspace.channels.values()
        return next(one.channel for one in channels if message["ts"] in one.messages)


def _rich(text: str) -> payloads.Payload:
    element = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "block_id": "said", "elements": [element]}


def _plural(kind: str) -> str:
    return {"channel": "channels", "group": "groups"}.get(kind, kind)


def _button(message: Message, action: str, value: str | None) -> payloads.Payload:
    """Return what Slack tells of a pressed button of a message; KeyError where it has none of that name."""
    for block in message["blocks"]:
        for element in block.get("elements", []):
            if element.get("action_id") != action:
                continue
            told = {"type": element["type"], "block_id": block["block_id"], "action_id": action}
            if element["type"] != "feedback_buttons":
                return {**told, "text": element["text"], "value": element.get("value", "")}
            pair = (element["positive_button"], element["negative_button"])
            chosen = next(one for one in pair if value is None or one["value"] == value)
            return {**told, "text": chosen["text"], "value": chosen["value"]}
    raise KeyError(action)
