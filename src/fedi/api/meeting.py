"""Handles in search boxes: whom nobody here knows is asked for where they live, if the reader wants that."""

import re

from fedi.api.request import ApiRequest

_HANDLE = re.compile(r"@?[\w.-]{1,100}@[\w.-]{1,253}(:\d{1,5})?")


async def meet(request: ApiRequest, text: str) -> str:
    """Get to know the account of a handle, so that a search finds it; return the handle that it goes by here.

    Its server may answer for it under several. A text that is no handle, or nobody's, is left alone.
    """
    strangers = request.deps.strangers
    if strangers is not None and _HANDLE.fullmatch(text.strip()):
        found = await strangers.by_handle(text.strip().removeprefix("@"))
        return text if found is None else found.acct
    return text
