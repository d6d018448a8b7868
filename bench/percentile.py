"""The nearest-rank percentile: always a value that was measured, never one in between."""

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least `percent` of all values do not exceed; NaN for none.

    >>> percentile([30, 10, 20], 50), percentile([30, 10, 20], 99)
    (20, 30)

    Source: https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method
    """
    if not 0 < percent <= 100:
        raise ValueError(f"percent must be above 0 and at most 100, got {percent}")
    return sorted(values)[math.ceil(percent / 100 * len(values)) - 1] if values else math.nan
