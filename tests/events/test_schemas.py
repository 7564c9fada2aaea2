"""schemas/events says what the code says, for every version there ever was."""

from pathlib import Path
from typing import Any

import pytest

from fedi.events import declared, schemas
from fedi.log.schema import schemas_folder

FOLDER = schemas_folder() / "events"


def test_the_schemas_are_in_step_with_the_code() -> None:
    """If this fails: `make schemas`."""
    written = {file.name: file.read_bytes() for file in FOLDER.glob("*.json")}
    for name, body in schemas.current().items():
        assert written.get(name) == schemas.render(body), name


def test_there_is_a_schema_for_every_version_and_for_nothing_else() -> None:
    expected = {f"{name}.{n}.json" for name, version, _ in declared() for n in range(1, version + 1)}
    assert {file.name for file in FOLDER.iterdir()} == expected


def test_writing_again_writes_nothing(tmp_path: Path) -> None:
    assert len(schemas.write(tmp_path)) == len(list(declared()))
    assert schemas.write(tmp_path) == []


def test_a_change_that_needs_a_new_version_is_refused(tmp_path: Path) -> None:
    schemas.write(tmp_path)
    file = tmp_path / "tag.followed.1.json"
    before = file.read_bytes().replace(b'"name"', b'"tag"')
    file.write_bytes(before)
    with pytest.raises(schemas.BrokenPromiseError, match=r"tag\.followed\.1\.json: tag is gone, name is required now"):
        schemas.write(tmp_path)
    assert file.read_bytes() == before


OLD = {"properties": {"a": {"type": "string", "description": "x"}}, "required": ["a"]}


@pytest.mark.parametrize(
    ("new", "broken"),
    [
        ({"properties": {"a": {"type": "string", "description": "y"}}, "required": ["a"]}, []),
        ({"properties": {"a": {"type": "string"}, "b": {"type": "integer"}}, "required": ["a"]}, []),
        ({"properties": {"a": {"type": "string"}}}, []),
        ({"properties": {"a": {"type": "integer"}}, "required": ["a"]}, ["a is of another kind"]),
        (
            {"properties": {"a": {"type": "string"}, "b": {"type": "integer"}}, "required": ["a", "b"]},
            ["b is required now"],
        ),
        ({"properties": {}}, ["a is gone"]),
    ],
)
def test_what_breaks_a_promise(new: dict[str, Any], broken: list[str]) -> None:
    assert list(schemas.breaks(OLD, new)) == broken
