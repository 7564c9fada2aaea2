"""The value of a setting from its text."""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path

from fedi.errors import ConfigurationError
from fedi.settings.kinds import (
    DeepLPlan,
    Environment,
    MailAuth,
    MailDelivery,
    Networks,
    Registrations,
    Shown,
    StartTls,
    VerifyMode,
)


def parse(name: str, kind: object, text: str) -> object:
    """Return the value that `text` writes for the setting `name`, of the declared `kind`.

    Raises ConfigurationError when it writes none.
    """
    try:
        return _PARSERS[kind](text)
    except ValueError as error:
        raise ConfigurationError(f"{name}={text}: {error}") from None


def _boolean(text: str) -> bool:
    if text.lower() in {"true", "yes", "on", "1"}:
        return True
    if text.lower() in {"false", "no", "off", "0"}:
        return False
    raise ValueError("should be true or false")


def _integer(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ValueError("should be a whole number")
    return int(text)


def _networks(text: str) -> Networks:
    return tuple(ipaddress.ip_network(part) for part in re.split(r"[\s,]+", text) if part)


def _one_of(*choices: str) -> Callable[[str], str]:
    def choice(text: str) -> str:
        if text not in choices:
            raise ValueError(f"should be one of {', '.join(choices)}")
        return text

    return choice


_PARSERS: dict[object, Callable[[str], object]] = {
    str: str,
    str | None: str,
    int: _integer,
    bool: _boolean,
    Path: Path,
    Path | None: Path,
    MailDelivery: _one_of("smtp", "log"),
    StartTls: _one_of("auto", "always", "never"),
    MailAuth: _one_of("plain", "login", "cram_md5", "none"),
    VerifyMode: _one_of("peer", "none"),
    Networks: _networks,
    Environment: _one_of("development", "production"),
    Registrations: _one_of("open", "approval", "closed"),
    DeepLPlan: _one_of("free", "pro"),
    Shown: _one_of("all", "users", "disabled"),
}
