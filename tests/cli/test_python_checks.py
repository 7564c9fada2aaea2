"""What the doctor says of the Python that runs the program."""

import sys

import pytest

from fedi.cli.checks import is_optimised, of_python


@pytest.mark.parametrize(
    ("prefix", "configured", "optimised"),
    [
        ("/usr", "'--enable-shared' '--prefix=/usr'", True),
        ("/usr/local", "'--enable-optimizations' '--with-lto'", True),
        ("/home/ann/.pyenv/versions/3.11.7", "'--enable-shared'", False),
        ("/opt/python", None, False),
    ],
)
def test_a_distributions_python_is_optimised_and_any_other_that_says_so(
    prefix: str, configured: str | None, optimised: bool
) -> None:
    assert is_optimised(prefix, configured) is optimised


def test_one_that_is_not_is_doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    assert of_python().verdict == "good"
    monkeypatch.setattr(sys, "base_prefix", "/opt/python")
    monkeypatch.setattr("sysconfig.get_config_var", {"CONFIG_ARGS": "'--enable-shared'"}.get)
    check = of_python()
    assert check.verdict == "doubtful"
    assert "--enable-optimizations" in check.finding
