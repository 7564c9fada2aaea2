"""Asks others for documents, signed by the instance actor: servers in secure mode answer nobody else.

Nothing is asked of a host that the border is closed to, nor followed there by a redirect; whoever asks for documents,
handles or keys goes through here. Draft-cavage first; after an answer that may mean the form, RFC 9421. What worked is
remembered per host.
"""

from collections import OrderedDict
from collections.abc import Mapping

from fedi.activitypub.signatures import Form, PrivateKey, sign
from fedi.activitypub.vocabulary.uris import Uri
from fedi.clock import Clock, now
from fedi.services.http import HttpClient, Response
from fedi.views.borders import Border, Borders

ACCEPT = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
HOSTS_REMEMBERED = 10_000
_MAY_DISLIKE_FORM = frozenset({400, 401, 403, 404})
_OTHER: Mapping[Form, Form] = {"cavage": "rfc9421", "rfc9421": "cavage"}


class Knocker:
    """Signed requests. `key_id` and `key` are the instance actor's. All raise `Closed` for hosts that are suspended."""

    def __init__(self, http: HttpClient, borders: Borders, *, key_id: str, key: PrivateKey, clock: Clock = now) -> None:
        self._http = http
        self._borders = borders
        self._key_id = key_id
        self._key = key
        self._clock = clock
        self._preferred: OrderedDict[str, Form] = OrderedDict()

    async def get(self, url: Uri, accept: str = ACCEPT) -> Response:
        """GET a document; raises `Unreachable`. Any status is returned."""
        form = self._preferred.get(url.authority, "cavage")
        border = await self._borders.check(url.authority)
        response = await self._signed(url, accept, form, border)
        if response.status not in _MAY_DISLIKE_FORM:
            return response
        other = await self._signed(url, accept, _OTHER[form], border)
        if not other.ok:
            return response
        self._preferred[url.authority] = _OTHER[form]
        if len(self._preferred) > HOSTS_REMEMBERED:
            self._preferred.popitem(last=False)
        return other

    async def post(self, url: Uri, body: bytes) -> Response:
        """POST an activity of the instance actor's; raises `Unreachable`. Any status is returned."""
        await self._borders.check(url.authority)
        response = await self._posted(url, body, "cavage")
        if response.status not in _MAY_DISLIKE_FORM:
            return response
        other = await self._posted(url, body, "rfc9421")
        return other if other.ok else response

    async def get_unsigned(self, url: Uri, accept: str) -> Response:
        """GET what is public by its nature, such as WebFinger; raises `Unreachable`."""
        border = await self._borders.check(url.authority)
        return await self._http.fetch(url, accept=accept, sign=border.guard)

    async def _signed(self, url: Uri, accept: str, form: Form, border: Border) -> Response:
        def headers(target: Uri) -> Mapping[str, str]:
            return sign(form, "GET", target, key_id=self._key_id, key=self._key, now=self._clock())

        return await self._http.fetch(url, accept=accept, sign=border.guard, once_connected=headers)

    async def _posted(self, url: Uri, body: bytes, form: Form) -> Response:
        headers = sign(form, "POST", url, key_id=self._key_id, key=self._key, now=self._clock(), body=body)
        return await self._http.post(url, body, headers)
