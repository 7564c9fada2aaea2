"""The rows of Mastodon's REST API that this server answers, and what there has to be before one can be asked."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from tests.support.schemas import assert_valid

TABLE = Path(__file__).with_name("rows.tsv")
FILE = "FILE"
"""The body of a request that uploads a picture."""
_NAMED = re.compile(r"\{(\w+)\}")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row. `scope`: the scopes of which a token needs one, by commas, "-" for none.

    `answer` is what is answered: an entity; `[Entity]` a list of them; `key:…` an object with that key; `object`, any;
    `text`, no JSON; `SSE`, a stream; a number, a refusal with that status; `-`, not built yet. `request` and `body`
    name in braces what a maker makes.
    """

    tier: int
    method: str
    path: str
    auth: str
    scope: str
    answer: str
    request: str
    body: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes of which a token needs one."""
        return frozenset(() if self.scope == "-" else self.scope.split(","))

    @property
    def built(self) -> bool:
        """Whether there is anything to ask."""
        return self.answer != "-"

    @property
    def in_api(self) -> bool:
        """Whether it is one of the API's endpoints, rather than a page, a stream or a document."""
        return self.path.startswith("/api/") and not self.path.startswith("/api/v1/streaming")


def rows() -> list[Row]:
    """Return every row of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        given = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [msgspec.convert({name: each[name] or "" for name in each}, Row, strict=False) for each in given]


Make = Callable[[str], str]


def filled(text: str, make: Make) -> str:
    """Return a text with what its names in braces stand for."""
    return _NAMED.sub(lambda match: make(match[1]), text)


def body_of(row: Row, make: Make) -> Any:
    """Return the body to send, or None."""
    return json.loads(filled(row.body, make)) if row.body not in {"", FILE} else None


def assert_answers(row: Row, body: Any) -> None:
    """Fail unless a decoded answer is what the row promises."""
    _check(row.answer, body)


def _check(answer: str, body: Any) -> None:
    key, divided, rest = answer.partition(":")
    if divided:
        assert isinstance(body, dict)
        _check(rest, body[key])
    elif answer.startswith("["):
        assert isinstance(body, list)
        for each in body:
            _check(answer[1:-1], each)
    elif answer == "Empty":
        assert body == {}
    elif answer in _PLAIN:
        assert isinstance(body, _PLAIN[answer])
    else:
        assert_valid(body, answer)


_PLAIN: dict[str, type | tuple[type, ...]] = {"object": (dict, list), "string": str, "boolean": bool}
