"""Reading RFC 9421 signatures: `Signature-Input` and `Signature`, one signature a request.

Needed are `@method`, `@target-uri` and, with a body, `content-digest`; parameters `keyid` and `created`. Components
that this server does not know are refused, not skipped: what cannot be rebuilt cannot be verified.
"""

import re

from fedi.activitypub.signatures.dates import parse_seconds
from fedi.activitypub.signatures.digests import check_content_digest, decode_base64
from fedi.activitypub.signatures.errors import malformed, refused
from fedi.activitypub.signatures.headers import SignedRequest
from fedi.activitypub.signatures.shape import SignatureClaim, read_key_id

_LABEL = r"([a-z*][a-z0-9_.*-]{0,63})"
_SIGNATURE = re.compile(_LABEL + r"=:([A-Za-z0-9+/=]*):")
_KEY = r"[a-z*][a-z0-9_.*-]*"
_STRING = r'"(?:[ !#-\[\]-~]|\\["\\])*"'
_TOKEN = r"[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*"
_VALUE = rf"(?:{_STRING}|-?[0-9]{{1,15}}|{_TOKEN}|:[A-Za-z0-9+/=]*:|\?[01])"
_INPUT = re.compile(rf'{_LABEL}=(\(((?: *"[!#-\[\]-~]+")* *)\)((?:; *{_KEY}(?:={_VALUE})?)*))')
_PARAMETER = re.compile(rf"; *({_KEY})(?:=({_VALUE}))?")
_HEADER_NAME = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+")
_MAX_COMPONENTS = 32
_MAX_PARAMETERS = 16
_ALGORITHMS = frozenset({"rsa-v1_5-sha256", "ed25519", None})


def parse_rfc9421(request: SignedRequest, body: bytes) -> SignatureClaim:
    """Read a request's RFC 9421 signature and check all that needs no key; raises `SignatureError` (400, 401)."""
    label, components, parameters, raw = _read_input(request.header("signature-input"))
    if not {"@method", "@target-uri"}.issubset(components):
        raise refused("target_not_signed")
    request.check_host()
    if (request.method == "POST" or body) and "content-digest" not in components:
        raise refused("digest_not_signed")
    algorithm = parameters.get("alg")
    if algorithm not in _ALGORITHMS:
        raise refused("algorithm_unknown")
    if "created" not in parameters:
        raise refused("date_not_signed")
    lines = [f'"{name}": {_component(request, name)}' for name in components]
    lines.append(f'"@signature-params": {raw}')
    return SignatureClaim(
        form="rfc9421",
        key_id=read_key_id(parameters.get("keyid")),
        algorithm=algorithm,
        signature=_read_signature(request.header("signature"), label),
        signing_strings=("\n".join(lines).encode("latin-1", "backslashreplace"),),
        signed_at=parse_seconds(parameters["created"]),
        expires_at=parse_seconds(parameters["expires"]) if "expires" in parameters else None,
        digest=check_content_digest(request.header("content-digest"), body) if "content-digest" in components else None,
    )


def _read_input(header: str) -> tuple[str, list[str], dict[str, str], str]:
    """Return label, covered components, parameters, and the member's own text, which is part of what was signed."""
    match = _INPUT.fullmatch(header)
    if match is None:
        raise malformed("signature_unreadable")
    components = match[3].replace('"', " ").split()
    if len(components) > _MAX_COMPONENTS or len(set(components)) != len(components):
        raise malformed("signed_headers_unreadable")
    parameters: dict[str, str] = {}
    for parameter in _PARAMETER.finditer(match[4]):
        name, value = parameter.groups(default="")
        if name in parameters or len(parameters) == _MAX_PARAMETERS:
            raise malformed("signature_unreadable")
        parameters[name] = re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
    return match[1], components, parameters, match[2]


def _read_signature(header: str, label: str) -> bytes:
    match = _SIGNATURE.fullmatch(header)
    if match is None or match[1] != label:
        raise malformed("signature_unreadable")
    return decode_base64(match[2], "signature_unreadable")


def _component(request: SignedRequest, name: str) -> str:
    """Return the value of a covered component (RFC 9421 §2.1 and §2.2); raises `SignatureError` (400)."""
    path, _, query = request.target.partition("?")
    match name:
        case "@method":
            return request.method
        case "@target-uri":
            return request.origin + request.target
        case "@authority":
            return request.authority
        case "@scheme":
            return request.origin.partition("://")[0]
        case "@request-target":
            return request.target
        case "@path":
            return path
        case "@query":
            return f"?{query}"
    if not _HEADER_NAME.fullmatch(name):
        raise malformed("component_unknown")
    return request.header(name)
