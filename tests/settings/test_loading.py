"""Settings: defaults of the two environments, what is refused and how, and a page that leaves none out."""

import contextlib
import ipaddress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedi.cli.settings_page import settings_page
from fedi.errors import ConfigurationError
from fedi.settings import DEVELOPMENT_SECRET, LOOPBACK
from fedi.settings.env_file import parse_env_file
from fedi.settings.loading import fields, load

PRODUCTION = {"FEDI_ENV": "production", "LOCAL_DOMAIN": "social.example", "SECRET_KEY_BASE": "s" * 64}


def test_development_is_open_and_binds_loopback() -> None:
    settings = load({"PORT": "4001"})
    assert (settings.bind, settings.local_domain, settings.site.base_url) == (
        "127.0.0.1",
        "localhost:4001",
        "http://localhost:4001",
    )
    assert settings.allowed_private_addresses == LOOPBACK
    assert (settings.registrations, settings.confirm_email) == ("open", False)
    assert (settings.oauth_password_grant, settings.rate_limits) == (True, False)
    assert settings.streaming_api_base_url == "ws://localhost:4001"


@pytest.mark.parametrize("written", ["xn--szial-jua.example", "sözial.example", "SÖZIAL.example"])
def test_domains_have_one_form_however_they_are_written(written: str) -> None:
    settings = load({**PRODUCTION, "LOCAL_DOMAIN": written, "WEB_DOMAIN": f"www.{written}:444"})
    assert settings.site.domain == "xn--szial-jua.example"
    assert settings.site.base_url == "https://www.xn--szial-jua.example:444"


def test_production_is_closed_and_speaks_https() -> None:
    settings = load({**PRODUCTION, "WEB_DOMAIN": "www.social.example"})
    assert settings.site.base_url == "https://www.social.example"
    assert settings.site.domain == "social.example"
    assert settings.allowed_private_addresses == ()
    assert (settings.registrations, settings.confirm_email) == ("closed", False)
    assert (settings.oauth_password_grant, settings.rate_limits) == (False, True)
    assert settings.streaming_api_base_url == "wss://www.social.example"


def test_what_the_environment_sets_can_be_set_by_itself() -> None:
    settings = load(
        {
            **PRODUCTION,
            "FEDI_HTTPS": "off",
            "FEDI_REGISTRATIONS": "approval",
            "FEDI_CONFIRM_EMAIL": "true",
            "FEDI_OAUTH_PASSWORD_GRANT": "1",
            "FEDI_RATE_LIMITS": "no",
            "ALLOWED_PRIVATE_ADDRESSES": "10.0.0.0/8, ::1",
        }
    )
    assert (settings.https, settings.registrations, settings.confirm_email) == (False, "approval", True)
    assert (settings.oauth_password_grant, settings.rate_limits) == (True, False)
    assert settings.allowed_private_addresses == (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1"))


@pytest.mark.parametrize("missing", ["LOCAL_DOMAIN", "SECRET_KEY_BASE"])
def test_production_names_what_it_misses(missing: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{missing} is required in production"):
        load({**PRODUCTION, missing: " "})


def test_the_secret_everybody_knows_does_not_leave_loopback() -> None:
    assert load({}).secret_key_base == DEVELOPMENT_SECRET
    with pytest.raises(ConfigurationError, match=r"SECRET_KEY_BASE is required when binding 0\.0\.0\.0"):
        load({"BIND": "0.0.0.0"})


def test_an_unknown_name_of_ours_suggests_the_nearest() -> None:
    with pytest.raises(ConfigurationError, match=r"no setting FEDI_REGISTRATION; did you mean FEDI_REGISTRATIONS\?"):
        load({"FEDI_REGISTRATION": "open"})
    assert load({"SOME_NAME_OF_ANOTHER_PROGRAM": "x"}) == load({})


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("PORT", "http", "whole number"),
        ("PORT", "65536", "1 to 65535"),
        ("WEB_CONCURRENCY", "0", "1 to 32"),
        ("FEDI_HTTPS", "perhaps", "true or false"),
        ("FEDI_ENV", "staging", "one of development, production"),
        ("FEDI_REGISTRATIONS", "invite", "one of open, approval, closed"),
        ("ALLOWED_PRIVATE_ADDRESSES", "10.0.0.0/33", "does not appear to be"),
        ("LOCAL_DOMAIN", "https://social.example", "host name alone"),
        ("LOCAL_DOMAIN", "social.example/", "host name alone"),
        ("WEB_DOMAIN", "sö zial.example", "host name alone"),
    ],
)
def test_a_bad_value_is_named_with_the_reason(name: str, value: str, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name}=.*{reason}"):
        load({name: value})


def test_urls_are_made_of_mastodons_parts() -> None:
    settings = load(
        {"DB_HOST": "/run/postgresql", "DB_PASS": "p@ss/word", "REDIS_HOST": "cache", "REDIS_PASSWORD": "a b"}
    )
    assert settings.database_url == (
        "postgresql://fedi:p%40ss%2Fword@/fedi?host=%2Frun%2Fpostgresql&port=5432&sslmode=prefer"
    )
    assert settings.redis_url == "redis://:a%20b@cache:6379/0"
    assert load({"DB_HOST": "db", "DATABASE_URL": "postgresql://other/x"}).database_url == "postgresql://other/x"


def test_an_environment_file_is_read_as_mastodons() -> None:
    text = """
        # a comment
        LOCAL_DOMAIN=social.example
        export BIND = 127.0.0.1   # said why
        SECRET_KEY_BASE="with # and spaces"
        DB_PASS='it"s'
        REDIS_PASSWORD=a#b=c
        EMPTY=
        NOTED=  # nothing
    """
    assert parse_env_file(text) == {
        "LOCAL_DOMAIN": "social.example",
        "BIND": "127.0.0.1",
        "SECRET_KEY_BASE": "with # and spaces",
        "DB_PASS": 'it"s',
        "REDIS_PASSWORD": "a#b=c",
        "EMPTY": "",
        "NOTED": "",
    }
    with pytest.raises(ConfigurationError, match="line 2 of the settings file"):
        parse_env_file("A=b\nsomething else")


@given(st.dictionaries(st.sampled_from([field.setting.name for field in fields()]), st.text()))
def test_loading_raises_nothing_but_configuration_errors(environ: dict[str, str]) -> None:
    with contextlib.suppress(ConfigurationError):
        load(environ)


def test_every_setting_is_on_the_page() -> None:
    page = settings_page()
    for field in fields():
        assert f"| `{field.setting.name}` |" in page
    written = Path(__file__).parents[2] / "docs" / "settings.md"
    assert written.read_text(encoding="utf-8") == page, "docs/settings.md is behind: run `make schemas`"
