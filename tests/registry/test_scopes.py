import pytest

from fedi.registry.scopes import SCOPES, accepted, covers, split


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (["read:statuses"], {"read:statuses", "read"}),
        (["follow", "write:blocks"], {"follow", "write:blocks", "write"}),
        (["profile", "read:accounts"], {"profile", "read:accounts", "read"}),
        (["admin:write:reports"], {"admin:write:reports", "admin:write"}),
        (["admin:read"], {"admin:read"}),
        (["push"], {"push"}),
        ([], set()),
    ],
)
def test_what_covers_a_scope_is_accepted_too(named: list[str], expected: set[str]) -> None:
    assert accepted(named) == expected
    assert expected <= set(SCOPES)


def test_app_may_ask_for_less_than_it_registered_never_for_more() -> None:
    assert covers(["read", "push"], ["read:lists", "push", "read"])
    assert not covers(["read:lists"], ["read"])
    assert not covers(["read"], ["write:lists"])
    assert not covers(["write"], ["admin:write"])
    assert covers(["read"], [])


def test_scopes_are_divided_by_spaces_and_named_once() -> None:
    assert split(" write  read write ") == ["write", "read"]
