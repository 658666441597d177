"""Checks of the app in Slack: its tokens, its scopes, and that it can connect. Slack hears nothing of the library."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.errors import CONFIGURATION, SERVICE_MISSING
from bot.health.check import Check

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.slack.calls import Retrying

SETUP = "docs/slack.md tells how the app is set up, and where Slack shows its tokens."
AGAIN = """\
Paste what `vdialog slack manifest` prints as the manifest of the app at https://api.slack.com/apps, save it,
and install the app again."""


def examine(settings: "Settings") -> Iterator[Check]:
    """Yield a check of each token: that it is one, that Slack knows it, and that it may do what the app does.

    Where no token is set there is no app, and nothing to check.
    """
    given = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    if not any(given):
        return
    from bot.errors import ConfigurationError
    from bot.slack.app import Tokens
    from bot.slack.calls import Retrying, client

    try:
        tokens = Tokens(*given)
    except ConfigurationError as error:
        yield Check("Slack tokens", "failed", error.message, SETUP, CONFIGURATION)
        return
    calls, where = Retrying(tries=2), settings.slack_url
    yield from _bot(calls, client(tokens.bot, where))
    yield _connection(calls, client(tokens.app, where))


def _bot(calls: "Retrying", slack: Any) -> Iterator[Check]:
    from bot.slack.calls import SlackRefused, SlackUnreachable
    from bot.slack.manifest import lacking

    try:
        known = calls(slack.auth_test)
    except SlackRefused as error:
        said = f"Slack does not take VDIALOG_SLACK_BOT_TOKEN: {error.error}"
        yield Check("Slack tokens", "failed", said, SETUP, CONFIGURATION)
        return
    except SlackUnreachable as error:
        yield Check("Slack tokens", "failed", error.message, error.hint, SERVICE_MISSING)
        return
    yield Check("Slack tokens", "ok", f"the app is {known.get('user')} of {known.get('team')} ({known.get('team_id')})")
    if missing := lacking(known):
        yield Check("Slack scopes", "failed", f"the app may not {', '.join(missing)}", AGAIN, CONFIGURATION)
    else:
        yield Check("Slack scopes", "ok", "the app may do all that it does")


def _connection(calls: "Retrying", slack: Any) -> Check:
    from bot.slack.calls import SlackRefused, SlackUnreachable

    try:
        calls(slack.apps_connections_open, app_token=slack.token)
    except SlackRefused as error:
        said = f"Slack does not take VDIALOG_SLACK_APP_TOKEN: {error.error}"
        return Check("Slack connection", "failed", said, SETUP, CONFIGURATION)
    except SlackUnreachable as error:
        return Check("Slack connection", "failed", error.message, error.hint, SERVICE_MISSING)
    return Check("Slack connection", "ok", "Slack takes connections of the app; which events it sends is set there")
