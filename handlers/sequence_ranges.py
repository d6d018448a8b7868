"""Sets of batch sequences as sorted ranges, which stay short where a list of numbers would not."""

from collections.abc import Iterable

Ranges = tuple[tuple[int, int], ...]
"""Sorted (first, last), both included, with a gap between each two."""

# What one header may list: API Gateway takes 10,240 bytes of headers in all.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
MAX_LISTED_GAPS = 100


def contains(ranges: Ranges, sequence: int) -> bool:
    """Return whether `sequence` is in one of `ranges`."""
    return any(first <= sequence <= last for first, last in ranges)


def with_sequences(ranges: Iterable[tuple[int, int]], sequences: Iterable[int]) -> Ranges:
    """Return `ranges` and `sequences` together.

    >>> with_sequences(((0, 2),), [3, 7])
    ((0, 3), (7, 7))
    """
    together: list[tuple[int, int]] = []
    for first, last in sorted([*ranges, *((sequence, sequence) for sequence in set(sequences))]):
        if together and first <= together[-1][1] + 1:
            together[-1] = (together[-1][0], max(last, together[-1][1]))
        else:
            together.append((first, last))
    return tuple(together)


def gaps_of(ranges: Ranges) -> Ranges:
    """Return what is missing between 0 and the highest sequence.

    >>> gaps_of(((1, 2), (5, 5)))
    ((0, 0), (3, 4))
    """
    starts = [0, *(last + 1 for _, last in ranges)]
    return tuple(
        (start, first - 1)
        for start, (first, _) in zip(starts, ranges, strict=False)
        if start < first
    )


def format_ranges(ranges: Ranges) -> str:
    """Return the first MAX_LISTED_GAPS of `ranges` as a header says them.

    >>> format_ranges(((3, 5), (9, 9)))
    '3-5,9'
    """
    return ",".join(
        f"{first}" if first == last else f"{first}-{last}"
        for first, last in ranges[:MAX_LISTED_GAPS]
    )
