"""Filters of the lists: the API's query parameters, as options of `list`."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import click

from rrweb_store.safe_text import printable

_UNITS_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_LENGTH = re.compile(r"([0-9]{1,9})(ms|s|m|h|d|w)")
_EPOCH_MS = re.compile(r"[0-9]{11,16}")


@dataclass(frozen=True, kw_only=True)
class Filter:
    query: str
    """Name of the API's parameter. A test compares all of them with openapi.yaml."""
    option: str
    help: str
    metavar: str = ""
    """Empty for an option without a value."""
    parsed: Callable[[str], str] = str


def length_ms(text: str) -> int:
    """Return the milliseconds of a length of time.

    >>> length_ms("90s"), length_ms("2h")
    (90000, 7200000)

    Raises:
        ValueError: It is none.
    """
    found = _LENGTH.fullmatch(text)
    if not found:
        raise ValueError(f"{printable(text, 60)} is no length of time, such as 90s, 2m, 3h or 7d")
    return int(found[1]) * _UNITS_MS[found[2]]


def moment_ms(text: str, *, is_end: bool = False, now_ms: float | None = None) -> int:
    """Return the milliseconds since the epoch of a moment. Without a zone it is of this machine.

    Args:
        text: A length of time before now, a day, a day and time in ISO 8601, or milliseconds.
        is_end: Whether a day stands for its end.
        now_ms: In place of the clock.

    >>> moment_ms("2h", now_ms=10_000_000), moment_ms("2026-11-03T10:00:00Z")
    (2800000, 1793700000000)

    Raises:
        ValueError: It is none.
    """
    if _EPOCH_MS.fullmatch(text):
        return int(text)
    if _LENGTH.fullmatch(text):
        now = time.time() * 1000 if now_ms is None else now_ms
        return max(0, int(now) - length_ms(text))
    try:
        moment = datetime.fromisoformat(text)
        if is_end and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            moment += timedelta(days=1, milliseconds=-1)
        return max(0, round(moment.astimezone().timestamp() * 1000))
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError(
            f"{printable(text, 60)} is no moment, such as 2h (before now), 2026-11-03 or "
            "2026-11-03T10:00"
        ) from error


FILTERS = (
    Filter(
        query="from",
        option="--from",
        metavar="WHEN",
        help="Created then or later: 2h (before now), 2026-11-03, 2026-11-03T10:00.",
        parsed=lambda text: str(moment_ms(text)),
    ),
    Filter(
        query="to",
        option="--to",
        metavar="WHEN",
        help="Created then or earlier; a day stands for its end.",
        parsed=lambda text: str(moment_ms(text, is_end=True)),
    ),
    Filter(query="page", option="--page", metavar="TEXT", help="Visited an address with TEXT."),
    Filter(query="visitor", option="--visitor", metavar="ID", help="Of this visitor."),
    Filter(query="user", option="--user", metavar="TEXT", help="Of a user whose name has TEXT."),
    Filter(
        query="minDurationMs",
        option="--min-duration",
        metavar="LENGTH",
        help="As long or longer: 30s, 2m.",
        parsed=lambda text: str(length_ms(text)),
    ),
    Filter(query="errors", option="--errors", help="With errors."),
    Filter(query="failedRequests", option="--failed-requests", help="With failed requests."),
    Filter(query="rageClicks", option="--rage-clicks", help="With rage clicks."),
    Filter(query="deadClicks", option="--dead-clicks", help="With dead clicks."),
    Filter(query="tag", option="--tag", metavar="NAME:VALUE", help="With this tag."),
    Filter(query="event", option="--event", metavar="NAME", help="Tracked an event of this name."),
    Filter(query="browser", option="--browser", metavar="TEXT", help="Its browser starts so."),
    Filter(query="device", option="--device", metavar="TEXT", help="phone, tablet or desktop."),
)


def filter_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for each filter; `query_of` has what was given."""
    for one in reversed(FILTERS):
        command = click.option(
            one.option,
            f"filter_{one.query}",
            metavar=one.metavar or None,
            is_flag=not one.metavar,
            expose_value=False,
            callback=_kept(one),
            help=one.help,
        )(command)
    return command


def query_of(context: click.Context) -> dict[str, str]:
    """Return the query of the filters that a command was given."""
    return context.meta.get(__name__, {})


def _kept(one: Filter) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        if value is None or value is False:
            return
        try:
            parsed = "true" if value is True else one.parsed(value)
        except ValueError as error:
            raise click.BadParameter(str(error), context, parameter) from error
        context.meta.setdefault(__name__, {})[one.query] = parsed

    return keep
