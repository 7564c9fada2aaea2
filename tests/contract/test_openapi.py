"""The description of the API: whole, in step, and of a server that no request breaks."""

import contextlib
import random
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from jsonschema import Draft202012Validator
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

import fedi.api
from fedi.api import openapi
from fedi.api.table import collect
from tests.support.whole import Server

WRITTEN = Path(__file__).parents[2] / "schemas" / "openapi.json"
SUITE = 2
"""Requests of each kind in an ordinary run."""


def test_the_written_description_is_that_of_the_program() -> None:
    assert msgspec.json.decode(WRITTEN.read_bytes()) == msgspec.json.decode(msgspec.json.encode(openapi.document()))


def test_it_describes_every_endpoint_once() -> None:
    described = openapi.document()
    names = [each["operationId"] for path in described["paths"].values() for each in path.values()]
    assert len(names) == len(set(names))
    endpoints = tuple(collect(fedi.api))
    assert len(names) == sum(len(each.paths) * len(each.methods) for each in endpoints)
    assert all(each["summary"] for path in described["paths"].values() for each in path.values())
    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


class Material:
    """What is there to be asked for: a request with made-up ids alone would learn nothing but 404."""

    def __init__(self, server: Server) -> None:
        ada, bob = server.people["ada"], server.people["bob"]
        ada.account_follow(bob.me().id)
        post = bob.status_post("a #post for @ada")
        mine = ada.status_post("mine", poll=ada.make_poll(["a", "b"], 600))
        ada.status_favourite(post.id)
        kept = ada.list_create("list")
        self.token = ada.access_token
        self.ids = [str(each.id) for each in (ada.me(), bob.me(), post, mine, kept)]
        self.names = ["post", "ada", "bob", "1", "home"]


@pytest.fixture(scope="module")
def material(whole: Server) -> Material:
    return Material(whole)


def test_no_request_breaks_the_server(
    whole: Server, material: Material, request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]
) -> None:
    each = request.config.getoption("--fuzz", default=None) or SUITE
    schema = schemathesis.openapi.from_dict(openapi.document())
    broken: list[str] = []
    asked = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        for mode in GenerationMode:

            @settings(
                max_examples=each, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
            )
            @given(case=operation.as_strategy(generation_mode=mode), chance=st.randoms(use_true_random=False))
            def ask(case: Case[Any], chance: random.Random) -> None:
                nonlocal asked
                asked += 1
                _ground(case, material, chance)
                headers = {"Authorization": f"Bearer {material.token}"} if chance.random() < 0.8 else {}
                answer = case.call(base_url=f"http://{whole.domain}", headers=headers)
                if answer.status_code >= 500:
                    broken.append(f"{answer.status_code} {case.as_curl_command()}")

            with contextlib.suppress(Unsatisfiable):  # what takes no parameters cannot be asked wrongly
                ask()
    with capfd.disabled():
        sys.stdout.write(f"{asked:,} requests asked, {len(broken)} answered with 5xx\n")
    assert not broken, "\n".join(broken[:20])
    assert asked > each * 100


def _ground(case: Case[Any], material: Material, chance: random.Random) -> None:
    """Put things that are there in the place of half of what was made up."""
    for values in (case.path_parameters, case.query, case.body):
        if not isinstance(values, dict):
            continue
        for name in list(values):
            if (name == "id" or name.endswith("_id")) and chance.random() < 0.7:
                values[name] = _real(material, chance)
            elif name in {"id[]", "account_ids", "status_ids", "media_ids"} and chance.random() < 0.7:
                values[name] = [_real(material, chance) for _ in range(2)]
            elif name in {"name", "acct", "q"} and chance.random() < 0.5:
                values[name] = chance.choice(material.names)


def _real(material: Material, chance: random.Random) -> Any:
    return chance.choice(material.ids)
