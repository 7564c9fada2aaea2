import io
import struct
import time
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from fedi.errors import ClientError
from fedi.services.media import pictures
from fedi.services.media.pictures import Encoded, Workshop


def picture(form: str, size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, form, **options)
    return out.getvalue()


def opened(encoded: Encoded) -> Image.Image:
    image = Image.open(io.BytesIO(encoded.data))
    assert image.format == encoded.format
    assert image.size == (encoded.width, encoded.height)
    return image


def png_announcing(width: int, height: int) -> bytes:
    parts = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0" * 1000)))
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_each_kind_of_picture_keeps_its_kind_and_size(form: str) -> None:
    made = pictures.process(picture(form))
    assert opened(made.original).format == form
    assert made.original.width == 64
    assert opened(made.small).size == (64, 48)
    assert 20 <= len(made.blurhash) <= 40


def test_a_large_picture_gets_a_small_one_of_the_same_shape() -> None:
    made = pictures.process(picture("JPEG", (2000, 1000)))
    assert made.original.width == 2000
    assert opened(made.small).width * made.small.height <= pictures.SMALL_PIXELS + 1000
    assert made.small.width == pytest.approx(2 * made.small.height, abs=2)


def test_an_enormous_original_is_scaled_down() -> None:
    made = pictures.process(picture("JPEG", (5000, 5000)))
    assert made.original.width == made.original.height == 2880


def test_metadata_goes_and_the_orientation_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 0.0)
    made = pictures.process(picture("JPEG", (80, 40), exif=exif, comment=b"SECRET", icc_profile=b""))
    image = opened(made.original)
    assert image.size == (40, 80)
    assert not image.getexif()
    assert b"SECRET" not in made.original.data
    text = PngInfo()
    text.add_text("Location", "SECRET")
    assert b"SECRET" not in pictures.process(picture("PNG", pnginfo=text)).original.data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b'{"type":"Person","id":"https://evil.example/actor"}',
        b"GIF89a",
        picture("BMP"),
        picture("TIFF"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_by_its_content(data: bytes) -> None:
    with pytest.raises(ClientError, match="File content type is invalid"):
        pictures.process(data)


def test_a_broken_picture_is_refused() -> None:
    with pytest.raises(ClientError, match="could not be processed"):
        pictures.process(picture("PNG", (300, 300))[:-200])


@pytest.mark.parametrize("size", [(60_000, 60_000), (12_000, 9_000), (6_000, 6_000)])
def test_a_pixel_bomb_is_refused_from_its_header(size: tuple[int, int]) -> None:
    start = time.monotonic()
    with pytest.raises(ClientError, match=r"images are not supported|too many pixels"):
        pictures.process(png_announcing(*size))
    assert time.monotonic() - start < 0.5


def test_a_bomb_of_frames_is_refused_before_decoding() -> None:
    frame = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0"
    bomb = b"GIF89a" + struct.pack("<HH", 1, 1) + b"\x80\0\0" + b"\0\0\0\xff\xff\xff" + frame * 100_000 + b";"
    start = time.monotonic()
    with pytest.raises(ClientError, match="too many frames"):
        pictures.process(bomb)
    assert time.monotonic() - start < 0.5


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(ClientError, match="File file size must be less than 16 MB"):
        pictures.process(b"\xff\xd8\xff" + b"\0" * pictures.MAX_BYTES)


def test_an_animation_stays_one() -> None:
    frames = [Image.new("RGB", (20, 20), (shade, 0, 0)) for shade in (0, 100, 200)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=[50, 70, 90], comment=b"SECRET")
    made = pictures.process(out.getvalue())
    image = opened(made.original)
    assert getattr(image, "n_frames", 1) == 3
    assert image.info["duration"] == 50
    assert b"SECRET" not in made.original.data
    assert opened(made.small).format == "PNG"


async def test_avatars_and_headers_are_cropped_in_a_thread() -> None:
    workshop = Workshop()
    assert opened(await workshop.run(pictures.avatar, picture("JPEG", (900, 300)))).size == (400, 400)
    assert opened(await workshop.run(pictures.header, picture("GIF", (900, 900)))).size == (1500, 500)
