"""Events under wire names and versions; what was written once is read for ever."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from fedi.events import Event, UnknownEventError, catalogue, declared, decode, encode, event, name_of
from fedi.log.schema import schemas_folder

FIXTURES = Path(__file__).parents[1] / "fixtures" / "events"
VERSIONS = {name: version for name, version, _ in declared()}


def golden() -> list[Path]:
    return sorted(FIXTURES.glob("*.json"))


def split(file: Path) -> tuple[str, int]:
    name, _, version = file.stem.rpartition(".")
    return name, int(version)


@pytest.mark.parametrize("file", golden(), ids=lambda file: file.stem)
def test_a_payload_written_then_is_read_now(file: Path) -> None:
    name, version = split(file)
    read = decode(name, version, file.read_bytes())
    again_name, again_version, payload = encode(read)
    assert (again_name, again_version) == (name, VERSIONS[name])
    if version == again_version:
        said = json.loads(file.read_bytes())
        assert said.items() <= json.loads(payload).items()


@pytest.mark.parametrize("file", golden(), ids=lambda file: file.stem)
def test_a_golden_payload_keeps_to_its_schema(file: Path) -> None:
    schema = json.loads((schemas_folder() / "events" / file.name).read_bytes())
    Draft202012Validator(schema).validate(json.loads(file.read_bytes()))


def test_every_version_that_was_superseded_has_a_golden_payload() -> None:
    superseded = {f"{name}.{old}" for name, version in VERSIONS.items() for old in range(1, version)}
    assert superseded <= {file.stem for file in golden()}


@pytest.fixture
def _own_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_kinds", dict(catalogue._kinds))
    monkeypatch.setattr(catalogue, "_names", dict(catalogue._names))


def _colour_to_colours(fields: dict[str, Any]) -> dict[str, Any]:
    return {"name": fields["name"], "colours": [fields["colour"]]}


def _lend_weight(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "weight": 0}


@pytest.mark.usefixtures("_own_catalogue")
def test_old_versions_climb_step_by_step() -> None:
    @event("mammoth.seen", version=3, upcasts={1: _colour_to_colours, 2: _lend_weight})
    class MammothSeen(Event, frozen=True, kw_only=True):
        name: str
        colours: tuple[str, ...]
        weight: int

    mammoth = MammothSeen(name="Manny", colours=("brown",), weight=0)
    assert decode("mammoth.seen", 1, b'{"name":"Manny","colour":"brown"}') == mammoth
    assert decode("mammoth.seen", 2, b'{"name":"Manny","colours":["brown"]}') == mammoth
    assert decode(*encode(mammoth)) == mammoth
    assert name_of(MammothSeen) == ("mammoth.seen", 3)
    with pytest.raises(UnknownEventError, match=r"mammoth\.seen version 4"):
        decode("mammoth.seen", 4, b"{}")


@pytest.mark.usefixtures("_own_catalogue")
def test_a_version_that_no_step_leads_from_is_refused() -> None:
    with pytest.raises(ValueError, match="upcasts must lead from each"):
        event("mammoth.seen", version=3, upcasts={2: _lend_weight})


@pytest.mark.usefixtures("_own_catalogue")
def test_a_name_is_given_once() -> None:
    class Again(Event, frozen=True, kw_only=True):
        pass

    with pytest.raises(ValueError, match=r"two event classes are called status\.bookmarked"):
        event("status.bookmarked")(Again)


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(UnknownEventError):
        decode("mammoth.forgotten", 1, b"{}")


def test_a_document_is_kept_to_the_byte() -> None:
    document = b'{"b": 1,\n  "a": "\\u00fc"}'
    kind = next(kind for name, _, kind in declared() if name == "document.fetched")
    said = kind(document=msgspec.Raw(document), url="https://remote.example/1")
    name, version, payload = encode(said)
    read = decode(name, version, payload)
    assert bytes(read.document) == document  # type: ignore[attr-defined]


def test_names_say_what_happened_in_two_words() -> None:
    for name in VERSIONS:
        noun, _, happened = name.partition(".")
        assert noun.replace("_", "").isalpha(), name
        assert happened.endswith(("ed", "en")), name
