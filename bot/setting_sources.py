"""Where settings may come from, and which may come from where. The only module that names files of settings.

The environment goes first, then `.env` in the working folder, then the user's own file. The working folder may be
anybody's: a folder of films that was shared, an archive that was unpacked. So its `.env` sets only what is listed here,
and none of what starts a program, sends something, loads a file or says where the library lies.
"""

import stat
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_config_path
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, PydanticBaseSettingsSource

from bot.errors import ConfigurationError

PREFIX = "VDIALOG_"
FOLDER_FILE = Path(".env")
LARGEST = 2**20
"""Bytes of a file of settings."""

Origin = Literal["default", "model set", "environment", ".env file", "your file"]

FOLDER_MAY_SET = frozenset(
    [
        *("collection", "models", "chat_reply", "chat_timeout"),
        *("vision_timeout", "vision_images", "vision_context", "vision_captions", "vision_writes", "verified_hits"),
        *("decode_memory_mb", "decode_cpu_seconds", "stable_seconds", "frames_per_hour"),
    ]
)
"""Settings that a working folder may have: whatever they are set to, the user's own models and servers are used."""


ENVIRONMENT_ALONE = frozenset(["slack_bot_token", "slack_app_token"])
"""Settings that no file may have: whoever reads them acts in the name of the app in Slack."""


def user_file() -> Path:
    """Return the user's own file of settings, in the platform's folder for configuration; it need not be there."""
    return user_config_path("video-dialog", appauthor=False) / "settings.env"


class FileSource(DotEnvSettingsSource):
    """Settings of a file; `fields` are those that it may set, None for all that a file may.

    Raises:
        ConfigurationError: the file is no plain file, or far too large.
    """

    def __init__(self, settings: type[BaseSettings], path: Path, fields: frozenset[str] | None = None) -> None:
        self._fields, self._folder = fields, path.parent.absolute()
        super().__init__(settings, env_file=path if _readable(path) else None)

    def __call__(self) -> dict[str, Any]:
        """Return the values by field. A folder that is not a whole path lies beside the file, wherever it is read."""
        found = super().__call__()
        if home := found.get("home"):
            found["home"] = str(self._folder / Path(home).expanduser())
        known = found.keys() - ENVIRONMENT_ALONE if self._fields is None else found.keys() & self._fields
        return {name: value for name, value in found.items() if name in known}


def of_folder(settings: type[BaseSettings]) -> FileSource:
    """Return what the working folder sets."""
    return FileSource(settings, FOLDER_FILE, FOLDER_MAY_SET)


def of_user(settings: type[BaseSettings]) -> FileSource:
    """Return what the user's own file sets."""
    return FileSource(settings, user_file())


def in_order(settings: type[BaseSettings], given: PydanticBaseSettingsSource) -> tuple[PydanticBaseSettingsSource, ...]:
    """Return all sources, the one that goes before the others first; `given` are values of the program itself."""
    return given, EnvSettingsSource(settings), of_folder(settings), of_user(settings)


def origins(settings: type[BaseSettings], of_set: dict[str, object]) -> dict[str, tuple[Origin, str]]:
    """Return where each setting comes from that is not its default: in a word, and the file where it is one."""
    found: dict[str, tuple[Origin, str]] = {name: ("model set", "") for name in of_set}
    found |= {name: ("your file", str(user_file())) for name in of_user(settings)()}
    found |= {name: (".env file", str(FOLDER_FILE.absolute())) for name in of_folder(settings)()}
    found |= {name: ("environment", "") for name in EnvSettingsSource(settings)()}
    return found


def of_environment(settings: type[BaseSettings], fields: tuple[str, ...]) -> dict[str, str]:
    """Return those of some settings that the environment sets, by their variables."""
    given = EnvSettingsSource(settings)()
    return {f"{PREFIX}{name.upper()}": str(given[name]) for name in fields if given.get(name)}


def names(settings: type[BaseSettings]) -> list[str]:
    """Return the variables that the files set, whatever they are."""
    return [*_set_by(settings, FOLDER_FILE), *_set_by(settings, user_file())]


def ignored(settings: type[BaseSettings]) -> list[str]:
    """Return the variables of files that these may not set, sorted."""
    return sorted({*_of_folder(settings), *_of_user(settings)})


def said_of_ignored(settings: type[BaseSettings]) -> list[str]:
    """Return in sentences which lines of files do not count, and where they would; none where all do."""
    said = []
    everywhere = {f"{PREFIX}{name.upper()}" for name in ENVIRONMENT_ALONE}
    if found := sorted(_of_folder(settings) - everywhere):
        said.append(
            f"ignored in {str(FOLDER_FILE.absolute())!r}, as a folder may not set it: {', '.join(found)}."
            f" Set it in the environment or in {str(user_file())!r}."
        )
    for file, names_set in ((FOLDER_FILE.absolute(), _of_folder(settings)), (user_file(), _of_user(settings))):
        if found := sorted(names_set & everywhere):
            said.append(
                f"ignored in {str(file)!r}, as no file may set it: {', '.join(found)}. Set it in the environment."
            )
    return said


def _of_folder(settings: type[BaseSettings]) -> set[str]:
    forbidden = {f"{PREFIX}{name.upper()}" for name in settings.model_fields if name not in FOLDER_MAY_SET}
    return forbidden & set(_set_by(settings, FOLDER_FILE))


def _of_user(settings: type[BaseSettings]) -> set[str]:
    return {f"{PREFIX}{name.upper()}" for name in ENVIRONMENT_ALONE} & set(_set_by(settings, user_file()))


def unusable(settings: type[BaseSettings], name: str, said: str) -> ConfigurationError:
    """Return the error that the value of a setting cannot be used, which says where it stands."""
    origin, file = origins(settings, {}).get(name, ("default", ""))
    where = f" (in {file!r})" if file else " (in the environment)" if origin == "environment" else ""
    return ConfigurationError(
        f"{PREFIX}{name.upper()}{where} cannot be used: {said[:1].lower()}{said[1:]}",
        "Mend or remove it there; .env.example lists all settings.",
    )


def _set_by(settings: type[BaseSettings], path: Path) -> list[str]:
    return [name.upper() for name in FileSource(settings, path).env_vars]


def _readable(path: Path) -> bool:
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
        raise ConfigurationError(
            f"{str(path)!r} cannot be read: it is no plain file of settings", "Move it away, or make it one."
        )
    return True
