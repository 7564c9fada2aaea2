"""E-mail addresses: which ones are taken, and which of them are the same mailbox.

What could be read in two ways is refused (Mastodon CVE-2022-31263): quotes, comments, `%` and `!` routes, domains that
are no host names. Two spellings of a mailbox are one to whoever counts mails.
"""

import re

LENGTH = 254
_ATOM = r"[A-Za-z0-9#$&*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
"""A dot-atom (RFC 5322 §3.4.1) without the characters that routed mail once, at a host name."""


def is_address(email: str) -> bool:
    """Tell whether this is an address that every mail server reads alike."""
    return len(email) <= LENGTH and _ADDRESS.fullmatch(email) is not None


def mailbox(email: str) -> str:
    """Return the same text for spellings of an address that reach the same mailbox: case, dots and `+tags` aside."""
    local, _, domain = email.strip().lower().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"[:320]
