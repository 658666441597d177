"""Asking in Slack, as a team does: mentions, direct messages, threads, and whoever reads along."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario.conftest import CAPTIONS, Vdialog
from tests.scenario.slack_scripted import Scripted
from tests.scenario.slack_team import CHANNEL, Team, member, team, text_of


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Team]:
    with team(tmp_path / "home", CAPTIONS) as made:
        made.grant("library", CHANNEL)
        yield made


def test_a_mention_is_answered_in_its_thread_with_the_moment_and_what_follows_needs_no_mention(asked: Team) -> None:
    slack = asked.slack
    with asked.running():
        root = slack.say("C1", "U1", "where does the dog sleep?", mention=True)
        (answer,) = asked.answers("C1", root)
        assert "under a tree" in text_of(answer) and answer["thread_ts"] == root
        slack.say("C1", "U1", "and what happens before that?", thread=root)
        _, second = asked.answers("C1", root, 2)
        assert "catches the ball" in text_of(second)
    assert not asked.noted
    refused = {call.answer.get("error") for call in slack.called("chat.postMessage")}
    assert refused <= {None, "ratelimited"}


def test_a_direct_message_is_answered_under_the_rights_of_who_asks(asked: Team) -> None:
    asked.grant("secret", member("U1"))
    with asked.running():
        mine = asked.slack.say("@", "U1", "who counts the gold?")
        theirs = asked.slack.say("@", "U2", "who counts the gold?")
        assert "guard" in text_of(asked.answers("D1", mine)[0])
        assert "guard" not in text_of(asked.answers("D2", theirs)[0])


def test_people_talk_to_each_other_in_a_followed_thread_and_get_no_answer(asked: Team) -> None:
    slack = asked.slack
    with asked.running():
        root = slack.say("C1", "U1", "where does the dog sleep?", mention=True)
        asked.answers("C1", root)
        for text in ("thanks!", "<@U2> can you check that?", "I was there last year", "are you free at three?"):
            slack.say("C1", "U1", text, thread=root)
        slack.say("C1", "U2", "who cuts the onion?", thread=root)
        answers = asked.answers("C1", root, 2)
    assert len(answers) == 2 and "cuts an onion" in text_of(answers[1])


def test_in_a_thread_of_others_only_a_mention_counts_and_what_was_said_before_is_what_it_is_about(asked: Team) -> None:
    slack = asked.slack
    with asked.running():
        root = slack.say("C1", "U1", "does anybody know where the brown dog sleeps?")
        slack.say("C1", "U2", "no idea", thread=root)
        slack.say("C1", "U2", "can you find that?", thread=root, mention=True)
        (answer,) = asked.answers("C1", root)
        assert "under a tree" in text_of(answer)
        slack.say("C1", "U1", "who cuts the onion?", thread=root)
        other = slack.say("C1", "U1", "who cuts the onion?", mention=True)
        asked.answers("C1", other)
    assert len(slack.posted("C1", root)) == 1


def test_a_thread_is_quiet_when_told_and_listens_again_also_after_a_restart(asked: Team) -> None:
    slack = asked.slack
    with asked.running():
        root = slack.say("C1", "U1", "where does the dog sleep?", mention=True)
        asked.answers("C1", root)
        slack.say("C1", "U1", "quiet please", thread=root)
        (told,) = asked.told("C1", "U1")
        assert "quiet" in text_of(told)
    with asked.running():
        slack.say("C1", "U1", "who cuts the onion?", thread=root)
        slack.press("listen", told, "U1")
        asked.told("C1", "U1", 2)
        slack.say("C1", "U1", "who stirs the pot?", thread=root)
        _, answer = asked.answers("C1", root, 2)
    assert "soup" in text_of(answer) and len(slack.posted("C1", root)) == 2


def test_who_is_quiet_answers_a_mention_and_reads_along_again_when_somebody_says_listen(asked: Team) -> None:
    slack = asked.slack
    with asked.running():
        root = slack.say("C1", "U1", "where does the dog sleep?", mention=True)
        asked.answers("C1", root)
        slack.say("C1", "U1", "quiet", thread=root)
        assert "only who mentions me" in text_of(asked.told("C1", "U1")[0])
        slack.say("C1", "U1", "who cuts the onion?", thread=root, mention=True)
        asked.answers("C1", root, 2)
        slack.say("C1", "U2", "who catches the ball?", thread=root)
        slack.wait_for(lambda: all(one.acknowledged_after is not None for one in slack.sockets.envelopes))
        slack.say("C1", "U1", "listen", thread=root)
        assert "I read this thread" in text_of(asked.told("C1", "U1", 2)[1])
        slack.say("C1", "U1", "who stirs the pot?", thread=root)
        answers = asked.answers("C1", root, 3)
    assert len(answers) == 3 and "soup" in text_of(answers[2])


def test_a_command_is_answered_to_who_gives_it_and_can_be_shared_under_the_rights_of_the_channel(asked: Team) -> None:
    slack = asked.slack
    asked.grant("secret", member("U1"))
    asked.grant("library", member("U1"))
    with asked.running():
        slack.command("help", "U1", "C1")
        assert "/videos ask" in text_of(asked.told("C1", "U1")[0])
        slack.command("ask who counts the gold?", "U1", "C1")
        answer = asked.told("C1", "U1", 2)[1]
        assert "guard" in text_of(answer)
        slack.press("share", answer, "U1")
        shared = slack.wait_for(lambda: slack.posted("C1"), 20)
        assert "guard" not in text_of(shared[0]) and "vault" not in text_of(shared[0])
        slack.command("list", "U2", "C1")
        assert "park" not in text_of(asked.told("C1", "U2")[0])
        slack.command("scope secret", "U1", "C1")
        slack.command("list", "U1", "C1")
        listed = asked.told("C1", "U1", 4)[3]
        assert "vault" in text_of(listed) and "park" not in text_of(listed)
    assert not asked.noted


def test_who_may_see_nothing_is_told_by_which_grant_they_would(asked: Team) -> None:
    with asked.running():
        asked.slack.command("ask who cuts the onion?", "U1", "C1")
        assert f"vdialog grants add COLLECTION {member('U1')}" in text_of(asked.told("C1", "U1")[0])


def test_what_was_answered_under_a_grant_that_was_taken_back_is_as_if_it_were_not_there(asked: Team) -> None:
    slack = asked.slack
    with asked.running():
        root = slack.say("C1", "U1", "where does the dog sleep?", mention=True)
        (answer,) = asked.answers("C1", root)
        asked.take_back("library", CHANNEL)
        asked.grant("secret", CHANNEL)
        slack.press("only_video", answer, "U1")
        told = text_of(asked.answers("C1", root, 2)[1])
    assert "That is not there any more." in told and root not in told


def test_who_shares_an_answer_where_the_app_is_no_member_is_told(asked: Team) -> None:
    slack = asked.slack
    asked.grant("library", member("U1"))
    with asked.running():
        slack.join("C1", "U1")
        slack.leave("C1")
        slack.command("ask who cuts the onion?", "U1", "C1")
        (answer,) = asked.told("C1", "U1")
        slack.press("share", answer, "U1")
        assert "Invite me" in text_of(asked.told("C1", "U1", 2)[1])
    assert all(call.args.get("thread_ts") for call in slack.called("assistant.threads.setStatus"))


def test_what_is_unknown_and_what_is_forbidden_is_answered_alike(asked: Team) -> None:
    slack = asked.slack
    with asked.running():
        for name in ("secret", "nowhere"):
            slack.command(f"scope {name}", "U2", "C1")
        told = [one["text"] for one in asked.told("C1", "U2", 2)]
    assert told[0].replace("secret", "nowhere") == told[1]


def test_only_administrators_grant_a_collection_and_it_counts_from_the_next_question(tmp_path: Path) -> None:
    with team(tmp_path / "home", CAPTIONS, slack_admins="U900") as made, made.running():
        slack = made.slack
        slack.command("grant library", "U1", "C1")
        assert "administrators" in text_of(made.told("C1", "U1")[0])
        slack.command("grant library", "U900", "C1")
        (question,) = made.told("C1", "U900")
        first = slack.say("C1", "U1", "where does the dog sleep?", mention=True)
        assert "tree" not in text_of(made.answers("C1", first)[0])
        slack.press("confirm", question, "U900")
        made.told("C1", "U900", 2)
        second = slack.say("C1", "U1", "where does the dog sleep?", mention=True)
        assert "under a tree" in text_of(made.answers("C1", second)[0])


def test_where_a_guest_reads_along_only_what_is_granted_for_outside_is_told(asked: Team) -> None:
    slack = asked.slack
    with asked.running():
        first = slack.say("C1", "U1", "where does the dog sleep?", mention=True)
        assert "under a tree" in text_of(asked.answers("C1", first)[0])
        slack.guest("U7")
        slack.join("C1", "U7")
        slack.say("C1", "U1", "who cuts the onion?", thread=first)
        second = slack.say("C1", "U1", "who cuts the onion?", mention=True)
        refused = text_of(asked.answers("C1", second)[0])
        assert "cuts an onion" not in refused and "guests or people of elsewhere read along" in refused
        assert f"vdialog grants add COLLECTION {CHANNEL} --external" in refused
        asked.grant("library", CHANNEL, external=True)
        third = slack.say("C1", "U1", "who cuts the onion?", mention=True)
        assert "cuts an onion" in text_of(asked.answers("C1", third)[0])


def test_a_message_can_be_asked_about_and_a_moment_explained_judged_and_gone_on_from(
    asked: Team, vdialog: Vdialog
) -> None:
    slack = asked.slack
    asked.grant("library", member("U1"))
    with asked.running():
        said = slack.say("C1", "U2", "The dog sleeps under a tree, they say.")
        slack.shortcut("ask_about_this", "C1", said, "U1")
        assert "under a tree" in text_of(asked.told("C1", "U1")[0])
        root = slack.say("C1", "U1", "where does the dog sleep?", mention=True)
        (answer,) = asked.answers("C1", root)
        slack.press("why", answer, "U1")
        assert "Searched for" in text_of(asked.told("C1", "U1", 2)[1])
        slack.press("opinion", answer, "U1", "bad:2")
        asked.told("C1", "U1", 3)
        kept = json.loads(vdialog("feedback", "export").out)
        assert (kept["opinion"], kept["asked"], len(kept["moments"])) == ("bad", "where does the dog sleep?", 1)
        assert "dog" not in vdialog("conversations", "list", "--all").out
        slack.press("more_like", answer, "U1")
        asked.answers("C1", root, 2)
        slack.press("only_video", answer, "U1")
        asked.answers("C1", root, 3)
    assert not asked.noted


def test_who_opens_the_messages_of_the_app_is_offered_questions_about_videos_that_they_may_see(asked: Team) -> None:
    slack = asked.slack
    asked.grant("library", member("U1"))
    with asked.running():
        slack.open_home("U2")
        slack.open_home("U1")
        call = slack.wait_for(lambda: slack.called("assistant.threads.setSuggestedPrompts"), 20)[0]
        prompts = [prompt["message"] for prompt in call.args["prompts"]]
        assert "Which videos are there?" in prompts and any("park" in prompt for prompt in prompts)
        asked_there = slack.say("@", "U1", prompts[0])
        assert "park" in text_of(asked.answers("D1", asked_there)[0])
    (only,) = slack.called("assistant.threads.setSuggestedPrompts")
    assert only.args["channel_id"] == "D1"


def test_an_app_that_is_taken_out_of_the_workspace_ends(asked: Team) -> None:
    with asked.running() as app:
        asked.slack.uninstall()
        app.wait(20)
        assert app.is_ending


def test_a_language_model_is_told_what_people_said_before_and_nobody_else_is(asked: Team) -> None:
    asked.grant("library", member("U1"))
    slack, dialogue = asked.slack, Scripted()
    with asked.running(dialogue, has_model=True):
        root = slack.say("C1", "U1", "I saw the brown dog yesterday")
        slack.say("C1", "U2", "under a &lt;tree&gt;, was it?", thread=root)
        slack.say("C1", "U2", "where does it sleep?", thread=root, mention=True)
        asked.answers("C1", root)
        slack.say("C1", "U1", "so it is", thread=root)
        slack.say("C1", "U2", "who cuts the onion?", thread=root, mention=True)
        asked.answers("C1", root, 2)
        slack.shortcut("ask_about_this", "C1", slack.say("C1", "U1", "does the dog bark?", thread=root), "U1")
        asked.told("C1", "U1")
    with asked.running(dialogue):
        slack.say("C1", "U2", "what does the dog catch?", thread=root, mention=True)
        asked.answers("C1", root, 3)
    talk = ("I saw the brown dog yesterday", "under a <tree>, was it?")
    heard = {one.text: one.overheard for one in dialogue.asked}
    assert heard["where does it sleep?"] == talk
    assert heard["who cuts the onion?"][:2] == talk and heard["who cuts the onion?"][-1] == "so it is"
    assert heard["does the dog bark?"] == heard["what does the dog catch?"] == ()
