"""Walls around a process that reads what strangers sent, where the kernel can put them up: Landlock (landlock(7)).

Limits keep a decoder that was taken over from eating the machine; these keep it from reading the server's settings,
writing anywhere but where it is to write, and asking anybody anything by TCP. Nobody has to be root for it. A kernel
that knows nothing of it changes nothing.
"""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_ASK_VERSION = 1
_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_BIND_AND_CONNECT = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11
_NET_SINCE, _SCOPE_SINCE = 4, 6
_FILES_SINCE = ((1, (1 << 13) - 1), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
"""What can be forbidden with files, by the version of the interface that brought it."""
_OF_A_FILE = _WRITE_FILE | _READ_FILE
_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """Return which version of the interface the kernel has; 0 for none."""
    return max(0, _call(_CREATE, None, 0, _ASK_VERSION))


def put_up(*, readable: Iterable[Path], writable: Iterable[Path]) -> bool:
    """Let this process, for good, reach no file but those below these, and nobody by TCP.

    False where that cannot be. Raises OSError if one of these is not there.
    """
    known = version()
    if not known:
        return False
    everything = sum(rights for since, rights in _FILES_SINCE if known >= since)
    parts = [everything]
    if known >= _NET_SINCE:
        parts.append(_BIND_AND_CONNECT)
    if known >= _SCOPE_SINCE:
        parts.append(_ABSTRACT_SOCKETS_AND_SIGNALS)
    attributes = struct.pack(f"={len(parts)}Q", *parts)
    rules = _call(_CREATE, attributes, len(attributes), 0)
    if rules < 0:
        return False
    try:
        for paths, rights in ((readable, _READ_FILE | _READ_DIR), (writable, everything)):
            for path in paths:
                _allow(rules, path, rights)
        _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return _call(_RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)


def _allow(rules: int, path: Path, rights: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        allowed = rights if path.is_dir() else rights & _OF_A_FILE
        if _call(_ADD, rules, _BENEATH, struct.pack("=Qi", allowed, place), 0) < 0:
            raise OSError(ctypes.get_errno(), "a wall could not be put up", str(path))
    finally:
        os.close(place)


def _call(number: int, *arguments: int | bytes | None) -> int:
    answer: int = _libc.syscall(number, *arguments)
    return answer
