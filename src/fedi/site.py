"""Where this server stands on the web, and the shape of every URI it mints.

`domain` is the part after the @ of local handles; `web_domain` is the host (and port, where there is one) of local
URLs. Both are fixed by the first event of the log and never change.
"""

import hashlib
from typing import Literal

import msgspec

RemoteMedia = Literal["avatars", "headers", "attachments", "previews", "account_emojis", "status_emojis", "cards"]
"""What a remote file is to the account (the first two and its emoji), the status or the card that it is shown with."""


STILL = "-still"
"""The end of an address of ours where a remote picture does not move."""


def url_digest(url: str) -> str:
    """Return what stands for a remote file's URL in the URL of our copy, so that another file gets another URL."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]


def still_of(shown: str, origin: str) -> str:
    """Return where a picture is shown without moving, given where it is shown and where it came from.

    Only a GIF may move: of our own one its still lies beside it, of another server's one we make it with our copy.
    """
    if not is_gif(origin):
        return shown
    return f"{shown.removesuffix('.gif')}-static.png" if shown == origin else f"{shown}{STILL}"


def is_gif(url: str) -> bool:
    """Tell whether an address says that a GIF is there; nothing else is shown moving."""
    return url.partition("?")[0].lower().endswith(".gif")


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The server's own names and the URIs made of them."""

    domain: str
    web_domain: str
    https: bool

    @property
    def base_url(self) -> str:
        """Scheme and host, without a slash at the end."""
        return f"{'https' if self.https else 'http'}://{self.web_domain}"

    @property
    def streaming_url(self) -> str:
        """The base of the streaming API, without a path."""
        return f"{'wss' if self.https else 'ws'}://{self.web_domain}"

    @property
    def shared_inbox(self) -> str:
        return f"{self.base_url}/inbox"

    @property
    def instance_actor(self) -> str:
        """The Application that signs what the server does in its own name."""
        return f"{self.base_url}/actor"

    def actor(self, username: str) -> str:
        return f"{self.base_url}/users/{username}"

    def profile(self, username: str) -> str:
        """The page of a local person."""
        return f"{self.base_url}/@{username}"

    def status(self, username: str, status_id: int) -> str:
        return f"{self.actor(username)}/statuses/{status_id}"

    def status_page(self, username: str, status_id: int) -> str:
        return f"{self.profile(username)}/{status_id}"

    def tag_page(self, name: str) -> str:
        return f"{self.base_url}/tags/{name}"

    def remote_media(self, kind: RemoteMedia, owner_id: int, index: int, url: str) -> str:
        """Return the address at which this server shows a remote file: the `index`th of its kind that a row names."""
        return f"{self.base_url}/media/remote/{kind}/{owner_id}/{index}-{url_digest(url)}"

    def is_local(self, uri: str) -> bool:
        """Tell whether a URI was minted here."""
        return uri.startswith(self.base_url + "/")

    def handle(self, username: str, domain: str | None) -> str:
        """`user` for local people, `user@domain` for others: Mastodon's `acct`."""
        return username if domain is None else f"{username}@{domain}"
