"""The manifest asks for what the app uses: no scope, event, command or shortcut less, and none more."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from slack_sdk import WebClient

from bot.slack import listeners
from bot.slack.manifest import EVENTS, METHODS, SCOPES, manifest, missing_scopes

ROOM = Path(listeners.__file__).parent
CALLS = frozenset(name for name in vars(WebClient) if "_" in name and not name.startswith("_"))
MESSAGES = ("message.channels", "message.groups", "message.im", "message.mpim")


def nodes() -> Iterator[ast.AST]:
    for path in sorted(ROOM.glob("*.py")):
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def methods_called() -> set[str]:
    return {node.attr.replace("_", ".") for node in nodes() if isinstance(node, ast.Attribute) and node.attr in CALLS}


def registered(kind: str) -> set[str]:
    """Return what listeners are registered for, by `app.event(...)` and the like."""
    found = set()
    for node in nodes():
        if isinstance(node, ast.Call) and ast.unparse(node.func) == f"app.{kind}":
            named = node.args[0]
            found.add(named.value if isinstance(named, ast.Constant) else getattr(listeners, ast.unparse(named)))
    return found


def test_every_method_that_is_called_is_known_with_its_scopes_and_no_other() -> None:
    assert methods_called() == set(METHODS)


def test_every_event_that_is_listened_to_is_subscribed_to_and_no_other() -> None:
    heard = {event for name in registered("event") for event in (MESSAGES if name == "message" else (name,))}
    assert heard == set(EVENTS) == set(manifest()["settings"]["event_subscriptions"]["bot_events"])


def test_the_scopes_are_those_of_methods_events_and_commands() -> None:
    needed = {scope for scopes in (*METHODS.values(), *EVENTS.values()) for scope in scopes} | {"commands"}
    assert needed == set(SCOPES)
    asked = manifest()["oauth_config"]["scopes"]["bot"]
    assert asked == sorted(SCOPES)


def test_the_page_gives_the_reason_of_each_scope() -> None:
    page = (ROOM.parents[1] / "docs" / "slack.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z_]+:[a-z]+|commands)` \| (.*) \|$", page, re.MULTILINE))
    assert rows == SCOPES


def test_commands_and_shortcuts_are_those_that_are_listened_to() -> None:
    features = manifest()["features"]
    assert {one["command"] for one in features["slash_commands"]} == registered("command")
    assert {one["callback_id"] for one in features["shortcuts"]} == registered("shortcut")


def test_it_is_an_agent_that_talks_in_its_messages_over_socket_mode() -> None:
    made = manifest()
    assert "agent_view" in made["features"] and "assistant_view" not in made["features"]
    assert made["features"]["app_home"]["messages_tab_enabled"]
    assert made["settings"]["socket_mode_enabled"] and made["settings"]["interactivity"]["is_enabled"]


def test_its_texts_are_as_long_as_slack_takes_them() -> None:
    shown, features = manifest()["display_information"], manifest()["features"]
    assert len(shown["name"]) <= 35 and len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4_000
    assert len(features["agent_view"]["agent_description"]) <= 300
    (command,), shortcuts = features["slash_commands"], features["shortcuts"]
    assert len(command["command"]) <= 32 and len(command["description"]) <= 2_000
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in shortcuts)


def test_scopes_that_a_token_lacks_are_named() -> None:
    assert missing_scopes(",".join(SCOPES)) == []
    assert missing_scopes("chat:write, commands") == sorted(SCOPES.keys() - {"chat:write", "commands"})
