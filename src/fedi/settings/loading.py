"""From the environment to settings: every name known, every value read, what follows filled in, nothing missing.

Loading is pure: it reads the mapping it is given.
"""

import contextlib
import difflib
import re
from collections.abc import Iterator, Mapping
from typing import get_type_hints
from urllib.parse import quote

import idna
import msgspec

from fedi.errors import ConfigurationError
from fedi.redis_clients import sentinel_url
from fedi.settings import SECRET_LENGTH, Settings
from fedi.settings.media import MediaSettings
from fedi.settings.parsing import parse
from fedi.settings.scale import MOST_PROCESSES
from fedi.settings.setting import Setting

_DOMAIN = re.compile(r"(?=[^:]{1,253}(:|$))[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?")

_PUSH_KEY = re.compile(r"[A-Za-z0-9_-]{43}=?")


class Field(msgspec.Struct, frozen=True):
    """One declared setting with its type and default, as documentation and `load` need it."""

    attribute: str
    kind: object
    default: object
    setting: Setting


def fields() -> Iterator[Field]:
    """Yield every setting in the order of its declaration, those of files last."""
    hints = get_type_hints(Settings, include_extras=True)
    later = frozenset(MediaSettings.__struct_fields__)
    for info in sorted(msgspec.structs.fields(Settings), key=lambda info: info.name in later):
        kind, setting = hints[info.name].__origin__, hints[info.name].__metadata__[0]
        yield Field(info.name, kind, info.default, setting)


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings from a mapping such as `os.environ`; an empty value counts as unset.

    Raises ConfigurationError for an unknown FEDI_ name, a value of the wrong form, or a missing setting.
    """
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    declared = {field.setting.name: field for field in fields()}
    _refuse_unknown(given, declared)
    production = given.get("FEDI_ENV") == "production"
    values: dict[str, object] = {}
    for name, field in declared.items():
        if name in given:
            values[field.attribute] = parse(name, field.kind, given[name])
        elif production and field.setting.production is not None:
            values[field.attribute] = parse(name, field.kind, field.setting.production)
    return _complete(msgspec.structs.replace(Settings(), **values), given)


def _refuse_unknown(given: Mapping[str, str], declared: Mapping[str, Field]) -> None:
    for name in sorted(given):
        if name.startswith("FEDI_") and name not in declared:
            nearest = difflib.get_close_matches(name, declared, n=1, cutoff=0.0)
            raise ConfigurationError(f"there is no setting {name}; did you mean {nearest[0]}?")


def _complete(settings: Settings, given: Mapping[str, str]) -> Settings:
    """Fill in what follows from other settings, and refuse what cannot be served with."""
    _require(settings, given)
    if "LOCAL_DOMAIN" not in given:
        settings = msgspec.structs.replace(settings, local_domain=f"localhost:{settings.port}")
    settings = msgspec.structs.replace(
        settings,
        local_domain=_domain("LOCAL_DOMAIN", settings.local_domain),
        web_domain=_domain("WEB_DOMAIN", given.get("WEB_DOMAIN", settings.local_domain)),
        data_dir=settings.data_dir.absolute(),
        database_url=settings.database_url or _database_url(settings),
        redis_url=settings.redis_url or _redis_url(settings),
    )
    if "SMTP_DELIVERY_METHOD" not in given and settings.smtp_server is not None:
        settings = msgspec.structs.replace(settings, smtp_delivery_method="smtp")
    if "SMTP_FROM_ADDRESS" not in given:
        sender = f"notifications@{settings.local_domain.partition(':')[0]}"
        settings = msgspec.structs.replace(settings, smtp_from_address=sender)
    return msgspec.structs.replace(
        settings,
        streaming_api_base_url=given.get("STREAMING_API_BASE_URL", settings.site.streaming_url).rstrip("/"),
    )


def _require(settings: Settings, given: Mapping[str, str]) -> None:
    exposed = settings.bind not in {"localhost", "127.0.0.1", "::1"}
    if settings.env == "production" and "LOCAL_DOMAIN" not in given:
        raise ConfigurationError("LOCAL_DOMAIN is required in production")
    if (settings.env == "production" or exposed) and len(given.get("SECRET_KEY_BASE", "")) < SECRET_LENGTH:
        where = "in production" if settings.env == "production" else f"when binding {settings.bind}"
        raise ConfigurationError(
            f"SECRET_KEY_BASE is required {where}: {SECRET_LENGTH} characters or more, `openssl rand -hex 64` makes one"
        )
    if settings.s3_enabled and not (
        settings.s3_bucket and settings.aws_access_key_id and settings.aws_secret_access_key
    ):
        raise ConfigurationError("S3_ENABLED wants S3_BUCKET, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    for name, processes in (
        ("WEB_CONCURRENCY", settings.web_concurrency),
        ("FEDI_PROJECTOR_PROCESSES", settings.projector_processes),
        ("FEDI_EFFECTS_PROCESSES", settings.effects_processes),
    ):
        if not 1 <= processes <= MOST_PROCESSES:
            raise ConfigurationError(f"{name}={processes}: should be 1 to {MOST_PROCESSES}")
    if settings.database_url is None and settings.db_host is None:
        if settings.pooled_database_url is not None:
            raise ConfigurationError("FEDI_POOLED_DATABASE_URL wants DATABASE_URL, the way there without the pooler")
        if settings.replica_database_url is not None:
            raise ConfigurationError("REPLICA_DATABASE_URL wants DATABASE_URL, the primary that it is a standby of")
    if settings.vapid_private_key is not None and not _PUSH_KEY.fullmatch(settings.vapid_private_key):
        raise ConfigurationError("VAPID_PRIVATE_KEY: should be 32 bytes in URL-safe base64")
    if settings.vapid_public_key is not None and settings.vapid_private_key is None:
        raise ConfigurationError("VAPID_PUBLIC_KEY is of no use without VAPID_PRIVATE_KEY")
    if settings.smtp_delivery_method == "smtp" and settings.smtp_server is None:
        raise ConfigurationError("SMTP_DELIVERY_METHOD=smtp wants SMTP_SERVER")
    if not 1 <= settings.port <= 65535:
        raise ConfigurationError(f"PORT={settings.port}: should be 1 to 65535")


def _domain(name: str, text: str) -> str:
    """Return a host name, with its port if it has one, in the form in which names stand in URIs: IDNA in ASCII."""
    host, colon, port = text.partition(":")
    with contextlib.suppress(UnicodeError):  # what is no name is judged below
        host = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    domain = f"{host}{colon}{port}".lower()
    if not _DOMAIN.fullmatch(domain):
        raise ConfigurationError(f"{name}={text}: should be a host name alone, such as social.example")
    return domain


def _database_url(settings: Settings) -> str | None:
    if settings.db_host is None:
        return None
    secret = f":{quote(settings.db_pass, safe='')}" if settings.db_pass else ""
    return (
        f"postgresql://{quote(settings.db_user, safe='')}{secret}@/{quote(settings.db_name, safe='')}"
        f"?host={quote(settings.db_host, safe='')}&port={settings.db_port}&sslmode={settings.db_sslmode}"
    )


def _redis_url(settings: Settings) -> str | None:
    if settings.redis_sentinels is not None:
        return sentinel_url(
            _sentinels(settings.redis_sentinels, settings.redis_sentinel_port),
            settings.redis_sentinel_master,
            settings.redis_db,
            settings.redis_password,
            settings.redis_sentinel_password,
        )
    if settings.redis_host is None:
        return None
    secret = f":{quote(settings.redis_password, safe='')}@" if settings.redis_password else ""
    return f"redis://{secret}{settings.redis_host}:{settings.redis_port}/{settings.redis_db}"


def _sentinels(text: str, port: int) -> list[tuple[str, int]]:
    found = []
    for each in filter(None, re.split(r"[\s,]+", text)):
        host, _, own = each.partition(":")
        if not host or not (own or str(port)).isdigit():
            raise ConfigurationError(f"REDIS_SENTINELS={text}: should be hosts, or hosts and ports, with commas")
        found.append((host, int(own or port)))
    return found
