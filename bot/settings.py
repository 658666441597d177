"""Every setting, read once: from the environment or a file (see `bot/setting_sources.py`), else the default.

The only module that reads the environment. `.env.example` is made from these fields.
"""

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import PydanticBaseSettingsSource as Source

from bot import setting_sources as sources
from bot.addresses import Seconds, masked, secret_field
from bot.errors import ConfigurationError, know_addresses
from bot.language_settings import LanguageSettings
from bot.model_settings import ModelSettings
from bot.opensearch_settings import OpenSearchSettings
from bot.player import command
from bot.setting_sources import PREFIX, Origin
from bot.slack_settings import SlackSettings

log = logging.getLogger(__name__)

MODEL_SETS: dict[str, dict[str, object]] = {
    "standard": {},
    "demo": {"clip_model": "packaged", "vision": "transformers", "vision_model": "packaged", "vision_captions": True},
}
"""What each set of models means for settings that are not given; `standard` is the defaults."""


def default_home() -> Path:
    """Return the platform's folder for the user's data."""
    return user_data_path("video-dialog", appauthor=False)


class Settings(SlackSettings, OpenSearchSettings, LanguageSettings, ModelSettings):
    """What can be set, each by its name in capitals with VDIALOG_ before it; an empty value is the default."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    home: Path = Field(
        default_factory=default_home,
        description="Folder of the library; in a file, beside that unless a whole path. Default: of the user's data.",
    )
    collection: str = Field(
        default="library",
        min_length=1,
        max_length=200,
        description="Collection that videos are taken into where none is named.",
    )
    models: Literal["standard", "demo"] = Field(
        default="standard",
        description="Set of models: standard is CLIP ViT-B/32 and LLaVA, whose weights you get yourself; demo is the"
        " small models that come with Video Dialog and know the sample films alone. What is set below goes before it.",
    )
    text_model: str = Field(
        default="packaged",
        min_length=1,
        description="Model for texts: packaged (all-MiniLM-L6-v2, installed with Video Dialog), a sentence-transformers"
        " name on the hub, once downloaded, or a folder. hashing needs no weights and understands nothing: for tests.",
    )
    clip_model: str = Field(
        default="ViT-B-32",
        min_length=1,
        description="Model for pictures: a name that open_clip knows, the config file of such a model (.json), or"
        " packaged (the small one of the set demo). hashing is for tests, as above.",
    )
    clip_weights: str = Field(
        default="",
        description="Weights of that model: a file, or a tag of open_clip, once downloaded; `vdialog setup` does it."
        " Without them the frames arm and searching by picture are off; packaged brings its own.",
    )
    vision: Literal["none", "transformers", "ollama", "openai"] = Field(
        default="none",
        description="What runs the vision model, which looks at frames: none (nobody looks), transformers (in this"
        " process), ollama, or openai (any server that speaks as OpenAI's does: vLLM, llama-server).",
    )
    vision_model: str = Field(
        default="llava-hf/llava-1.5-7b-hf",
        min_length=1,
        description="That model: for transformers a LLaVA by its name on the hub, once downloaded, or a folder; for a"
        " server its name there, with ollama llava by default. packaged is the small one of the set demo, by"
        " transformers or on ollama.",
    )
    vision_url: str = Field(
        default="",
        description="Address of the server that runs it. Default: http://127.0.0.1:11434 for ollama,"
        " http://127.0.0.1:8000/v1 for openai.",
    )
    vision_token: SecretStr = secret_field(
        "Token that this server wants. Servers on other machines are not asked without one; it goes to them over https"
        " only."
    )
    vision_without_token: bool = Field(
        default=False,
        description="Whether a server on another machine may be asked without a token: whoever can reach it can use"
        " it, and frames go there unprotected unless the address begins with https.",
    )
    vision_timeout: Seconds = Field(
        default=240.0,
        ge=1,
        description="Seconds that an answer of the vision model may take; its first words, half of that.",
    )
    vision_images: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Frames that a model behind a server is shown together. LLaVA was trained to see one.",
    )
    vision_context: int = Field(
        default=4096,
        ge=2048,
        description="Tokens that a model behind a server may read and write at once; more takes more memory."
        " Ollama is told, other servers are started with it.",
    )
    vision_captions: bool = Field(
        default=False,
        description="Whether the vision model describes each moment that has no caption when a video is taken in."
        " With a large model and no graphics card that takes minutes for each.",
    )
    vision_writes: bool = Field(
        default=False,
        description="Whether that model writes the answers to questions, if it follows instructions, instead of"
        " templates. Each sentence is checked before it is shown.",
    )
    verified_hits: int = Field(
        default=5,
        ge=0,
        le=5,
        description="How many of the moments found by a question the vision model looks at, to see whether they show"
        " what was asked for; 0 for none. It is still asked the question itself.",
    )
    speech_model: str = Field(
        default="",
        description="Model for speech, got by `vdialog setup`: a faster-whisper name or folder. Off without one.",
    )
    decode_memory_mb: int = Field(
        default=3072, ge=256, description="Memory that decoding one file may take, in megabytes."
    )
    decode_cpu_seconds: Seconds = Field(
        default=60.0,
        ge=1,
        description="Processor time that decoding one file may take, in seconds, beside a share of its length.",
    )
    stable_seconds: float = Field(
        default=10.0,
        ge=0,
        allow_inf_nan=False,
        description="A file that was changed less than so many seconds ago is not taken in before it rests so long.",
    )
    frames_per_hour: int = Field(
        default=3600,
        ge=1,
        le=36_000,
        description="Keyframes that are kept of an hour of video at most, in videos taken in from then on."
        " Shots come first, and each moment keeps one in any case.",
    )
    player: str = Field(
        default="mpv --start={start} {path}",
        description="Command with which /play of the chat shows a moment; {path} is the file, {start} and {end} are"
        " seconds. No shell reads it.",
    )

    @classmethod
    def settings_customise_sources(  # its parameters are those of pydantic-settings
        cls,
        settings_cls: type[BaseSettings],
        init_settings: Source,
        env_settings: Source,
        dotenv_settings: Source,
        file_secret_settings: Source,
    ) -> tuple[Source, ...]:
        """Return where values come from, the one that goes before the others first."""
        return sources.in_order(settings_cls, init_settings)

    def __repr_args__(self) -> Any:
        """Show no password of an address."""
        for name, value in super().__repr_args__():
            yield name, masked(value) if isinstance(value, str) else value

    @field_validator("player")
    @classmethod
    def _names_the_file(cls, player: str) -> str:
        command(player, "", 0.0, 0.0)
        return player

    @model_validator(mode="before")
    @classmethod
    def _of_the_set(cls, given: dict[str, Any]) -> dict[str, Any]:
        chosen = {**MODEL_SETS.get(str(given.get("models")), {}), **given}
        return {**({"vision_model": "llava"} if chosen.get("vision") == "ollama" else {}), **chosen}

    @field_validator("home")
    @classmethod
    def _expand(cls, home: Path) -> Path:
        return home.expanduser().absolute()


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it is: its variable, its value, where that came from (`file` where it is one), what it is for."""

    variable: str
    value: str
    origin: Origin
    file: str
    help: str


def load(**instead: Any) -> Settings:
    """Read the settings; what is given here goes before everything else. Lines of a file that are ignored are named.

    Raises:
        ConfigurationError: a value cannot be used, or the file cannot be read.
    """
    read, wrong = usable(**instead)
    if wrong:
        raise wrong[0]
    for said in sources.said_of_ignored(Settings):
        log.warning("%s", said)
    return read


def usable(**instead: Any) -> tuple[Settings, list[ConfigurationError]]:
    """Return the settings, with the default for each whose value cannot be used, and what is wrong with these.

    Raises:
        ConfigurationError: the file cannot be read.
    """
    wrong: list[ConfigurationError] = []
    while True:
        try:
            read = Settings(**instead)
        except ValidationError as error:
            told = {str(one["loc"][0]): one["msg"] for one in error.errors()}
            wrong += (sources.unusable(Settings, name, said) for name, said in told.items())
            fields = Settings.model_fields
            instead |= {name: fields[name].get_default(call_default_factory=True, validated_data={}) for name in told}
            continue
        except (OSError, UnicodeDecodeError, RuntimeError) as error:
            raise ConfigurationError(
                f"{str(sources.FOLDER_FILE)!r} or {str(sources.user_file())!r} cannot be read: {error}",
                "Make it a readable file in UTF-8, or move it away.",
            ) from error
        know_addresses((read.vision_url, read.chat_url, *read.opensearch_url.replace(",", " ").split()))
        return read, wrong


def origins(settings: Settings) -> list[Setting]:
    """Return every setting with its value and where that came from."""
    found = sources.origins(Settings, MODEL_SETS[settings.models])
    return [
        Setting(
            variable(name),
            masked(str(getattr(settings, name))),
            *found.get(name, ("default", "")),
            str(field.description),
        )
        for name, field in Settings.model_fields.items()
    ]


def unknown() -> list[str]:
    """Return the variables that look like settings and are none: most likely misspelt."""
    known = {variable(name) for name in Settings.model_fields}
    given = {name.upper() for name in (*os.environ, *sources.names(Settings))}
    return sorted(name for name in given if name.startswith(PREFIX) and name not in known)


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
    return f"{PREFIX}{name.upper()}"


def example() -> str:
    """Return the text of `.env.example`: every setting, what it is for, and its default."""
    lines = [
        "# Copy what you need into your own file of settings, which `vdialog config show` names. The environment goes",
        "# before it. A .env in the working folder counts only for what can do no harm there.",
        "",
    ]
    for name, field in Settings.model_fields.items():
        secret = isinstance(field.default, SecretStr)
        default = "" if secret or field.default_factory else field.get_default()
        lines += [f"# {field.description}", f"# {variable(name)}={default}", ""]
    return "\n".join(lines)
