"""A local Slack: its Web API and its Socket Mode on a free port of this machine, with Slack's limits."""

from tests.slack_server.server import Call, SlackServer
from tests.slack_server.workspace import APP_TOKEN, BOT_TOKEN, BOT_USER, TEAM

__all__ = ["APP_TOKEN", "BOT_TOKEN", "BOT_USER", "TEAM", "Call", "SlackServer"]
