"""What can be set about language models: a part of the settings, which are read in `bot/settings.py`."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from bot.addresses import Seconds, secret_field


class LanguageSettings(BaseSettings):
    """What understands a person's words, and whether a language model works with the tools."""

    planner: Literal["rules", "ollama", "auto"] = Field(
        default="rules",
        description="What understands your words: rules (no model, English), ollama (the rules and the chat model"
        " below), or auto (the rules, and a model only where `vdialog evaluate planner` found it better; the LLaVA that"
        " looks counts too, if Ollama runs it).",
    )
    chat_reply: Literal["auto", "json", "question"] = Field(
        default="auto",
        description="How that model replies when it plans: json (a question that stands alone, and the video or moment"
        " that is meant), question (the question alone, for models that cannot keep to JSON), or auto (json until"
        " three replies in a row were not valid).",
    )
    chat_model: str = Field(
        default="",
        description="A language model that Ollama serves, by its name there: for VDIALOG_PLANNER and for"
        " VDIALOG_AGENT.",
    )
    chat_url: str = Field(default="http://127.0.0.1:11434", min_length=1, description="Address of that Ollama.")
    chat_token: SecretStr = secret_field(
        "Sent to it as a bearer token, to another machine over https only. Without one, only an address of this machine"
        " is asked."
    )
    chat_timeout: Seconds = Field(
        default=20.0,
        description="Time that understanding by a model may take, in seconds; the agent has six times as long.",
    )
    agent: bool = Field(
        default=False,
        description="Whether the chat model works with the tools by itself, where it reports that it can.",
    )
