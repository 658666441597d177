"""The local Slack that the app is tested against is itself right: by Slack's own clients, limit by limit."""

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.webhook import WebhookClient

from tests.slack_server import APP_TOKEN, BOT_TOKEN, BOT_USER, TEAM, SlackServer
from tests.slack_server.validation import problems

BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Why?"}, "action_id": "why", "value": "r1.1"}
ROW = {"type": "actions", "elements": [BUTTON]}


class Clock:
    def __init__(self) -> None:
        self.time = 1_760_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[SlackServer]:
    with SlackServer(now=clock, ack_seconds=0.3) as server:
        server.workspace.channel("C1").members.append("U1")
        server.workspace.user("U1")
        yield server


@pytest.fixture
def web(slack: SlackServer) -> WebClient:
    return WebClient(token=BOT_TOKEN, base_url=slack.base_url, retry_handlers=[])


class App:
    """An app that notes what it is told, and acknowledges where it is to."""

    def __init__(self, slack: SlackServer) -> None:
        self.heard: list[SocketModeRequest] = []
        self.acknowledges = True
        self.response: Any = None
        self.client = SocketModeClient(APP_TOKEN, web_client=WebClient(base_url=slack.base_url), ping_interval=1)
        self.client.socket_mode_request_listeners.append(self._hear)
        self.client.connect()

    def _hear(self, client: Any, request: SocketModeRequest) -> None:
        self.heard.append(request)
        if self.acknowledges:
            client.send_socket_mode_response(SocketModeResponse(request.envelope_id, self.response))

    def close(self, slack: SlackServer) -> None:
        """End; the connections are cut first, as the client would wait for seconds for something to hear."""
        self.client.auto_reconnect_enabled = self.client.default_auto_reconnect_enabled = False
        slack.drop()
        self.client.close()

    def events(self) -> list[dict[str, Any]]:
        return [request.payload["event"] for request in self.heard if request.type == "events_api"]


@pytest.fixture
def app(slack: SlackServer) -> Iterator[App]:
    made = App(slack)
    yield made
    made.close(slack)


def error_of(call: Callable[[], Any]) -> str:
    with pytest.raises(SlackApiError) as raised:
        call()
    return str(raised.value.response["error"])


def read(address: str | urllib.request.Request) -> bytes:
    with urllib.request.urlopen(address) as response:
        return bytes(response.read())


def post(web: WebClient, clock: Clock, **more: Any) -> str:
    clock.time += 1
    return str(web.chat_postMessage(**{"channel": "C1", "text": "hello", **more})["ts"])


def test_the_token_says_who_the_app_is_and_what_it_may_do(slack: SlackServer, web: WebClient) -> None:
    slack.scopes = frozenset(["chat:write"])
    me = web.auth_test()
    assert (me["user_id"], me["team_id"], me.headers["x-oauth-scopes"]) == (BOT_USER, TEAM, "chat:write")
    assert error_of(lambda: web.users_info(user="U1")) == "missing_scope"
    assert error_of(lambda: web.conversations_replies(channel="C1", ts="1.1")) == "missing_scope"
    assert error_of(lambda: WebClient("xoxb-other", slack.base_url).auth_test()) == "invalid_auth"
    assert error_of(lambda: web.api_call("no.such")) == "unknown_method"
    slack.revoke()
    assert error_of(web.auth_test) == "token_revoked"


def test_a_post_is_there_with_its_thread_and_its_metadata(slack: SlackServer, web: WebClient, clock: Clock) -> None:
    root = slack.say("C1", "U1", "hi")
    carried = {"event_type": "answer", "event_payload": {"event": "Ev1"}}
    ts = post(web, clock, thread_ts=root, metadata=carried, blocks=[ROW])
    (message,) = slack.posted("C1", root)
    assert (message["ts"], message["text"], message["user"]) == (ts, "hello", BOT_USER)
    plain = web.conversations_replies(channel="C1", ts=root)["messages"]
    assert [one["ts"] for one in plain] == [root, ts] and "metadata" not in plain[1]
    (_, whole) = web.conversations_replies(channel="C1", ts=root, include_all_metadata=True)["messages"]
    assert whole["metadata"] == carried
    assert error_of(lambda: post(web, clock, thread_ts="1.1")) == "thread_not_found"
    assert error_of(lambda: post(web, clock, metadata={"event_type": "x", "event_payload": 1})) == (
        "invalid_metadata_format"
    )


def test_replies_come_in_pages(slack: SlackServer, web: WebClient) -> None:
    root = slack.say("C1", "U1", "hi")
    said = [slack.say("C1", "U1", str(number), thread=root) for number in range(5)]
    pages = [list(page["messages"]) for page in web.conversations_replies(channel="C1", ts=root, limit=2)]
    assert [one["ts"] for page in pages for one in page] == [root, *said]
    late = web.conversations_replies(channel="C1", ts=root, oldest=said[3], inclusive=True)["messages"]
    assert [one["ts"] for one in late] == [root, *said[3:]]


def test_a_channel_takes_one_post_a_second(web: WebClient, clock: Clock) -> None:
    web.chat_postMessage(channel="C1", text="one")
    with pytest.raises(SlackApiError) as raised:
        web.chat_postMessage(channel="C1", text="two")
    response = raised.value.response
    assert (response.status_code, response["error"], response.headers["Retry-After"]) == (429, "ratelimited", "1")
    clock.time += 1
    web.chat_postMessage(channel="C1", text="two")


def test_a_method_can_be_held_to_so_many_calls_a_minute(clock: Clock) -> None:
    with SlackServer(now=clock, a_minute={"auth.test": 2}) as slack:
        web = WebClient(BOT_TOKEN, slack.base_url, retry_handlers=[])
        web.auth_test()
        web.auth_test()
        assert error_of(web.auth_test) == "ratelimited"
        clock.time += 60
        web.auth_test()


def test_channels_that_take_nothing_say_why(slack: SlackServer, web: WebClient, clock: Clock) -> None:
    slack.workspace.channel("C2").members.clear()
    slack.workspace.channel("G3").members.clear()
    slack.workspace.channel("C4").is_archived = True
    found = [error_of(lambda channel=one: post(web, clock, channel=channel)) for one in ("C2", "G3", "C4", "C9")]
    assert found == ["not_in_channel", "channel_not_found", "is_archived", "channel_not_found"]


def test_texts_and_blocks_have_their_limits(slack: SlackServer, web: WebClient, clock: Clock) -> None:
    assert error_of(lambda: web.api_call("chat.postMessage", json={"channel": "C1"})) == "no_text"
    assert error_of(lambda: post(web, clock, text="a" * 40_001)) == "msg_too_long"
    long = {"type": "section", "text": {"type": "plain_text", "text": "a" * 3_001}}
    assert error_of(lambda: post(web, clock, blocks=[long])) == "invalid_blocks"
    ts = post(web, clock)
    assert error_of(lambda: web.chat_update(channel="C1", ts=ts, text="a" * 4_001)) == "msg_too_long"
    unknown = {"type": "image", "slack_file": {"id": "F9"}, "alt_text": "a"}
    assert error_of(lambda: post(web, clock, blocks=[unknown])) == "invalid_blocks"
    assert len(slack.refused) == 2


@pytest.mark.parametrize(
    "block",
    [
        {"type": "header", "text": {"type": "plain_text", "text": "a" * 151}},
        {"type": "markdown", "text": "a" * 12_001},
        {"type": "section", "text": {"type": "plain_text", "text": " "}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "a", "emoji": False}},
        {"type": "section", "fields": [{"type": "plain_text", "text": "a" * 2_001}]},
        {"type": "section", "txt": {"type": "plain_text", "text": "a"}},
        {"type": "context", "elements": []},
        {"type": "actions", "elements": [BUTTON] * 2},
        {"type": "actions", "elements": [{**BUTTON, "action_id": str(n)} for n in range(26)]},
        {"type": "actions", "elements": [{**BUTTON, "text": {"type": "plain_text", "text": "a" * 76}}]},
        {"type": "actions", "elements": [{**BUTTON, "text": {"type": "mrkdwn", "text": "a"}}]},
        {"type": "actions", "elements": [{**BUTTON, "url": "javascript:x"}]},
        {"type": "actions", "elements": [{**BUTTON, "value": "a" * 2_001}]},
        {"type": "image", "slack_file": {"id": "F1"}, "alt_text": ""},
        {"type": "image", "alt_text": "a"},
        {"type": "image", "image_url": "https://a.example/x", "alt_text": "a" * 2_001},
        {"type": "nothing"},
    ],
    ids=lambda block: json.dumps(block)[:50],
)
def test_blocks_that_slack_refuses_are_refused(block: dict[str, Any]) -> None:
    assert problems([block])
    assert problems([{**ROW, "block_id": "a"}, {**ROW, "block_id": "a"}])
    assert problems([{"type": "divider"}] * 51) and not problems([{"type": "divider"}, ROW])


def test_own_messages_are_changed_and_deleted_and_those_of_others_not(
    slack: SlackServer, web: WebClient, clock: Clock
) -> None:
    said, ts = slack.say("C1", "U1", "hi"), post(web, clock)
    web.chat_update(channel="C1", ts=ts, text="changed")
    assert slack.posted("C1")[0]["text"] == "changed"
    assert error_of(lambda: web.chat_update(channel="C1", ts=said, text="x")) == "cant_update_message"
    assert error_of(lambda: web.chat_update(channel="C1", ts="1.1", text="x")) == "message_not_found"
    web.chat_delete(channel="C1", ts=ts)
    assert slack.posted("C1") == []
    assert error_of(lambda: web.chat_delete(channel="C1", ts=said)) == "cant_delete_message"


def test_a_stream_shows_what_is_appended_until_it_dies(slack: SlackServer, web: WebClient, clock: Clock) -> None:
    root = slack.say("C1", "U1", "hi")
    assert error_of(lambda: web.chat_startStream(channel="C1", thread_ts=root)) == "missing_recipient_user_id"
    to = {"recipient_user_id": "U1", "recipient_team_id": TEAM}
    clock.time += 1
    stream = web.chat_startStream(channel="C1", thread_ts=root, markdown_text="one", **to)["ts"]
    web.chat_appendStream(channel="C1", ts=stream, markdown_text=" two")
    assert slack.posted("C1")[0]["text"] == "one two"
    assert error_of(lambda: web.chat_update(channel="C1", ts=stream, text="x")) == "streaming_state_conflict"
    assert error_of(lambda: web.chat_appendStream(channel="C1", ts=stream, markdown_text="a" * 12_001)) == (
        "msg_too_long"
    )
    clock.time += 300
    for call in (web.chat_appendStream, web.chat_stopStream):
        failed = error_of(lambda call=call: call(channel="C1", ts=stream, markdown_text=" three"))
        assert failed == "message_not_in_streaming_state"
    web.chat_update(channel="C1", ts=stream, text="one two three")
    assert slack.posted("C1")[0]["text"] == "one two three"


def test_a_stream_ends_with_blocks_and_the_client_of_the_sdk_drives_one(
    slack: SlackServer, web: WebClient, clock: Clock
) -> None:
    root = slack.say("@", "U1", "hi")
    (channel,) = [one.channel for one in slack.workspace.channels.values() if one.kind == "im"]
    stream = web.chat_stream(channel=channel, thread_ts=root, buffer_size=1)
    stream.append(markdown_text="one")
    stream.append(markdown_text=" two")
    stream.stop(blocks=[ROW])
    (message,) = slack.posted(channel, root)
    assert message["text"] == "one two" and message["blocks"][0]["elements"] == [BUTTON]
    assert error_of(lambda: web.chat_stopStream(channel=channel, ts=message["ts"])) == "message_not_in_streaming_state"


def test_a_file_is_uploaded_in_three_steps_and_downloaded_with_the_token(
    slack: SlackServer, web: WebClient, clock: Clock
) -> None:
    slack.file_seconds = 5.0
    root = slack.say("C1", "U1", "hi")
    web.files_upload_v2(content=b"picture", filename="a.png", channel="C1", thread_ts=root)
    (message,) = slack.posted("C1", root)
    file = message["files"][0]["id"]
    image = {"type": "image", "slack_file": {"id": file}, "alt_text": "a"}
    assert error_of(lambda: post(web, clock, blocks=[image])) == "invalid_blocks", "it is not looked at yet"
    clock.time += 5
    post(web, clock, blocks=[image])
    address = web.files_info(file=file)["file"]["url_private_download"]
    asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {BOT_TOKEN}"})
    assert read(asked) == b"picture"
    assert b"Sign in" in read(address)
    web.files_delete(file=file)
    assert error_of(lambda: web.files_info(file=file)) == "file_deleted"
    assert error_of(lambda: web.files_info(file="F0")) == "file_not_found"


def test_who_is_in_a_channel_is_told_in_pages(slack: SlackServer, web: WebClient) -> None:
    for user in (slack.guest("U2"), slack.outsider("U3")):
        slack.join("C1", user)
    pages = [page["members"] for page in web.conversations_members(channel="C1", limit=2)]
    assert pages == [[BOT_USER, "U1"], ["U2", "U3"]]
    assert web.conversations_info(channel="C1", include_num_members=True)["channel"]["num_members"] == 4
    assert web.users_info(user="U2")["user"]["is_restricted"]
    assert web.users_info(user="U3")["user"]["team_id"] != TEAM
    assert error_of(lambda: web.users_info(user="U9")) == "user_not_found"
    direct = web.conversations_open(users="U1")["channel"]["id"]
    assert web.conversations_info(channel=direct)["channel"]["is_im"]


def test_what_one_person_sees_is_kept_apart(slack: SlackServer, web: WebClient) -> None:
    web.chat_postEphemeral(channel="C1", user="U1", text="for you")
    assert [one["text"] for one in slack.hidden("C1", "U1")] == ["for you"] and slack.posted("C1") == []
    assert error_of(lambda: web.chat_postEphemeral(channel="C1", user="U2", text="x")) == "user_not_in_channel"


def test_status_prompts_links_and_reactions_are_recorded(slack: SlackServer, web: WebClient, clock: Clock) -> None:
    ts = slack.say("C1", "U1", "hi")
    web.assistant_threads_setStatus(channel_id="C1", thread_ts=ts, status="is searching")
    assert slack.workspace.statuses[-1]["status"] == "is searching"
    direct = slack.workspace.direct("U1").channel
    web.assistant_threads_setSuggestedPrompts(channel_id=direct, prompts=[{"title": "a", "message": "b"}])
    assert slack.workspace.prompts[-1]["prompts"] == [{"title": "a", "message": "b"}]
    too_many = [{"title": "a", "message": "b"}] * 5
    assert error_of(lambda: web.assistant_threads_setSuggestedPrompts(channel_id=direct, prompts=too_many)) == (
        "invalid_arguments"
    )
    link = web.chat_getPermalink(channel="C1", message_ts=ts)["permalink"]
    assert link == f"https://local.slack.com/archives/C1/p{ts.replace('.', '')}"
    web.reactions_add(channel="C1", timestamp=ts, name="eyes")
    assert error_of(lambda: web.reactions_add(channel="C1", timestamp=ts, name="eyes")) == "already_reacted"


def test_calls_go_wrong_as_a_test_asks_for(slack: SlackServer, web: WebClient, clock: Clock) -> None:
    slack.fail("chat.postMessage", status=429, retry_after=7)
    with pytest.raises(SlackApiError) as raised:
        post(web, clock)
    assert raised.value.response.headers["Retry-After"] == "7"
    slack.fail("chat.postMessage", status=500)
    with pytest.raises(SlackApiError):
        post(web, clock)
    slack.fail("chat.postMessage", "channel_not_found", channel="C1")
    assert error_of(lambda: post(web, clock)) == "channel_not_found"
    slack.fail("chat.postMessage", cut="before")
    with pytest.raises((URLError, HTTPException, OSError)):
        post(web, clock)
    assert slack.posted("C1") == []
    slack.fail("chat.postMessage", cut="after")
    with pytest.raises((URLError, HTTPException, OSError)):
        post(web, clock)
    assert len(slack.posted("C1")) == 1, "it took effect, and nobody was told"
    always = slack.fail("auth.test", "internal_error", times=-1)
    assert [error_of(web.auth_test) for _ in range(2)] == ["internal_error"] * 2
    always.times = 0
    web.auth_test()
    assert len(slack.called("chat.postMessage")) == 5


def test_a_mention_comes_as_two_events_and_a_direct_message_as_one(slack: SlackServer, app: App) -> None:
    slack.say("C1", "U1", "where?", mention=True, files=[("a.png", b"x", "image/png")])
    slack.say("@", "U1", "where?")
    slack.wait_for(lambda: len(app.events()) == 3)
    message, mention, direct = sorted(app.events(), key=lambda one: (one["ts"], one["type"] == "app_mention"))
    assert (message["type"], mention["type"], direct["channel_type"]) == ("message", "app_mention", "im")
    assert message["text"] == mention["text"] == f"<@{BOT_USER}> where?" and message["ts"] == mention["ts"]
    assert message["files"][0]["name"] == "a.png" and "files" not in mention


def test_the_app_hears_only_what_it_subscribed_to_and_where_it_is(slack: SlackServer, app: App) -> None:
    slack.subscribed = frozenset(["message.im", "app_mention"])
    slack.say("C1", "U1", "where?")
    slack.say("C1", "U1", "where?", mention=True)
    slack.say("@", "U1", "where?")
    slack.wait_for(lambda: len(app.events()) == 2)
    assert {one["type"] for one in app.events()} == {"app_mention", "message"}


def test_edits_deletions_and_members_are_told(slack: SlackServer, app: App, web: WebClient) -> None:
    ts = slack.say("C1", "U1", "one")
    slack.edit("C1", ts, "two")
    slack.remove("C1", ts)
    slack.join("C1", "U2")
    slack.guest("U2")
    slack.open_home("U1")
    slack.leave("C1")
    slack.wait_for(lambda: len(app.events()) == 7)
    kinds = {one.get("subtype") or one["type"]: one for one in app.events()}
    assert kinds["message_changed"]["message"]["text"] == "two"
    assert kinds["message_changed"]["previous_message"]["text"] == "one"
    assert kinds["message_deleted"]["deleted_ts"] == ts
    assert {"member_joined_channel", "user_change", "app_home_opened", "member_left_channel"} <= set(kinds)
    assert error_of(lambda: web.chat_postMessage(channel="C1", text="x")) == "not_in_channel"


def test_a_deleted_message_leaves_a_mark_where_it_had_a_thread(slack: SlackServer, web: WebClient) -> None:
    root = slack.say("C1", "U1", "hi")
    slack.say("C1", "U1", "more", thread=root)
    slack.remove("C1", root)
    messages = web.conversations_replies(channel="C1", ts=root)["messages"]
    assert [one.get("subtype") for one in messages] == ["tombstone", None]


def test_the_app_hears_its_own_posts(slack: SlackServer, app: App, web: WebClient, clock: Clock) -> None:
    ts = post(web, clock)
    slack.wait_for(lambda: app.events())
    (own,) = app.events()
    assert (own["ts"], own["user"]) == (ts, BOT_USER) and own["bot_id"]


def test_what_is_not_acknowledged_is_sent_again_under_the_same_event_id(slack: SlackServer, app: App) -> None:
    app.acknowledges = False
    slack.say("C1", "U1", "hi")
    slack.wait_for(lambda: slack.sockets.envelopes[0].is_lost, 5)
    assert len(app.heard) == 4
    assert len({request.payload["event_id"] for request in app.heard}) == 1
    assert len({request.envelope_id for request in app.heard}) == 4
    assert [request.retry_attempt for request in app.heard] == [0] * 4
    app.acknowledges = True
    slack.say("C1", "U1", "hi")
    slack.wait_for(lambda: slack.sockets.envelopes[1].acknowledged_after is not None)
    assert slack.sockets.envelopes[1].acknowledged_after < 0.3


def test_an_event_waits_for_a_connection_and_can_be_sent_twice(slack: SlackServer) -> None:
    slack.say("C1", "U1", "later", told=False)
    (ts,) = slack.workspace.channels["C1"].messages
    (body,) = slack.events_of("C1", ts)
    slack.tell(body)
    slack.tell(body)
    app = App(slack)
    try:
        slack.wait_for(lambda: len(app.heard) == 2)
        assert len({request.payload["event_id"] for request in app.heard}) == 1
    finally:
        app.close(slack)


def test_buttons_are_pressed_and_their_address_takes_replies(
    slack: SlackServer, app: App, web: WebClient, clock: Clock
) -> None:
    pair = {
        name: {"text": {"type": "plain_text", "text": name}, "value": f"{name}:r1"}
        for name in ("positive_button", "negative_button")
    }
    opinion = {"type": "feedback_buttons", "action_id": "opinion", **pair}
    post(web, clock, blocks=[ROW, {"type": "context_actions", "elements": [opinion]}])
    (message,) = slack.posted("C1")
    slack.press("why", message, "U1")
    slack.press("opinion", message, "U1", "negative_button:r1")
    slack.wait_for(lambda: len([one for one in app.heard if one.type == "interactive"]) == 2)
    pressed = {one.payload["actions"][0]["action_id"]: one.payload for one in app.heard if one.type == "interactive"}
    assert pressed["why"]["actions"][0]["value"] == "r1.1" and pressed["why"]["message"]["ts"] == message["ts"]
    assert pressed["opinion"]["actions"][0]["value"] == "negative_button:r1"
    reply = WebhookClient(pressed["why"]["response_url"])
    assert [reply.send(text="because").status_code for _ in range(6)] == [200] * 5 + [404]
    assert [one["text"] for one in slack.hidden("C1", "U1")] == ["because"] * 5
    with pytest.raises(KeyError):
        slack.press("nothing", message, "U1")


def test_commands_and_shortcuts_arrive_and_are_not_sent_again(slack: SlackServer, app: App) -> None:
    app.response = {"text": "on it"}
    slack.command("find a ferry", "U1", "C1")
    slack.wait_for(lambda: slack.hidden("C1", "U1"))
    assert app.heard[0].payload["text"] == "find a ferry" and slack.hidden("C1", "U1")[0]["text"] == "on it"
    app.acknowledges = False
    told = slack.shortcut("ask_about", "C1", slack.say("C1", "U1", "hi"), "U1")
    slack.wait_for(lambda: told.is_lost)
    assert told.sent == 1


def test_a_ticket_is_good_for_one_connection(slack: SlackServer, app: App) -> None:
    address = app.client.wss_uri.replace("ws:", "http:")
    with pytest.raises(HTTPError, match="400") as raised:
        read(address)
    raised.value.close()
    assert error_of(lambda: WebClient(BOT_TOKEN, slack.base_url).apps_connections_open(app_token="xapp-other")) == (
        "invalid_auth"
    )


@pytest.mark.parametrize("end", ["refresh", "drop"])
def test_the_client_comes_back_by_a_new_address(slack: SlackServer, app: App, end: str) -> None:
    first = app.client.wss_uri
    getattr(slack, end)()
    slack.wait_for(lambda: slack.sockets.opened == 2, 15)
    assert app.client.wss_uri != first
    slack.say("C1", "U1", "hi")
    slack.wait_for(lambda: app.events(), 5)


def test_a_deaf_socket_stays_open_and_silent_and_its_events_go_elsewhere(slack: SlackServer, app: App) -> None:
    assert slack.deafen() == 1
    pings = slack.sockets.connections[0].pings
    other = App(slack)
    try:
        for _ in range(2):
            slack.say("C1", "U1", "hi")
        slack.wait_for(lambda: len({one["ts"] for one in other.events()}) == 2, 5)
        assert app.heard == [] and len(slack.sockets.connections) == 2
        assert any(envelope.sent > 1 for envelope in slack.sockets.envelopes)
        assert slack.sockets.connections[0].pings == pings
    finally:
        other.close(slack)


def test_events_are_shared_out_among_connections(slack: SlackServer, app: App) -> None:
    other = App(slack)
    try:
        slack.wait_for(lambda: len(slack.sockets.connections) == 2)
        for _ in range(4):
            slack.say("C1", "U1", "hi")
        slack.wait_for(lambda: len(app.heard) + len(other.heard) == 4)
        assert len(app.heard) == len(other.heard) == 2
    finally:
        other.close(slack)


def test_an_uninstall_takes_the_tokens_back(slack: SlackServer, app: App, web: WebClient) -> None:
    slack.uninstall()
    slack.wait_for(lambda: len(app.events()) == 2)
    assert {one["type"] for one in app.events()} == {"tokens_revoked", "app_uninstalled"}
    assert error_of(web.auth_test) == "account_inactive"


def test_nothing_of_it_stays_behind() -> None:
    before = threading.active_count()
    with SlackServer() as slack:
        address = slack.base_url
    assert threading.active_count() == before
    with pytest.raises(URLError):
        read(f"{address}auth.test")
