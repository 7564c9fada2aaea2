"""How a setting is declared; the package has the settings themselves."""

import msgspec


class Setting(msgspec.Struct, frozen=True):
    """What operators see of a field: its name, its explanation, and its default in production where that differs."""

    name: str
    doc: str
    production: str | None = None
    shown: str | None = None
    """What the documentation says of the default where a bare value would say too little."""
