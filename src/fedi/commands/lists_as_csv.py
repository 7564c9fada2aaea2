"""The lists that people take from one server to another, as Mastodon writes and reads them (CSV, RFC 4180). Pure."""

import csv
import io
from collections.abc import Iterable, Sequence

from fedi.errors import ClientError
from fedi.registry.imports import Line, ListKind
from fedi.site import Site
from fedi.views.taken_along import Held

MOST_BYTES = 4 << 20
MOST_LINES = 20_000
LONGEST = 2_000
FILES: dict[ListKind, str] = {
    "follows": "following_accounts.csv",
    "blocks": "blocked_accounts.csv",
    "mutes": "muted_accounts.csv",
    "domain_blocks": "blocked_domains.csv",
    "bookmarks": "bookmarks.csv",
    "lists": "lists.csv",
}
"""What Mastodon calls the files."""
_HEADERS: dict[ListKind, tuple[str, ...]] = {
    "follows": ("Account address", "Show boosts", "Notify on new posts", "Languages"),
    "mutes": ("Account address", "Hide notifications"),
}
"""First lines, of those that have one."""
_TRUE = frozenset({"true", "1", "t", "yes", "on"})


def write(kind: ListKind, held: Iterable[Held], site: Site) -> str:
    """Return a list as a file; people here are written with their domain, for it is read elsewhere."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if kind in _HEADERS:
        writer.writerow(_HEADERS[kind])
    for each in held:
        writer.writerow(_cells(kind, each, site))
    return out.getvalue()


def write_lines(kind: ListKind, lines: Iterable[Line], site: Site) -> str:
    """Return lines of a list that was read as a file again."""
    return write(kind, (_held(line) for line in lines), site)


def read(kind: ListKind, text: str) -> list[Line]:
    """Return the lines of a file, each once; a first line with the names of columns may be there or not.

    Raises ClientError for a file that is empty, too long or no CSV.
    """
    found: dict[tuple[str, str], Line] = {}
    columns: dict[str, int] = {}
    try:
        for place, cells in enumerate(csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)):
            if place == 0 and _is_header(cells):
                columns = {name.strip().lower(): number for number, name in enumerate(cells)}
            elif line := _line(kind, cells, columns):
                found.setdefault((line.title, line.subject.lower()), line)
            if len(found) > MOST_LINES:
                raise ClientError(f"Validation failed: a list may have {MOST_LINES} lines")
    except csv.Error:
        raise ClientError("Validation failed: the file is no CSV") from None
    if not found:
        raise ClientError("Validation failed: there is nothing in the file")
    return list(found.values())


def _cells(kind: ListKind, each: Held, site: Site) -> tuple[str, ...]:
    if kind in {"domain_blocks", "bookmarks"}:
        return (each.subject,)
    handle = each.subject if "@" in each.subject else f"{each.subject}@{site.domain}"
    match kind:
        case "follows":
            return handle, _word(each.boosts), _word(each.notify), ", ".join(each.languages)
        case "mutes":
            return handle, _word(each.hide_notifications)
        case "lists":
            return each.title, handle
    return (handle,)


def _held(line: Line) -> Held:
    return Held(
        subject=line.subject,
        target_id=0,
        boosts=line.boosts is not False,
        notify=line.notify is True,
        languages=line.languages or (),
        hide_notifications=line.hide_notifications is not False,
        title=line.title,
    )


def _is_header(cells: Sequence[str]) -> bool:
    """Names of columns: Mastodon's own, or those of tools that write `#domain` and the like."""
    return any(cell.strip().lower() in {"account address", "list name"} or cell.startswith("#") for cell in cells)


def _line(kind: ListKind, cells: Sequence[str], columns: dict[str, int]) -> Line | None:
    place = 1 if kind == "lists" else columns.get("account address", 0)
    subject = cells[place].strip() if place < len(cells) else ""
    if kind not in {"domain_blocks", "bookmarks"}:
        subject = subject.removeprefix("@")
    if not subject or len(subject) > LONGEST or "\0" in "".join(cells):
        return None
    match kind:
        case "follows":
            return Line(
                subject=subject,
                boosts=_flag(cells, columns, "show boosts", 1),
                notify=_flag(cells, columns, "notify on new posts", 2),
                languages=_languages(cells, columns),
            )
        case "mutes":
            return Line(subject=subject, hide_notifications=_flag(cells, columns, "hide notifications", 1))
        case "lists":
            title = cells[0].strip()[:255]
            return Line(subject=subject, title=title) if title else None
    return Line(subject=subject)


def _flag(cells: Sequence[str], columns: dict[str, int], name: str, place: int) -> bool | None:
    cell = _cell(cells, columns, name, place)
    return None if not cell else cell.lower() in _TRUE


def _languages(cells: Sequence[str], columns: dict[str, int]) -> tuple[str, ...] | None:
    cell = _cell(cells, columns, "languages", 3)
    return tuple(filter(None, (each.strip() for each in cell.split(",")))) or None


def _cell(cells: Sequence[str], columns: dict[str, int], name: str, place: int) -> str:
    number = columns.get(name, -1) if columns else place
    return cells[number].strip() if 0 <= number < len(cells) else ""


def _word(value: bool) -> str:
    return "true" if value else "false"
