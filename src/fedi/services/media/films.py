"""Films and sound: read by their content, judged, and written anew without metadata. Runs in the child of `sandbox`.

What can be kept as it is (H.264 with AAC, MP3) is copied packet by packet; everything else is encoded: films as MP4,
sound as MP3, as Mastodon does. A header may lie, so what it announces is checked again while reading.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from fedi.errors import ClientError, Unavailable, is_full
from fedi.services.media import film_meta, pictures
from fedi.services.media.film_encoding import encode_film, encode_sound
from fedi.services.media.film_limits import MAX_FRAMES, MAX_RATE, MAX_SECONDS
from fedi.services.media.film_tracks import TURNS, Track, Tracks, check_size, packets, to_image
from fedi.services.media.made import Made
from fedi.services.media.sniffing import Container

_DEMUXERS: dict[Container, str] = {
    "mp4": "mov", "mov": "mov", "webm": "matroska", "ogg": "ogg", "mp3": "mp3", "flac": "flac", "wav": "wav",
    "aac": "aac", "gif": "gif",
}  # fmt: skip
_CODECS = (
    "h264,hevc,mpeg4,vp8,libvpx,vp9,libvpx-vp9,libdav1d,av1,theora,gif,mjpeg,prores,"
    "aac,mp3,mp3float,opus,libopus,vorbis,libvorbis,flac,alac,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_u8,"
    "pcm_s16be,pcm_s24be,amrnb,amr_nb,libopencore_amrnb,speex"
)
"""The decoders that may be used: of FFmpeg's hundreds, few are needed and each is a way in (S-088)."""
_CLEAN = {"fflags": "+bitexact"}


def convert(source: Path, container: Container, folder: Path) -> Made:
    """Write a film or sound anew into `folder`, with a small picture of it, and return what came of it.

    Raises ClientError for what is too large or long, or cannot be read, Unavailable where there is no room for it.
    """
    try:
        with _opened(source, container) as found:
            tracks = Tracks(found)
            if tracks.video is not None:
                return _film(found, tracks, container, source, folder)
            if tracks.audio is not None:
                return _sound(found, tracks, container, folder)
    except (av.FFmpegError, OSError, ValueError, OverflowError, ZeroDivisionError) as error:
        if is_full(error):
            raise Unavailable("there is no room for files") from error
        raise ClientError("Validation failed: File could not be processed") from error
    raise ClientError("Validation failed: File content type is invalid")


@contextlib.contextmanager
def _opened(source: Path, container: Container) -> Iterator[InputContainer]:
    """Open a file as what it is: no playlist, no other file and no address is ever followed (S-088)."""
    options = {"codec_whitelist": _CODECS, "protocol_whitelist": "none"}
    with (
        source.open("rb") as file,
        av.open(file, "r", format=_DEMUXERS[container], options=options, metadata_errors="ignore") as found,
    ):
        yield found


def _film(found: InputContainer, tracks: Tracks, container: Container, source: Path, folder: Path) -> Made:
    video = tracks.video
    assert video is not None
    _check_film(found, video)
    first = _first_frame(source, container)
    turn = int(first.rotation) % 360
    poster = to_image(first)
    poster = poster.transpose(TURNS[turn]) if turn in TURNS else poster
    target = folder / "original.mp4"
    with av.open(str(target), "w", format="mp4", options={"movflags": "+faststart", **_CLEAN}) as out:
        if _keepable(tracks, container):
            _copy(found, out, [each for each in (video, tracks.audio) if each is not None])
        else:
            encode_film(found, out, tracks, poster.size, turn)
    return film_meta.described(target, poster, pictures.preview(poster), silent=tracks.audio is None)


def _sound(found: InputContainer, tracks: Tracks, container: Container, folder: Path) -> Made:
    _check_length(found)
    target = folder / "original.mp3"
    cover = _cover(found, tracks)
    found.seek(0)
    options = {"id3v2_version": "0", "write_id3v1": "0", **_CLEAN}
    with av.open(str(target), "w", format="mp3", options=options) as out:
        if container == "mp3":
            assert tracks.audio is not None
            _copy(found, out, [tracks.audio])
        else:
            encode_sound(found, out, tracks)
    return film_meta.heard(target, None if cover is None else pictures.preview(cover))


def _check_film(found: InputContainer, video: VideoStream) -> None:
    _check_length(found)
    check_size(video.codec_context.width, video.codec_context.height)
    rate = video.average_rate or video.guessed_rate
    if rate is not None and rate > MAX_RATE:
        raise ClientError(f"Validation failed: File {int(rate)}fps videos are not supported")
    if video.frames > MAX_FRAMES:
        raise ClientError("Validation failed: File has too many frames")


def _check_length(found: InputContainer) -> None:
    if found.duration is not None and found.duration / av.time_base > MAX_SECONDS:
        raise ClientError("Validation failed: File is too long")


def _keepable(tracks: Tracks, container: Container) -> bool:
    video, audio = tracks.video, tracks.audio
    return (
        container in {"mp4", "mov"}
        and video is not None
        and video.codec_context.name == "h264"
        and video.codec_context.pix_fmt in {"yuv420p", "yuvj420p"}
        and (audio is None or audio.codec_context.name == "aac")
    )


def _first_frame(source: Path, container: Container) -> VideoFrame:
    with _opened(source, container) as found:
        track = Tracks(found).video
        assert track is not None
        for packet in packets(found, [track]):
            for frame in packet.decode():
                if isinstance(frame, VideoFrame):
                    check_size(frame.width, frame.height)
                    return frame
    raise ClientError("Validation failed: File could not be processed")


def _cover(found: InputContainer, tracks: Tracks) -> Image.Image | None:
    """Return the picture on the sleeve, where the file carries one that can be read."""
    if tracks.cover is None:
        return None
    for packet in packets(found, [tracks.cover]):
        try:
            return pictures.opened(bytes(packet))
        except ClientError:
            return None
    return None


def _copy(found: InputContainer, out: OutputContainer, tracks: list[Track]) -> None:
    copies = {each.index: out.add_stream_from_template(each) for each in tracks}
    for packet in packets(found, tracks):
        if packet.dts is not None:
            packet.stream = copies[packet.stream.index]
            out.mux(packet)
