"""The page about the client API: which of Mastodon's rows are answered."""

from collections.abc import Iterable

from tests.contract.rows import Row

_HEAD = """# The API

This page is generated from `tests/contract/rows.tsv`; `make schemas` writes it anew.

What clients of Mastodon 4.6 may ask for, but for `/api/v1/admin`, is a table of {total} rows. For each row below `/api`
a test (`tests/contract/test_rows.py`) looks for its route and its scope, asks a running server for it with real things,
and compares the answer with the entity's schema in `schemas/mastodon`; pages and documents are asked for too, and
signing in, inboxes and streams have tests of their own. The whole API is described in
`schemas/openapi.json`, which every server shows at `/api/openapi.json`; `make fuzz` asks what that allows, and what it
does not, 20,000 times. Another test asks every endpoint that reads with the eyes of eight kinds of viewers
(`tests/api/test_visibility.py`).

Tiers: 1 is what every app needs at once, 2 what it needs in a day, 3 the rest.

| tier | rows | answered | not built |
|---|---|---|---|
{tiers}

| part | rows | answered |
|---|---|---|
{parts}

Not built:

{missing}
"""


def api_page(rows: Iterable[Row]) -> str:
    """Return the page."""
    every = list(rows)
    parts = sorted({_part(row) for row in every})
    return _HEAD.format(
        total=len(every),
        tiers="\n".join(_tier(number, [row for row in every if row.tier == number]) for number in (1, 2, 3)),
        parts="\n".join(_line(part, [row for row in every if _part(row) == part]) for part in parts),
        missing="\n".join(f"- `{row.name}`" for row in every if not row.built),
    )


def _tier(number: int, rows: list[Row]) -> str:
    built = sum(row.built for row in rows)
    return f"| {number} | {len(rows)} | {built} | {len(rows) - built} |"


def _line(part: str, rows: list[Row]) -> str:
    return f"| {part} | {len(rows)} | {sum(row.built for row in rows)} |"


def _part(row: Row) -> str:
    """Return the part of the API that a row belongs to: the first word of its path that is no version."""
    words = row.path.strip("/").split("/")
    if words[0] != "api":
        return "OAuth" if words[0] == "oauth" else "pages and documents"
    return words[2] if words[1].startswith("v") else words[1]
