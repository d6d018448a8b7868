"""Lines of a stream, bounded."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from handlers.gunzip import DamagedError
from handlers.lines import Line, lines_of


@given(st.lists(st.binary(max_size=20).filter(lambda line: b"\n" not in line)), st.integers(1, 9))
def test_lines_do_not_depend_on_how_the_stream_is_split(lines: list[bytes], size: int) -> None:
    data = b"".join(line + b"\n" for line in lines)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]

    assert list(lines_of(pieces, 20)) == [Line(line, damaged=False) for line in lines]


def test_a_line_over_the_limit_is_damaged_and_the_next_is_whole() -> None:
    pieces = [b"12345", b"6789\n12345", b"\n123456"]

    assert list(lines_of(pieces, 5)) == [Line(b"", True), Line(b"12345", False), Line(b"", True)]


def test_the_last_line_of_a_broken_stream_is_given_and_marked() -> None:
    def broken() -> Iterator[bytes]:
        yield b"one\nhal"
        raise DamagedError

    assert list(lines_of(broken(), 100)) == [Line(b"one", False), Line(b"hal", True)]
