"""Who asks, taken for whom they were when their token was last looked up, where it comes out whether they still are.

Who posts again after a second had their token looked up, and then had to be looked up themselves, before anything was
said: a question to the database, which takes as long as to append a post. Both are remembered, and the post is appended
on the premise that they are so still (`registry/premises.py`). If they are not, nothing was appended, and the request
is begun anew by looking them up.

Nothing else may come of it: before an answer that nothing was appended for, and before anything else is written or
other servers are asked, it is looked up who asks (`prove`).
"""

from collections.abc import Collection

from fedi.api.auth import Auth, authorize, permit
from fedi.api.deps import Deps
from fedi.errors import ClientError
from fedi.registry.access import is_due
from fedi.registry.premises import premise_of
from fedi.registry.tokens import Viewer


class Unproven:
    """A person who is only known from before, with the premise that they are still who they were."""

    __slots__ = ("_accepted", "_auth", "_deps", "_token", "premise", "viewer")

    def __init__(self, deps: Deps, token: str, viewer: Viewer, auth: Auth, accepted: Collection[str]) -> None:
        self._deps, self._token, self._auth, self._accepted = deps, token, auth, accepted
        self.viewer = viewer
        self.premise = premise_of(viewer)

    async def look_up(self) -> Viewer | None:
        """Return who asks, as everybody else is known. Raises as `authorize` does."""
        return await authorize(self._deps.access, self._token, self._auth, self._accepted)

    def forget(self) -> None:
        """Take it that the token, or the login behind it, is not as it was."""
        self._deps.access.forget(self._token)


def remembered(deps: Deps, token: str | None, auth: Auth, accepted: Collection[str]) -> Unproven | None:
    """Return whom a token stood for, if they, and what they write as, are remembered, and they may ask."""
    viewer = deps.access.lately(token) if token is not None else None
    if token is None or viewer is None or viewer.account_id is None or is_due(viewer, deps.clock()):
        return None
    author = deps.authors.recall(viewer.account_id, viewer.app_id)
    if author is None or author.user_version != viewer.user_version:
        return None
    try:
        permit(viewer, auth, accepted)
    except ClientError:
        return None
    return Unproven(deps, token, viewer, auth, accepted)
