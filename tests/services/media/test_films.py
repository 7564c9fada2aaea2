import io
from pathlib import Path
from typing import get_args

import av
import pillow_heif
import pytest
from PIL import Image

from fedi.errors import ClientError, Unavailable
from fedi.services.media import films, pictures, sandbox, sniffing, walls
from fedi.services.media.made import Made
from fedi.services.media.pictures import Workshop
from tests.support.films import SECRET, animation, film
from tests.support.raw_server import always, plain, raw_server

SOUNDS = [("ogg", "libopus"), ("mp3", "libmp3lame"), ("flac", "flac"), ("wav", "pcm_s16le"),
          ("adts", "aac"), ("mp4", "aac")]  # fmt: skip


async def made(data: bytes, folder: Path, seconds: float = 60) -> Made:
    container = sniffing.film(data[: sniffing.HEAD])
    assert container is not None
    source = folder / "source"
    source.write_bytes(data)
    return await sandbox.converted(source, container, folder, seconds=seconds)


def codecs(file: Path) -> list[str]:
    with av.open(str(file)) as found:
        return [each.codec_context.name for each in (*found.streams.video, *found.streams.audio)]


def size_of(file: Path) -> tuple[int, int]:
    with Image.open(file) as image:
        return image.size


@pytest.mark.parametrize(
    ("form", "video", "audio"),
    [
        ("mp4", "libx264", "aac"),
        ("mov", "libx264", "aac"),
        ("webm", "libvpx-vp9", "libopus"),
        ("mp4", "libx265", "aac"),
        ("mp4", "libx264", None),
    ],
)
async def test_films_become_mp4_without_metadata(form: str, video: str, audio: str | None, tmp_path: Path) -> None:
    result = await made(film(form, video, audio), tmp_path)
    assert result.kind == ("video" if audio else "gifv")
    kept = tmp_path / result.original
    assert codecs(kept) == ["h264", "aac"][: 2 if audio else 1]
    assert SECRET.encode() not in kept.read_bytes()
    with av.open(str(kept)) as found:
        assert not {"location", "comment"} & set(found.metadata)
        assert sum(1 for _ in found.decode(video=0)) == 10
    original = result.meta["original"]
    assert (original["width"], original["height"], original["frame_rate"]) == (64, 48, "10/1")
    assert original["duration"] == pytest.approx(1.0, abs=0.1)
    assert original["bitrate"] > 0
    assert result.meta["small"] == {"width": 64, "height": 48, "size": "64x48", "aspect": 64 / 48}
    assert result.small is not None
    assert size_of(tmp_path / result.small) == (64, 48)
    assert result.blurhash


async def test_an_animation_becomes_a_film_of_the_same_length(tmp_path: Path) -> None:
    result = await made(animation(frames=20), tmp_path)
    assert result.kind == "gifv"
    assert codecs(tmp_path / result.original) == ["h264"]
    assert result.meta["original"]["duration"] == pytest.approx(2.0, abs=0.15)


@pytest.mark.parametrize(("form", "codec"), SOUNDS)
async def test_sound_becomes_mp3_without_metadata(form: str, codec: str, tmp_path: Path) -> None:
    result = await made(film(form, None, codec, frames=20), tmp_path)
    assert (result.kind, result.original, result.small) == ("audio", "original.mp3", None)
    kept = tmp_path / result.original
    assert codecs(kept)[0].startswith("mp3")
    assert SECRET.encode() not in kept.read_bytes()
    assert result.meta["original"]["duration"] == pytest.approx(2.0, abs=0.2)


async def test_a_sleeve_gives_sound_a_picture_and_colours(tmp_path: Path) -> None:
    sleeve = io.BytesIO()
    image = Image.new("RGB", (200, 200), (10, 20, 120))
    image.paste((250, 240, 20), (60, 60, 140, 140))
    image.save(sleeve, "PNG")
    sound = film("mp3", None, "libmp3lame")
    frame = b"\0image/png\0\3\0" + sleeve.getvalue()
    apic = b"APIC" + len(frame).to_bytes(4, "big") + b"\0\0" + frame
    size = len(apic)
    head = b"ID3\3\0\0" + bytes((size >> 7 * place) & 127 for place in (3, 2, 1, 0))
    result = await made(head + apic + _without_id3(sound), tmp_path)
    assert result.small is not None
    assert size_of(tmp_path / result.small) == (200, 200)
    colors = result.meta["colors"]
    red, green, blue = (int(colors["background"][place : place + 2], 16) for place in (1, 3, 5))
    assert blue > 90 > max(red, green)
    assert int(colors["accent"][1:3], 16) > 200
    assert b"APIC" not in (tmp_path / result.original).read_bytes()


def _without_id3(sound: bytes) -> bytes:
    size = sum(byte << 7 * (3 - place) for place, byte in enumerate(sound[6:10]))
    return sound[10 + size :]


async def test_limits_of_frames_and_sizes_are_kept(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="4000x2160 videos are not supported"):
        await made(film(size=(4000, 2160), frames=1, audio=None), tmp_path)
    with pytest.raises(ClientError, match="240fps videos are not supported"):
        await made(film(rate=240, frames=24, audio=None), tmp_path)


async def test_what_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    """A file whose index promises what is not there, and one that ends in the midst."""
    data = film(frames=30)
    with pytest.raises(ClientError, match="could not be processed"):
        await made(data[: len(data) // 3], tmp_path)
    broken = bytearray(data)
    place = broken.index(b"stsz")
    broken[place + 8 : place + 16] = b"\0\0\0\0\xff\xff\xff\xff"
    with pytest.raises(ClientError, match="could not be processed"):
        await made(bytes(broken), tmp_path)


async def test_work_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    data = film("webm", "libvpx", None, size=(640, 480), rate=30, frames=60)
    with pytest.raises(ClientError, match="could not be processed"):
        await made(data, tmp_path, seconds=0.2)


@pytest.mark.parametrize(("form", "video"), [("mp4", "libx264"), ("webm", "libvpx")])
async def test_a_film_for_which_there_is_no_room_is_not_refused_for_ever(
    form: str, video: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk that is full is a device, which stands beyond the walls."""
    script = tmp_path / "open.py"
    script.write_text(
        "from fedi.services.media import sandbox_child, walls\nwalls.put_up = lambda **_: False\nsandbox_child.main()\n"
    )
    monkeypatch.setattr(sandbox, "CHILD", [str(script)])
    (tmp_path / "original.mp4").symlink_to("/dev/full")
    with pytest.raises(Unavailable, match="no room"):
        await made(film(form, video, None), tmp_path)


async def test_a_reader_that_eats_all_memory_ends_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child refuses itself more than its share; nothing of it reaches this process."""
    hungry = "import fedi.services.media.films as films\nfilms.convert = lambda *_: bytearray(3 << 30)\n"
    script = tmp_path / "hungry.py"
    script.write_text(f"{hungry}from fedi.services.media import sandbox_child\nsandbox_child.main()\n")
    monkeypatch.setattr(sandbox, "CHILD", [str(script)])
    with pytest.raises(ClientError, match="could not be processed"):
        await made(film(), tmp_path)


TAKEN_OVER = {
    "reads": "raise ClientError(open({place!r}).read())",
    "lists": "raise ClientError('SECRET' + ' '.join(__import__('os').listdir({folder!r})))",
    "writes": "open({place!r}, 'a').write('SECRET'); raise ClientError('SECRET')",
    "asks": "__import__('socket').create_connection(('127.0.0.1', {port})); raise ClientError('SECRET')",
}


@pytest.mark.parametrize("deed", TAKEN_OVER)
async def test_s_088_a_reader_that_was_taken_over_reaches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    """Nothing but its file and its folder, where the kernel has walls; else it has what the server has."""
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "folder"
    elsewhere.mkdir()
    folder.mkdir()
    place = elsewhere / "secret"
    place.write_text("SECRET")
    script = tmp_path / "taken_over.py"
    async with raw_server(always(plain(b""))) as server:
        does = TAKEN_OVER[deed].format(place=str(place), folder=str(elsewhere), port=server.port)
        script.write_text(
            "from fedi.errors import ClientError\nfrom fedi.services.media import films, sandbox_child\n"
            f"def taken_over(*_):\n    {does}\nfilms.convert = taken_over\nsandbox_child.main()\n"
        )
        monkeypatch.setattr(sandbox, "CHILD", [str(script)])
        walled = walls.version() >= (4 if deed == "asks" else 1)
        with pytest.raises(ClientError, match="could not be processed" if walled else "SECRET"):
            await made(film(), folder)
        assert (server.connections == 0) is (walled or deed != "asks")


def playlists(folder: Path) -> list[tuple[str, str]]:
    """Return texts that make FFmpeg show a film which lies elsewhere, and what reads them."""
    (folder / "other.mp4").write_bytes(film())
    (folder / "other.ts").write_bytes(film("mpegts"))
    entry = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{}\n#EXT-X-ENDLIST\n"
    return [
        ("concat", f"ffconcat version 1.0\nfile '{folder}/other.mp4'\n"),
        ("concat", "ffconcat version 1.0\nfile 'other.mp4'\n"),
        ("hls", entry.format(f"file://{folder}/other.ts")),
        ("hls", entry.format("other.ts")),
    ]


def shown_elsewhere(source: Path, demuxer: str) -> int:
    with av.open(str(source), format=demuxer, options={"safe": "0", "extension_picky": "0"}) as found:
        return sum(1 for _ in found.decode(video=0))


def test_s_088_no_other_file_is_read(tmp_path: Path) -> None:
    for demuxer, text in playlists(tmp_path):
        source = tmp_path / "source.m3u8"
        source.write_text(text)
        assert shown_elsewhere(source, demuxer) == 10, "whoever opens files carelessly reads the other one"
        assert sniffing.film(text.encode()) is None
        for container in get_args(sniffing.Container):
            with pytest.raises(ClientError):
                films.convert(source, container, tmp_path)


def test_s_088_a_file_is_read_as_what_it_was_taken_for_and_as_nothing_else(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(film())
    with pytest.raises(ClientError):
        films.convert(source, "ogg", tmp_path)


def test_s_088_what_leads_elsewhere_is_not_followed_even_where_it_is_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind the one demuxer that a file is opened with stands that nothing but the open file may be read."""
    for demuxer, text in playlists(tmp_path):
        monkeypatch.setitem(vars(films)["_DEMUXERS"], "mp4", demuxer)
        source = tmp_path / "source.m3u8"
        source.write_text(text)
        with pytest.raises(ClientError):
            films.convert(source, "mp4", tmp_path)


async def test_s_088_no_address_is_asked(tmp_path: Path) -> None:
    async with raw_server(always(plain(film("mpegts")))) as server:
        source = tmp_path / "source"
        address = f"http://127.0.0.1:{server.port}/other.ts"
        source.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{address}\n#EXT-X-ENDLIST\n")
        for container in get_args(sniffing.Container):
            with pytest.raises(ClientError):
                await sandbox.converted(source, container, tmp_path)
        assert server.requests == []


@pytest.mark.parametrize("form", ["AVIF", "HEIF"])
async def test_s_094_pictures_of_young_kinds_become_jpeg_without_metadata(form: str) -> None:
    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[0x010E] = SECRET
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 0.0)
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((80, 40)).save(out, form, exif=exif.tobytes())
    assert SECRET.encode() in out.getvalue()
    processed = await Workshop().run(pictures.process, out.getvalue())
    assert (processed.original.format, processed.original.width, processed.original.height) == ("JPEG", 80, 40)
    assert SECRET.encode() not in processed.original.data
    assert (await Workshop().run(pictures.avatar, out.getvalue())).width == 400


@pytest.mark.parametrize(
    ("side", "reason"), [(7_000, "7000x7000 images are not supported"), (60_000, "could not be processed")]
)
async def test_s_089_a_bomb_among_them_is_refused_before_it_is_decoded(side: int, reason: str) -> None:
    """By its header: nothing can be decoded here. Pillow itself refuses what is larger by far."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64)).save(out, "AVIF")
    bomb = bytearray(out.getvalue())
    place = bomb.index(b"ispe")
    bomb[place + 8 : place + 16] = side.to_bytes(4, "big") * 2
    with pytest.raises(ClientError, match=reason):
        await Workshop().run(pictures.process, bytes(bomb))


@pytest.mark.parametrize(
    ("head", "still", "container"),
    [
        (b"\xff\xd8\xff\xe0", "jpeg", None),
        (b"GIF89a", "gif", "gif"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1", "avif", None),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "heic", None),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "avif", None),
        (b"\0\0\0\x14ftypqt  ", None, "mov"),
        (b"\0\0\0\x14ftypisom", None, "mp4"),
        (b"\x1a\x45\xdf\xa3\x01\0\0\0\x42\x82\x84webm", None, "webm"),
        (b"\x1a\x45\xdf\xa3\x01\0\0\0\x42\x82\x88matroska", None, None),
        (b"RIFF\0\0\0\0WAVEfmt ", None, "wav"),
        (b"RIFF\0\0\0\0AVI LIST", None, None),
        (b"<svg xmlns=", None, None),
        (b"%PDF-1.7", None, None),
        (b"#!AMR", None, None),
        (b"", None, None),
    ],
)
def test_kinds_are_told_by_content(head: bytes, still: str | None, container: str | None) -> None:
    assert sniffing.still(head) == still
    assert sniffing.film(head) == container
