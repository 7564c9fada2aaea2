import errno
from pathlib import Path

import pytest

from fedi.errors import Unavailable
from fedi.services.storage import media_type
from fedi.services.storage_folder import FolderStorage


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "media", "https://a.example")


async def test_what_is_put_is_got_until_it_is_deleted(storage: FolderStorage, tmp_path: Path) -> None:
    await storage.put("attachments/12/34.jpg", b"bytes")
    assert await storage.get("attachments/12/34.jpg") == b"bytes"
    assert [path.name for path in (tmp_path / "media/attachments/12").iterdir()] == ["34.jpg"]
    await storage.delete("attachments/12/34.jpg")
    await storage.delete("attachments/12/34.jpg")
    assert await storage.get("attachments/12/34.jpg") is None


@pytest.mark.parametrize(
    "key", ["../secret", "/etc/passwd", "a/../b", "a//b", "", "a.b/../c", "a/.hidden", "a\0b", "A"]
)
async def test_a_key_that_is_not_of_our_form_leads_nowhere(storage: FolderStorage, key: str) -> None:
    assert await storage.get(key) is None
    with pytest.raises(ValueError, match="is not a storage key"):
        await storage.put(key, b"")


async def test_a_folder_is_no_file(storage: FolderStorage) -> None:
    await storage.put("a/b.png", b"")
    assert await storage.get("a") is None
    assert await storage.get("a/b.png/c") is None


def test_an_address_and_a_type_follow_from_the_key(storage: FolderStorage) -> None:
    assert storage.url("a/b.png") == "https://a.example/media/a/b.png"
    assert media_type("a/b.png") == "image/png"
    assert media_type("a/b.html") is None
    assert media_type("a") is None


async def test_a_full_disk_is_a_matter_of_time_and_leaves_no_half_file(
    storage: FolderStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    await storage.put("a/b.png", b"there was room")
    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", half)
        with pytest.raises(Unavailable, match="no room"):
            await storage.put("a/c.png", b"there is none")
    assert [path.name for path in (tmp_path / "media/a").iterdir()] == ["b.png"]
    await storage.put("a/c.png", b"there is again")
    assert await storage.get("a/c.png") == b"there is again"


async def test_what_is_wrong_with_a_folder_besides_is_told_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotADirectoryError):
        await FolderStorage(tmp_path / "file", "https://a.example").put("a/b.png", b"")
