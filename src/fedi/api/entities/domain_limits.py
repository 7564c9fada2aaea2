"""What the operator decided about domains, as people read it."""

import hashlib

import msgspec

from fedi.views.domain_limits import DomainLimit


class DomainBlock(msgspec.Struct, frozen=True, kw_only=True):
    """`digest` is of the whole name, so that whoever knows it can tell that it is this one."""

    domain: str
    digest: str
    severity: str
    comment: str | None


def domain_block(found: DomainLimit, *, rationale: bool) -> DomainBlock:
    """Return a decision; why it was made, if that may be read."""
    return DomainBlock(
        domain=obscured(found.domain) if found.obfuscate else found.domain,
        digest=hashlib.sha256(found.domain.encode()).hexdigest(),
        severity=found.severity,
        comment=(found.public_comment or None) if rationale else None,
    )


def obscured(domain: str) -> str:
    """Return a name of which only the ends can be read, as Mastodon writes it."""
    seen = len(domain) // 4
    return "".join(
        "*" if seen < place < len(domain) - seen and letter != "." else letter for place, letter in enumerate(domain)
    )
