"""Pictures: recognised by their content, measured before they are decoded, and encoded anew.

A new encoding is what keeps metadata (where a photo was taken), foreign bytes and polyglot files out. A header can
announce more pixels than any memory holds, so sizes are checked before a single pixel is decoded. Everything here is
slow and pure: call it through `Workshop`, which runs it in a thread, few at a time.
"""

import asyncio
import io
import logging
from collections.abc import Callable, Iterator
from typing import Literal, TypeVar

import blurhash
import msgspec
from PIL import Image, ImageCms, ImageOps, ImageSequence

from fedi.errors import ClientError
from fedi.services.media import sandbox, sniffing

T = TypeVar("T")
Format = Literal["JPEG", "PNG", "WEBP", "GIF"]
FOREIGN = frozenset({"avif", "heic"})
"""Pictures whose decoders are young: they are decoded where a fault in one stops nobody."""
ENDINGS: dict[Format, str] = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}

MAX_BYTES = 16 * 1024 * 1024
MAX_AVATAR_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 33_177_600
KEPT_PIXELS = 3840 * 2160
"""A larger original is scaled down to this area, as Mastodon does."""
SMALL_PIXELS = 640 * 360
MAX_FRAMES = 1_000
MAX_FILM_FRAMES = 5_000
"""Of an animation that becomes a film: nothing but one frame of it is held in memory at a time."""
MAX_ANIMATED_PIXELS = 2 * MAX_PIXELS
"""Pixels of all frames of an animation together: encoding holds a byte of memory for each."""

_log = logging.getLogger(__name__)


class Encoded(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as it is kept. Sizes are pixels."""

    data: bytes
    format: Format
    width: int
    height: int
    still: "Encoded | None" = None
    """Of an animation: its first frame, for those who do not like things to move."""

    @property
    def ending(self) -> str:
        return ENDINGS[self.format]


class Processed(msgspec.Struct, frozen=True, kw_only=True):
    """An upload, encoded anew: the picture, a small one for lists, and its blurhash."""

    original: Encoded
    small: Encoded
    blurhash: str


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """A small picture of something, and its blurhash."""

    encoded: Encoded
    blurhash: str

    @property
    def meta(self) -> dict[str, object]:
        """Its size as apps are told it."""
        return size_meta(self.encoded.width, self.encoded.height)


class Workshop:
    """Works on pictures in threads, so few at a time that memory stays bounded.

    What no decoder of long standing reads is first made a JPEG or PNG in a process of its own (`sandbox`).
    """

    def __init__(self, at_once: int = 2) -> None:
        self._places = asyncio.Semaphore(at_once)

    async def run(self, work: Callable[[bytes], T], data: bytes) -> T:
        """Run one of this module's functions on `data`; its ClientError comes through."""
        async with self._places:
            if sniffing.still(data[: sniffing.HEAD]) in FOREIGN:
                _check_bytes(data, MAX_BYTES)
                data = await sandbox.decoded(data)
            return await asyncio.to_thread(work, data)


def process(data: bytes) -> Processed:
    """Encode an uploaded picture anew, at its size and small.

    Raises:
        ClientError: too many bytes or pixels, not a picture, or a broken one.
    """
    image = _open(data, MAX_BYTES)
    if image.format == "GIF" and getattr(image, "is_animated", False):
        return _process_animation(image)
    still = _upright(image)
    small = _fit(still, SMALL_PIXELS)
    return Processed(
        original=_encode(_fit(still, KEPT_PIXELS), _format(image)),
        small=_encode(small, "PNG" if image.format == "GIF" else _format(image)),
        blurhash=_blurhash(small),
    )


def preview(image: Image.Image) -> Preview:
    """Return a small JPEG of a picture that was decoded already."""
    small = _fit(image.convert("RGB"), SMALL_PIXELS)
    return Preview(encoded=_encode(small, "JPEG"), blurhash=_blurhash(small))


def thumbnail(data: bytes) -> Preview:
    """Return an uploaded picture that stands for a film or sound, small and of the same kind. Raises as `process`."""
    image = _open(data, MAX_BYTES)
    small = _fit(_upright(image), SMALL_PIXELS)
    return Preview(
        encoded=_encode(small, "PNG" if image.format == "GIF" else _format(image)), blurhash=_blurhash(small)
    )


def opened(data: bytes) -> Image.Image:
    """Return an uploaded picture decoded and upright. Raises ClientError as `process`."""
    return _upright(_open(data, MAX_BYTES))


def moves(data: bytes) -> bool:
    """Tell whether this is a GIF of more than one frame, from its structure alone. Raises ClientError for too many."""
    return data[:3] == b"GIF" and _count_frames(data, MAX_FILM_FRAMES, None) > 1


def size_meta(width: int, height: int) -> dict[str, object]:
    """Return a size in pixels as apps are told it."""
    return {"width": width, "height": height, "size": f"{width}x{height}", "aspect": width / height}


def avatar(data: bytes) -> Encoded:
    """Crop a picture to the 400 × 400 pixels of an avatar; a GIF goes on moving. Raises ClientError as `process`."""
    return _cropped(data, (400, 400))


def header(data: bytes) -> Encoded:
    """Crop a picture to the 1500 × 500 pixels of a profile's header. Raises ClientError as `process`."""
    return _cropped(data, (1500, 500))


def _cropped(data: bytes, size: tuple[int, int]) -> Encoded:
    image = _open(data, MAX_AVATAR_BYTES)
    still = _encode(_fill(_upright(image), size), "JPEG" if image.format == "JPEG" else "PNG")
    frames: int = getattr(image, "n_frames", 1) if image.format == "GIF" else 1
    if not 1 < frames <= MAX_ANIMATED_PIXELS // (size[0] * size[1]):
        return still
    width, height = size
    data = _animated(_fill(frame, size) for frame in _frames(image))
    return Encoded(data=data, format="GIF", width=width, height=height, still=still)


def _fill(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Crop and scale a picture to a size; how long a frame is shown stays."""
    filled = ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    filled.info = image.info
    return filled


def _open(data: bytes, max_bytes: int) -> Image.Image:
    _check_bytes(data, max_bytes)
    if data[:3] == b"GIF":
        _count_frames(data)
    try:
        image = Image.open(io.BytesIO(data), formats=list(ENDINGS))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ClientError("Validation failed: File has too many pixels") from None
    except (OSError, ValueError, SyntaxError):
        raise ClientError("Validation failed: File content type is invalid") from None
    _check_size(image)
    return image


def upright(image: Image.Image) -> Image.Image:
    """Decode a picture that was opened elsewhere. Raises ClientError as `process`."""
    _check_size(image)
    return _upright(image)


def fitted(image: Image.Image) -> Image.Image:
    """Scale a picture down to the largest that is kept."""
    return _fit(image, KEPT_PIXELS)


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise ClientError(f"Validation failed: File {image.width}x{image.height} images are not supported")


def _check_bytes(data: bytes, most: int) -> None:
    if len(data) > most:
        raise ClientError(f"Validation failed: File file size must be less than {most // 1024 // 1024} MB")


def _upright(image: Image.Image) -> Image.Image:
    """Decode the first frame: turned as EXIF says, in sRGB, without anything but pixels."""
    try:
        if image.format == "JPEG":  # decoded at half its size or less where that suffices: less time, and less memory
            image.draft(None, _size_within(image.size, KEPT_PIXELS))
        image.load()
        turned = ImageOps.exif_transpose(image)
        transparent = turned.mode in {"RGBA", "LA", "PA"} or "transparency" in turned.info
        profile = turned.info.get("icc_profile")
        pixels = _in_srgb(turned, profile) if profile and turned.mode in {"RGB", "RGBA", "CMYK"} else turned
        mode = "RGBA" if transparent else "RGB"
        clean = pixels if pixels.mode == mode else pixels.convert(mode)
    except (OSError, ValueError, SyntaxError, EOFError, ZeroDivisionError):
        raise ClientError("Validation failed: File could not be processed") from None
    clean.info = {}
    return clean


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    mode: Literal["RGB", "RGBA"] = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError) as error:
        _log.info("a picture's colour profile was not understood and is left out: %s", error)
        return image
    return converted or image


def _fit(image: Image.Image, pixels: int) -> Image.Image:
    """Scale a picture down to an area, keeping its shape; a smaller one stays as it is."""
    size = _size_within(image.size, pixels)
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)


def _size_within(size: tuple[int, int], pixels: int) -> tuple[int, int]:
    width, height = size
    if width * height <= pixels:
        return size
    factor = (pixels / (width * height)) ** 0.5
    return max(1, round(width * factor)), max(1, round(height * factor))


def _encode(image: Image.Image, form: Format) -> Encoded:
    kept = image.convert("RGB") if form == "JPEG" else image
    out = io.BytesIO()
    match form:
        case "JPEG":
            kept.save(out, form, quality=88, optimize=True, progressive=True)
        case "WEBP":
            kept.save(out, form, quality=88, method=3)
        case _:
            kept.save(out, form)
    return Encoded(data=out.getvalue(), format=form, width=image.width, height=image.height)


def _blurhash(image: Image.Image) -> str:
    tiny = image.convert("RGB").resize((32, 24), Image.Resampling.BILINEAR)
    pixels = list(tiny.get_flattened_data())
    rows = [pixels[start : start + 32] for start in range(0, len(pixels), 32)]
    encoded: str = blurhash.encode(rows, components_x=4, components_y=3)
    return encoded


def _process_animation(image: Image.Image) -> Processed:
    try:
        first = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, EOFError):
        raise ClientError("Validation failed: File could not be processed") from None
    data = _animated(_frames(image))
    small = _fit(first, SMALL_PIXELS)
    original = Encoded(data=data, format="GIF", width=image.width, height=image.height, still=_encode(first, "PNG"))
    return Processed(original=original, small=_encode(small, "PNG"), blurhash=_blurhash(small))


def _animated(frames: Iterator[Image.Image]) -> bytes:
    out = io.BytesIO()
    try:
        next(frames).save(out, "GIF", save_all=True, append_images=frames, loop=0, disposal=2)
    except (OSError, ValueError, SyntaxError, EOFError):
        raise ClientError("Validation failed: File could not be processed") from None
    return out.getvalue()


def _frames(image: Image.Image) -> Iterator[Image.Image]:
    """Yield the frames one by one, each with nothing but its pixels and how long it is shown."""
    for frame in ImageSequence.Iterator(image):
        clean = frame.convert("RGBA")
        clean.info = {"duration": frame.info.get("duration", 100)}
        yield clean


def _format(image: Image.Image) -> Format:
    form = image.format
    return form if form in ENDINGS else "PNG"


def _count_frames(data: bytes, most: int = MAX_FRAMES, pixels: int | None = MAX_ANIMATED_PIXELS) -> int:
    """Count the frames of an animation from its structure alone (GIF89a, appendix A).

    Raises ClientError for more than `most`, or more `pixels` in all of them.
    """
    width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    place, frames = 13 + _table_size(data, 10), 0
    while place < len(data):
        if data[place] == 0x2C:
            frames += 1
            if frames > most or (pixels is not None and frames * width * height > pixels):
                raise ClientError("Validation failed: File has too many frames")
            place = _after_blocks(data, place + 11 + _table_size(data, place + 9))
        elif data[place] == 0x21:
            place = _after_blocks(data, place + 2)
        else:
            break
    return frames


def _table_size(data: bytes, place: int) -> int:
    flags = data[place] if place < len(data) else 0
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _after_blocks(data: bytes, place: int) -> int:
    while place < len(data) and data[place]:
        place += data[place] + 1
    return place + 1
