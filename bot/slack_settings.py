"""What can be set about Slack: a part of the settings, which are read in `bot/settings.py`."""

import re
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from bot.addresses import secret_field

_FIELD = re.compile(r"\{(.*?)\}")
_FIELDS = frozenset(["title", "video", "start"])
_USER = re.compile(r"[UW][A-Z0-9]{2,}")


class SlackSettings(BaseSettings):
    """How the app in Slack is reached, whom it answers, and what it keeps."""

    slack_bot_token: SecretStr = secret_field(
        "Token of the app in Slack, xoxb-... This one and the next are taken from the environment alone."
    )
    slack_app_token: SecretStr = secret_field("Token of its connection, xapp-...")
    slack_url: str = Field(
        default="https://slack.com/api/",
        pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])\S+/$",
        description="Address of Slack's Web API; GovSlack has another.",
    )
    slack_follow_threads: Literal["root", "always", "never"] = Field(
        default="root",
        description="Which threads of a channel are followed without a mention: root (those that begin with one),"
        " always (each that the app was once mentioned in), or never.",
    )
    slack_idle_hours: float = Field(
        default=24.0,
        gt=0,
        allow_inf_nan=False,
        description="Hours after which a thread in which nobody asks is not followed any more, until the next mention.",
    )
    slack_admins: str = Field(
        default="",
        description="Ids of the people in Slack, with spaces between, who may grant collections and add videos there."
        " Nobody by default.",
    )
    slack_keep_days: int = Field(
        default=90,
        ge=1,
        le=3650,
        description="Days that conversations of Slack are kept after their last question, with what the app knows of"
        " its own messages.",
    )
    slack_largest_video_mb: int = Field(
        default=1000, ge=1, le=100_000, description="Megabytes of the largest video that may be added in Slack."
    )
    slack_workers: int = Field(default=4, ge=1, le=64, description="Questions of Slack that are answered at once.")
    slack_waiting: int = Field(
        default=1000, ge=1, le=100_000, description="Questions of Slack that may wait for an answer."
    )
    slack_waiting_of_one: int = Field(default=10, ge=1, description="Of these, those of one person.")
    slack_waiting_of_channel: int = Field(default=100, ge=1, description="Of these, those of one channel.")
    link: str = Field(
        default="",
        description="Address where a moment can be watched, with {title}, {video} or {start} (seconds) in it, such as"
        " https://media.example/{title}?t={start}. Without one, Slack shows no such button.",
    )

    @field_validator("slack_admins")
    @classmethod
    def _names_people(cls, admins: str) -> str:
        if wrong := [one for one in admins.replace(",", " ").split() if not _USER.fullmatch(one)]:
            raise ValueError(f"{wrong[0]!r} is no id of a person in Slack, such as U024BE7LH")
        return admins

    @field_validator("link")
    @classmethod
    def _leads_somewhere(cls, link: str) -> str:
        parts = urlsplit(_FIELD.sub("", link))
        if link and (parts.scheme not in ("http", "https") or not parts.hostname or "{" in urlsplit(link).netloc):
            raise ValueError("it must be an address that begins with https:// and a host")
        if unknown := sorted(set(_FIELD.findall(link)) - _FIELDS):
            raise ValueError(f"it may name {{title}}, {{video}} and {{start}}, and not {{{unknown[0]}}}")
        return link

    @property
    def slack_admin_ids(self) -> frozenset[str]:
        """The ids of those who may grant collections and add videos in Slack."""
        return frozenset(self.slack_admins.replace(",", " ").split())
