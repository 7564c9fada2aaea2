"""What is used of a film's file, and how far it is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from av.audio.stream import AudioStream
from av.stream import Disposition
from av.video.stream import VideoStream
from PIL import Image

from fedi.errors import ClientError
from fedi.services.media.film_limits import MAX_FRAMES, MAX_PIXELS, MAX_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame

Track = VideoStream | AudioStream
TURNS = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
"""How a picture is turned that a phone took sideways, by degrees."""


class Tracks:
    """One track of each kind at most; a cover is a picture, no film."""

    def __init__(self, source: InputContainer) -> None:
        covers = {each.index for each in source.streams.video if each.disposition & Disposition.attached_pic}
        self.video = next((each for each in source.streams.video if each.index not in covers), None)
        self.cover = next((each for each in source.streams.video if each.index in covers), None)
        self.audio = next(iter(source.streams.audio), None)

    @property
    def played(self) -> list[Track]:
        """Those that are seen and heard."""
        return [each for each in (self.video, self.audio) if each is not None]


def packets(found: InputContainer, tracks: Sequence[Track]) -> Iterator[Packet[Stream]]:
    """Yield the packets of some tracks: so many at most, and none that lies hours away, whatever the header says.

    Raises ClientError where there are more.
    """
    for number, packet in enumerate(found.demux(*tracks)):
        late = packet.pts is not None and packet.time_base and packet.pts * packet.time_base > MAX_SECONDS
        if late or number > 4 * MAX_FRAMES:
            raise ClientError("Validation failed: File is too long")
        yield packet


def check_size(width: int, height: int) -> None:
    """Raise ClientError for a frame of too many pixels."""
    if width * height > MAX_PIXELS:
        raise ClientError(f"Validation failed: File {width}x{height} videos are not supported")


def to_image(frame: VideoFrame) -> Image.Image:
    """Return a frame as a picture."""
    image: Image.Image = frame.to_image()
    return image
