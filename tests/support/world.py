"""A small fediverse that talks at random, in any order and more than once, for whatever folds what it says.

The same seed says the same. Everybody does what the wire allows: post, answer, edit, delete, boost, like, follow,
block, and take it back; some of it arrives before what it is about, some of it twice.
"""

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from fedi.events import Event
from fedi.events.accounts import (
    AccountCollectionsHidden,
    AccountCreated,
    AccountEndorsed,
    AccountMuted,
    AccountNoted,
    AccountUnendorsed,
    AccountUnmuted,
    FollowOptionsChanged,
    LinkVerified,
    MuteExpired,
)
from fedi.events.activities import ActivityPublished, ActivityReceived, DocumentFetched, DocumentVanished
from fedi.events.announcements import (
    AnnouncementPublished,
    AnnouncementReacted,
    AnnouncementRemoved,
    AnnouncementUnreacted,
)
from fedi.events.collections import (
    CollectionAccountAdded,
    CollectionAccountRemoved,
    CollectionDeleted,
    CollectionMembershipRevoked,
    CollectionSaved,
)
from fedi.events.domains import (
    DomainAllowed,
    DomainBlocked,
    DomainDisallowed,
    DomainLimited,
    DomainUnblocked,
    DomainUnlimited,
    RelationshipsSevered,
)
from fedi.events.emojis import EmojiAdded, EmojiRemoved
from fedi.events.filters import FilterDeleted, FilterSaved, FilterStatusAdded, FilterStatusRemoved, Keyword
from fedi.events.links import LinkForgotten, LinkPreviewed
from fedi.events.lists import ListAccountsAdded, ListAccountsRemoved, ListDeleted, ListSaved
from fedi.events.moderation import AccountRestricted, AccountUnrestricted, AccountWarned, Restriction
from fedi.events.notifications import (
    AnnualReportFinished,
    NotificationDismissed,
    NotificationPolicyChosen,
    NotificationRequestsAccepted,
    NotificationRequestsDismissed,
    NotificationsCleared,
    Policy,
    StaffNotified,
    Treatment,
)
from fedi.events.relays import RelayAdded, RelayRemoved
from fedi.events.reports import ReportFiled
from fedi.events.scheduled import (
    PlannedPoll,
    PlannedStatus,
    PollExpired,
    StatusRescheduled,
    StatusScheduled,
    StatusUnscheduled,
)
from fedi.events.server import ErasureDemanded, ServerFounded, ServerPageWritten
from fedi.events.statuses import StatusBookmarked, StatusUnbookmarked
from fedi.events.tags import TagFeatured, TagFollowed, TagUnfeatured, TagUnfollowed
from fedi.events.threads import ConversationDeleted, ConversationMarked, ThreadMuted, ThreadUnmuted
from fedi.meaning.erasure import page_key

CONTEXT = "https://www.w3.org/ns/activitystreams"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
HERE = "http://localhost:3000"
START = datetime(2026, 3, 1, tzinfo=UTC)
KEY = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"
PRIVATE = 2
"""How many private acts there are for each thing said in public."""
TAGS = ("cats", "dogs", "rain")


class Person:
    """Somebody, here or elsewhere."""

    def __init__(self, name: str, host: str | None, number: int) -> None:
        self.local = host is None
        self.name = name
        self.id = f"{HERE}/users/{name}" if host is None else f"https://{host}/users/{name}"
        self.account_id = (1_700_000_000_000 + number) << 16

    def document(self, locked: bool) -> dict[str, Any]:
        return {
            "@context": CONTEXT,
            "id": self.id,
            "type": "Person",
            "preferredUsername": self.name,
            "name": self.name.title(),
            "inbox": f"{self.id}/inbox",
            "outbox": f"{self.id}/outbox",
            "followers": f"{self.id}/followers",
            "following": f"{self.id}/following",
            "featured": f"{self.id}/featured",
            "manuallyApprovesFollowers": locked,
            "published": "2026-01-01T00:00:00Z",
            "publicKey": {"id": f"{self.id}#main-key", "owner": self.id, "publicKeyPem": KEY},
        }


class World:
    """Says one thing after another."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.aside = random.Random(seed + 1_000_000)
        """Chooses among private acts: a new kind of them leaves what is said in public as it was."""
        self.quoting = random.Random(seed + 2_000_000)
        """Chooses what is quoted, for the same reason."""
        self.vanishing = random.Random(seed + 3_000_000)
        """Chooses who and what is found gone, and found again."""
        self.limiting = random.Random(seed + 3_000_000)
        """Chooses what the operator does."""
        self.requesting = random.Random(seed + 4_000_000)
        """Chooses who asks before they do something to a post."""
        self.tagging = random.Random(seed + 5_000_000)
        """Chooses which posts have a hashtag of their own."""
        self.asked: list[tuple[str, str]] = []
        """What quotes what, by URI."""
        self.local = [Person(f"local{n}", None, n) for n in range(4)]
        self.remote = [Person(f"remote{n}", f"r{n % 3}.example", n) for n in range(5)]
        self.people = [*self.local, *self.remote]
        self.notes: list[tuple[Person, str, int]] = []
        self.deleted_lists: set[int] = set()
        self.polls: list[str] = []
        self.promised: list[tuple[Person, str, int]] = []
        """Posts that somebody spoke of before they came."""
        self.acts: list[tuple[Person, dict[str, Any]]] = []
        self.serial = 0
        self.numbers = 0

    def events(self, number: int) -> list[Event]:
        """Return the founding, everybody's arrival, and then `number` things said, with private acts between them."""
        said: list[Event] = [
            ServerFounded(domain="localhost:3000", web_domain="localhost:3000", https=False, server_id="x")
        ]
        for person in self.local:
            document = msgspec.Raw(json.dumps(person.document(self.random.random() < 0.3)).encode())
            said.append(AccountCreated(account_id=person.account_id, username=person.name, document=document))
        said += [self._fetched(person.document(False)) for person in self.remote[:-1]]
        for _ in range(number):
            said.append(self._one())
            said += [self._private() for _ in range(PRIVATE)]
            if self.limiting.random() < 0.4:
                said.append(self._limit())
            if self.asked and self.quoting.random() < 0.4:
                said.append(self._answer_quote())
            if self.vanishing.random() < 0.15:
                said.append(self._looked_for())
            if self.notes and self.requesting.random() < 0.04:
                said.append(self._request())
        return said

    def _one(self) -> Event:
        choices = [
            (self._post, 6), (self._like, 4), (self._boost, 3), (self._follow, 4), (self._answer, 4), (self._undo, 4),
            (self._delete, 2), (self._edit, 2), (self._block, 1), (self._profile, 1),
            (self._vote, 2), (self._pin, 3), (self._gone, 0.1), (self._flag, 0.5),
        ]  # fmt: skip
        act = self.random.choices([choice for choice, _ in choices], [weight for _, weight in choices])[0]
        return act()

    def _next(self) -> int:
        self.serial += 1
        return self.serial

    def _when(self) -> str:
        moment = START + timedelta(seconds=self.serial * 7 + self.random.randrange(5))
        return moment.isoformat().replace("+00:00", "Z")

    def _say(self, person: Person, activity: dict[str, Any], **more: Any) -> Event:
        document = {"@context": CONTEXT, "actor": person.id, **activity}
        self.acts.append((person, document))
        raw = msgspec.Raw(json.dumps(document).encode())
        if person.local:
            return ActivityPublished(document=raw, account_id=person.account_id, **more)
        return ActivityReceived(
            document=raw, actor=person.id, key=f"{person.id}#key", signed_at=START, digest=str(self._next())
        )

    def _fetched(self, document: dict[str, Any]) -> Event:
        return DocumentFetched(document=msgspec.Raw(json.dumps(document).encode()), url=document["id"])

    def _some_note(self) -> tuple[Person, str, int]:
        if self.notes and self.random.random() < 0.9:
            return self.random.choice(self.notes[-30:])
        person = self.random.choice(self.people)
        number = self._next()
        self.promised.append((person, f"{person.id}/statuses/{number}", number))
        return self.promised[-1]

    def _note(self, person: Person, uri: str) -> dict[str, Any]:
        named = self.random.sample(self.people, self.random.choice([0, 0, 1, 2]))
        to, cc = self.random.choice(
            [([PUBLIC], [f"{person.id}/followers"]), ([f"{person.id}/followers"], [PUBLIC]),
             ([f"{person.id}/followers"], []), ([], [])]
        )  # fmt: skip
        note: dict[str, Any] = {
            "id": uri,
            "type": "Note",
            "attributedTo": person.id,
            "content": f"<p>{uri} {self.random.random()}</p>{self._shared()}",
            "published": self._when(),
            "to": to,
            "cc": [*cc, *(each.id for each in named)],
            "tag": [{"type": "Mention", "href": each.id, "name": f"@{each.name}"} for each in named]
            + [
                {"type": "Hashtag", "name": f"#{tag}"}
                for tag in [*self.random.sample(TAGS, self.random.choice([0, 1, 2])), *self._seldom()]
            ],
        }
        if self.random.random() < 0.4:
            note["inReplyTo"] = self._some_note()[1]
        if self.notes and self.quoting.random() < 0.4:
            note["quote"] = self.quoting.choice(self.notes[-30:])[1]
            note["interactionPolicy"] = {"canQuote": {"automaticApproval": self.quoting.choice([PUBLIC, person.id])}}
            self.asked.append((uri, note["quote"]))
        if self.random.random() < 0.15:
            note["type"] = "Question"
            self.polls.append(uri)
            note["oneOf"] = [{"type": "Note", "name": name} for name in ("yes", "no")]
        return note

    def _seldom(self) -> list[str]:
        """Return a hashtag, or none, that hardly any other post has: it may go with its last post."""
        return [f"seldom{self.tagging.randrange(20)}"] if self.tagging.random() < 0.1 else []

    def _shared(self) -> str:
        number = self.aside.randrange(6)
        return f'<p><a href="https://news.example/{number}">read this</a></p>' if number < 3 else ""

    def _post(self) -> Event:
        person = self.random.choice(self.people)
        spoken_of = [note for note in self.promised if note[0] is person]
        number = self.random.choice(spoken_of)[2] if spoken_of and self.random.random() < 0.5 else self._next()
        uri = f"{person.id}/statuses/{number}"
        self.notes.append((person, uri, number))
        note = self._note(person, uri)
        create = {"id": f"{uri}/activity", "type": "Create", "object": note, "to": note["to"], "cc": note["cc"]}
        if not person.local and self.random.random() < 0.2:
            return self._fetched({"@context": CONTEXT, **note})
        return self._say(person, create, status_id=(1_760_000_000_000 + number) << 16 if person.local else None)

    def _edit(self) -> Event:
        person, uri, _ = self._some_note()
        note = {**self._note(person, uri), "updated": self._when()}
        return self._say(person, {"id": f"{uri}#updates/{self._next()}", "type": "Update", "object": note})

    def _delete(self) -> Event:
        person, uri, _ = self._some_note()
        return self._say(person, {"id": f"{uri}#delete", "type": "Delete", "object": {"id": uri, "type": "Tombstone"}})

    def _like(self) -> Event:
        person, (_, uri, _) = self.random.choice(self.people), self._some_note()
        return self._say(person, {"id": f"{person.id}#likes/{self._next()}", "type": "Like", "object": uri})

    def _boost(self) -> Event:
        person, (_, uri, _) = self.random.choice(self.people), self._some_note()
        number = self._next()
        boost: dict[str, Any] = {"id": f"{person.id}/statuses/{number}/activity", "type": "Announce", "object": uri}
        boost |= {"published": self._when(), "to": [PUBLIC], "cc": [f"{person.id}/followers"]}
        return self._say(person, boost, status_id=(1_760_000_000_000 + number) << 16 if person.local else None)

    def _answer_quote(self) -> Event:
        """The quoted author lets a post quote theirs, or takes that back; sometimes it is somebody else who says so."""
        quote, quoted = self.quoting.choice(self.asked[-20:])
        author = next(person for person, uri, _ in self.notes if uri == quoted)
        if self.quoting.random() < 0.1:
            author = self.quoting.choice(self.people)
        stamp = f"{author.id}/quote_authorizations/{quote.rpartition('/')[2]}-{quoted.rpartition('/')[2]}"
        if self.quoting.random() < 0.3:
            return self._say(author, {"id": f"{stamp}#delete", "type": "Delete", "object": stamp})
        request = {"type": "QuoteRequest", "actor": author.id, "object": quoted, "instrument": quote}
        kind = self.quoting.choice(["Accept", "Accept", "Accept", "Reject"])
        answer = {"id": f"{author.id}#quotes/{self._next()}", "type": kind, "object": request}
        return self._say(author, answer | ({"result": stamp} if kind == "Accept" else {}))

    def _request(self) -> Event:
        """Somebody elsewhere asks whether they may answer, favourite or boost a post."""
        person, (_, uri, _) = self.requesting.choice(self.remote), self.requesting.choice(self.notes[-30:])
        number = self.requesting.randrange(10**6)
        done: dict[str, Any] = {"id": f"{person.id}/asked/{number}", "attributedTo": person.id, "inReplyTo": uri}
        kind = self.requesting.choice(["LikeRequest", "ReplyRequest", "AnnounceRequest"])
        if kind == "ReplyRequest":
            done |= {"type": "Note", "content": "<p>may I?</p>"}
        else:
            done = {"id": done["id"], "type": kind.removesuffix("Request"), "object": uri}
        asked = {"id": f"{done['id']}#request", "type": kind, "actor": person.id, "object": uri, "instrument": done}
        raw = msgspec.Raw(json.dumps({"@context": CONTEXT, **asked}).encode())
        return ActivityReceived(
            document=raw, actor=person.id, key=f"{person.id}#key", signed_at=START, digest=f"asked {number}"
        )

    def _follow(self) -> Event:
        person, other = self.random.sample(self.people, 2)
        follow = {"id": f"{person.id}#follows/{other.name}", "type": "Follow", "object": other.id}
        return self._say(person, follow)

    def _answer(self) -> Event:
        follows = [(person, act) for person, act in self.acts[-40:] if act["type"] == "Follow"]
        if not follows:
            return self._follow()
        _, follow = self.random.choice(follows)
        answerer = next(person for person in self.people if person.id == follow["object"])
        kind = self.random.choice(["Accept", "Accept", "Accept", "Reject"])
        return self._say(answerer, {"id": f"{answerer.id}#answers/{self._next()}", "type": kind, "object": follow})

    def _undo(self) -> Event:
        undoable = [(p, act) for p, act in self.acts[-40:] if act["type"] in {"Like", "Follow", "Announce", "Block"}]
        if not undoable:
            return self._like()
        person, act = self.random.choice(undoable)
        whole = self.random.random() < 0.7
        return self._say(person, {"id": f"{act['id']}/undo", "type": "Undo", "object": act if whole else act["id"]})

    def _block(self) -> Event:
        person, other = self.random.sample(self.people, 2)
        return self._say(person, {"id": f"{person.id}#blocks/{self._next()}", "type": "Block", "object": other.id})

    def _vote(self) -> Event:
        person, uri = self.random.choice(self.people), self.random.choice(self.polls or [f"{HERE}/none"])
        vote: dict[str, Any] = {"id": f"{person.id}#votes/{self._next()}", "type": "Note", "attributedTo": person.id}
        vote |= {"name": self.random.choice(["yes", "no", "perhaps"]), "inReplyTo": uri, "to": [uri]}
        return self._say(person, {"id": f"{vote['id']}/activity", "type": "Create", "object": vote})

    def _pin(self) -> Event:
        person, uri, _ = self._some_note()
        kind = self.random.choice(["Add", "Add", "Remove"])
        name = TAGS[self.serial // 4 % len(TAGS)]
        tag = {"type": "Hashtag", "name": f"#{name}", "href": f"{person.id}/tagged/{name}"}
        pinned = tag if self.serial % 4 == 0 else uri
        return self._say(
            person,
            {"id": f"{uri}#pin{self._next()}", "type": kind, "object": pinned, "target": f"{person.id}/featured"},
        )

    def _profile(self) -> Event:
        person = self.random.choice(self.people)
        document = person.document(self.random.random() < 0.5) | {"name": f"{person.name} {self._next()}"}
        document["type"] = "Service" if self.serial % 3 == 0 else "Person"
        if self.serial % 2 == 0:
            link = '<a href="https://site.example/" rel="me">site</a>'
            document["attachment"] = [{"type": "PropertyValue", "name": "site", "value": link}]
        return self._say(person, {"id": f"{person.id}#updates/{self._next()}", "type": "Update", "object": document})

    def _flag(self) -> Event:
        person, (author, uri, _) = self.random.choice(self.remote), self._some_note()
        flag = {"id": f"{person.id}#flags/{self._next()}", "type": "Flag", "object": [author.id, uri], "content": "Bad"}
        return self._say(person, flag)

    def _gone(self) -> Event:
        person = self.random.choice(self.remote)
        return self._say(person, {"id": f"{person.id}#delete", "type": "Delete", "object": person.id})

    def _looked_for(self) -> Event:
        """Somebody, or a post, elsewhere is looked for: there, or gone, and sometimes back the next time."""
        posts = [act["object"] for person, act in self.acts if act["type"] == "Create" and not person.local]
        documents = [person.document(False) for person in self.remote] + [each for each in posts[-20:] if "id" in each]
        document = self.vanishing.choice(documents)
        gone = self.vanishing.random() < (0.1 if document["type"] == "Person" else 0.5)
        return DocumentVanished(url=document["id"]) if gone else self._fetched({"@context": CONTEXT, **document})

    def _planned(self, mine: int) -> list[Event]:
        number = mine + self.aside.choice([1, 2, 3, 4])
        planned = PlannedStatus(text="later", poll=PlannedPoll(options=("a", "b"), expires_in=600))
        told = tuple(person.account_id for person in self.local)
        author, _, status = self.aside.choice(self.notes) if self.notes else (self.local[0], "", 0)
        return [
            StatusScheduled(scheduled_id=number, account_id=mine, scheduled_at=START, status=planned),
            StatusRescheduled(scheduled_id=number, account_id=mine, scheduled_at=START + timedelta(days=1)),
            self.aside.choice(
                [
                    StatusUnscheduled(scheduled_id=number, account_id=mine),
                    PollExpired(
                        status_id=(1_760_000_000_000 + status) << 16,
                        account_id=author.account_id,
                        expires_at=START,
                        told=told,
                    ),
                ]
            ),
        ]

    def _notices(self, mine: int, theirs: int, status: int) -> list[Event]:
        treatments: tuple[Treatment, ...] = ("accept", "filter", "drop")
        return [
            NotificationDismissed(account_id=mine, notification_id=self.aside.randrange(1, 900) << 20),
            NotificationPolicyChosen(
                account_id=mine,
                policy=Policy(
                    not_following=self.aside.choice(treatments),
                    not_followers=self.aside.choice(treatments),
                    new_accounts=self.aside.choice(treatments),
                    private_mentions=self.aside.choice(treatments),
                    limited_accounts=self.limiting.choice(treatments),
                    bots=self.aside.choice(treatments),
                ),
            ),
            NotificationRequestsAccepted(account_id=mine, from_account_ids=(theirs,)),
            NotificationRequestsDismissed(account_id=mine, from_account_ids=(theirs,)),
            AnnualReportFinished(account_id=mine, year=2026),
            StaffNotified(kind="admin.sign_up", about_account_id=theirs, staff_ids=(mine,)),
            ReportFiled(
                report_id=self.aside.randrange(1, 9), account_id=mine, target_id=theirs, comment="x", category="spam"
            ),
        ]

    def _filters(self, mine: int, status: int) -> list[Event]:
        number, entry = mine + self.aside.choice([1, 1, 2]), mine + self.aside.choice([20, 21, 22, 23])
        keyword = Keyword(id=number + 10, keyword=self.aside.choice(["cat", "dog"]), whole_word=False)
        saved = FilterSaved(
            filter_id=number, account_id=mine, title="pets", context=("home",), action="warn", keywords=(keyword,)
        )
        return [
            saved,
            msgspec.structs.replace(saved, keywords=(), removed=(number + 10,), action="hide"),
            FilterStatusAdded(filter_id=number, account_id=mine, entry_id=entry, status_id=status),
            FilterStatusRemoved(filter_id=number, account_id=mine, entry_id=entry),
            self.aside.choice([saved, FilterDeleted(filter_id=number, account_id=mine)]),
        ]

    def _threads(self, mine: int, status: int) -> list[Event]:
        talk = self.aside.randrange(1, 400) << 20 | self.aside.choice([0, 1])
        return [
            ThreadMuted(account_id=mine, status_id=status),
            ThreadMuted(account_id=mine, status_id=status),
            ThreadUnmuted(account_id=mine, status_id=status),
            ConversationMarked(account_id=mine, conversation_id=talk, unread=self.aside.random() < 0.5),
            ConversationDeleted(account_id=mine, conversation_id=talk),
        ]

    def _previewed(self) -> LinkPreviewed:
        number = self.aside.randrange(100)
        return LinkPreviewed(url=f"https://news.example/{number % 3}", kind="link", title=f"News {number}")

    def _erased(self) -> list[Event]:
        """The operator erases somebody's post, which may be one that never came."""
        notes = [(person, uri) for person, uri, _ in self.notes if not person.local] or [
            (self.remote[0], f"{HERE}/none")
        ]
        person, uri = self.aside.choice(
            [*notes, (self.remote[0], f"{self.remote[0].id}/unseen/{self.aside.randrange(9)}")]
        )
        return [ErasureDemanded(uri=uri, actor=person.id, demand="moderator")]

    def _next_aside(self) -> int:
        self.numbers += 1
        return self.numbers

    def _collections(self, mine: int, theirs: int) -> list[Event]:
        number, item = mine + self.aside.choice([1, 2]), self.aside.randrange(1, max(2, self.numbers))
        saved = CollectionSaved(collection_id=number, account_id=mine, name=self.aside.choice(["cats", "dogs"]))
        added = CollectionAccountAdded(
            collection_id=number, item_id=self._next_aside(), account_id=mine, member_id=theirs
        )
        return [
            saved,
            added,
            msgspec.structs.replace(added, item_id=self._next_aside(), pending=True),
            CollectionAccountRemoved(collection_id=number, item_id=item),
            CollectionMembershipRevoked(collection_id=number, item_id=item),
            CollectionDeleted(collection_id=mine + 3, account_id=mine),
        ]

    def _staff(self, mine: int) -> list[Event]:
        content = self.aside.choice(["", "Be kind.", "<b>Be kind</b>"])
        day = self.aside.choice(["2026-01-01", "2027-01-01"])
        return [
            ServerPageWritten(page="rules", content=content),
            EmojiAdded(emoji_id=self._next_aside(), shortcode=self.aside.choice(["cat", "dog"]), url=f"{HERE}/e.png"),
            EmojiAdded(emoji_id=self._next_aside(), shortcode=self.aside.choice(["cat", "dog"]), url=f"{HERE}/f.png"),
            EmojiRemoved(shortcode="cat"),
            AnnouncementPublished(announcement_id=self.aside.choice([1, 2]), content="<p>rain</p>", tags=("rain",)),
            AnnouncementPublished(announcement_id=3, content="<p>to be taken back</p>"),
            AnnouncementReacted(account_id=mine, announcement_id=self.aside.choice([1, 2]), name="cat"),
            AnnouncementReacted(account_id=mine, announcement_id=1, name=self.aside.choice(["cat", "dog"])),
            AnnouncementUnreacted(account_id=mine, announcement_id=1, name="dog"),
            AnnouncementRemoved(announcement_id=self._next_aside() + 1_000),
            ServerPageWritten(page="terms_of_service", content="Read them.", effective_on=day),
        ]

    def _limit(self) -> Event:
        """The operator limits somebody, or a domain, or takes that back."""
        mine, theirs = (self.limiting.choice(each).account_id for each in (self.local, self.people))
        domain = self.limiting.choice(["r0.example", "r1.example", "example"])
        restrictions: tuple[Restriction, ...] = ("silence", "suspend", "sensitive")
        restriction = self.limiting.choice(restrictions)
        return self.limiting.choice(
            [
                DomainLimited(domain=domain, severity="silence", reject_media=self.limiting.random() < 0.5),
                DomainLimited(domain=domain, severity=self.limiting.choice(["noop", "suspend"])),
                DomainUnlimited(domain=domain),
                DomainUnlimited(domain=self.limiting.choice(["r0.example", "r1.example", "example"])),
                self.limiting.choice([DomainAllowed(domain=domain), DomainDisallowed(domain="r0.example")]),
                AccountRestricted(account_id=theirs, restriction=restriction),
                AccountUnrestricted(account_id=theirs, restriction=restriction),
                AccountUnrestricted(account_id=theirs, restriction=self.limiting.choice(restrictions)),
                RelayAdded(inbox="https://r0.example/inbox", follow_uri=f"{HERE}/actor#follows/1", target=PUBLIC),
                RelayAdded(inbox="https://r1.example/inbox", follow_uri=f"{HERE}/actor#follows/2", target=PUBLIC),
                RelayRemoved(inbox="https://r1.example/inbox"),
                self._answer_of_relay(),
                AccountWarned(
                    warning_id=self.limiting.randrange(1 << 40), account_id=mine, action="none", text="Be kind."
                ),
            ]
        )

    def _answer_of_relay(self) -> Event:
        relay = self.limiting.choice(self.remote)
        answer = {
            "@context": CONTEXT,
            "id": f"{relay.id}#answers/{self.limiting.randrange(1 << 40)}",
            "type": self.limiting.choice(["Accept", "Reject"]),
            "actor": relay.id,
            "object": f"{HERE}/actor#follows/{self.limiting.choice([1, 2])}",
        }
        raw = msgspec.Raw(json.dumps(answer).encode())
        return ActivityReceived(document=raw, actor=relay.id, key="", signed_at=START, digest=answer["id"])

    def _private(self) -> Event:
        person, other = self.aside.choice(self.local), self.aside.choice(self.people)
        mine, theirs = person.account_id, other.account_id
        statuses = [number for author, _, number in self.notes if author.local] or [0]
        status = (1_760_000_000_000 + self.aside.choice(statuses)) << 16
        number = mine + self.aside.choice([1, 1, 1, 2, 3])
        act = self.aside.choice(
            [
                StatusBookmarked(account_id=mine, status_id=status),
                StatusUnbookmarked(account_id=mine, status_id=status),
                AccountMuted(account_id=mine, target_id=theirs, notifications=True),
                AccountUnmuted(account_id=mine, target_id=theirs),
                MuteExpired(account_id=mine, target_id=theirs, mute_id=self.aside.randrange(1, 400) << 12),
                FollowOptionsChanged(account_id=mine, target_id=theirs, boosts=False, notify=True),
                TagFollowed(account_id=mine, name=self.aside.choice(TAGS)),
                TagUnfollowed(account_id=mine, name=self.aside.choice(TAGS)),
                TagFeatured(account_id=mine, name=self.aside.choice(TAGS), written="Shown"),
                TagUnfeatured(account_id=mine, name=self.aside.choice(TAGS)),
                AccountEndorsed(account_id=mine, target_id=theirs),
                AccountUnendorsed(account_id=mine, target_id=theirs),
                *self._filters(mine, status),
                *self._threads(mine, status),
                self._previewed(),
                LinkForgotten(key=page_key(f"https://news.example/{self.aside.randrange(3)}")),
                *self._planned(mine),
                DomainBlocked(account_id=mine, domain=self.aside.choice(["r0.example", "r1.example"])),
                DomainUnblocked(account_id=mine, domain=self.aside.choice(["r0.example", "r1.example"])),
                RelationshipsSevered(
                    account_id=mine, kind="user_domain_block", target_name="r0.example", followers=1, following=0
                ),
                LinkVerified(account_id=theirs, url="https://site.example/", verified_at=START),
                AccountCollectionsHidden(account_id=mine, hidden=self.aside.random() < 0.5),
                AccountNoted(account_id=mine, target_id=theirs, comment=self.aside.choice(["", "a friend"])),
                ListSaved(
                    list_id=number, account_id=mine, title="friends", replies_policy="list", exclusive=number % 2 == 0
                ),
                ListAccountsAdded(list_id=number, account_id=mine, member_ids=(theirs,)),
                ListAccountsAdded(list_id=number, account_id=mine, member_ids=(mine, theirs)),
                ListAccountsRemoved(list_id=number, account_id=mine, member_ids=(theirs,)),
                ListDeleted(list_id=mine + 3, account_id=mine),
                *([NotificationsCleared(account_id=mine)] if self.aside.random() < 0.3 else []),
                *self._notices(mine, theirs, status),
                *self._staff(mine),
                *self._collections(mine, theirs),
                *self._erased(),
            ]
        )
        if isinstance(act, ListDeleted):
            self.deleted_lists.add(act.list_id)
        if isinstance(act, ListSaved) and act.list_id in self.deleted_lists:
            return NotificationsCleared(account_id=mine)  # the ids of lists are not used again
        return act
