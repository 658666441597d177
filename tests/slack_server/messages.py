"""The methods of the Web API that post, change, stream and read messages."""

import json
from typing import TYPE_CHECKING, Any

from slack_sdk.models.messages.chunk import Chunk

from tests.slack_server.methods import Answer, Args, is_true, method, needed, page
from tests.slack_server.validation import problems
from tests.slack_server.workspace import APP, BOT, BOT_USER, DOMAIN, TEAM, ApiError, Channel, Message

if TYPE_CHECKING:
    from tests.slack_server.server import SlackServer

LONGEST_TEXT = 40_000
LONGEST_UPDATE = 4_000
LONGEST_MARKDOWN = 12_000
LONGEST_METADATA = 8_000


def checked(server: "SlackServer", args: Args, longest: int = LONGEST_TEXT) -> Message:
    """Return what of the arguments is shown, after Slack's checks."""
    text, blocks = args.get("text") or "", args.get("blocks") or []
    blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
    if not text and not blocks:
        raise ApiError("no_text")
    if len(text) > longest:
        raise ApiError("msg_too_long")
    if wrong := [*problems(blocks), *_unknown_files(server, blocks)]:
        server.refused.append({"blocks": blocks, "problems": wrong})
        raise ApiError("invalid_blocks", errors=wrong, response_metadata={"messages": wrong})
    return {"text": text, "blocks": [{"block_id": f"b{server.workspace.number()}", **block} for block in blocks]}


def _unknown_files(server: "SlackServer", blocks: list[dict[str, Any]]) -> list[str]:
    named = [block["slack_file"].get("id") for block in blocks if "slack_file" in block]
    files = server.workspace.files
    now = server.workspace.now()
    return [
        f"invalid slack file {name}"
        for name in named
        if name not in files or not files[name].done or files[name].deleted or files[name].ready > now
    ]


def metadata(args: Args) -> Message:
    """Return the metadata of a message."""
    given = args.get("metadata")
    given = json.loads(given) if isinstance(given, str) else given
    if given is None:
        return {}
    if not isinstance(given.get("event_type"), str) or not isinstance(given.get("event_payload"), dict):
        raise ApiError("invalid_metadata_format")
    if len(json.dumps(given)) > LONGEST_METADATA:
        raise ApiError("metadata_too_large")
    return {"metadata": given}


def new(server: "SlackServer", channel: Channel, args: Args) -> Message:
    """Return a new message of the app; its thread must be there."""
    thread = args.get("thread_ts")
    if thread and not channel.thread(thread):
        raise ApiError("thread_not_found")
    return {
        "type": "message",
        "user": BOT_USER,
        "bot_id": BOT,
        "app_id": APP,
        "team": TEAM,
        "ts": server.workspace.ts(),
        "bot_profile": {"id": BOT, "app_id": APP, "name": "Videos", "team_id": TEAM},
        **({"thread_ts": thread} if thread else {}),
    }


@method("chat.postMessage", "chat:write")
def post_message(server: "SlackServer", args: Args) -> Answer:
    (channel_id,) = needed(args, "channel")
    channel = server.workspace.written_to(channel_id)
    message = {**new(server, channel, args), **checked(server, args), **metadata(args)}
    server.workspace.add(channel, message)
    server.tell_of(channel, message)
    return {"channel": channel_id, "ts": message["ts"], "message": message}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(server: "SlackServer", args: Args) -> Answer:
    channel_id, user = needed(args, "channel", "user")
    channel = server.workspace.written_to(channel_id)
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    message = {**new(server, channel, args), **checked(server, args), "channel": channel_id, "to": user}
    server.workspace.ephemeral.append(message)
    return {"message_ts": message["ts"]}


@method("chat.update", "chat:write")
def update(server: "SlackServer", args: Args) -> Answer:
    channel_id, ts = needed(args, "channel", "ts")
    channel, message = server.workspace.written_to(channel_id), server.workspace.own(channel_id, ts)
    if _is_streaming(server, message):
        raise ApiError("streaming_state_conflict")
    before = dict(message)
    message.update(checked(server, args, LONGEST_UPDATE), **metadata(args))
    server.tell_of_change(channel, before, message)
    return {"channel": channel_id, "ts": ts, "text": message["text"], "message": message}


@method("chat.delete", "chat:write")
def delete(server: "SlackServer", args: Args) -> Answer:
    channel_id, ts = needed(args, "channel", "ts")
    server.workspace.own(channel_id, ts, "cant_delete_message")
    server.remove(channel_id, ts)
    return {"channel": channel_id, "ts": ts}


@method("chat.getPermalink")
def get_permalink(server: "SlackServer", args: Args) -> Answer:
    channel, ts = needed(args, "channel", "message_ts")
    message = server.workspace.message(channel, ts)
    thread = f"?thread_ts={message['thread_ts']}&cid={channel}" if "thread_ts" in message else ""
    permalink = f"https://{DOMAIN}.slack.com/archives/{channel}/p{ts.replace('.', '')}{thread}"
    return {"channel": channel, "permalink": permalink}


@method("chat.startStream", "chat:write")
def start_stream(server: "SlackServer", args: Args) -> Answer:
    channel_id, _ = needed(args, "channel", "thread_ts")
    channel = server.workspace.written_to(channel_id)
    if channel.kind != "im":
        for name in ("recipient_user_id", "recipient_team_id"):
            if not args.get(name):
                raise ApiError(f"missing_{name}")
    message = {**new(server, channel, args), "text": "", "blocks": [], "streaming_state": "in_progress"}
    message["dies"] = server.workspace.now() + server.stream_seconds
    _append(server, message, args)
    server.workspace.add(channel, message)
    server.tell_of(channel, message)
    return {"channel": channel_id, "ts": message["ts"]}


@method("chat.appendStream", "chat:write")
def append_stream(server: "SlackServer", args: Args) -> Answer:
    message = _streamed(server, args)
    _append(server, message, args)
    return {"channel": args["channel"], "ts": message["ts"]}


@method("chat.stopStream", "chat:write")
def stop_stream(server: "SlackServer", args: Args) -> Answer:
    message = _streamed(server, args)
    if args.get("blocks"):
        message["blocks"] += checked(server, {"blocks": args["blocks"]})["blocks"]
    _append(server, message, args)
    message.update(metadata(args), streaming_state="completed")
    server.tell_of_change(server.workspace.channels[args["channel"]], message, message)
    return {"channel": args["channel"], "ts": message["ts"], "message": message}


def _streamed(server: "SlackServer", args: Args) -> Message:
    channel, ts = needed(args, "channel", "ts")
    server.workspace.written_to(channel)
    message = server.workspace.own(channel, ts, "message_not_owned_by_app")
    if not _is_streaming(server, message):
        raise ApiError("message_not_in_streaming_state")
    return message


def _is_streaming(server: "SlackServer", message: Message) -> bool:
    """Tell whether a stream is open; one whose time is over ends here."""
    if message.get("streaming_state") == "in_progress" and server.workspace.now() >= message["dies"]:
        message["streaming_state"] = "errored"
    return message.get("streaming_state") == "in_progress"


def _append(server: "SlackServer", message: Message, args: Args) -> None:
    chunks = args.get("chunks") or []
    chunks = json.loads(chunks) if isinstance(chunks, str) else chunks
    for chunk in chunks:
        if Chunk.parse(chunk) is None:
            raise ApiError("invalid_chunks")
    texts = [args.get("markdown_text") or "", *(chunk.get("text", "") for chunk in chunks)]
    if any(len(text) > LONGEST_MARKDOWN for text in texts):
        raise ApiError("msg_too_long")
    message["text"] += "".join(texts)
    message["blocks"] += [block for chunk in chunks for block in chunk.get("blocks", [])]


@method("conversations.replies", "{kind}:history")
def conversations_replies(server: "SlackServer", args: Args) -> Answer:
    channel_id, ts = needed(args, "channel", "ts")
    channel = server.workspace.seen(channel_id)
    if BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    thread = channel.thread(channel.messages.get(ts, {}).get("thread_ts", ts))
    if not thread:
        raise ApiError("thread_not_found")
    root, *replies = thread
    return _listed([root, *(one for one in replies if _is_within(one, args))], args)


@method("conversations.history", "{kind}:history")
def conversations_history(server: "SlackServer", args: Args) -> Answer:
    (channel_id,) = needed(args, "channel")
    channel = server.workspace.seen(channel_id)
    if BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    top = [one for one in channel.messages.values() if one.get("thread_ts", one["ts"]) == one["ts"]]
    return _listed([one for one in reversed(top) if _is_within(one, args)], args)


def _is_within(message: Message, args: Args) -> bool:
    """Tell whether a message lies between `oldest` and `latest`."""
    ts, inclusive = float(message["ts"]), is_true(args.get("inclusive"))
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or 1e12)
    return oldest <= ts <= latest and (inclusive or ts not in (oldest, latest))


def _listed(messages: list[Message], args: Args) -> Answer:
    shown, following = page(messages, args, 1_000)
    hidden = ("dies",) if is_true(args.get("include_all_metadata")) else ("dies", "metadata")
    listed = [{name: value for name, value in one.items() if name not in hidden} for one in shown]
    return {"messages": listed, "has_more": bool(following["next_cursor"]), "response_metadata": following}
