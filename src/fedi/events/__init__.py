"""What the log may hold: a file per area, found by walking this package."""

import importlib
import pkgutil

from fedi.events.catalogue import Event, Recorded, UnknownEventError, declared, decode, encode, event, name_of

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["Event", "Recorded", "UnknownEventError", "declared", "decode", "encode", "event", "name_of"]
