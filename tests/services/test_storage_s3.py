"""The S3 store, against a real one that checks signatures."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
from minio import Minio

from fedi.cli.checks_media import of_media
from fedi.errors import ConfigurationError, Unavailable
from fedi.services.storage_choice import media_origin, open_storage
from fedi.services.storage_folder import FolderStorage
from fedi.services.storage_s3 import S3Storage
from fedi.settings import Settings
from fedi.settings.loading import load
from tests.support.swift import Swift, settings_for, swift


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swift]:
    with swift(tmp_path_factory.mktemp("swift")) as running:
        client(running).make_bucket("media")
        yield running


def client(store: Swift) -> Minio:
    return Minio(store.host, store.key, store.secret, secure=False, region="us-east-1")


def settings(store: Swift, **more: object) -> Settings:
    given = msgspec.structs.replace(settings_for(store), s3_alias_host=None)
    return msgspec.structs.replace(given, **more)


async def test_files_are_kept_found_and_forgotten(store: Swift, tmp_path: Path) -> None:
    storage = S3Storage(settings(store))
    await storage.put("attachments/1/a.jpg", b"picture")
    assert await storage.get("attachments/1/a.jpg") == b"picture"
    target = tmp_path / "copy"
    assert await storage.fetch("attachments/1/a.jpg", target)
    assert target.read_bytes() == b"picture"
    kept = client(store).stat_object("media", "attachments/1/a.jpg")
    assert kept.content_type == "image/jpeg"
    assert kept.metadata is not None
    assert kept.metadata["cache-control"] == "public, max-age=315576000, immutable"
    await storage.delete("attachments/1/a.jpg")
    await storage.delete("attachments/1/a.jpg")
    assert await storage.get("attachments/1/a.jpg") is None
    assert not await storage.fetch("attachments/1/a.jpg", target)
    assert await storage.get("../etc/passwd") is None
    with pytest.raises(ValueError, match="is not a storage key"):
        await storage.put("../etc/passwd", b"")


async def test_large_files_go_in_parts(store: Swift, tmp_path: Path) -> None:
    storage = S3Storage(settings(store))
    source = tmp_path / "film"
    source.write_bytes(bytes(range(256)) * (17 << 12))
    await storage.put_file("attachments/2/a.mp4", source)
    assert await storage.fetch("attachments/2/a.mp4", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == source.read_bytes()
    await storage.delete("attachments/2/a.mp4")


async def test_what_is_not_for_showing_is_private(store: Swift) -> None:
    await S3Storage(settings(store)).put("incoming/3/abc", b"raw")
    kept = client(store).stat_object("media", "incoming/3/abc")
    assert kept.metadata is not None
    assert kept.metadata["cache-control"] == "private, no-store"
    async with httpx.AsyncClient() as stranger:
        answer = await stranger.get(f"{store.endpoint}/media/incoming/3/abc")
    assert answer.status_code in {400, 401, 403}
    assert b"raw" not in answer.content


async def test_a_prefix_stands_before_every_name(store: Swift) -> None:
    storage = S3Storage(settings(store, s3_key_prefix="fedi/"))
    await storage.put("avatars/1/a.png", b"x")
    assert client(store).get_object("media", "fedi/avatars/1/a.png").data == b"x"
    assert storage.url("avatars/1/a.png").endswith("/media/fedi/avatars/1/a.png")


@pytest.mark.parametrize("wrong", [{"aws_secret_access_key": "wrong"}, {"s3_bucket": "elsewhere"}])
async def test_a_wrong_secret_or_bucket_opens_nothing(store: Swift, wrong: dict[str, object]) -> None:
    storage = S3Storage(settings(store, **wrong))
    with pytest.raises(Unavailable):
        await storage.put("avatars/1/b.png", b"x")
    with pytest.raises(Unavailable):
        await S3Storage(settings(store, aws_secret_access_key="wrong")).get("avatars/1/a.png")


async def test_a_store_that_is_away_is_said_to_be_so() -> None:
    nowhere = Swift("http://127.0.0.1:1", "key", "secret")
    with pytest.raises(Unavailable):
        await S3Storage(settings(nowhere)).put("avatars/1/b.png", b"x")


def test_addresses_are_as_mastodon_makes_them() -> None:
    there = Swift("https://s3.example", "key", "secret")
    for more, expected in (
        ({}, "https://s3.example/media"),
        ({"s3_hostname": "files.example"}, "https://files.example/media"),
        ({"s3_override_path_style": True}, "https://media.s3.example"),
        ({"s3_alias_host": "cdn.example"}, "https://cdn.example"),
        ({"s3_alias_host": "cdn.example/fedi"}, "https://cdn.example/fedi"),
        ({"s3_endpoint": None}, "https://media.s3.us-east-1.amazonaws.com"),
        ({"s3_endpoint": None, "s3_region": "eu-west-1"}, "https://media.s3.eu-west-1.amazonaws.com"),
    ):
        made = settings(there, s3_protocol="https", **more)
        assert S3Storage(made).url("a/1.png") == f"{expected}/a/1.png"
    assert media_origin(settings(there, s3_protocol="https", s3_alias_host="cdn.example/x")) == "https://cdn.example"
    assert media_origin(Settings()) == ""


def test_the_settings_choose_the_store() -> None:
    assert isinstance(open_storage(Settings()), FolderStorage)
    names = {"S3_ENABLED": "true", "S3_BUCKET": "b", "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"}
    assert isinstance(open_storage(load(names)), S3Storage)
    for name in list(names)[1:]:
        with pytest.raises(ConfigurationError, match="S3_ENABLED wants"):
            load({**names, name: ""})
    with pytest.raises(ConfigurationError, match="S3_ENDPOINT=ftp://x"):
        open_storage(load({**names, "S3_ENDPOINT": "ftp://x"}))


def test_s_010_the_doctor_looks_at_the_store_and_at_the_host_of_files(store: Swift) -> None:
    def verdicts(given: Settings) -> list[str]:
        return [check.verdict for check in of_media(given)]

    assert of_media(Settings()) == []
    assert verdicts(settings(store)) == ["good"]
    wrong = of_media(settings(store, aws_secret_access_key="wrong"))
    assert [(check.verdict, "SignatureDoesNotMatch" in check.finding) for check in wrong] == [("bad", True)]
    assert verdicts(settings(store, s3_alias_host="localhost:3000")) == ["good", "doubtful"]
