"""WebM: a film of frames of VP8, written as they come.

https://www.webmproject.org/docs/container/, https://www.rfc-editor.org/rfc/rfc8794 (EBML)
"""

import struct
from typing import BinaryIO

_EBML, _DOC_TYPE, _DOC_TYPE_VERSION, _DOC_TYPE_READ = 0x1A45DFA3, 0x4282, 0x4287, 0x4285
_SEGMENT, _INFO, _TIMESTAMP_SCALE, _DURATION = 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489
_MUXING_APP, _WRITING_APP = 0x4D80, 0x5741
_TRACKS, _TRACK_ENTRY, _TRACK_NUMBER, _TRACK_UID, _TRACK_TYPE = 0x1654AE6B, 0xAE, 0xD7, 0x73C5, 0x83
_CODEC_ID, _VIDEO, _PIXEL_WIDTH, _PIXEL_HEIGHT = 0x86, 0xE0, 0xB0, 0xBA
_CLUSTER, _TIMESTAMP, _SIMPLE_BLOCK = 0x1F43B675, 0xE7, 0xA3
_SEEK_HEAD, _SEEK, _SEEK_ID, _SEEK_POSITION = 0x114D9B74, 0x4DBB, 0x53AB, 0x53AC
_CUES, _CUE_POINT, _CUE_TIME, _CUE_TRACK_POSITIONS = 0x1C53BB6B, 0xBB, 0xB3, 0xB7
_CUE_TRACK, _CUE_CLUSTER_POSITION = 0xF7, 0xF1
_VIDEO_TRACK, _KEY_FRAME = 1, 0x80
_MILLISECOND_NS = 1_000_000


class WebM:
    """A cluster for each key frame, and an index of them at the end, so that players can seek."""

    def __init__(self, file: BinaryIO, width: int, height: int, duration_ms: float) -> None:
        self._file = file
        self._cluster: list[bytes] = []
        self._cluster_ms = 0
        self._cues: list[tuple[int, int]] = []
        self._file.write(
            element(
                _EBML,
                element(_DOC_TYPE, b"webm")
                + element(_DOC_TYPE_VERSION, number(4))
                + element(_DOC_TYPE_READ, number(2)),
            )
        )
        self._size_at = self._file.tell() + 4
        self._file.write(_id(_SEGMENT) + _size8(0))
        self._start = self._file.tell()
        self._file.write(_seek_head(0))
        self._file.write(
            element(
                _INFO,
                element(_TIMESTAMP_SCALE, number(_MILLISECOND_NS))
                + element(_DURATION, struct.pack(">d", duration_ms))
                + element(_MUXING_APP, b"rrweb-store")
                + element(_WRITING_APP, b"rrweb-store"),
            )
            + element(
                _TRACKS,
                element(
                    _TRACK_ENTRY,
                    element(_TRACK_NUMBER, number(_VIDEO_TRACK))
                    + element(_TRACK_UID, number(_VIDEO_TRACK))
                    + element(_TRACK_TYPE, number(1))
                    + element(_CODEC_ID, b"V_VP8")
                    + element(
                        _VIDEO,
                        element(_PIXEL_WIDTH, number(width))
                        + element(_PIXEL_HEIGHT, number(height)),
                    ),
                ),
            )
        )

    def add(self, at_ms: float, frame: bytes, *, is_key: bool) -> None:
        """Add a frame, later than those before. The first is a key frame; so is one in 30 s."""
        if is_key:
            self._end_cluster()
            self._cluster_ms = round(at_ms)
        since = struct.pack(">h", round(at_ms) - self._cluster_ms)
        flags = bytes([_KEY_FRAME if is_key else 0])
        track = bytes([0x80 | _VIDEO_TRACK])
        self._cluster.append(element(_SIMPLE_BLOCK, track + since + flags + frame))

    def end(self) -> None:
        """Write the index, and what the beginning says of it."""
        self._end_cluster()
        cues_at = self._file.tell()
        points = (
            element(
                _CUE_POINT,
                element(_CUE_TIME, number(at_ms))
                + element(
                    _CUE_TRACK_POSITIONS,
                    element(_CUE_TRACK, number(_VIDEO_TRACK))
                    + element(_CUE_CLUSTER_POSITION, number(position)),
                ),
            )
            for at_ms, position in self._cues
        )
        self._file.write(element(_CUES, b"".join(points)))
        end = self._file.tell()
        self._file.seek(self._size_at)
        self._file.write(_size8(end - self._start))
        self._file.write(_seek_head(cues_at - self._start))
        self._file.seek(end)

    def _end_cluster(self) -> None:
        if not self._cluster:
            return
        self._cues.append((self._cluster_ms, self._file.tell() - self._start))
        timestamp = element(_TIMESTAMP, number(self._cluster_ms))
        self._file.write(element(_CLUSTER, timestamp + b"".join(self._cluster)))
        self._cluster = []


def element(kind: int, data: bytes) -> bytes:
    """Return an element of EBML: its id, its size, its data.

    >>> element(0xD7, b"a").hex()
    'd7010000000000000161'
    """
    return _id(kind) + _size8(len(data)) + data


def number(value: int) -> bytes:
    r"""Return an unsigned number in as many bytes as it needs.

    >>> number(0), number(256)
    (b'\x00', b'\x01\x00')
    """
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")


def _id(kind: int) -> bytes:
    return number(kind)


def _size8(size: int) -> bytes:
    return bytes([0x01]) + size.to_bytes(7, "big")


def _seek_head(cues_position: int) -> bytes:
    """Return where the index is, in the same number of bytes whatever that is."""
    seek = element(_SEEK_ID, _id(_CUES)) + element(_SEEK_POSITION, cues_position.to_bytes(8, "big"))
    return element(_SEEK_HEAD, element(_SEEK, seek))
