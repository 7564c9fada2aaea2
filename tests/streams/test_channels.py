"""Names, parameters and scopes of streams."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedi.projections.announcements import Announcement
from fedi.streams import channels
from fedi.streams.channels import Request, Stream, audience, list_of, of_mapping, of_path, resolve
from fedi.streams.errors import StreamError

READ = {"read"}
ALL = ("user", "user:notification", "public", "public:local", "public:remote:media", "hashtag", "list", "direct")


@pytest.mark.parametrize(
    ("path", "query", "stream"),
    [
        ("user", {}, "user"),
        ("user/notification", {}, "user:notification"),
        ("public", {}, "public"),
        ("public/", {}, "public"),
        ("public", {"only_media": "true"}, "public:media"),
        ("public/local", {"only_media": "1"}, "public:local:media"),
        ("public/remote", {"only_media": "off"}, "public:remote"),
        ("hashtag", {"only_media": "true"}, "hashtag"),
        ("hashtag/local", {}, "hashtag:local"),
        ("list", {}, "list"),
        ("direct", {}, "direct"),
    ],
)
def test_paths_name_streams(path: str, query: dict[str, str], stream: str) -> None:
    assert of_path(path, query).stream == stream


@pytest.mark.parametrize("path", ["", "users", "public:local", "user/notification/x", "health/x"])
def test_other_paths_name_none(path: str) -> None:
    with pytest.raises(StreamError, match=r"^Unknown channel requested$"):
        of_path(path, {})


@pytest.mark.parametrize(
    ("name", "fed_by"),
    [
        ("user", (7, "notifications:7", "everybody")),
        ("user:notification", ("notifications:7",)),
        ("public:local:media", ("public:local:media",)),
        ("direct", ("direct:7",)),
    ],
)
def test_streams_are_fed_by_channels(name: str, fed_by: tuple[str, ...]) -> None:
    assert resolve(Request(stream=name), 7, READ) == Stream(label=(name,), channels=fed_by)


def test_all_who_mean_the_same_hashtag_listen_to_one_channel() -> None:
    asked = [resolve(Request(stream="hashtag:local", tag=tag), 7, READ) for tag in ("Köln", "koln", "#KÖLN")]
    assert {each.channels for each in asked} == {("hashtag:local:koln",)}
    assert [each.label for each in asked] == [("hashtag:local", tag) for tag in ("Köln", "koln", "#KÖLN")]


def test_a_list_is_to_be_shown_to_its_owner_only() -> None:
    assert resolve(Request(stream="list", list="0012"), 7, READ) == Stream(
        label=("list", "0012"), channels=("list:12",), list_id=12
    )


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("scopes", [{"push"}, {"profile"}, {"write"}, {"read:accounts"}, set()])
def test_other_scopes_open_nothing(name: str, scopes: set[str]) -> None:
    with pytest.raises(StreamError, match=r"^Access token does not have the required scopes$") as refused:
        resolve(Request(stream=name, tag="x", list="1"), 7, scopes)
    assert refused.value.status == 401


def test_notifications_take_a_scope_of_their_own() -> None:
    assert resolve(Request(stream="user"), 7, {"read:statuses"}).channels == (7, "everybody")
    assert resolve(Request(stream="user"), 7, {"read:statuses", "read:notifications"}).channels == (
        7,
        "notifications:7",
        "everybody",
    )
    assert resolve(Request(stream="user:notification"), 7, {"read:notifications"}).channels == ("notifications:7",)
    for name, scopes in (("user", {"read:notifications"}), ("user:notification", {"read:statuses"})):
        with pytest.raises(StreamError):
            resolve(Request(stream=name), 7, scopes)


def test_of_several_names_the_first_counts() -> None:
    assert of_mapping({"stream": ["hashtag", "user"], "tag": "x"}) == Request(stream="hashtag", tag="x")
    assert of_mapping({"stream": "list", "list": 12}) == Request(stream="list", list="12")
    assert of_mapping({"stream": []}) is None
    assert of_mapping({}) is None


def test_an_announcement_goes_to_all_its_channels() -> None:
    update = Announcement(event="update", id=9, channels=("public",), homes=(1, 2), account=3)
    assert list(audience(update)) == ["public", 1, 2]
    assert list(audience(Announcement(event="notification", id=9, account=3))) == ["notifications:3"]
    assert list(audience(Announcement(event="conversation", id=9, account=3))) == ["direct:3"]
    assert list_of("list:12") == 12
    assert list_of("public") is None


_VALUES = st.none() | st.booleans() | st.integers() | st.sampled_from([*ALL, "", "x", "#", "12", "1" * 30])


@given(st.dictionaries(st.sampled_from(["stream", "tag", "list", "type"]), _VALUES | st.lists(_VALUES, max_size=2)))
def test_whatever_is_asked_for_is_a_stream_or_an_error(message: dict[str, object]) -> None:
    request = of_mapping(message)
    if request is None:
        return
    try:
        stream = resolve(request, 7, READ)
    except StreamError:
        return
    assert stream.channels
    assert channels.list_of(stream.channels[0]) == stream.list_id
