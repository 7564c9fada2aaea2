"""Every setting of the program, in one typed place.

A field of `Settings` is declared once: its type, its default in development, and beside it the name operators use, one
line that explains it and, where it differs, the default in production. docs/settings.md is generated from here. Names
are Mastodon's where Mastodon has one; ours begin with FEDI_. `loading` makes them of the environment.
"""

import ipaddress
from pathlib import Path
from typing import Annotated

from fedi.settings.federation import FederationSettings
from fedi.settings.kinds import (
    DeepLPlan,
    Environment,
    MailAuth,
    MailDelivery,
    Networks,
    Registrations,
    StartTls,
    VerifyMode,
)
from fedi.settings.setting import Setting
from fedi.site import Site

LOOPBACK: Networks = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
DEVELOPMENT_SECRET = "known to everybody, therefore good for development only"
SECRET_LENGTH = 32


class Settings(FederationSettings, frozen=True, kw_only=True):
    """The settings of one run; made by `loading.load`, or directly in tests."""

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
    erasure_list: Annotated[
        Path | None,
        Setting(
            "FEDI_ERASURE_LIST",
            "Where it is written down what was erased, to be erased again after a restore: a file that outlives the "
            "database.",
            shown="`erasures.jsonl` in FEDI_DATA_DIR",
        ),
    ] = None
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

    @property
    def erasure_file(self) -> Path:
        """Where it is written down what was erased."""
        return self.erasure_list or self.data_dir / "erasures.jsonl"
