"""`vdialog slack` and the checks of `vdialog doctor`, as whoever runs the app types them."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.health import team as checks
from bot.slack.manifest import SCOPES
from tests.scenario.conftest import CAPTIONS, Vdialog
from tests.scenario.slack_team import CHANNEL, Team, team, text_of
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import APP_TOKEN, BOT_TOKEN


def environment(made: Team) -> dict[str, str]:
    return {
        **os.environ,
        "VDIALOG_HOME": str(made.settings.home),
        "VDIALOG_TEXT_MODEL": "hashing",
        "VDIALOG_SLACK_URL": made.slack.base_url,
        "VDIALOG_SLACK_BOT_TOKEN": BOT_TOKEN,
        "VDIALOG_SLACK_APP_TOKEN": APP_TOKEN,
    }


@pytest.mark.slow
def test_the_app_runs_until_it_is_told_to_end_and_what_was_asked_meanwhile_is_answered_by_the_next(
    tmp_path: Path,
) -> None:
    with team(tmp_path / "home", CAPTIONS) as made:
        made.grant("library", CHANNEL)
        command = [sys.executable, "-m", "bot.cli", "slack", "run"]
        for number in (1, 2):
            root = made.slack.say("C1", "U1", "where does the dog sleep?", mention=True)
            ran = subprocess.Popen(
                command, env=environment(made), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            try:
                assert "under a tree" in text_of(made.answers("C1", root, seconds=60)[0])
                ran.send_signal(signal.SIGINT if number == 1 else signal.SIGTERM)
                out, err = ran.communicate(timeout=60)
            finally:
                ran.kill()
            assert (ran.returncode, err) == (0, "")
            assert out.splitlines() == ["Connected to Slack. Ctrl+C ends it.", "Disconnected from Slack."]


def test_without_tokens_the_app_says_which_is_missing(vdialog: Vdialog, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = vdialog("slack", "run")
    assert ran.code == 3 and "VDIALOG_SLACK_BOT_TOKEN is not set" in ran.err and "docs/slack.md" in ran.err
    monkeypatch.setenv("VDIALOG_SLACK_BOT_TOKEN", "xapp-1-mixed-up")
    ran = vdialog("slack", "run")
    assert ran.code == 3 and "begins with xoxb-" in ran.err and "mixed-up" not in ran.err


def test_a_token_that_slack_does_not_take_is_named(
    tmp_path: Path, vdialog: Vdialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    with team(tmp_path / "home", CAPTIONS) as made:
        for name, value in environment(made).items():
            monkeypatch.setenv(name, value)
        for name, wrong in (("APP", "xapp-1-wrong"), ("BOT", "xoxb-wrong")):
            monkeypatch.setenv(f"VDIALOG_SLACK_{name}_TOKEN", wrong)
            ran = vdialog("slack", "run")
            assert (ran.code, ran.out) == (3, "") and "Traceback" not in ran.err
            assert f"Slack does not take VDIALOG_SLACK_{name}_TOKEN: invalid_auth" in ran.err


def test_a_run_says_at_its_start_which_scopes_are_missing(
    tmp_path: Path, vdialog: Vdialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    with team(tmp_path / "home", CAPTIONS) as made:
        made.slack.scopes = frozenset(SCOPES) - {"channels:read"}
        for name, value in {**environment(made), "VDIALOG_SLACK_APP_TOKEN": "xapp-1-wrong"}.items():
            monkeypatch.setenv(name, value)
        ran = vdialog("slack", "run")
    assert "The app may not channels:read." in ran.err and "vdialog slack manifest" in ran.err


def test_the_manifest_is_printed_as_it_can_be_pasted(vdialog: Vdialog) -> None:
    assert json.loads(vdialog("slack", "manifest").out)["settings"]["socket_mode_enabled"] is True


def test_doctor_says_which_token_or_scope_is_missing(tmp_path: Path) -> None:
    with team(tmp_path / "home", CAPTIONS) as made:
        assert [one.state for one in checks.examine(made.settings)] == ["ok"] * 3
        made.slack.revoke()
        token, connection = checks.examine(made.settings)
        assert (token.state, connection.state) == ("failed", "failed")
        assert "token_revoked" in token.detail and "VDIALOG_SLACK_APP_TOKEN" in connection.detail
    with SlackServer(scopes=frozenset(SCOPES) - {"files:read"}) as slack:
        settings = made.settings.model_copy(update={"slack_url": slack.base_url})
        scopes = list(checks.examine(settings))[1]
        assert scopes.state == "failed" and "files:read" in scopes.detail and "slack manifest" in scopes.fix


def test_the_page_on_slack_explains_the_scopes_of_the_manifest() -> None:
    page = (Path(__file__).parents[2] / "docs" / "slack.md").read_text()
    assert all(f"| `{scope}` | {reason} |" in page for scope, reason in SCOPES.items())
    assert page.count(" | ") - page.partition("## Scopes")[0].count(" | ") == len(SCOPES) + 2
