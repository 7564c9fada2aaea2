"""Mail, against a real server on a real socket."""

import logging
import ssl
from pathlib import Path

import aiosmtplib
import msgspec
import pytest

from fedi.services.mailer import Mailer, MailRefused, letter_values
from fedi.services.writing import FOLDER, Letter, write
from fedi.settings import Settings
from fedi.settings.loading import load
from tests.support.here import SITE
from tests.support.post_office import LOGIN, PASSWORD, Manner, PostOffice, open_office

# aiosmtpd does not know that a connection is TLS from the start.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
LETTER = Letter(subject="Bonjour à tous", text="Un mot.\n", html="<p>Un mot.</p>")


def settings_for(office: PostOffice, **more: object) -> Settings:
    given = {
        "smtp_delivery_method": "smtp",
        "smtp_server": "127.0.0.1",
        "smtp_port": office.port,
        "smtp_from_address": "The server <post@social.example>",
        "smtp_ca_file": office.ca_file,
    }
    return msgspec.structs.replace(Settings(), **{**given, **more})


async def test_a_letter_arrives_in_text_and_html(tmp_path: Path) -> None:
    with open_office(tmp_path, Manner()) as office:
        await Mailer(settings_for(office, smtp_reply_to="help@social.example")).send("ada@example.com", LETTER)
    (mail,) = office.mails
    assert office.recipients == ["ada@example.com"]
    assert (mail["from"], mail["to"]) == ("The server <post@social.example>", "ada@example.com")
    assert (mail["subject"], mail["reply-to"]) == ("Bonjour à tous", "help@social.example")
    assert mail["auto-submitted"] == "auto-generated"
    assert mail["message-id"].endswith("@social.example>")
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().strip() == "Un mot."
    assert html.get_content().strip() == "<p>Un mot.</p>"


@pytest.mark.parametrize("method", ["plain", "login"])
@pytest.mark.parametrize(
    ("manner", "more"),
    [
        (Manner(starttls=True, auth=True), {}),
        (Manner(starttls=True, auth=True), {"smtp_enable_starttls": "always"}),
        (Manner(tls=True, auth=True), {"smtp_tls": True}),
        (Manner(tls=True, auth=True), {"smtp_ssl": True}),
    ],
)
async def test_it_is_encrypted_and_signs_in(
    tmp_path: Path, manner: Manner, more: dict[str, object], method: str
) -> None:
    with open_office(tmp_path, manner) as office:
        signed = settings_for(office, smtp_login=LOGIN, smtp_password=PASSWORD, smtp_auth_method=method, **more)
        await Mailer(signed).send("ada@example.com", LETTER)
        with pytest.raises(aiosmtplib.SMTPAuthenticationError):
            await Mailer(msgspec.structs.replace(signed, smtp_password="wrong")).send("ada@example.com", LETTER)
    assert office.encrypted == [True]


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with open_office(tmp_path, Manner(starttls=True)) as office:
        strict = settings_for(office, smtp_ca_file=None)
        with pytest.raises((aiosmtplib.SMTPException, ssl.SSLError, OSError)):
            await Mailer(strict).send("ada@example.com", LETTER)
        assert office.mails == []
        await Mailer(msgspec.structs.replace(strict, smtp_openssl_verify_mode="none")).send("ada@example.com", LETTER)
    assert len(office.mails) == 1


async def test_no_plain_connection_where_encryption_is_asked_for(tmp_path: Path) -> None:
    with open_office(tmp_path, Manner()) as office:
        with pytest.raises(aiosmtplib.SMTPException):
            await Mailer(settings_for(office, smtp_enable_starttls="always")).send("ada@example.com", LETTER)
        await Mailer(settings_for(office, smtp_enable_starttls="never")).send("ada@example.com", LETTER)
    assert office.encrypted == [False]


async def test_what_is_refused_for_good_is_told_from_what_may_be_taken_later(tmp_path: Path) -> None:
    with open_office(tmp_path, Manner()) as office:
        office.answers += ["550 no", "451 later"]
        mailer = Mailer(settings_for(office))
        with pytest.raises(MailRefused):
            await mailer.send("ada@example.com", LETTER)
        with pytest.raises(aiosmtplib.SMTPResponseException):
            await mailer.send("ada@example.com", LETTER)
        await mailer.send("ada@example.com", LETTER)
    assert len(office.mails) == 1
    with pytest.raises((OSError, aiosmtplib.SMTPException)):
        await mailer.send("ada@example.com", LETTER)


async def test_s_140_nobody_adds_headers_or_mails(tmp_path: Path) -> None:
    evil = "x\r\nBcc: victim@example.com\r\n\r\nHello\r\n.\r\nMAIL FROM:<evil@example.com>\u2028Bcc: y"
    values = letter_values(
        {"username": evil, "link": f"{SITE.base_url}/x", "address": evil, "browser": evil, "at": evil}
    )
    letter = write("new_sign_in", SITE, values)
    with open_office(tmp_path, Manner()) as office:
        await Mailer(settings_for(office)).send("ada@example.com", msgspec.structs.replace(letter, subject=evil))
    (mail,) = office.mails
    assert office.recipients == ["ada@example.com"]
    assert mail["bcc"] is None
    assert mail["subject"].startswith("x Bcc: victim@example.com Hello . MAIL FROM")
    assert len(letter.text.split("\n\n")) == len(
        write("new_sign_in", SITE, dict.fromkeys(values, "x")).text.split("\n\n")
    )


async def test_without_a_server_mail_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        await Mailer(Settings()).send("ada@example.com", LETTER)
        await Mailer(msgspec.structs.replace(Settings(), env="production")).send("ada@example.com", LETTER)
    assert "Un mot." in caplog.records[0].getMessage()
    assert "Un mot." not in caplog.records[1].getMessage()


VALUES = {
    "username": "ada<b>",
    "link": f"{SITE.base_url}/x?y=z",
    "new_email": "new@example.com",
    "address": "192.0.2.1",
    "browser": "<script>",
    "at": "noon",
    "title": "Bob mentioned you",
    "who": "@bob@remote.example",
    "content": "<i>hello</i>",
    "reason": "<i>no</i>",
    "unsubscribe": f"{SITE.base_url}/unsubscribe?token=x",
}


@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*.txt")))
def test_every_letter_can_be_written(name: str) -> None:
    letter = write(name, SITE, VALUES)
    assert letter.subject
    assert "\n" not in letter.subject
    assert "@ada<b>" in letter.text
    assert not {"<b>", "<script>", "<i>"} & set(letter.html.replace(">", "> ").split())
    assert "<script>" not in letter.html


def test_a_link_is_one_in_the_page_too() -> None:
    assert f'<a href="{SITE.base_url}/x?y=z"' in write("confirm_email", SITE, VALUES).html


def test_a_server_is_enough_for_mail_to_be_sent() -> None:
    loaded = load({"SMTP_SERVER": "mail.example", "SMTP_ENABLE_STARTTLS": "always", "LOCAL_DOMAIN": "social.example"})
    assert (loaded.smtp_delivery_method, loaded.smtp_enable_starttls) == ("smtp", "always")
    assert loaded.smtp_from_address == "notifications@social.example"
    assert load({}).smtp_delivery_method == "log"
