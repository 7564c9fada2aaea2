"""Every way of SECURITY sections A and B in which a stranger lies, by name.

SIGNATURE_LIES change how an honest activity is signed or sent: each must be answered with 400 or 401 and leave no
trace. IMPOSTURES are activities, correctly signed by `mallory`, that speak for `victim`: whatever the answer, nothing
of the victim's may change.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.support.fake_actor import PUBLIC, Document, FakeActor, Signed
from tests.support.keys import public_pem, rsa_key

SignatureLie = Callable[[FakeActor, Document, str], Signed]
Imposture = Callable[[FakeActor, FakeActor, Document], Document]


def _changed(**changes: object) -> SignatureLie:
    return lambda actor, activity, inbox: actor.sign(activity, inbox, **changes)


def _shifted(shift: timedelta) -> SignatureLie:
    def lie(actor: FakeActor, activity: Document, inbox: str) -> Signed:
        moment = datetime.now(UTC) + shift
        return actor.sign(activity, inbox, form="cavage", date=moment)

    return lie


def _shifted_created(shift: timedelta) -> SignatureLie:
    def lie(actor: FakeActor, activity: Document, inbox: str) -> Signed:
        return actor.sign(activity, inbox, form="rfc9421", created=int((datetime.now(UTC) + shift).timestamp()))

    return lie


def _sent_with(name: str, value: str | None, **changes: object) -> SignatureLie:
    return lambda actor, activity, inbox: actor.sign(activity, inbox, **changes).with_header(name, value)


def _twice(name: str) -> SignatureLie:
    def lie(actor: FakeActor, activity: Document, inbox: str) -> Signed:
        signed = actor.sign(activity, inbox, form="cavage")
        again = [(key, value) for key, value in signed.headers if key == name.encode()]
        return Signed(signed.url, signed.method, [*signed.headers, *again], signed.body)

    return lie


def _body_changed(form: str) -> SignatureLie:
    def lie(actor: FakeActor, activity: Document, inbox: str) -> Signed:
        signed = actor.sign(activity, inbox, form=form)
        return Signed(signed.url, signed.method, signed.headers, signed.body + b" ")

    return lie


def _get_replayed(actor: FakeActor, activity: Document, inbox: str) -> Signed:
    signed = actor.sign_request("GET", inbox)
    return Signed(inbox, "POST", signed.headers, actor.sign(activity, inbox).body)


def _key_served_elsewhere(actor: FakeActor, activity: Document, inbox: str) -> Signed:
    """A key document of mallory's that names the actor as its owner (S-005)."""
    key = rsa_key("a liar's")
    url = actor.remote.url("/keys/liar")
    actor.remote.serve("/keys/liar", {"id": url, "owner": actor.id, "publicKeyPem": public_pem(key)})
    return actor.sign(activity, inbox, key=key, key_id=url)


_TARGET, _HOST, _DATE, _DIGEST = "(request-target)", "host", "date", "digest"

SIGNATURE_LIES: dict[str, SignatureLie] = {
    "s_022_body_changed": _body_changed("cavage"),
    "s_022_body_changed_rfc9421": _body_changed("rfc9421"),
    "s_022_signed_for_another_host": _changed(host="elsewhere.example"),
    "s_022_sent_to_another_host": _sent_with("host", "elsewhere.example"),
    "s_025_no_signature": _sent_with("signature", None),
    "s_025_no_digest": _changed(form="cavage", headers={"digest": None}),
    "s_025_digest_not_signed": _changed(form="cavage", signed=[_TARGET, _HOST, _DATE]),
    "s_025_digest_md5": _changed(form="cavage", headers={"digest": "MD5=1B2M2Y8AsgTpgAmY7PhCfg=="}),
    "s_025_digest_of_something_else": _changed(form="cavage", headers={"digest": "SHA-256=" + "A" * 43 + "="}),
    "s_025_content_digest_not_signed": _changed(form="rfc9421", covered=["@method", "@target-uri"]),
    "s_026_target_not_signed": _changed(form="cavage", signed=[_HOST, _DATE, _DIGEST]),
    "s_026_replayed_to_another_path": _changed(form="cavage", signed_target="/users/somebody/inbox"),
    "s_026_target_uri_of_another_path": _changed(form="rfc9421", url="http://elsewhere.example/inbox"),
    "s_026_a_get_replayed_as_post": _get_replayed,
    "s_028_two_hours_old": _shifted(timedelta(hours=-2)),
    "s_028_thirteen_hours_old": _shifted(timedelta(hours=-13)),
    "s_028_two_hours_ahead": _shifted(timedelta(hours=2)),
    "s_028_two_hours_old_rfc9421": _shifted_created(timedelta(hours=-2)),
    "s_028_two_hours_ahead_rfc9421": _shifted_created(timedelta(hours=2)),
    "s_028_year_1970": _changed(form="cavage", date=datetime(1970, 1, 1, tzinfo=UTC)),
    "s_028_date_garbage": _changed(form="cavage", date="yesterday"),
    "s_028_date_not_signed": _changed(form="cavage", signed=[_TARGET, _HOST, _DIGEST]),
    "s_031_two_dates": _twice("date"),
    "s_031_two_hosts": _twice("host"),
    "s_031_two_signatures": _twice("signature"),
    "s_031_name_listed_twice": _changed(form="cavage", signed=[_TARGET, _HOST, _HOST, _DATE, _DIGEST]),
    "s_032_host_not_signed": _changed(form="cavage", signed=[_TARGET, _DATE, _DIGEST]),
    "s_037_garbage": _sent_with("signature", "garbage"),
    "s_037_unbalanced": _sent_with("signature", 'keyId="x'),
    "s_037_thousand_parameters": _sent_with("signature", ",".join(f'p{"x" * 2}="1"' for _ in range(1000))),
    "s_037_unknown_component": _changed(form="rfc9421", covered=["@method", "@target-uri", "content-digest", "@odd"]),
    "wrong_key": _changed(key=rsa_key("a liar's")),
    "algorithm_unknown": _changed(form="cavage", algorithm="rsa-md5"),
    "s_005_key_claims_its_owner": _key_served_elsewhere,
}


def _of(victim: FakeActor, activity: Document) -> Document:
    return {**activity, "actor": victim.id}


IMPOSTURES: dict[str, Imposture] = {
    "s_005_in_the_victims_name": lambda mallory, victim, note: _of(victim, mallory.create(note)),
    "s_007_id_of_the_victims": lambda mallory, victim, note: {
        **mallory.like(note["id"]),
        "id": f"{victim.id}/activities/7",
    },
    "s_011_update_of_the_victims_note": lambda mallory, _victim, note: mallory.activity(
        "Update", {**note, "content": "<p>forged</p>", "updated": "2030-01-01T00:00:00Z"}, to=[PUBLIC]
    ),
    "s_013_update_of_the_victims_profile": lambda mallory, victim, _note: mallory.activity(
        "Update",
        {
            **victim.document(),
            "name": "forged",
            "publicKey": {"id": victim.key_id, "owner": victim.id, "publicKeyPem": public_pem(mallory.key)},
        },
    ),
    "s_016_create_attributed_to_the_victim": lambda mallory, victim, _note: mallory.create(
        {**mallory.note("forged"), "attributedTo": victim.id}
    ),
    "s_016_create_with_the_victims_id": lambda mallory, victim, _note: mallory.create(
        {**mallory.note("forged"), "id": f"{victim.id}/notes/forged"}
    ),
    "s_017_announced_delete": lambda mallory, victim, note: mallory.activity(
        "Announce", victim.activity("Delete", note["id"]), to=[PUBLIC]
    ),
    "s_017_announced_update": lambda mallory, victim, note: mallory.activity(
        "Announce", victim.activity("Update", {**note, "content": "<p>forged</p>"}), to=[PUBLIC]
    ),
    "delete_of_the_victims_note": lambda mallory, _victim, note: mallory.activity("Delete", note["id"]),
    "delete_of_the_victim": lambda mallory, victim, _note: mallory.activity("Delete", victim.id),
    "undo_of_the_victims_create": lambda mallory, victim, note: mallory.undo(victim.create(note)),
    "block_in_the_victims_name": lambda mallory, victim, note: _of(victim, mallory.block(note["attributedTo"])),
}
