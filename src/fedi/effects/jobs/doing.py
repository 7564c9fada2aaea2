"""How a function says which jobs it does, or when it is to be done."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from fedi.effects.deps import Deps
from fedi.services.jobs import Job

J = TypeVar("J", bound=Job)


class Doer(msgspec.Struct, frozen=True):
    """What does the jobs of a class."""

    kind: type[Job]
    do: Callable[[Any, Deps], Awaitable[None]]


class Chore(msgspec.Struct, frozen=True):
    """What is done at the times of a cron line."""

    cron: str
    do: Callable[[Deps], Awaitable[None]]

    @property
    def name(self) -> str:
        """The name it is kept under: that of its module and function."""
        return f"{self.do.__module__.rpartition('.')[2]}.{self.do.__name__}"


def does(kind: type[J]) -> Callable[[Callable[[J, Deps], Awaitable[None]]], Doer]:
    """Declare what does the jobs of a class."""
    return lambda do: Doer(kind, do)


def every(cron: str) -> Callable[[Callable[[Deps], Awaitable[None]]], Chore]:
    """Declare what is to be done at the times of a cron line, in UTC."""
    return lambda do: Chore(cron, do)
