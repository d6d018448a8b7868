"""Commands that find recordings: list, show, open."""

import webbrowser
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import click

from rrweb_store.api import Api
from rrweb_store.app import (
    App,
    json_option,
    pass_app,
    print_fields,
    print_json,
    print_table,
    progress,
    recording_argument,
    say,
)
from rrweb_store.entry import length
from rrweb_store.filters import filter_options, query_of
from rrweb_store.recording_ref import SITE_ID, RecordingRef

Recording = dict[str, Any]

# The API's largest page.
_MOST_A_PAGE = 100
_TROUBLES = {
    "errors": "error",
    "failedRequests": "failed request",
    "rageClicks": "rage click",
    "deadClicks": "dead click",
}


def _site_id(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not SITE_ID.fullmatch(value):
        raise click.BadParameter("a site's id is a lower-case letter and up to 30 of a-z 0-9 -")
    return value


site_argument = click.argument("site", metavar="[SITE]", required=False, callback=_site_id)


@click.command("list")
@site_argument
@filter_options
@click.option("-n", "--limit", type=click.IntRange(1), default=50, show_default=True)
@click.option("--all", "everything", is_flag=True, help="All of them, in place of --limit.")
@json_option
@pass_app
@click.pass_context
def list_(  # noqa: PLR0913, PLR0917 - click's
    context: click.Context,
    app: App,
    site: str | None,
    limit: int,
    everything: bool,
    as_json: bool,
) -> None:
    """List the recordings of SITE, or without it your own, newest first.

    Of the filters, all that are given must fit.
    """
    found = recordings(app.api, site, query_of(context), None if everything else limit)
    if as_json:
        print_json(_with_link(app, site, one) for one in found)
        return
    listed = list(found)
    if listed:
        print_table(("when", "length", "page", "by", "troubles", "recording"), map(_row, listed))
    else:
        say("No recording fits.")


def recordings(
    api: Api, site: str | None, query: dict[str, str], most: int | None
) -> Iterator[Recording]:
    """Yield the recordings that fit, page by page."""
    size = _MOST_A_PAGE if most is None else min(most, _MOST_A_PAGE)
    asked = {**query, "limit": str(size)}
    yielded = looked_through = 0
    with progress("looking") as advance:
        while True:
            page = page_of_recordings(api, site, asked)
            looked_through += page["lookedThrough"]
            advance(0, f"{looked_through:,} recordings")
            for one in page["recordings"]:
                if most is not None and yielded >= most:
                    return
                yielded += 1
                yield one
            if "nextCursor" not in page or (most is not None and yielded >= most):
                return
            asked["cursor"] = page["nextCursor"]


def page_of_recordings(api: Api, site: str | None, query: Mapping[str, str]) -> dict[str, Any]:
    """Return one page of the API's list of a site, or without it of the user."""
    operation = "listRecordings" if site is None else "listSiteRecordings"
    path = {} if site is None else {"siteId": site}
    return api.call(operation, path, query=query).json()


@click.command()
@recording_argument
@json_option
@pass_app
def show(app: App, recording: str, as_json: bool) -> None:
    """Show what is known of a recording: an id, SITE/ID, or the link of a replay."""
    ref = app.ref(recording)
    found: Recording = app.api.call(ref.operation("getRecording"), ref.path).json()
    found = _with_link(app, ref.site_id, found)
    if as_json:
        print_json([found])
        return
    print_fields((name, _shown(name, value)) for name, value in found.items())


@click.command("open")
@recording_argument
@click.option("--at", "at_s", type=click.FloatRange(0), metavar="SECONDS", help="At this moment.")
@click.option("--print", "print_only", is_flag=True, help="Print the link, and open nothing.")
@pass_app
def open_(app: App, recording: str, at_s: float | None, print_only: bool) -> None:
    """Open a recording on the replay site."""
    link = app.ref(recording).link(app.config.site_url, at_s)
    if print_only or not webbrowser.open(link):
        click.echo(link)


def _with_link(app: App, site: str | None, found: Recording) -> Recording:
    ref = RecordingRef(site_id=site, recording_id=str(found["recordingId"]))
    return {**found, "link": ref.link(app.config.site_url)}


def _row(one: Recording) -> tuple[object, ...]:
    by = one.get("user") or one.get("visitorId") or ""
    on = " · ".join(filter(None, (one.get("browser"), one.get("device"))))
    return (
        _moment(one["createdAtMs"]),
        length(one["durationMs"]) if "durationMs" in one else "",
        one.get("pageTitle") or one.get("pageUrl") or "",
        f"{by} ({on})" if by and on else by or on,
        troubles(one),
        one["recordingId"],
    )


def troubles(one: Recording) -> str:
    """Return what went wrong in a recording, counted.

    >>> troubles({"errors": 1, "rageClicks": 3, "deadClicks": 0})
    '1 error, 3 rage clicks'
    """
    return ", ".join(_counted(one[name], word) for name, word in _TROUBLES.items() if one.get(name))


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _moment(ms: int) -> str:
    """Return a moment in this machine's zone."""
    try:
        return datetime.fromtimestamp(ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return str(ms)  # a client's clock may say anything


def _shown(name: str, value: Any) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "viewport":
        return f"{value['width']} × {value['height']}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name.endswith("AtMs"):
        return _moment(value)
    return length(value) if name.endswith("Ms") else value
