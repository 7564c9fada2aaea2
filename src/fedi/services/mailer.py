"""The door to the mail server (RFC 5321), and the job that has a letter written and sent.

A letter is written when it is sent: the job holds who is to be told what, and never a secret; a link's secret is made
then, goes into the mail and is kept nowhere but as a digest.
"""

import logging
import ssl
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import formatdate, make_msgid, parseaddr

import aiosmtplib
import msgspec

from fedi.services.jobs import Job, job
from fedi.services.writing import Letter
from fedi.settings import Settings

TIMEOUT_SECONDS = 30.0
_log = logging.getLogger(__name__)


@job("mail.send", "mailers", attempts=10)
class SendLetter(Job, frozen=True, kw_only=True):
    """A letter to a person: `letter` names its template, `values` what that shows.

    `email` is another address of that person than the one their login has; `asked_under` the mark of the password that
    the login had when it was asked for, as letters may wait for hours.
    """

    user_id: int
    letter: str
    values: Mapping[str, str] = msgspec.field(default_factory=dict)
    email: str | None = None
    asked_under: str | None = None


@job("mail.reset_password", "mailers", attempts=4)
class SendReset(Job, frozen=True, kw_only=True):
    """Somebody forgot the password of the login with this address, if there is one."""

    email: str


@job("mail.refusal", "mailers", attempts=10)
class SendRefusal(Job, frozen=True, kw_only=True):
    """Tell somebody that their request to sign up was refused. Their login is gone, so all that is needed is here."""

    email: str
    username: str
    reason: str = ""


@job("mail.notice", "mailers", attempts=4)
class SendNotice(Job, frozen=True, kw_only=True):
    """Tell a person who is away of a notification."""

    user_id: int
    notification_id: int


class MailRefused(Exception):
    """The mail server will never take this mail; to try again is of no use."""


class Mailer:
    """Sends mail as the settings say."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def send(self, to: str, letter: Letter, *, unsubscribe: str | None = None) -> None:
        """Send a letter; `unsubscribe` is an address where a POST ends letters of its kind (RFC 8058).

        Raises MailRefused when it will never be taken; OSError or aiosmtplib.SMTPException when it may be later.
        """
        settings = self._settings
        if settings.smtp_delivery_method == "log":
            text = letter.text if settings.env == "development" else "(text not shown)"
            _log.info("a mail to %s that no server takes: %s\n%s", to, letter.subject, text)
            return
        message = _message(settings, to, letter, unsubscribe)
        try:
            await self._deliver(message, to)
        except aiosmtplib.SMTPResponseException as error:
            if error.code >= 500 and not isinstance(error, aiosmtplib.SMTPAuthenticationError):
                raise MailRefused(f"{error.code} {error.message}") from error
            raise
        except aiosmtplib.SMTPRecipientsRefused as error:
            if all(refused.code >= 500 for refused in error.recipients):
                raise MailRefused(str(error)) from error
            raise

    async def _deliver(self, message: EmailMessage, to: str) -> None:
        settings = self._settings
        encrypted = settings.smtp_tls or settings.smtp_ssl
        later = {"auto": None, "always": True, "never": False}[settings.smtp_enable_starttls]
        client = aiosmtplib.SMTP(
            hostname=settings.smtp_server,
            port=settings.smtp_port,
            use_tls=encrypted,
            start_tls=False if encrypted or not settings.smtp_enable_starttls_auto else later,
            tls_context=_trust(settings),
            local_hostname=settings.smtp_domain or settings.local_domain.partition(":")[0],
            timeout=TIMEOUT_SECONDS,
        )
        async with client:
            await _sign_in(client, settings)
            sender = parseaddr(settings.smtp_return_path or settings.smtp_from_address)[1]
            await client.send_message(message, sender=sender, recipients=[to])


async def _sign_in(client: aiosmtplib.SMTP, settings: Settings) -> None:
    name, password = settings.smtp_login, settings.smtp_password or ""
    if name is None or settings.smtp_auth_method == "none":
        return
    await client.ehlo()  # again after STARTTLS (RFC 3207 §4.2): only then are the ways to sign in to be believed
    ways = {"plain": client.auth_plain, "login": client.auth_login, "cram_md5": client.auth_crammd5}
    await ways[settings.smtp_auth_method](name, password)


def _trust(settings: Settings) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(settings.smtp_ca_file) if settings.smtp_ca_file else None)
    if settings.smtp_openssl_verify_mode == "none":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _message(settings: Settings, to: str, letter: Letter, unsubscribe: str | None) -> EmailMessage:
    """Return the mail. Line breaks in what becomes a header are spaces, so that nobody adds headers of their own."""
    name, sender = parseaddr(settings.smtp_from_address)
    message = EmailMessage(policy=WIRE)
    message["From"] = Address(display_name=name or settings.local_domain, addr_spec=sender)
    message["To"] = Address(addr_spec=one_line(to))
    message["Subject"] = one_line(letter.subject)
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday notices are not sent in answer
    if settings.smtp_reply_to is not None:
        message["Reply-To"] = one_line(settings.smtp_reply_to)
    if unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{one_line(unsubscribe)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def one_line(text: str) -> str:
    """Return a text without line breaks and other control characters."""
    return " ".join("".join(" " if each < " " or each in "\x7f\x85\u2028\u2029" else each for each in text).split())


def letter_values(values: Mapping[str, str]) -> dict[str, str]:
    """Return what a letter shows, each on one line, so that nobody's name or post can pass for a paragraph of ours."""
    return {name: one_line(value) for name, value in values.items()}
