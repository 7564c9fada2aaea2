"""Writes docs/settings.md from the declarations in `fedi.settings`.

Nothing of it is written by hand, so it cannot fall behind.
"""

import typing
from pathlib import Path

from fedi.settings.kinds import Networks
from fedi.settings.loading import Field, fields

_HEAD = """\
# Settings

This page is generated from `src/fedi/settings/`; `make schemas` writes it anew.

Settings are environment variables, or lines `NAME=value` of a file named by `--env-file` (the environment wins). Where
Mastodon has a name for a setting, that name is used; our own begin with FEDI_. A FEDI_ name that is not on this page is
an error. An empty value counts as unset.

| name | value | in development | in production | what it is for |
|---|---|---|---|---|
"""


def settings_page() -> str:
    """Return the whole page, in Markdown."""
    return _HEAD + "".join(map(_row, fields()))


def _row(field: Field) -> str:
    setting = field.setting
    development = setting.shown or _value(field.default)
    production = (
        "the same" if setting.production is None else f"`{setting.production}`" if setting.production else "none"
    )
    return f"| `{setting.name}` | {_kind(field.kind)} | {development} | {production} | {setting.doc} |\n"


def _value(default: object) -> str:
    match default:
        case None | ():
            return "none"
        case bool():
            return f"`{str(default).lower()}`"
        case tuple():
            return f"`{', '.join(map(str, default))}`"
        case Path():
            return f"`./{default}`"
        case _:
            return f"`{default}`"


def _kind(kind: object) -> str:
    if typing.get_origin(kind) is typing.Literal:
        return " or ".join(f"`{choice}`" for choice in typing.get_args(kind))
    names: dict[object, str] = {
        str: "text",
        str | None: "text",
        int: "number",
        bool: "`true` or `false`",
        Path: "path",
        Path | None: "path",
        Networks: "networks",
    }
    return names[kind]
