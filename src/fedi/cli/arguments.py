"""What may stand before or after any verb: the file of settings."""

import os
from collections.abc import Sequence
from pathlib import Path

from fedi.errors import ConfigurationError
from fedi.settings import Settings
from fedi.settings.env_file import parse_env_file
from fedi.settings.loading import load

ENV_FILE = "--env-file"


def with_file_first(arguments: Sequence[str]) -> list[str]:
    """Let `--env-file` stand after the verb as well as before it, with a blank or with `=`."""
    for place, argument in enumerate(arguments):
        if argument == ENV_FILE and place + 1 < len(arguments):
            return [argument, arguments[place + 1], *arguments[:place], *arguments[place + 2 :]]
        if argument.startswith(f"{ENV_FILE}="):
            return [ENV_FILE, argument.removeprefix(f"{ENV_FILE}="), *arguments[:place], *arguments[place + 1 :]]
    return [*arguments]


def settings_of(file: Path | None) -> Settings:
    """Return the settings of the environment and, where it is silent, of a file. Raises ConfigurationError."""
    return load({**_settings_in(file), **os.environ})


def _settings_in(file: Path | None) -> dict[str, str]:
    if file is None:
        return {}
    try:
        return parse_env_file(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"cannot read {file}: {error.strerror}") from None
