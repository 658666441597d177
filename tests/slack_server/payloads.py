"""What Slack tells an app, in the shapes of its reference: events, buttons, commands, shortcuts."""

from collections.abc import Mapping
from typing import Any

from tests.slack_server.workspace import APP, BOT_USER, DOMAIN, TEAM, Channel, Message, Workspace

Payload = dict[str, Any]
KINDS = {"channel": "channel", "group": "group", "im": "im", "mpim": "mpim"}


def event(workspace: Workspace, inner: Mapping[str, Any], is_shared: bool = False) -> Payload:
    """Return an event with all that is around it, under an id of its own."""
    return {
        "token": "local",
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": dict(inner),
        "type": "event_callback",
        "event_id": f"Ev{workspace.number():010d}",
        "event_time": int(workspace.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": is_shared,
        "event_context": f"4-{workspace.number()}",
    }


def message_event(channel: Channel, message: Message) -> Payload:
    """Return that a message was posted."""
    told = {name: value for name, value in message.items() if name not in ("dies", "streaming_state")}
    return {**told, "channel": channel.channel, "event_ts": message["ts"], "channel_type": KINDS[channel.kind]}


def mention_event(channel: Channel, message: Message) -> Payload:
    """Return that the app was mentioned; such an event carries no files."""
    kept = ("user", "ts", "text", "team", "thread_ts", "blocks", "bot_id", "bot_profile", "subtype")
    told = {name: message[name] for name in kept if name in message and message[name] != "file_share"}
    return {"type": "app_mention", **told, "channel": channel.channel, "event_ts": message["ts"]}


def changed_event(workspace: Workspace, channel: Channel, before: Message, message: Message) -> Payload:
    """Return that a message was edited."""
    ts = workspace.ts()
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": dict(message),
        "previous_message": before,
        "channel": channel.channel,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": KINDS[channel.kind],
    }


def deleted_event(workspace: Workspace, channel: Channel, message: Message) -> Payload:
    """Return that a message was deleted."""
    ts = workspace.ts()
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": message,
        "channel": channel.channel,
        "hidden": True,
        "deleted_ts": message["ts"],
        "ts": ts,
        "event_ts": ts,
        "channel_type": KINDS[channel.kind],
    }


def pressed(workspace: Workspace, channel: str, message: Message, user: str, action: Payload, answer: str) -> Payload:
    """Return that a button of a message was pressed; `answer` is the address for a reply."""
    hidden = "to" in message
    shown = {name: value for name, value in message.items() if name not in ("to", "dies", "channel")}
    thread = {"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}
    return {
        "type": "block_actions",
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM},
        "api_app_id": APP,
        "token": "local",
        "container": {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": channel,
            "is_ephemeral": hidden,
            **thread,
        },
        "trigger_id": f"{workspace.number()}.{workspace.number()}.local",
        "team": {"id": TEAM, "domain": DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel, "name": channel.lower()},
        **({} if hidden else {"message": shown}),
        "state": {"values": {}},
        "response_url": answer,
        "actions": [{**action, "action_ts": workspace.ts()}],
    }


def command(workspace: Workspace, channel: str, user: str, name: str, text: str, answer: str) -> Payload:
    """Return that a slash command was given."""
    return {
        "token": "local",
        "team_id": TEAM,
        "team_domain": DOMAIN,
        "channel_id": channel,
        "channel_name": "directmessage" if channel.startswith("D") else channel.lower(),
        "user_id": user,
        "user_name": user.lower(),
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": answer,
        "trigger_id": f"{workspace.number()}.{workspace.number()}.local",
    }


def shortcut(workspace: Workspace, channel: str, message: Message, user: str, named: str, answer: str) -> Payload:
    """Return that a message shortcut was used."""
    return {
        "type": "message_action",
        "token": "local",
        "action_ts": workspace.ts(),
        "team": {"id": TEAM, "domain": DOMAIN},
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM},
        "channel": {"id": channel, "name": channel.lower()},
        "is_enterprise_install": False,
        "enterprise": None,
        "callback_id": named,
        "trigger_id": f"{workspace.number()}.{workspace.number()}.local",
        "response_url": answer,
        "message_ts": message["ts"],
        "message": {name: value for name, value in message.items() if name != "dies"},
    }
