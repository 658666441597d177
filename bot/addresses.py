"""Servers as they are set: how the fields of a setting look, and addresses that are read and refused in one way.

What a setting is called comes in, so that an error names the one to change.
"""

import ipaddress
import re
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr

from bot.errors import ConfigurationError

Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
"""How long a server may take."""


def secret_field(description: str) -> Any:
    """Return the field of a token or a password: empty where none is set, and never shown."""
    return Field(default=SecretStr(""), description=description)


def address(url: str, setting: str, example: str, instead: str) -> SplitResult:
    """Return the parts of an address; it has a scheme and a host.

    Args:
        url: as it is set.
        setting: where.
        example: of an address.
        instead: the settings that a user, a password or a token goes into.

    Raises:
        ConfigurationError: it is none, or holds a user or a password.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ConfigurationError(f"{setting} is no address", f"It reads like {example}.")
    if "@" in parts.netloc:
        raise ConfigurationError(
            f"{setting} holds a user or a password, and addresses are shown", f"Set {instead} instead."
        )
    return parts


def masked(text: str) -> str:
    """Return a text without the users and passwords of the addresses in it."""
    return re.sub(r"(?<=://)[^/?#\s]*@", "***@", text)


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
