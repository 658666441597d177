"""The methods of the Web API that are not about messages or files, and the table of all."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.slack_server.workspace import BOT, BOT_USER, DOMAIN, TEAM, ApiError, Channel

if TYPE_CHECKING:
    from tests.slack_server.server import SlackServer

Args = dict[str, Any]
Answer = dict[str, Any]
METHODS: dict[str, tuple[Callable[["SlackServer", Args], Answer], str]] = {}
"""By name: what it does, and the scope that it needs; `{kind}` in it is the kind of the channel."""

MOST_PROMPTS = 4


def method(
    name: str, scope: str = ""
) -> Callable[[Callable[["SlackServer", Args], Answer]], Callable[["SlackServer", Args], Answer]]:
    """Register a method of the Web API."""

    def registered(does: Callable[["SlackServer", Args], Answer]) -> Callable[["SlackServer", Args], Answer]:
        METHODS[name] = (does, scope)
        return does

    return registered


def needed(args: Args, *names: str) -> list[Any]:
    """Return arguments that must be there."""
    missing = [name for name in names if args.get(name) in (None, "")]
    if missing:
        raise ApiError("invalid_arguments", response_metadata={"messages": [f"[ERROR] missing: {missing[0]}"]})
    return [args[name] for name in names]


def is_true(value: Any) -> bool:
    return str(value).lower() in ("true", "1")


def page(items: list[Any], args: Args, most: int) -> tuple[list[Any], dict[str, Any]]:
    """Return the part of a list that a cursor asks for, and where the next one begins."""
    start, limit = int(args.get("cursor") or 0), min(int(args.get("limit") or 100), most)
    following = str(start + limit) if start + limit < len(items) else ""
    return items[start : start + limit], {"next_cursor": following}


@method("auth.test")
def auth_test(server: "SlackServer", args: Args) -> Answer:
    return {
        "url": f"https://{DOMAIN}.slack.com/",
        "team": DOMAIN,
        "user": "videos",
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", "connections:write")
def connections_open(server: "SlackServer", args: Args) -> Answer:
    return {"url": server.sockets.ticket()}


@method("conversations.info", "{kind}:read")
def conversations_info(server: "SlackServer", args: Args) -> Answer:
    (channel,) = needed(args, "channel")
    found = server.workspace.seen(channel)
    counted = {"num_members": len(found.members)} if is_true(args.get("include_num_members")) else {}
    return {"channel": {**found.described(), **counted}}


@method("conversations.members", "{kind}:read")
def conversations_members(server: "SlackServer", args: Args) -> Answer:
    (channel,) = needed(args, "channel")
    members, following = page(server.workspace.seen(channel).members, args, 1_000)
    return {"members": members, "response_metadata": following}


@method("conversations.open", "im:write")
def conversations_open(server: "SlackServer", args: Args) -> Answer:
    (users,) = needed(args, "users")
    if users not in server.workspace.users:
        raise ApiError("user_not_found")
    return {"channel": {"id": server.workspace.direct(users).channel}}


@method("users.info", "users:read")
def users_info(server: "SlackServer", args: Args) -> Answer:
    (user,) = needed(args, "user")
    if user not in server.workspace.users or user in server.workspace.untold:
        raise ApiError("user_not_found")
    return {"user": server.workspace.users[user].described()}


@method("users.list", "users:read")
def users_list(server: "SlackServer", args: Args) -> Answer:
    known = [one for name, one in server.workspace.users.items() if name not in server.workspace.untold]
    users, following = page(known, args, 1_000)
    return {"members": [user.described() for user in users], "response_metadata": following}


@method("reactions.add", "reactions:write")
def reactions_add(server: "SlackServer", args: Args) -> Answer:
    channel, ts, name = needed(args, "channel", "timestamp", "name")
    server.workspace.message(channel, ts)
    if (channel, ts, name) in server.workspace.reactions:
        raise ApiError("already_reacted")
    server.workspace.reactions.add((channel, ts, name))
    return {}


@method("assistant.threads.setStatus", "assistant:write|chat:write")
def set_status(server: "SlackServer", args: Args) -> Answer:
    channel, thread = needed(args, "channel_id", "thread_ts")
    server.workspace.written_to(channel)
    server.workspace.statuses.append({"channel": channel, "thread": thread, "status": args.get("status", "")})
    return {}


@method("assistant.threads.setTitle", "assistant:write")
def set_title(server: "SlackServer", args: Args) -> Answer:
    needed(args, "channel_id", "thread_ts", "title")
    return {}


@method("assistant.threads.setSuggestedPrompts", "assistant:write")
def set_suggested_prompts(server: "SlackServer", args: Args) -> Answer:
    channel, prompts = needed(args, "channel_id", "prompts")
    _direct(server.workspace.seen(channel))
    if not isinstance(prompts, list) or len(prompts) > MOST_PROMPTS:
        raise ApiError("invalid_arguments", response_metadata={"messages": ["[ERROR] at most 4 prompts"]})
    if not all(prompt.get("title") and prompt.get("message") for prompt in prompts):
        raise ApiError("invalid_arguments", response_metadata={"messages": ["[ERROR] an empty prompt"]})
    server.workspace.prompts.append({"channel": channel, "title": args.get("title"), "prompts": prompts})
    return {}


def _direct(channel: Channel) -> None:
    if channel.kind != "im":
        raise ApiError("channel_type_not_supported")
