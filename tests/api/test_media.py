"""Uploads of every kind, as apps make them."""

import asyncio
import io
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from minio import Minio
from PIL import Image

from fedi.api.deps import Deps
from fedi.registry import media as registry
from fedi.services.storage_s3 import S3Storage
from tests.support.films import SECRET, animation, film
from tests.support.listening import until
from tests.support.phone import Phone, phone, picture
from tests.support.schemas import assert_valid
from tests.support.swift import settings_for, swift
from tests.support.uploads import process_waiting

AVATARS = ("avatar", "avatar_static")
pytestmark = pytest.mark.usefixtures("projector")


async def upload(app: Phone, content: bytes, status: int = 200, version: str = "v2", **more: Any) -> Any:
    files = {"file": ("a.jpg", content, "image/jpeg"), **more.pop("files", {})}
    return await app.call("POST", f"/api/{version}/media", status, files=files, **more)


async def test_a_film_is_processed_later_and_posted_when_it_is_ready(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    said = await upload(ada, film(), 202, data={"description": "A film", "focus": "0.5,0"})
    assert_valid(said, "MediaAttachment")
    assert (said["type"], said["url"], said["preview_url"]) == ("video", None, None)
    path = f"/api/v1/media/{said['id']}"
    assert (await ada.call("GET", path, 206))["url"] is None
    assert (await ada.call("PUT", path, 206, json={"description": "Better"}))["description"] == "Better"
    early = await ada.call("POST", "/api/v1/statuses", 422, json={"media_ids": [said["id"]]})
    assert early["error"] == "Cannot attach files that have not finished processing. Try again in a moment!"

    assert await process_waiting(deps) == 1
    ready = await ada.call("GET", path)
    assert_valid(ready, "MediaAttachment")
    assert (ready["type"], ready["description"], ready["meta"]["focus"]) == ("video", "Better", {"x": 0.5, "y": 0.0})
    assert {"width", "height", "frame_rate", "duration", "bitrate"} <= set(ready["meta"]["original"])
    assert ready["url"].endswith(".mp4")
    answer = await ada.http.get(ready["url"])
    assert answer.headers["content-type"] == "video/mp4"
    assert SECRET.encode() not in answer.content
    posted = await ada.call("POST", "/api/v1/statuses", json={"media_ids": [said["id"]]})
    assert posted["media_attachments"] == [ready]
    assert (await ada.call("GET", f"/api/v1/statuses/{posted['id']}"))["media_attachments"] == [ready]


async def test_an_animation_becomes_a_gifv_and_stays_one_in_its_post(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    said = await upload(ada, animation(), 202)
    assert said["type"] == "gifv"
    await process_waiting(deps)
    posted = await ada.call("POST", "/api/v1/statuses", json={"media_ids": [said["id"]], "status": "moves"})
    again = await ada.call("GET", f"/api/v1/statuses/{posted['id']}")
    assert [each["type"] for each in again["media_attachments"]] == ["gifv"]
    assert again["media_attachments"][0]["preview_url"].endswith(".jpg")


async def test_the_first_version_waits(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    waiting = asyncio.create_task(upload(ada, film("ogg", None, "libopus"), version="v1"))

    async def processed() -> bool:
        return await process_waiting(deps) > 0

    await until(processed)
    ready = await waiting
    assert_valid(ready, "MediaAttachment")
    assert (ready["type"], ready["url"][-4:]) == ("audio", ".mp3")


async def test_a_file_that_cannot_be_read_is_said_to_be_so(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    said = await upload(ada, film()[:600], 202)
    await process_waiting(deps)
    for method in ("GET", "PUT"):
        failed = await ada.call(method, f"/api/v1/media/{said['id']}", 422)
        assert failed["error"] == "Error processing thumbnail for uploaded media"
    await ada.call("POST", "/api/v1/statuses", 422, json={"media_ids": [said["id"]]})
    await ada.call("DELETE", f"/api/v1/media/{said['id']}")


async def test_a_thumbnail_of_ones_own_is_kept(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    chosen = {"thumbnail": ("b.png", picture(), "image/png")}
    said = await upload(ada, film("mp3", None, "libmp3lame"), 202, files=chosen)
    assert said["preview_url"] is not None
    await process_waiting(deps)
    ready = await ada.call("GET", f"/api/v1/media/{said['id']}")
    assert ready["preview_url"] == said["preview_url"]
    assert ready["meta"]["small"] == {"width": 60, "height": 40, "size": "60x40", "aspect": 1.5}
    other = io.BytesIO()
    Image.new("RGB", (30, 30), (200, 0, 0)).save(other, "JPEG")
    changed = await ada.call(
        "PUT", f"/api/v1/media/{said['id']}", files={"thumbnail": ("c.jpg", other.getvalue(), "image/jpeg")}
    )
    assert changed["meta"]["small"]["width"] == 30
    assert changed["preview_url"] != said["preview_url"]
    assert (await ada.http.get(said["preview_url"])).status_code == 404
    assert (await ada.http.get(changed["preview_url"])).headers["content-type"] == "image/jpeg"
    refused = {"thumbnail": ("c.jpg", b"<html>", "image/jpeg")}
    await ada.call("PUT", f"/api/v1/media/{said['id']}", 422, files=refused)


async def test_what_waits_can_be_thrown_away(deps: Deps) -> None:
    ada, bob = await phone(deps, "ada"), await phone(deps, "bob")
    said = await upload(ada, film(), 202)
    for method in ("GET", "PUT", "DELETE"):
        await bob.call(method, f"/api/v1/media/{said['id']}", 404)
    await ada.call("DELETE", f"/api/v1/media/{said['id']}")
    assert await process_waiting(deps) == 1
    await ada.call("GET", f"/api/v1/media/{said['id']}", 404)


@pytest.mark.parametrize("data", [b"", b"<html><script>", b"MZ\x90", b"#EXTM3U\nfile:///etc/passwd", b"\0" * 100])
async def test_what_is_of_no_kind_is_refused(deps: Deps, data: bytes) -> None:
    ada = await phone(deps, "ada")
    for version in ("v1", "v2"):
        assert "error" in await upload(ada, data, 422, version)
    await ada.call("POST", "/api/v2/media", 422)
    reader = await phone(deps, "rea", "read")
    await upload(reader, picture(), 403)


async def test_s_089_an_animation_of_too_many_frames_is_refused_at_once(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    frame = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0"
    bomb = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff" + frame * 100_000 + b";"
    start = time.monotonic()
    refused = await upload(ada, bomb, 422)
    assert "too many frames" in refused["error"]
    assert time.monotonic() - start < 2


async def test_the_instance_says_what_it_takes(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    for version in ("v1", "v2"):
        told = (await ada.call("GET", f"/api/{version}/instance"))["configuration"]["media_attachments"]
        assert {"image/avif", "image/heic", "video/webm", "video/quicktime", "audio/flac"} <= set(
            told["supported_mime_types"]
        )
        assert (told["image_size_limit"], told["video_size_limit"]) == (16 << 20, 99 << 20)
        assert (told["video_matrix_limit"], told["video_frame_rate_limit"]) == (8_294_400, 120)


async def test_parts_of_a_file_are_served(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    said = await upload(ada, film("mp3", None, "libmp3lame"), 202)
    await process_waiting(deps)
    url = (await ada.call("GET", f"/api/v1/media/{said['id']}"))["url"]
    whole = await ada.http.get(url)
    part = await ada.http.get(url, headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, whole.content[2:6])
    assert part.headers["content-range"] == f"bytes 2-5/{len(whole.content)}"
    assert (await ada.http.get(url, headers={"Range": "bytes=99999999-"})).status_code == 416
    assert (await ada.http.head(url)).headers["content-length"] == str(len(whole.content))


async def test_s_091_a_file_is_nothing_but_itself_to_a_browser(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    url = (await upload(ada, picture()))["url"]
    for headers in ({}, {"Range": "bytes=0-3"}):
        answer = await ada.http.get(url, headers=headers)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["content-type"] == "image/png"


async def test_what_came_is_shown_to_nobody(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    said = await upload(ada, film(), 202)
    async with deps.pool.connection() as connection:
        row = await registry.by_id(connection, int(said["id"]))
    assert row is not None
    assert row.storage_key is not None
    assert await deps.commands.storage.get(row.storage_key)
    assert (await ada.http.get(f"/media/{row.storage_key}")).status_code == 404
    await process_waiting(deps)
    assert await deps.commands.storage.get(row.storage_key) is None


async def test_media_go_to_a_store_and_come_from_it(deps: Deps, tmp_path: Path) -> None:
    """The whole way on a real S3 store: a picture and a film, their addresses, and deleting them."""
    with swift(tmp_path / "swift") as store:
        made = settings_for(store)
        Minio(store.host, store.key, store.secret, secure=False, region="us-east-1").make_bucket(made.s3_bucket)
        storage = S3Storage(made)
        commands = msgspec.structs.replace(deps.commands, storage=storage)
        ada = await phone(msgspec.structs.replace(deps, commands=commands), "ada")
        said = await upload(ada, film(), 202)
        assert await process_waiting(deps, storage) == 1
        ready = await ada.call("GET", f"/api/v1/media/{said['id']}")
        still = await upload(ada, picture())
        for url, kind in ((ready["url"], "mp4"), (ready["preview_url"], "jpg"), (still["url"], "png")):
            assert url.startswith("http://cdn.example/attachments/")
            key = url.removeprefix("http://cdn.example/")
            assert key.endswith(kind)
            assert await storage.get(key)
            moved = await ada.http.get(f"/media/{key}")
            assert (moved.status_code, moved.headers["location"]) == (302, url)
        await ada.call("DELETE", f"/api/v1/media/{said['id']}")
        assert await storage.get(ready["url"].removeprefix("http://cdn.example/")) is None
        assert [
            each.object_name
            for each in Minio(store.host, store.key, store.secret, secure=False, region="us-east-1").list_objects(
                "media", prefix="incoming/", recursive=True
            )
        ] == []


async def test_an_avatar_that_moves_has_a_still_one_beside_it(deps: Deps) -> None:
    ada = await phone(deps, "ada")
    files = {"avatar": ("a.gif", animation(), "image/gif"), "header": ("h.png", picture(), "image/png")}
    shown = await ada.call("PATCH", "/api/v1/accounts/update_credentials", files=files)
    assert_valid(shown, "CredentialAccount")
    moving, still = [Image.open(io.BytesIO((await ada.http.get(shown[name])).content)) for name in AVATARS]
    assert (moving.format, moving.size, getattr(moving, "n_frames", 1)) == ("GIF", (400, 400), 3)
    assert moving.info["duration"] == 100
    assert SECRET.encode() not in (await ada.http.get(shown["avatar"])).content
    assert (still.format, still.size) == ("PNG", (400, 400))
    header = Image.open(io.BytesIO((await ada.http.get(shown["header"])).content))
    assert (header.size, shown["header_static"]) == ((1500, 500), shown["header"])
    told = await ada.call("GET", "/api/v1/profile")
    assert [told[name] for name in AVATARS] == [shown[name] for name in AVATARS]
