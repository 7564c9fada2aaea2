"""Files of settings, as `--env-file` names them."""

import re

from fedi.errors import ConfigurationError


def parse_env_file(text: str) -> dict[str, str]:
    """Read `NAME=value` lines as Mastodon's `.env.production` has them: comments, `export` and quotes are understood.

    Raises ConfigurationError that names the line which cannot be read.
    """
    found: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip().removeprefix("export ")
        if not line or line.startswith("#"):
            continue
        match = re.fullmatch(r"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(.*?))(?:\s*(?<=\s)#.*)?""", line)
        if match is None:
            raise ConfigurationError(f"line {number} of the settings file is not NAME=value")
        found[match[1]] = next((part for part in match.groups()[1:] if part is not None), "").strip()
    return found
