"""Makes what a request is about, with the server's own API."""

import base64
import io
import itertools
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image

from tests.support.whole import SCOPES, Server, eventually


class Maker:
    """Ada, who asks, and Bob, Carol and Dave, whom things are about. Everything made is new, but the people."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.http = httpx.Client(base_url=f"http://{server.domain}", timeout=20)
        self.tokens = {name: str(person.access_token) for name, person in server.people.items()}
        self.ids = {name: str(person.me().id) for name, person in server.people.items()}
        self._number = itertools.count(1)
        self._tokens: dict[str, str] = {}
        self.app = self.call(
            "POST",
            "/api/v1/apps",
            who=None,
            json={"client_name": "App", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": SCOPES},
        )
        self._settle()

    def _settle(self) -> None:
        """Let there be something of each kind that lists show."""
        ada, bob, erin = self.ids["ada"], self.ids["bob"], self.ids["erin"]
        self.call("POST", f"/api/v1/accounts/{bob}/follow")
        for follower in ("bob", "carol"):
            self.call("POST", f"/api/v1/accounts/{ada}/follow", who=follower)
        self.call("POST", f"/api/v1/accounts/{bob}/follow", who="carol")
        self.call("POST", f"/api/v1/accounts/{ada}/endorse", who="bob")
        self.call("POST", "/api/v1/featured_tags", who="bob", json={"name": "cats"})
        self.call("POST", f"/api/v1/accounts/{bob}/endorse")
        self.call("POST", "/api/v1/featured_tags", json={"name": "trees"})
        self.call("POST", "/api/v1/tags/rain/follow")
        self.call("POST", f"/api/v1/accounts/{erin}/block")
        self.call("POST", f"/api/v1/accounts/{self.ids['dave']}/mute")
        self.call("POST", f"/api/v1/accounts/{self.ids['carol']}/follow")
        self.call("POST", f"/api/v1/accounts/{self.ids['fay']}/follow", who="bob")
        for name in ("ada", "bob", "fay"):
            self.call("PATCH", "/api/v1/accounts/update_credentials", who=name, json={"discoverable": True})
        self._furnish()
        self.call("POST", "/api/v1/domain_blocks", json={"domain": "bad.example"})
        path = f"/api/v1/lists/{self.make_list()}/accounts"
        self.call("POST", path, json={"account_ids": [bob]})
        post = self.make_post()
        for act in ("favourite", "bookmark", "reblog"):
            self.call("POST", f"/api/v1/statuses/{post}/{act}")
        self.post("ada")
        self.make_filtered()
        self.make_scheduled()
        self.make_conversation()
        self.make_asker()

    def call(self, method: str, path: str, *, who: str | None = "ada", **more: Any) -> Any:
        """Ask in somebody's name, and return the decoded answer."""
        headers = {} if who is None else {"Authorization": f"Bearer {self.tokens[who]}"}
        answer = self.http.request(method, path, headers=headers, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def token(self, scopes: str) -> str:
        """Return a token of Ada's with only some scopes."""
        if scopes not in self._tokens:
            made = self.server.run("tokens", "create", "ada", "--scopes", scopes)
            assert made.returncode == 0, made.stderr
            self._tokens[scopes] = made.stdout.split()[-1]
        return self._tokens[scopes]

    def __call__(self, name: str) -> str:
        """Return what a name stands for."""
        return str(getattr(self, f"make_{name}")())

    def post(self, who: str = "bob", **more: Any) -> Any:
        """Publish something new, and wait until everybody can read it, as its author's next read does."""
        made = self.call("POST", "/api/v1/statuses", who=who, json={"status": f"#cats {next(self._number)}", **more})
        self.call("GET", f"/api/v1/statuses/{made['id']}", who=who)
        return made

    def make_bob(self) -> str:
        return self.ids["bob"]

    def make_erin(self) -> str:
        return self.ids["erin"]

    def make_dave(self) -> str:
        return self.ids["dave"]

    def make_subscribed(self) -> str:
        """Nothing that an address would show: a browser that wants to be told."""
        keys = {"p256dh": self.make_p256dh(), "auth": self.make_auth()}
        subscription = {"endpoint": "https://push.example/1", "standard": True, "keys": keys}
        self.call("POST", "/api/v1/push/subscription", json={"subscription": subscription})
        return ""

    def make_carol(self) -> str:
        return self.ids["carol"]

    def make_liked(self) -> str:
        """A post that Ada favourited and boosted."""
        post = self.make_post()
        for act in ("favourite", "reblog"):
            self.call("POST", f"/api/v1/statuses/{post}/{act}")
        return post

    def make_peopled(self) -> str:
        """A list with somebody in it, who has just posted."""
        made = self.make_list()
        self.call("POST", f"/api/v1/lists/{made}/accounts", json={"account_ids": [self.make_followed()]})
        self.post("carol")
        return made

    def make_catching(self) -> str:
        """A filter that catches a single post."""
        made = self.make_filter()
        self.call("POST", f"/api/v2/filters/{made}/statuses", json={"status_id": self.make_post()})
        return made

    def make_followed(self) -> str:
        self.call("POST", f"/api/v1/accounts/{self.ids['carol']}/follow")
        return self.ids["carol"]

    def make_asker(self) -> str:
        self.call("PATCH", "/api/v1/accounts/update_credentials", json={"locked": True})
        dave = self.ids["dave"]
        self.call("POST", f"/api/v1/accounts/{dave}/remove_from_followers")
        self.call("POST", f"/api/v1/accounts/{self.ids['ada']}/follow", who="dave")
        eventually(lambda: [each for each in self.call("GET", "/api/v1/follow_requests") if each["id"] == dave])
        return dave

    def make_post(self) -> str:
        return str(self.post()["id"])

    def make_mine(self) -> str:
        return str(self.post("ada")["id"])

    def make_foreign(self) -> str:
        return str(self.post(language="de")["id"])

    def make_poll(self) -> str:
        return str(self.post(poll={"options": ["a", "b"], "expires_in": 600})["poll"]["id"])

    def make_thread(self) -> str:
        return str(self.post()["id"])

    def make_list(self) -> str:
        return str(self.call("POST", "/api/v1/lists", json={"title": "list"})["id"])

    def make_filter(self) -> str:
        return str(self._filter()["id"])

    def make_keyword(self) -> str:
        return str(self._filter()["keywords"][0]["id"])

    def make_filtered(self) -> str:
        path = f"/api/v2/filters/{self.make_filter()}/statuses"
        return str(self.call("POST", path, json={"status_id": self.make_post()})["id"])

    def make_media(self) -> str:
        return str(self.call("POST", "/api/v1/media", files={"file": ("a.png", self.picture(), "image/png")})["id"])

    def picture(self) -> bytes:
        """Return a small PNG."""
        out = io.BytesIO()
        Image.new("RGB", (60, 40), (1, 90, 120)).save(out, "PNG")
        return out.getvalue()

    def make_later(self) -> str:
        return (datetime.now(UTC) + timedelta(hours=2)).isoformat()

    def make_scheduled(self) -> str:
        waiting = {"status": f"#cats {next(self._number)}", "scheduled_at": self.make_later()}
        return str(self.call("POST", "/api/v1/statuses", json=waiting)["id"])

    def make_conversation(self) -> str:
        post = self.post(status=f"@ada {next(self._number)}", visibility="direct")
        return str(eventually(lambda: [
            each for each in self.call("GET", "/api/v1/conversations") if each["last_status"]["id"] == post["id"]
        ])[0]["id"])  # fmt: skip

    def make_notification(self) -> str:
        return str(self._told()["id"])

    def make_group(self) -> str:
        return str(self._told()["group_key"])

    def make_request(self) -> str:
        """Somebody whom Ada does not know writes to her, while she lets such people wait."""
        number = next(self._number)
        login = {"username": f"stranger{number}", "email": f"stranger{number}@example.com", "password": "x" * 12}
        bearer = {"Authorization": f"Bearer {self.make_spare_token('read write')}"}
        joined = self.http.post("/api/v1/accounts", json={**login, "agreement": True, "locale": "en"}, headers=bearer)
        self.tokens[login["username"]] = joined.json()["access_token"]
        self.call("PATCH", "/api/v2/notifications/policy", json={"for_not_following": "filter"})
        try:
            self.post(login["username"], status=f"@ada {number}")
            found = eventually(
                lambda: [
                    each
                    for each in self.call("GET", "/api/v1/notifications/requests")
                    if each["account"]["username"] == login["username"]
                ]
            )
        finally:
            self.call("PATCH", "/api/v2/notifications/policy", json={"for_not_following": "accept"})
        return str(found[0]["id"])

    def make_featured(self) -> str:
        return str(self.call("POST", "/api/v1/featured_tags", json={"name": "birds"})["id"])

    def make_token(self) -> str:
        return self.tokens["ada"]

    def make_spare_token(self, scope: str = "read") -> str:
        grant = {"grant_type": "client_credentials", "scope": scope}
        app = {"client_id": self.make_client_id(), "client_secret": self.make_client_secret()}
        return str(self.call("POST", "/oauth/token", who=None, json={**grant, **app})["access_token"])

    def make_client_id(self) -> str:
        return str(self.app["client_id"])

    def make_client_secret(self) -> str:
        return str(self.app["client_secret"])

    def make_domain(self) -> str:
        return self.server.domain

    def make_page(self) -> str:
        return str(self.post()["url"])

    def make_year(self) -> str:
        return str(datetime.now(UTC).year)

    def make_date(self) -> str:
        return str(self.call("GET", "/api/v1/instance/terms_of_service")["effective_date"])

    def make_link(self) -> str:
        return "https://example.com/article"

    def make_p256dh(self) -> str:
        key = ec.generate_private_key(ec.SECP256R1()).public_key()
        return _base64(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def make_auth(self) -> str:
        return _base64(os.urandom(16))

    def make_announcement(self) -> str:
        return str(self.call("GET", "/api/v1/announcements")[0]["id"])

    def _furnish(self) -> None:
        """Do what the staff does on the command line."""
        with tempfile.TemporaryDirectory() as folder:
            picture, page = Path(folder) / "cat.png", Path(folder) / "page.txt"
            picture.write_bytes(self.picture())
            page.write_text("Be kind.\n", encoding="utf-8")
            for verb in (
                ("emoji", "add", "cat", str(picture)),
                ("announcements", "publish", "news"),
                ("pages", "write", "rules", str(page)),
                ("pages", "write", "terms_of_service", str(page), "--effective", "2026-01-01"),
            ):
                done = self.server.run(*verb)
                assert done.returncode == 0, done.stderr
        eventually(lambda: self.call("GET", "/api/v1/announcements"))

    def make_ada(self) -> str:
        self._collected("bob", "ada")
        return self.ids["ada"]

    def make_collector(self) -> str:
        self._collected("bob", "ada")
        return self.ids["bob"]

    def make_blocked(self) -> str:
        """Nothing that an address would show: somebody whom Ada blocks."""
        self.call("POST", f"/api/v1/accounts/{self.ids['erin']}/block")
        return ""

    def make_muted(self) -> str:
        """Nothing that an address would show: somebody whom Ada mutes."""
        self.call("POST", f"/api/v1/accounts/{self.ids['dave']}/mute")
        return ""

    def make_collection(self) -> str:
        return self._collection("ada")

    def make_item(self) -> str:
        """Somebody in a collection of Ada's, with its address."""
        return self._collected("ada", "bob")

    def make_me_in(self) -> str:
        """Ada in a collection of Bob's, with its address."""
        return self._collected("bob", "ada")

    def make_quoting(self) -> str:
        """A post of Ada's that Bob quotes."""
        mine = self.make_mine()
        self.post("bob", quoted_status_id=mine)
        return mine

    def make_quoted(self) -> str:
        """A post of Ada's, and the one by which Bob quotes it."""
        mine = self.make_mine()
        return f"{mine}/quotes/{self.post('bob', quoted_status_id=mine)['id']}"

    def make_stamp(self) -> str:
        """The number of a stamp by which Ada lets Bob quote her."""
        mine = self.make_mine()
        quoting = self.post("bob", quoted_status_id=mine)
        document = self.http.get(quoting["uri"], headers={"Accept": "application/activity+json"}).json()
        return str(document["quoteAuthorization"]).rpartition("/")[2]

    def make_emoji(self) -> str:
        listed = self.call("GET", "/api/v1/custom_emojis")
        post = self.post("bob", status=f":{listed[0]['shortcode']}: {next(self._number)}")
        document = self.http.get(post["uri"], headers={"Accept": "application/activity+json"}).json()
        return str(next(tag["id"] for tag in document["tag"] if tag["type"] == "Emoji")).rpartition("/")[2]

    def make_invite(self) -> str:
        made = self.server.run("invites", "create")
        assert made.returncode == 0, made.stderr
        return made.stdout.strip().rpartition("/")[2]

    def make_refresh(self) -> str:
        """What is being fetched for Ada, if anything is."""
        answer = self.http.get(
            f"/api/v1/statuses/{self.make_post()}/context", headers={"Authorization": f"Bearer {self.tokens['ada']}"}
        )
        return answer.headers.get("mastodon-async-refresh", "0").partition('id="')[2].partition('"')[0] or "0"

    def make_browser(self) -> str:
        keys = {"p256dh": self.make_p256dh(), "auth": self.make_auth()}
        subscription = {"endpoint": f"https://push.example/{next(self._number)}", "standard": True, "keys": keys}
        return str(self.call("POST", "/api/web/push_subscriptions", json={"subscription": subscription})["id"])

    def _collected(self, owner: str, member: str) -> str:
        made = self._collection(owner)
        path = f"/api/v1/collections/{made}/items"
        item = self.call("POST", path, who=owner, json={"account_id": self.ids[member]})["collection_item"]
        return f"{made}/items/{item['id']}"

    def _collection(self, owner: str) -> str:
        """Make a collection in the place of those before: nobody may have many."""
        for each in self.call("GET", f"/api/v1/accounts/{self.ids[owner]}/collections", who=owner)["collections"]:
            self.call("DELETE", f"/api/v1/collections/{each['id']}", who=owner)
        made = self.call("POST", "/api/v1/collections", who=owner, json={"name": f"friends {next(self._number)}"})
        return str(made["collection"]["id"])

    def _filter(self) -> Any:
        wanted = {"title": "pets", "context": ["home"], "keywords_attributes": [{"keyword": "hamster"}]}
        return self.call("POST", "/api/v2/filters", json=wanted)

    def _told(self) -> Any:
        post = self.post(status=f"@ada {next(self._number)}")
        told = eventually(lambda: [
            each for each in self.call("GET", "/api/v1/notifications") if each.get("status", {}).get("id") == post["id"]
        ])  # fmt: skip
        return told[0]


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
