"""Films and sound for tests, made on the spot."""

import io
from typing import Any

import av
from PIL import Image

SECRET = "SECRET"


def film(
    form: str = "mp4",
    video: str | None = "libx264",
    audio: str | None = "aac",
    *,
    size: tuple[int, int] = (64, 48),
    rate: int = 10,
    frames: int = 10,
) -> bytes:
    """Return a film of `frames` pictures, or sound alone, with a place and a comment in its metadata."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        container.metadata.update(location="+52.0+004.0/", comment=SECRET)
        seen: Any = container.add_stream(video, rate=rate) if video else None
        heard: Any = container.add_stream(audio, rate=48_000) if audio else None
        if heard:
            heard.layout = "stereo"
        if seen:
            seen.width, seen.height, seen.pix_fmt = *size, "yuv420p"
            for number in range(frames):
                image = Image.new("RGB", size, (number * 20 % 256, 90, 120))
                container.mux(seen.encode(av.VideoFrame.from_image(image)))
            container.mux(seen.encode(None))
        if heard:
            container.mux(heard.encode(silence(frames / rate)))
            container.mux(heard.encode(None))
    return out.getvalue()


def silence(seconds: float) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout="stereo", samples=int(48_000 * seconds))
    frame.sample_rate = 48_000
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    return frame


def animation(frames: int = 3, size: tuple[int, int] = (40, 30)) -> bytes:
    """Return a GIF that moves."""
    out = io.BytesIO()
    images = [Image.new("RGB", size, (number * 60 % 256, 0, 0)) for number in range(frames)]
    images[0].save(out, "GIF", save_all=True, append_images=images[1:], duration=100, comment=SECRET.encode())
    return out.getvalue()
