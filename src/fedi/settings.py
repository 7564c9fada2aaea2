"""Every setting of the program, in one typed place.

A field of `Settings` is declared once: its type, its default in development, and beside it the name operators use, one
line that explains it and, where it differs, the default in production. docs/settings.md is generated from here. Names
are Mastodon's where Mastodon has one; ours begin with FEDI_. Loading is pure: it reads the mapping it is given.
"""

import difflib
import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, get_type_hints
from urllib.parse import quote

import msgspec

from fedi.errors import ConfigurationError
from fedi.setting import Setting
from fedi.settings_media import MediaSettings
from fedi.site import Site

Environment = Literal["development", "production"]
Registrations = Literal["open", "approval", "closed"]
MailDelivery = Literal["smtp", "log"]
StartTls = Literal["auto", "always", "never"]
MailAuth = Literal["plain", "login", "cram_md5", "none"]
VerifyMode = Literal["peer", "none"]
DeepLPlan = Literal["free", "pro"]
Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]

LOOPBACK: Networks = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
DEVELOPMENT_SECRET = "known to everybody, therefore good for development only"
SECRET_LENGTH = 32

_DOMAIN = re.compile(r"(?=[^:]{1,253}(:|$))[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?")

_PUSH_KEY = re.compile(r"[A-Za-z0-9_-]{43}=?")


class Settings(MediaSettings, frozen=True, kw_only=True):
    """The settings of one run; made by `load`, or directly in tests."""

    env: Annotated[
        Environment,
        Setting(
            "FEDI_ENV",
            "`development` is open and binds loopback; `production` is closed, speaks https and requires "
            "LOCAL_DOMAIN and SECRET_KEY_BASE.",
        ),
    ] = "development"
    local_domain: Annotated[
        str,
        Setting(
            "LOCAL_DOMAIN",
            "The part after the @ of this server's handles. It can never be changed.",
            shown="`localhost:PORT`; required in production",
        ),
    ] = "localhost:3000"
    web_domain: Annotated[
        str,
        Setting(
            "WEB_DOMAIN", "The host of this server's URLs, where it is not LOCAL_DOMAIN.", shown="that of LOCAL_DOMAIN"
        ),
    ] = "localhost:3000"
    https: Annotated[bool, Setting("FEDI_HTTPS", "Whether this server's URLs begin with https.", production="true")] = (
        False
    )
    bind: Annotated[str, Setting("BIND", "The address the web role listens on.")] = "127.0.0.1"
    port: Annotated[int, Setting("PORT", "The port the web role listens on.")] = 3000
    secret_key_base: Annotated[
        str,
        Setting(
            "SECRET_KEY_BASE",
            f"Signs cookies and links; {SECRET_LENGTH} characters at least, and secret.",
            shown="a known text; required in production and when BIND is not loopback",
        ),
    ] = DEVELOPMENT_SECRET
    vapid_private_key: Annotated[
        str | None,
        Setting(
            "VAPID_PRIVATE_KEY",
            "By which push services know this server: 32 bytes in URL-safe base64.",
            shown="one that the server makes and keeps in its database",
        ),
    ] = None
    vapid_public_key: Annotated[
        str | None,
        Setting(
            "VAPID_PUBLIC_KEY",
            "The public half of VAPID_PRIVATE_KEY; as it follows from it, it is read only because Mastodon has it.",
            shown="that of VAPID_PRIVATE_KEY",
        ),
    ] = None
    data_dir: Annotated[
        Path, Setting("FEDI_DATA_DIR", "Where media and the embedded database and cache keep their files.")
    ] = Path("var")
    database_url: Annotated[
        str | None,
        Setting(
            "DATABASE_URL",
            "The PostgreSQL server (15 or later) to use, as a `postgresql://` URL.",
            shown="made of DB_HOST and its kin; without those, an embedded server",
        ),
    ] = None
    db_host: Annotated[
        str | None, Setting("DB_HOST", "Host of the PostgreSQL server, or the directory of its socket.")
    ] = None
    db_port: Annotated[int, Setting("DB_PORT", "Port of the PostgreSQL server, when DB_HOST is set.")] = 5432
    db_name: Annotated[str, Setting("DB_NAME", "Name of the database, when DB_HOST is set.")] = "fedi"
    db_user: Annotated[str, Setting("DB_USER", "User of the database, when DB_HOST is set.")] = "fedi"
    db_pass: Annotated[str | None, Setting("DB_PASS", "Password of DB_USER, where one is needed.")] = None
    db_sslmode: Annotated[
        str, Setting("DB_SSLMODE", "How the connection is encrypted, in libpq's words, when DB_HOST is set.")
    ] = "prefer"
    redis_url: Annotated[
        str | None,
        Setting(
            "REDIS_URL",
            "The Redis (7.0 or later) or Valkey server to use, as a `redis://`, `rediss://` or `unix://` URL.",
            shown="made of REDIS_HOST and its kin; without those, an embedded server",
        ),
    ] = None
    redis_host: Annotated[str | None, Setting("REDIS_HOST", "Host of the Redis server.")] = None
    redis_port: Annotated[int, Setting("REDIS_PORT", "Port of the Redis server, when REDIS_HOST is set.")] = 6379
    redis_password: Annotated[
        str | None, Setting("REDIS_PASSWORD", "Password of the Redis server, where one is needed.")
    ] = None
    redis_db: Annotated[int, Setting("REDIS_DB", "Number of the Redis database, when REDIS_HOST is set.")] = 0
    web_concurrency: Annotated[int, Setting("WEB_CONCURRENCY", "How many processes the web role runs (1 to 32).")] = 2
    streaming_api_base_url: Annotated[
        str,
        Setting(
            "STREAMING_API_BASE_URL",
            "The address of the streaming API as clients are told, where it has a host of its own.",
            shown="`wss://` or `ws://` and WEB_DOMAIN",
        ),
    ] = "ws://localhost:3000"
    trusted_proxy_ip: Annotated[
        Networks,
        Setting(
            "TRUSTED_PROXY_IP",
            "Addresses and networks whose X-Forwarded-For is believed, with commas.",
            production="127.0.0.0/8, ::1/128",
        ),
    ] = ()
    allowed_private_addresses: Annotated[
        Networks,
        Setting(
            "ALLOWED_PRIVATE_ADDRESSES",
            "Private addresses and networks that outgoing requests may reach nevertheless, with commas.",
            production="",
        ),
    ] = LOOPBACK
    registrations: Annotated[
        Registrations,
        Setting("FEDI_REGISTRATIONS", "Who may sign up: `open`, `approval` or `closed`.", production="closed"),
    ] = "open"
    confirm_email: Annotated[
        bool, Setting("FEDI_CONFIRM_EMAIL", "Whether an address must be confirmed before its account can be used.")
    ] = False
    min_age: Annotated[
        int, Setting("FEDI_MIN_AGE", "The age people must have to sign up; 0 asks nobody for a date of birth.")
    ] = 0
    oauth_password_grant: Annotated[
        bool,
        Setting(
            "FEDI_OAUTH_PASSWORD_GRANT",
            "Whether apps may exchange a name and password for a token: an extension for development.",
            production="false",
        ),
    ] = True
    deepl_api_key: Annotated[
        str | None, Setting("DEEPL_API_KEY", "Key of the DeepL account that translates posts, where there is one.")
    ] = None
    deepl_plan: Annotated[DeepLPlan, Setting("DEEPL_PLAN", "Plan of the DeepL account: `free` or `pro`.")] = "free"
    libre_translate_endpoint: Annotated[
        str | None,
        Setting(
            "LIBRE_TRANSLATE_ENDPOINT",
            "Address of the LibreTranslate server that translates posts, where there is one. If it is a private one, "
            "ALLOWED_PRIVATE_ADDRESSES has to name it.",
        ),
    ] = None
    libre_translate_api_key: Annotated[
        str | None, Setting("LIBRE_TRANSLATE_API_KEY", "Key for the LibreTranslate server, where it wants one.")
    ] = None
    trendable_by_default: Annotated[
        bool,
        Setting(
            "FEDI_TRENDABLE_BY_DEFAULT",
            "Whether popular hashtags, links and posts are shown to everybody without anybody having looked at them.",
            production="false",
        ),
    ] = True
    rate_limits: Annotated[
        bool, Setting("FEDI_RATE_LIMITS", "Whether the API's rate limits are in force.", production="true")
    ] = False

    smtp_delivery_method: Annotated[
        MailDelivery,
        Setting(
            "SMTP_DELIVERY_METHOD",
            "`smtp` sends mail; `log` writes it to the log, whole in development, and in production only its subject.",
            shown="`smtp` when SMTP_SERVER is set, else `log`",
        ),
    ] = "log"
    smtp_server: Annotated[str | None, Setting("SMTP_SERVER", "Host of the mail server.")] = None
    smtp_port: Annotated[int, Setting("SMTP_PORT", "Port of the mail server; often 465 with SMTP_TLS.")] = 587
    smtp_login: Annotated[str | None, Setting("SMTP_LOGIN", "Name to sign in with, where the mail server asks.")] = None
    smtp_password: Annotated[str | None, Setting("SMTP_PASSWORD", "Password of SMTP_LOGIN.")] = None
    smtp_from_address: Annotated[
        str,
        Setting(
            "SMTP_FROM_ADDRESS",
            "The sender of mail, alone or as `Name <address>`.",
            shown="`notifications@LOCAL_DOMAIN`",
        ),
    ] = "notifications@localhost"
    smtp_reply_to: Annotated[str | None, Setting("SMTP_REPLY_TO", "Where answers to mail go.")] = None
    smtp_return_path: Annotated[
        str | None, Setting("SMTP_RETURN_PATH", "Where mail that cannot be delivered goes back to.")
    ] = None
    smtp_domain: Annotated[
        str | None, Setting("SMTP_DOMAIN", "How this machine names itself to the mail server.", shown="LOCAL_DOMAIN")
    ] = None
    smtp_tls: Annotated[bool, Setting("SMTP_TLS", "Whether the connection is encrypted from the start.")] = False
    smtp_ssl: Annotated[bool, Setting("SMTP_SSL", "The same, by its older name.")] = False
    smtp_enable_starttls: Annotated[
        StartTls,
        Setting(
            "SMTP_ENABLE_STARTTLS",
            "Whether a plain connection is turned into an encrypted one: `always`, `never`, or `auto`, if the mail "
            "server can.",
        ),
    ] = "auto"
    smtp_enable_starttls_auto: Annotated[
        bool, Setting("SMTP_ENABLE_STARTTLS_AUTO", "`false` is the older way to say `never`.")
    ] = True
    smtp_auth_method: Annotated[
        MailAuth, Setting("SMTP_AUTH_METHOD", "How to sign in: `plain`, `login`, `cram_md5` or `none`.")
    ] = "plain"
    smtp_openssl_verify_mode: Annotated[
        VerifyMode,
        Setting("SMTP_OPENSSL_VERIFY_MODE", "`peer` checks the mail server's certificate, `none` believes anybody."),
    ] = "peer"
    smtp_ca_file: Annotated[
        Path | None, Setting("SMTP_CA_FILE", "Certificates to trust instead of the system's, as PEM.")
    ] = None

    @property
    def site(self) -> Site:
        """The names and URIs that follow from the domains."""
        return Site(domain=self.local_domain, web_domain=self.web_domain, https=self.https)


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
            values[field.attribute] = _parse(name, field.kind, given[name])
        elif production and field.setting.production is not None:
            values[field.attribute] = _parse(name, field.kind, field.setting.production)
    return _complete(msgspec.structs.replace(Settings(), **values), given)


def parse_env_file(text: str) -> dict[str, str]:
    """Read `NAME=value` lines as Mastodon's `.env.production` has them: comments, `export` and quotes are understood.

    Raises ConfigurationError that names the line which cannot be read.
    """
    found: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip().removeprefix("export ")
        if not line or line.startswith("#"):
            continue
        match = re.fullmatch(r"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(.*?))(?:\s*(?<=\s)#.*)?""", line)
        if match is None:
            raise ConfigurationError(f"line {number} of the settings file is not NAME=value")
        found[match[1]] = next((part for part in match.groups()[1:] if part is not None), "").strip()
    return found


def _refuse_unknown(given: Mapping[str, str], declared: Mapping[str, Field]) -> None:
    for name in sorted(given):
        if name.startswith("FEDI_") and name not in declared:
            nearest = difflib.get_close_matches(name, declared, n=1, cutoff=0.0)
            raise ConfigurationError(f"there is no setting {name}; did you mean {nearest[0]}?")


def _parse(name: str, kind: object, text: str) -> object:
    try:
        return _PARSERS[kind](text)
    except ValueError as error:
        raise ConfigurationError(f"{name}={text}: {error}") from None


def _boolean(text: str) -> bool:
    if text.lower() in {"true", "yes", "on", "1"}:
        return True
    if text.lower() in {"false", "no", "off", "0"}:
        return False
    raise ValueError("should be true or false")


def _integer(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ValueError("should be a whole number")
    return int(text)


def _networks(text: str) -> Networks:
    return tuple(ipaddress.ip_network(part) for part in re.split(r"[\s,]+", text) if part)


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"should be one of {', '.join(choices)}")
        return text

    return parse


_PARSERS: dict[object, Callable[[str], object]] = {
    str: str,
    str | None: str,
    int: _integer,
    bool: _boolean,
    Path: Path,
    Path | None: Path,
    MailDelivery: _one_of("smtp", "log"),
    StartTls: _one_of("auto", "always", "never"),
    MailAuth: _one_of("plain", "login", "cram_md5", "none"),
    VerifyMode: _one_of("peer", "none"),
    Networks: _networks,
    Environment: _one_of("development", "production"),
    Registrations: _one_of("open", "approval", "closed"),
    DeepLPlan: _one_of("free", "pro"),
}


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
    if not 1 <= settings.web_concurrency <= 32:
        raise ConfigurationError(f"WEB_CONCURRENCY={settings.web_concurrency}: should be 1 to 32")
    if settings.vapid_private_key is not None and not _PUSH_KEY.fullmatch(settings.vapid_private_key):
        raise ConfigurationError("VAPID_PRIVATE_KEY: should be 32 bytes in URL-safe base64")
    if settings.vapid_public_key is not None and settings.vapid_private_key is None:
        raise ConfigurationError("VAPID_PUBLIC_KEY is of no use without VAPID_PRIVATE_KEY")
    if settings.smtp_delivery_method == "smtp" and settings.smtp_server is None:
        raise ConfigurationError("SMTP_DELIVERY_METHOD=smtp wants SMTP_SERVER")
    if not 1 <= settings.port <= 65535:
        raise ConfigurationError(f"PORT={settings.port}: should be 1 to 65535")


def _domain(name: str, text: str) -> str:
    domain = text.lower()
    if not _DOMAIN.fullmatch(domain):
        raise ConfigurationError(f"{name}={text}: should be a host name alone, in ASCII, such as social.example")
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
    if settings.redis_host is None:
        return None
    secret = f":{quote(settings.redis_password, safe='')}@" if settings.redis_password else ""
    return f"redis://{secret}{settings.redis_host}:{settings.redis_port}/{settings.redis_db}"
