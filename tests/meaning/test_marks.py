"""What was marked is never taken for new."""

from hypothesis import given
from hypothesis import strategies as st

from fedi.meaning.marks import Marks


@given(st.sets(st.text()), st.sets(st.integers(0, 2**63 - 1)))
def test_what_was_marked_is_found(uris: set[str], ids: set[int]) -> None:
    marks = Marks()
    names = sorted(uris)
    for name in names:
        marks.name(name)
    for identifier in ids:
        marks.id(identifier)
    assert marks.names_in(names) == names
    assert all(map(marks.has_name, names))
    assert all(map(marks.has_id, ids))
    assert marks.ids_in(sorted(ids)) == sorted(ids)


def test_most_of_what_was_not_marked_is_passed_by() -> None:
    marks = Marks()
    for number in range(500_000):
        marks.name(f"marked {number}")
    for number in range(1_000):
        marks.id(number << 10)
    assert len(marks.names_in(f"new {number}" for number in range(1_000))) < 15
    assert marks.ids_in((number << 10) + 2 for number in range(1_000)) == []
