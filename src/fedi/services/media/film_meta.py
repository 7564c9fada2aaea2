"""What apps are told of a film or sound: sizes, seconds, rates, and the colours of a sleeve."""

from pathlib import Path
from typing import Any

import av
from PIL import Image

from fedi.services.media import colors
from fedi.services.media.made import Made
from fedi.services.media.pictures import Preview


def described(film: Path, poster: Image.Image, small: Preview, *, silent: bool) -> Made:
    """Describe a film that was written anew, and keep its small picture beside it. One without sound is a "gifv"."""
    with av.open(str(film)) as written:
        video = written.streams.video[0]
        rate = video.average_rate or video.guessed_rate
        meta: dict[str, Any] = {
            "original": {
                "width": poster.width,
                "height": poster.height,
                "frame_rate": f"{rate.numerator}/{rate.denominator}" if rate else "0/1",
                **_length(written),
            },
            "small": small.meta,
        }
    return Made(
        kind="gifv" if silent else "video",
        original=film.name,
        small=_kept(film.parent, small),
        meta=meta,
        blurhash=small.blurhash,
    )


def heard(sound: Path, cover: Preview | None) -> Made:
    """Describe sound that was written anew, and keep the picture of its sleeve beside it."""
    with av.open(str(sound)) as written:
        meta: dict[str, Any] = {"original": _length(written)}
    if cover is None:
        return Made(kind="audio", original=sound.name, meta=meta)
    meta |= {"small": cover.meta, "colors": colors.of(cover.encoded.data)}
    return Made(
        kind="audio",
        original=sound.name,
        small=_kept(sound.parent, cover),
        meta=meta,
        blurhash=cover.blurhash,
    )


def _length(written: av.container.InputContainer) -> dict[str, Any]:
    return {"duration": (written.duration or 0) / av.time_base, "bitrate": written.bit_rate}


def _kept(folder: Path, small: Preview) -> str:
    name = f"small.{small.encoded.ending}"
    (folder / name).write_bytes(small.encoded.data)
    return name
