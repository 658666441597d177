"""What goes wrong between a team and the app: events that come twice, errors, streams that die, a deaf socket."""

import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.rights import Place
from bot.slack.app import Times
from bot.slack.notices import ASK_AGAIN
from tests.scenario.conftest import CAPTIONS
from tests.scenario.slack_scripted import Scripted
from tests.scenario.slack_team import CHANNEL, Team, member, team, text_of
from tests.slack_server.workspace import TEAM


@pytest.fixture
def talking(tmp_path: Path) -> Iterator[Team]:
    with team(tmp_path / "home", CAPTIONS) as made:
        made.grant("library", CHANNEL)
        yield made


def test_an_event_that_comes_again_is_answered_once(talking: Team) -> None:
    slack, dialogue = talking.slack, Scripted()
    with talking.running(dialogue):
        root = slack.say("C1", "U1", "first", mention=True)
        talking.answers("C1", root)
        for body in slack.events_of("C1", root):
            slack.tell(body)
            slack.tell(body)
        last = slack.say("C1", "U2", "last", mention=True)
        talking.answers("C1", last)
    assert [one.text for one in dialogue.asked] == ["first", "last"]
    assert len(slack.posted("C1")) == 2


def test_a_stream_that_dies_loses_nothing(talking: Team) -> None:
    slack, lines = talking.slack, [f"This is line {number}." for number in range(5)]
    slack.stream_seconds = 0.5
    with talking.running(Scripted("\n".join(lines), pause=0.8)):
        root = slack.say("C1", "U1", "tell me", mention=True)
        (answer,) = talking.answers("C1", root)
    assert all(line in text_of(answer) for line in lines)
    assert slack.called("chat.startStream") and len(slack.posted("C1", root)) == 1
    errors = {call.answer.get("error") for call in slack.called("chat.appendStream") + slack.called("chat.stopStream")}
    assert "message_not_in_streaming_state" in errors


@pytest.mark.parametrize(
    "how", [{"status": 429, "retry_after": 1}, {"status": 500}, {"cut": "before"}, {"cut": "after"}]
)
def test_a_post_that_fails_for_the_time_being_is_there_once_in_the_end(talking: Team, how: dict[str, object]) -> None:
    slack = talking.slack
    slack.fail("chat.postMessage", times=2, **how)  # type: ignore[arg-type]
    with talking.running(Scripted()):
        root = slack.say("C1", "U1", "are you there?", mention=True)
        talking.answers("C1", root)
        time.sleep(0.5)
    assert len(slack.posted("C1", root)) == 1


def test_where_nothing_can_be_said_the_work_ends_and_others_go_on(talking: Team) -> None:
    slack, dialogue = talking.slack, Scripted(pause=0.5)
    talking.grant("library", Place("channel", TEAM, "C2"))
    with talking.running(dialogue):
        slack.say("C2", "U1", "gone", mention=True)
        assert dialogue.began.wait(10)
        slack.leave("C2")
        root = slack.say("C1", "U1", "here", mention=True)
        talking.answers("C1", root)
    assert slack.posted("C2") == [] and len(dialogue.asked) == 2


def test_a_token_that_was_taken_back_ends_the_app_by_name(talking: Team) -> None:
    slack = talking.slack
    with talking.running(Scripted()) as app:
        slack.revoke()
        slack.say("C1", "U1", "hello?", mention=True)
        app.wait(10)
        assert app.went_out is not None and app.went_out.error == "token_revoked"


def test_a_socket_that_is_open_and_deaf_is_replaced(talking: Team) -> None:
    slack = talking.slack
    with talking.running(Scripted(), Times(deaf=2.0)):
        slack.deafen()
        root = slack.say("C1", "U1", "can you hear me?", mention=True)
        talking.answers("C1", root)
    assert len(slack.called("apps.connections.open")) >= 2


def test_a_long_answer_arrives_whole(talking: Team) -> None:
    slack = talking.slack
    whole = "\n".join(f"Line {number:04d} of a long answer." for number in range(700))
    with talking.running(Scripted(whole)):
        root = slack.say("C1", "U1", "tell me everything", mention=True)
        slack.wait_for(lambda: slack.workspace.files and slack.posted("C1", root), 30)
        (file,) = slack.workspace.files.values()
    assert file.content.decode() == whole


def test_two_people_at_once_are_answered_each_in_their_thread(talking: Team) -> None:
    slack = talking.slack
    with talking.running(Scripted(pause=0.5)):
        roots = {user: slack.say("C1", user, f"{user} asks", mention=True) for user in ("U1", "U2")}
        told = {user: text_of(talking.answers("C1", root)[0]) for user, root in roots.items()}
    assert all(f"{user} asks" in text for user, text in told.items())


def test_own_messages_and_those_of_other_apps_are_not_answered(talking: Team) -> None:
    slack, dialogue = talking.slack, Scripted()
    with talking.running(dialogue):
        root = slack.say("C1", "U1", "one question", mention=True)
        (answer,) = talking.answers("C1", root)
        slack.tell_of(slack.workspace.channels["C1"], answer)
        slack.workspace.user("UBOT").is_bot = True
        for body in slack.events_of("C1", slack.say("C1", "UBOT", "beep", thread=root, mention=True, told=False)):
            body["event"]["bot_id"] = "B0OTHER"
            slack.tell(body)
        talking.answers("C1", slack.say("C1", "U1", "another", mention=True))
    assert [one.text for one in dialogue.asked] == ["one question", "another"]


def test_a_question_is_stopped_and_what_is_said_instead_is_asked(talking: Team) -> None:
    slack, dialogue = talking.slack, Scripted("\n".join("abcdefgh"), pause=0.7)
    with talking.running(dialogue):
        root = slack.say("C1", "U1", "a long one", mention=True)
        assert dialogue.began.wait(10)
        slack.say("C1", "U1", "wait, the red one", thread=root)
        first, _ = talking.answers("C1", root, 2)
    assert "Stopped." in text_of(first)
    assert [one.text for one in dialogue.asked] == ["a long one", "the red one"]


def test_a_question_that_was_changed_is_offered_again_and_one_that_was_deleted_is_forgotten(talking: Team) -> None:
    slack = talking.slack
    with talking.running():
        root = slack.say("C1", "U1", "where does the dog sleep?", mention=True)
        talking.answers("C1", root)
        slack.edit("C1", root, "<@U0VIDEOS> who cuts the onion?")
        (offer,) = talking.told("C1", "U1")
        slack.press(ASK_AGAIN, offer, "U1")
        assert "onion" in text_of(talking.answers("C1", root, 2)[1])
        slack.remove("C1", root)
        slack.wait_for(lambda: len(slack.posted("C1", root)) == 1)
    assert not talking.noted


def test_while_what_answers_is_down_each_thread_is_told_once_and_all_is_answered_afterwards(
    talking: Team,
) -> None:
    slack, dialogue = talking.slack, Scripted(is_down=True)
    with talking.running(dialogue, Times(outage_pause=0.3)):
        root = slack.say("C1", "U1", "one", mention=True)
        slack.wait_for(lambda: slack.posted("C1", root))
        slack.say("C1", "U1", "two", thread=root, mention=True)
        time.sleep(1.5)
        assert len(slack.posted("C1", root)) == 1
        dialogue.is_down = False
        notice, *answers = talking.answers("C1", root, 3)
    assert "does not answer right now" in text_of(notice)
    assert [f"You asked: {word}" in text_of(one) for word, one in zip(("one", "two"), answers, strict=True)] == [
        True
    ] * 2


def test_where_searching_by_picture_is_not_set_up_that_is_said_and_what_comes_after_is_answered(talking: Team) -> None:
    slack, bytes_of = talking.slack, BytesIO()
    Image.new("RGB", (64, 48), "red").save(bytes_of, "JPEG")
    talking.grant("library", member("U1"))
    with talking.running():
        first = slack.say("@", "U1", "is it like this?", files=[("red.jpg", bytes_of.getvalue(), "image/jpeg")])
        assert "picture is not set up" in text_of(talking.answers("D1", first)[0])
        second = slack.say("@", "U1", "where does the dog sleep?")
        assert "under a tree" in text_of(talking.answers("D1", second)[0])


def test_what_waits_for_what_is_down_is_forgotten_when_somebody_says_stop(talking: Team) -> None:
    slack, dialogue = talking.slack, Scripted(is_down=True)
    with talking.running(dialogue, Times(outage_pause=30.0)):
        root = slack.say("C1", "U1", "one", mention=True)
        slack.wait_for(lambda: slack.posted("C1", root))
        slack.say("C1", "U2", "two", thread=root, mention=True)
        time.sleep(0.5)
        slack.say("C1", "U1", "stop", thread=root)
        assert "Stopped." in text_of(talking.told("C1", "U1")[0])
        dialogue.is_down = False
        slack.say("C1", "U1", "three", thread=root, mention=True)
        _, answer = talking.answers("C1", root, 2)
    assert "three" in text_of(answer) and [one.text for one in dialogue.asked] == ["one", "three"]
