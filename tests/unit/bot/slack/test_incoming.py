"""Whatever Slack sends, or somebody in its name, is read into values or left alone, and never ends the reader."""

import copy
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack import incoming, pressing
from tests.slack_server import payloads
from tests.slack_server.workspace import BOT_USER, Workspace

ODD = st.text(st.sampled_from("<>@#!|.:1 a\n") | st.characters(), max_size=12)


def workspace() -> Workspace:
    made = Workspace(lambda: 1_760_000_000.0)
    made.channel("C1").members.append("U1")
    return made


def message() -> dict[str, Any]:
    return {
        **{"type": "message", "user": "U1", "ts": "1.1", "thread_ts": "1.0", "text": f"<@{BOT_USER}> *where*?"},
        **{"files": [{"id": "F1", "mimetype": "image/png"}], "blocks": [], "team": "T1"},
    }


def bodies() -> dict[str, dict[str, Any]]:
    place = workspace()
    channel, one = place.channel("C1"), message()
    row = {"type": "button", "action_id": "why", "value": "7.1", "text": {"type": "plain_text", "text": "Why?"}}
    return {
        "said": payloads.event(place, payloads.message_event(channel, one)),
        "mentioned": payloads.event(place, payloads.mention_event(channel, one)),
        "changed": payloads.event(place, payloads.changed_event(place, channel, {**one, "text": "who?"}, one)),
        "deleted": payloads.event(place, payloads.deleted_event(place, channel, one)),
        "pressed": payloads.pressed(place, "C1", one, "U1", row, "https://hooks.example/x"),
        "commanded": payloads.command(place, "C1", "U1", "/videos", "find a dog", "https://hooks.example/x"),
        "shortcut": payloads.shortcut(place, "C1", one, "U1", "ask_about_this", "https://hooks.example/x"),
    }


BODIES = bodies()


def read_all(body: Any) -> None:
    incoming.said(body, BOT_USER)
    incoming.changed(body, BOT_USER)
    incoming.deleted(body)
    incoming.commanded(body, "1.1")
    incoming.pointed_at(body)
    if (pushed := incoming.pressed(body)) is not None:
        with suppress(ValueError):
            pressing.number_of(pushed)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return where something stands in a payload."""
    items: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    return [one for key, inner in items for one in ((*path, key), *paths(inner, (*path, key)))]


def at(body: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        body = body[key]
    return body


def changed_at(body: dict[str, Any], path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> dict[str, Any]:
    made = copy.deepcopy(body)
    change(at(made, path[:-1]), path[-1])
    return made


@pytest.mark.parametrize("kind", BODIES)
def test_what_is_there_is_read(kind: str) -> None:
    body = BODIES[kind]
    read = {
        "said": lambda: incoming.said(body, BOT_USER),
        "mentioned": lambda: incoming.said(body, BOT_USER),
        "changed": lambda: incoming.changed(body, BOT_USER),
        "deleted": lambda: incoming.deleted(body),
        "pressed": lambda: incoming.pressed(body),
        "commanded": lambda: incoming.commanded(body, "1.1"),
        "shortcut": lambda: incoming.pointed_at(body),
    }
    assert read[kind]() is not None


@pytest.mark.parametrize("kind", BODIES)
def test_a_payload_may_lack_anything(kind: str) -> None:
    for path in paths(BODIES[kind]):

        def removed(holder: Any, key: Any) -> None:
            del holder[key]

        read_all(changed_at(BODIES[kind], path, removed))


@pytest.mark.parametrize("kind", BODIES)
@settings(max_examples=30)
@given(data=st.data())
def test_a_payload_may_hold_any_words(kind: str, data: st.DataObject) -> None:
    value = data.draw(ODD)
    for path in paths(BODIES[kind]):
        if not isinstance(at(BODIES[kind], path), str):
            continue

        def put(holder: Any, key: Any) -> None:
            holder[key] = value

        read_all(changed_at(BODIES[kind], path, put))


@given(st.text(st.sampled_from("<>@#!|U0VIDEOS abc&;:_*\n") | st.characters(), max_size=60))
def test_words_are_what_a_person_reads(text: str) -> None:
    words = incoming.words_of(text, BOT_USER)
    assert f"<@{BOT_USER}>" not in words and words == words.strip()
