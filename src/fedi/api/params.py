"""Turns a tree of parameters into the msgspec struct that a handler declares, as leniently as Rails does.

What a value may look like depends on the type wanted: `"on"` is True where a bool is wanted and text where text is;
one value stands for a list of one; `{"0": …, "1": …}` stands for a list; an empty text is None for everything but text.
Types are read once, when the route is declared; constraints (`msgspec.Meta`) are checked by msgspec afterwards.
"""

import re
from collections.abc import Callable
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from starlette.datastructures import UploadFile

from fedi.errors import ClientError, NotFoundError

P = TypeVar("P")
Coercion = Callable[[Any], Any]

TRUE = {"1", "true", "t", "on", "yes"}
FALSE = {"0", "false", "f", "off", "no"}
_MISSING = re.compile(r"missing required field `([^`]*)`")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WHOLE = re.compile(r"[ \t\n\r]*[+-]?[0-9]{1,20}[ \t\n\r]*")
"""Not every kind of space: `int` does not know all that `\\s` does."""
_AT = re.compile(r" - at `\$\.?(.*)`$")


class ParameterError(ClientError):
    """Validation failed"""


class Decoder(msgspec.Struct, frozen=True):
    """Makes one kind of struct of parameters. `uploads` tells whether it has room for files."""

    kind: type[Any]
    coerce: Coercion
    uploads: bool

    def decode(self, tree: dict[str, Any], path: dict[str, str]) -> Any:
        """Return the struct; `path` holds the parameters that stood in the URL's path, which win.

        Raises ParameterError (422), or NotFoundError when an id in the path is no number: nothing is to be found there.
        """
        try:
            given = self.coerce({**tree, **path})
            return msgspec.convert(given, self.kind, dec_hook=lambda _, value: value)
        except _Wrong as wrong:
            if wrong.path[0] in path:
                raise NotFoundError from None
            raise ParameterError(f"Validation failed: {'.'.join(wrong.path)} {wrong.what}") from None
        except msgspec.ValidationError as error:
            raise ParameterError(_in_words(str(error))) from None


def decoder(kind: type[Any]) -> Decoder:
    """Return the decoder for a struct type. Raises TypeError for a field no parameter can fill."""
    return Decoder(kind, _struct(kind), _holds_files(kind))


class _Wrong(Exception):
    def __init__(self, what: str, path: tuple[str, ...] = ()) -> None:
        super().__init__(what)
        self.what = what
        self.path = path


def _coercion(kind: Any) -> Coercion:
    origin = get_origin(kind)
    if origin is Annotated:
        return _coercion(get_args(kind)[0])
    if origin in (Union, UnionType):
        return _optional(kind)
    if origin in (list, tuple, set, frozenset):
        return _list(get_args(kind)[0])
    if origin is Literal or kind in _LEAVES:
        return _LEAVES[str if origin is Literal else kind]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _struct(kind)
    if kind is Any or origin is dict or isinstance(kind, type):
        return _same
    raise TypeError(f"no parameter can be a {kind}")


def _optional(kind: Any) -> Coercion:
    choices = [choice for choice in get_args(kind) if choice not in (NoneType, msgspec.UnsetType)]
    if len(choices) != 1:
        raise TypeError(f"a parameter has one type and may be None or unset, unlike {kind}")
    inner = _coercion(choices[0])
    nothing = (None, "") if _blank_is_nothing(choices[0]) else (None,)
    return lambda value: None if value in nothing else inner(value)


def _blank_is_nothing(kind: Any) -> bool:
    """An empty text is a text, and empties a list; a number or a choice it leaves alone."""
    bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    return bare is not str and get_origin(bare) not in (list, tuple, set, frozenset)


def _may_be_none(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType) and NoneType in get_args(kind)


def _struct(kind: type[Any]) -> Coercion:
    hints = get_type_hints(kind, include_extras=True)
    fields = [(f.encode_name, _coercion(hints[f.name]), _absences(hints[f.name])) for f in msgspec.structs.fields(kind)]

    def coerce(value: Any) -> Any:
        if not isinstance(value, dict):
            raise _Wrong("must have named parts")
        found: dict[str, Any] = {}
        for name, inner, absences in fields:
            if name not in value or value[name] in absences:
                continue
            try:
                found[name] = inner(value[name])
            except _Wrong as wrong:
                raise _Wrong(wrong.what, (name, *wrong.path)) from None
        return found

    return coerce


def _absences(kind: Any) -> tuple[Any, ...]:
    """What counts as not given at all for a field that cannot be None."""
    if _may_be_none(kind):
        return ()
    return (None, "") if _blank_is_nothing(kind) else (None,)


def _list(item: Any) -> Coercion:
    inner = _coercion(item)
    nothing = (None, "") if _blank_is_nothing(item) else (None,)

    def coerce(value: Any) -> Any:
        if value == "":
            return []
        if isinstance(value, dict) and all(key.isdecimal() for key in value):
            value = [value[key] for key in sorted(value, key=_integer)]
        given = value if isinstance(value, list) else [value]
        return [inner(one) for one in given if one not in nothing]

    return coerce


def _boolean(value: Any) -> Any:
    text = str(value).lower()
    if text in TRUE or text in FALSE:
        return text in TRUE
    raise _Wrong("must be true or false")


def _integer(value: Any) -> Any:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise _Wrong("must be a whole number")
    return value


def _number(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise _Wrong("must be a number") from None


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        raise _Wrong("must be text")
    if "\0" in value or _SURROGATE.search(value):
        raise _Wrong("contains characters that cannot be stored")
    return value


def _same(value: Any) -> Any:
    return value


_LEAVES: dict[Any, Coercion] = {bool: _boolean, int: _integer, float: _number, str: _text}


def _holds_files(kind: Any) -> bool:
    if kind is UploadFile:
        return True
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return any(_holds_files(hint) for hint in get_type_hints(kind).values())
    return any(_holds_files(part) for part in get_args(kind))


def _in_words(message: str) -> str:
    missing = _MISSING.search(message)
    at = _AT.search(message)
    place = at[1] if at else ""
    if missing:
        return f"Validation failed: {'.'.join(part for part in (place, missing[1]) if part)} can't be blank"
    return f"Validation failed: {place or 'parameters'} {_AT.sub('', message)[:1].lower()}{_AT.sub('', message)[1:]}"
