"""What each URI stands for here: the first thing that is folded, and what turns a claim into a fact.

A reference is written once for an actor, a post, a boost, a Like, a Follow or a Block, under a key made of its URI; the
relation between two (this actor's Like of that post) has a key made of both. A tombstone under (actor, URI) remembers
what its author took back before it came. References are read *as they were* after a position, so the effects, which
come later than the fold, find what the fold found.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec
from psycopg import Cursor
from psycopg.rows import class_row

from fedi.copying import copy, is_worth_it
from fedi.ids import id_of_digest
from fedi.meaning.marks import Marks
from fedi.meaning.names import Index, Key, Name, key_of_name, name_of
from fedi.meaning.ref import Ref, RefKind, Waiting
from fedi.sql import queries

SQL = queries(__file__)

REMEMBERED = 100_000
"""References that are kept from batch to batch: some 50 MB."""
ENOUGH = 0.25
"""Where more than this part of the oldest are no accounts, only those are forgotten."""
_encode = msgspec.json.Encoder().encode


class References:
    """References as they stood after position `after`, and what this batch has added to them.

    Who folds alone, from a table that is empty, gives `marks` and goes on with the next batch by `follow`.
    """

    def __init__(self, cursor: Cursor[Any], after: int, marks: Marks | None = None) -> None:
        self._cursor = cursor
        self._after = after
        self._marks = marks
        self.whole = marks is not None
        """Whether all that was ever written is still known, so that nothing needs to be loaded."""
        self._in_order = True
        """Whether the table has its indexes."""
        self._known: dict[Name, Ref | None] = {}
        self._changed: dict[Name, Ref] = {}
        self._waiting: dict[Name, list[Waiting]] = {}
        self._changed_waiting: dict[tuple[Name, int, int], Waiting] = {}
        self._new_ids: set[int] = set()
        self._chosen: dict[str, tuple[datetime, int]] = {}
        self._taken: dict[int, bool] = {}
        self._stored: set[Name] = set()
        """Those of the known that stand in the table, or may."""

    def follow(self, after: int) -> None:
        """Begin with the batch after position `after`, when the one before is stored.

        What was known stays known, as nobody else writes here; when it is much, the oldest is forgotten.
        """
        self._after = after
        self._chosen.clear()
        self._taken.clear()
        if len(self._known) > REMEMBERED:
            self.put_in_order()
            self.store([])
            self.whole = False
            for name in self._forgettable(len(self._known) - REMEMBERED // 2):
                del self._known[name]
                self._waiting.pop(name, None)
                self._stored.discard(name)
        if not self.whole:
            self._new_ids.clear()

    def _forgettable(self, most: int) -> list[Name]:
        """Return the oldest that are known, but as long as there are enough others no accounts: they come again."""
        oldest = list(islice(self._known.items(), most))
        passing = [name for name, ref in oldest if ref is None or ref.kind != "account"]
        return passing if len(passing) > most * ENOUGH else [name for name, _ in oldest]

    def put_off_order(self) -> None:
        """Do without the table's indexes while nothing needs to be looked for in it."""
        self._cursor.execute(SQL["put_off"])
        self._in_order = False

    def put_in_order(self) -> None:
        """Make the indexes that were put off, so that storing writes also what changed since it was written first."""
        if not self._in_order:
            self._cursor.execute(SQL["put_in_order"])
            self._in_order = True

    def prefetch(self, names: Iterable[Name], wishes: Iterable[tuple[datetime, str]] = ()) -> None:
        """Load in one round trip what a batch is likely to ask for: what has some names, what waits for them, and
        which first choices of id, each of a moment and a URI, are taken."""
        known = self._known
        wanted = [name for name in names if name not in known]
        ids = [self._choose(moment, uri) for moment, uri in wishes]
        if self._marks is not None:
            wanted, ids = self._marks.names_in(wanted), self._marks.ids_in(ids)
        if wanted or ids:
            distinct = dict.fromkeys(wanted)
            known.update(distinct)
            self._taken.update(dict.fromkeys(ids, False))
            self._load(distinct, ids)

    def _load(self, names: Iterable[Name], ids: Sequence[int]) -> None:
        awaited: list[Key] = []
        keys = {key_of_name(name): name for name in names}
        arguments = {"keys": _array(keys), "ids": list(ids), "after": self._after}
        with self._cursor.connection.cursor(row_factory=class_row(Ref), binary=True) as refs:
            for ref in refs.execute(SQL["load"], arguments).fetchall():
                if ref.kind == "awaited":
                    awaited.append(ref.name)
                elif ref.kind == "taken":
                    assert ref.id is not None
                    self._taken[ref.id] = True
                else:
                    ref.name = keys[ref.name]
                    self._known[ref.name] = ref
                    self._stored.add(ref.name)
        if awaited:
            self._load_waiting(awaited, keys)

    def _load_waiting(self, awaited: Sequence[Key], keys: Mapping[Key, Name]) -> None:
        arguments = {"keys": _array(awaited), "after": self._after}
        with self._cursor.connection.cursor(row_factory=class_row(Waiting), binary=True) as waiting:
            for claim in waiting.execute(SQL["load_pending"], arguments):
                claim.name = keys[claim.name]
                self._waiting.setdefault(claim.name, []).append(claim)

    def at(self, name: Name) -> Ref | None:
        """Return what a URI, or a relation, stands for, even if it has ended."""
        ref = self._known.get(name)
        if ref is not None or self.whole or name in self._known or not self._may_stand(name):
            return ref
        self.prefetch((name,))
        return self._known[name]

    def _may_stand(self, name: Name) -> bool:
        """Tell whether something may stand in the table under a name, or wait for it."""
        return self._marks is None or self._marks.has_name(name)

    def live(self, *parts: str) -> Ref | None:
        """Return what a URI, or a relation, stands for and still is."""
        ref = self.at("\0".join(parts))
        return ref if ref is not None and ref.ended is None else None

    def stands(self, kind: RefKind, one: Ref, other: Ref) -> Ref | None:
        """Return a relation that is, between two of whom none was gone since."""
        ref = self.live(kind, one.uri, other.uri)
        return ref if ref is not None and ref.position >= max(one.returned or 0, other.returned or 0) else None

    def account(self, uri: str) -> Ref | None:
        """Return the account of an actor's URI, if it is known and not gone."""
        ref = self.at(uri)
        return ref if ref is not None and ref.kind == "account" and ref.ended is None else None

    def status(self, uri: str) -> Ref | None:
        """Return the post of a URI, if it is known and not gone."""
        ref = self.at(uri)
        return ref if ref is not None and ref.kind == "status" and ref.ended is None else None

    def buried(self, actor: str, uri: str) -> bool:
        """Tell whether an actor took back what stands at a URI, perhaps before it came."""
        return self.live("tombstone", actor, uri) is not None

    def bury(self, actor: str, uri: str, position: int) -> None:
        """Remember that an actor took back what stands at a URI, so that a late copy stays dead."""
        name = name_of("tombstone", actor, uri)
        if self.at(name) is None:
            self.put(Ref(name=name, uri=uri, kind="tombstone", position=position))

    def put(self, ref: Ref) -> Ref:
        """Write a reference, new or in place of another."""
        name, marks = ref.name, self._marks
        if not self.whole and name not in self._known and self._may_stand(name):
            self._stored.add(name)
        self._known[name] = self._changed[name] = ref
        if ref.id is not None:
            self._new_ids.add(ref.id)
        if marks is not None:
            marks.name(name)
            if ref.id is not None:
                marks.id(ref.id)
        return ref

    def end(self, ref: Ref, position: int) -> None:
        """Say that a reference is so no longer."""
        ref.ended = position
        self.put(ref)

    def end_posts(self, author: Ref, position: int) -> None:
        """Say that everything an author posted is gone with them."""
        self.put_in_order()
        rows = self._cursor.execute(SQL["load_of_author"], {"author": author.id, "after": self._after}).fetchall()
        self.prefetch(row[0] for row in rows)
        stored = [ref for row in rows if (ref := self.at(row[0])) is not None]
        for ref in (*stored, *self._changed.values()):
            if ref.kind == "status" and ref.author_id == author.id and ref.ended is None:
                self.end(ref, position)

    def relate(self, kind: RefKind, uri: str, one: Ref, other: Ref, position: int, own_id: int | None = None) -> None:
        """Remember an act between two under the pair it joins and under its own id, where it has one.

        An id that stands for something else already is not taken over; Misskey's Follow ids come again and again.
        """
        names: list[tuple[Name, int | None]] = [(name_of(kind, one.uri, other.uri), None)]
        known = self.at(uri) if uri else None
        if uri and (known is None or (known.kind == kind and known.author_id == one.id)):
            names.append((uri, own_id))
        for name, identifier in names:
            self.put(
                Ref(
                    name=name,
                    uri=uri,
                    kind=kind,
                    id=identifier,
                    author_id=one.id,
                    author_uri=one.uri,
                    target_id=other.id,
                    target_uri=other.uri,
                    position=position,
                )
            )

    def ask(self, kind: RefKind, uri: str, asker: Ref, one: str, other: str, position: int) -> None:
        """Remember which two things a request is about under its id, if it has one that stands for nothing else."""
        if uri and self.at(uri) is None:
            self.put(
                Ref(
                    name=uri,
                    uri=uri,
                    kind=kind,
                    author_id=asker.id,
                    author_uri=one,
                    target_uri=other,
                    position=position,
                )
            )

    def asked(self, kind: RefKind, uri: str) -> tuple[str, str] | None:
        """Return which two things a request is about, if its id is known."""
        request = self.live(uri) if uri else None
        return (request.author_uri, request.target_uri) if request is not None and request.kind == kind else None

    def allot(self, moment: datetime, uri: str) -> int:
        """Return the id of a remote object: its time and a digest of its URI, or the next free one upwards.

        Steps by two: the lowest bit tells ids of remote objects from those allotted here.
        """
        chosen = self._chosen.get(uri)
        candidate = chosen[1] if chosen is not None and chosen[0] == moment else id_of_digest(moment, key_of_name(uri))
        while candidate in self._new_ids or self._is_taken(candidate):
            candidate += 2
        return candidate

    def _choose(self, moment: datetime, uri: str) -> int:
        """Return the first choice of id of a URI that is likely to be asked for it."""
        identifier = id_of_digest(moment, key_of_name(uri))
        self._chosen[uri] = moment, identifier
        return identifier

    def _is_taken(self, candidate: int) -> bool:
        if self.whole:
            return False  # or it would be among the new ones
        if candidate not in self._taken:
            if self._marks is not None and not self._marks.has_id(candidate):
                return False
            found = self._cursor.execute(SQL["taken"], {"ids": [candidate], "after": self._after}).fetchall()
            self._taken[candidate] = bool(found)
        return self._taken[candidate]

    def ordinal(self, name: Name, position: int) -> int:
        """Return a number for one more claim that one event keeps waiting under a name."""
        self.at(name)
        return sum(1 for waiting in self._waiting.get(name, ()) if waiting.position == position)

    def wait(self, waiting: Waiting) -> None:
        """Keep a claim until something arrives under its name."""
        name = waiting.name
        self._known.setdefault(name, self.at(name))
        self._waiting.setdefault(name, []).append(waiting)
        self._changed_waiting[name, waiting.position, waiting.ordinal] = waiting
        if self._marks is not None:
            self._marks.name(name)

    def awaited(self, uri: str) -> bool:
        """Tell whether claims wait for `uri`."""
        self.at(uri)
        return uri in self._waiting

    def release(self, uri: str, position: int) -> list[Waiting]:
        """Return, once, the claims that waited for `uri`, oldest first."""
        self.at(uri)
        claims = self._waiting.pop(uri, [])
        for claim in claims:
            claim.resolved = position
            self._changed_waiting[uri, claim.position, claim.ordinal] = claim
        return claims

    def store(self, found: Index) -> None:
        """Write what the batch changed, and an index of its words. Only the fold does; the effects read and forget."""
        if not self._in_order or is_worth_it(self._cursor, len(found) + len(self._changed)):
            copy(self._cursor, "log_index", ("key", "position"), found)
            self._copy()
            found = []
        if not self._in_order:
            return
        if found or self._changed:
            arguments = {
                "keys": _array([key for key, _ in found]),
                "positions": f"{{{','.join(str(position) for _, position in found)}}}",
                "rows": _encode([_row(ref) for ref in self._changed.values()]).decode(),
            }
            self._cursor.execute(SQL["store"], arguments)
            self._stored.update(self._changed)
            self._changed.clear()
        if self._changed_waiting:
            rows = [_row(waiting) for waiting in self._changed_waiting.values()]
            self._cursor.execute(SQL["store_pending"], {"rows": _encode(rows).decode()})
            self._changed_waiting.clear()

    def _copy(self) -> None:
        """Write what was not there before, which is nearly all of a long log."""
        new = [ref for name, ref in self._changed.items() if name not in self._stored]
        columns = ("key", *Ref.__struct_fields__[1:])
        copy(self._cursor, "refs", columns, [(key_of_name(ref.name), *_values(ref)[1:]) for ref in new])
        for ref in new:
            self._stored.add(ref.name)
            del self._changed[ref.name]


_values = msgspec.structs.astuple


def _row(stored: Ref | Waiting) -> dict[str, object]:
    """Return a row of a table, by its columns."""
    row = msgspec.structs.asdict(stored)
    row["key"] = key_of_name(row.pop("name"))
    return row


def _array(keys: Iterable[Key]) -> str:
    """Return keys as one literal: psycopg looks at each element of a list, and these are thousands."""
    return f"{{{','.join(keys)}}}"
