"""Films and sound encoded anew: H.264 and AAC, or MP3."""

from fractions import Fraction

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from fedi.errors import ClientError
from fedi.services.media.film_limits import MAX_BROKEN, MAX_FRAMES, MAX_RATE
from fedi.services.media.film_tracks import TURNS, Track, Tracks, check_size, packets, to_image

_CLOCK = Fraction(1, 90_000)
_H264 = {"preset": "veryfast", "crf": "22", "threads": "2", "rc-lookahead": "20"}
_RATES = frozenset({44_100, 48_000})
_BITS_PER_SECOND = 160_000


def encode_film(found: InputContainer, out: OutputContainer, tracks: Tracks, size: tuple[int, int], turn: int) -> None:
    """Encode a film of one `size` in pixels, each frame turned by so many degrees."""
    assert tracks.video is not None
    video = _Frames(out, tracks.video, size, turn, _start(found))
    audio = _Sound(out, tracks.audio, "aac", _start(found)) if tracks.audio else None
    _feed(found, tracks.played, video, audio)


def encode_sound(found: InputContainer, out: OutputContainer, tracks: Tracks) -> None:
    """Encode sound alone, as MP3."""
    assert tracks.audio is not None
    _feed(found, [tracks.audio], None, _Sound(out, tracks.audio, "libmp3lame", _start(found)))


class _Frames:
    """Pictures that move. They keep their times: a file that skips an hour must not become one of stills."""

    def __init__(
        self, out: OutputContainer, source: VideoStream, size: tuple[int, int], turn: int, start: float
    ) -> None:
        self._out, self._turn, self._start = out, turn, start
        self._count, self._last = 0, -1
        stream = out.add_stream("libx264", rate=_rate(source), options=dict(_H264))
        stream.width, stream.height = size[0] // 2 * 2 or 2, size[1] // 2 * 2 or 2
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = _CLOCK
        self._stream = stream

    def add(self, frame: VideoFrame) -> None:
        self._count += 1
        if self._count > MAX_FRAMES:
            raise ClientError("Validation failed: File has too many frames")
        check_size(frame.width, frame.height)
        self._out.mux(self._stream.encode(self._fitted(frame)))

    def end(self) -> None:
        self._out.mux(self._stream.encode(None))

    def _fitted(self, frame: VideoFrame) -> VideoFrame:
        """Return a frame upright, of the film's one size, at a time after the one before it."""
        when = max(self._last + 1, round(((frame.time or 0.0) - self._start) / _CLOCK))
        if self._turn in TURNS:
            frame = VideoFrame.from_image(to_image(frame).transpose(TURNS[self._turn]))
        fitted = frame.reformat(width=self._stream.width, height=self._stream.height, format="yuv420p")
        fitted.pts, fitted.time_base, self._last = when, _CLOCK, when
        return fitted


class _Sound:
    """Sound without gaps, in step with the pictures at its beginning."""

    def __init__(self, out: OutputContainer, source: AudioStream, codec: str, start: float) -> None:
        given = source.codec_context
        rate = given.sample_rate if given.sample_rate in _RATES else 48_000
        stream = out.add_stream(codec, rate=rate)
        assert isinstance(stream, AudioStream)
        stream.layout = "mono" if given.layout.nb_channels == 1 else "stereo"
        stream.bit_rate = _BITS_PER_SECOND
        self._out, self._stream, self._start = out, stream, start
        self._heard: int | None = None

    def add(self, frame: AudioFrame) -> None:
        if self._heard is None:
            self._heard = max(0, round(((frame.time or 0.0) - self._start) * frame.sample_rate))
        frame.pts, frame.time_base = self._heard, Fraction(1, frame.sample_rate)
        self._heard += frame.samples
        self._out.mux(self._stream.encode(frame))

    def end(self) -> None:
        self._out.mux(self._stream.encode(None))


def _feed(found: InputContainer, tracks: list[Track], video: _Frames | None, audio: _Sound | None) -> None:
    broken = 0
    for packet in packets(found, tracks):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            broken += 1
            if broken > MAX_BROKEN:
                raise
            continue
        for frame in frames:
            if video is not None and isinstance(frame, VideoFrame):
                video.add(frame)
            elif audio is not None and isinstance(frame, AudioFrame):
                audio.add(frame)
    for part in (video, audio):
        if part is not None:
            part.end()


def _start(found: InputContainer) -> float:
    """Return the second at which a file says that it begins."""
    return max(0.0, (found.start_time or 0) / av.time_base)


def _rate(video: VideoStream) -> Fraction:
    rate = video.average_rate or video.guessed_rate or Fraction(25)
    return min(max(rate, Fraction(1)), Fraction(MAX_RATE)).limit_denominator(1001)
