"""Tools that find recordings: list_sites, find_recordings, get_recording, link_to_moment."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field, create_model

from rrweb_store.agent.answers import (
    Answer,
    Input,
    Marked,
    Output,
    PagedInput,
    Row,
    cursor_of,
    cut,
    harmless,
    marked,
    place_of,
)
from rrweb_store.agent.tool import Desk, RecordingName, Tool
from rrweb_store.entry import length
from rrweb_store.errors import BadInputError
from rrweb_store.filters import FILTERS, Filter
from rrweb_store.find_commands import Recording, page_of_recordings, troubles
from rrweb_store.recording_ref import RECORDING_ID, SITE_ID, RecordingRef
from rrweb_store.safe_text import printable

_MOST_ROWS = 25


# -- list_sites ------------------------------------------------------------------------------------


class SiteRow(Output):
    site: str
    may_delete: bool


class Sites(Output):
    sites: list[SiteRow]


def list_sites(desk: Desk, _: Input) -> Answer:
    found = desk.app.api.call("listSites").json()["sites"]
    rows = [SiteRow(site=one["siteId"], may_delete=one["isAdmin"]) for one in found]
    lines = [f"{row.site}{' (may delete)' if row.may_delete else ''}" for row in rows]
    return Answer(
        output=Sites(sites=rows),
        text="\n".join(lines)
        or "The user watches no site, and may still have recordings of their own: find_recordings",
    )


# -- find_recordings -------------------------------------------------------------------------------


def argument_of(one: Filter) -> str:
    """Return the argument that a filter is given by.

    >>> argument_of(next(one for one in FILTERS if one.option == "--min-duration"))
    'minDuration'
    """
    words = one.option.removeprefix("--")
    return re.sub(r"-(\w)", lambda found: found[1].upper(), words)


def _filter_field(one: Filter) -> tuple[Any, Any]:
    if one.metavar:
        return str | None, Field(None, description=one.help, max_length=2_000)
    return bool | None, Field(None, description=one.help)


class _Found(PagedInput):
    site: Annotated[
        str | None,
        Field(
            pattern=f"^{SITE_ID.pattern}$", description="Of list_sites; without it the user's own."
        ),
    ] = None
    limit: Annotated[int, Field(ge=1, le=_MOST_ROWS, description="Rows of an answer.")] = 10


_FILTERS: dict[str, Any] = {argument_of(one): _filter_field(one) for one in FILTERS}
FindInput = create_model("FindInput", __base__=_Found, **_FILTERS)


class RecordingRow(Output):
    recording: Annotated[str, Field(description="Names it to other tools.")]
    created_at: str
    duration_ms: int | None = None
    title: str | None = None
    address: str | None = None
    by: str | None = None
    browser: str | None = None
    device: str | None = None
    troubles: str | None = None


def find_recordings(desk: Desk, given: _Found) -> Answer:
    place = place_of("find_recordings", given)
    query = _query(given)
    asked = {**query, "limit": str(given.limit)}
    at, first = place.get("at"), place.get("first", 0)
    if isinstance(at, str):
        asked["cursor"] = at
    page = page_of_recordings(desk.app.api, given.site, asked)
    rows = [_row(one, given.site) for one in page["recordings"] if _is_named(one)]
    shown, rest = cut(rows, first if isinstance(first, int) else 0, given.max_characters)
    following: dict[str, object] | None = None
    if rest is not None:
        following = {"at": at, "first": rest}
    elif "nextCursor" in page:
        following = {"at": page["nextCursor"]}
    next_ = cursor_of("find_recordings", given, following) if following else None
    # A filter may have to look through many recordings, so a page may be empty and not the last.
    more = " so far" if next_ else ""
    return Answer(
        output=Marked[list[RecordingRow]](recorded=[row.value for row in shown], next=next_),
        text=marked((row.line for row in shown), next_=next_, empty=f"No recording fits{more}."),
    )


def _query(given: _Found) -> dict[str, str]:
    values: Mapping[str, Any] = given.model_dump()
    query: dict[str, str] = {}
    for one in FILTERS:
        value = values[argument_of(one)]
        if value is None or value is False:
            continue
        try:
            query[one.query] = "true" if value is True else one.parsed(value)
        except ValueError as error:
            raise BadInputError(f"{argument_of(one)}: {error}") from error
    return query


def _is_named(one: Recording) -> bool:
    return RECORDING_ID.fullmatch(str(one.get("recordingId"))) is not None


def _row(one: Recording, site: str | None) -> Row:
    def said(name: str, most: int = 80) -> str | None:
        value = one.get(name)
        return printable(value, most) if isinstance(value, str) and value else None

    owner = f"{site}/" if site else ""
    duration = one.get("durationMs")
    row = RecordingRow(
        recording=f"{owner}{one['recordingId']}",
        created_at=_moment(one.get("createdAtMs")),
        duration_ms=duration if isinstance(duration, int) else None,
        title=said("pageTitle"),
        address=said("pageUrl", 120),
        by=said("user") or said("visitorId"),
        browser=said("browser", 40),
        device=said("device", 40),
        troubles=troubles(one) or None,
    )
    parts = (
        row.recording,
        row.created_at,
        None if row.duration_ms is None else length(row.duration_ms),
        row.title,
        row.address,
        row.by,
        row.browser,
        row.device,
        row.troubles,
    )
    return Row(" · ".join(filter(None, parts)), row)


def _moment(ms: object) -> str:
    try:
        return datetime.fromtimestamp(float(str(ms)) / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return printable(ms, 40)  # a client's clock may say anything


# -- get_recording ---------------------------------------------------------------------------------


class OneRecording(Input):
    recording: RecordingName


def get_recording(desk: Desk, given: OneRecording) -> Answer:
    ref = desk.ref(given.recording)
    found = desk.app.api.call(ref.operation("getRecording"), ref.path).json()
    facts: dict[str, Any] = harmless(found)
    lines = [f"{name}: {shown_fact(value)}" for name, value in facts.items()]
    return Answer(
        output=Marked[dict[str, Any]](recorded=facts),
        text=marked(lines, head=f"{named(ref)}, {_moment(found.get('createdAtMs'))}"),
    )


def shown_fact(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def named(ref: RecordingRef) -> str:
    """Return how a recording is named to tools."""
    return ref.recording_id if ref.site_id is None else f"{ref.site_id}/{ref.recording_id}"


# -- link_to_moment --------------------------------------------------------------------------------


class MomentInput(OneRecording):
    at_ms: Annotated[int, Field(ge=0, le=2**53, description="Since the recording's start.")] = 0


class Link(Output):
    link: str


def link_to_moment(desk: Desk, given: MomentInput) -> Answer:
    link = desk.ref(given.recording).link(desk.app.config.site_url, given.at_ms / 1000)
    return Answer(output=Link(link=link), text=link)


FIND_TOOLS: tuple[Tool[Any], ...] = (
    Tool(
        name="list_sites",
        title="List sites",
        description=(
            "List the web sites whose visitors are recorded and whose recordings the user may "
            "watch. Each is named by its id, which find_recordings takes as `site`."
        ),
        given=Input,
        output=Sites,
        run=list_sites,
    ),
    Tool(
        name="find_recordings",
        title="Find recordings",
        description=(
            "Find recordings of visits, newest first: of a site's visitors with `site`, otherwise "
            "the user's own. A recording is what one person did on web pages in one tab. All "
            "filters that are given must fit. Each row has the name that other tools take as "
            "`recording`."
        ),
        given=FindInput,
        output=Marked[list[RecordingRow]],
        run=find_recordings,
    ),
    Tool(
        name="get_recording",
        title="Get a recording's facts",
        description=(
            "Get what is known of one recording: page, person, browser, length, visited "
            "addresses, tags, tracked events, and the numbers of clicks, errors and failed "
            "requests."
        ),
        given=OneRecording,
        output=Marked[dict[str, Any]],
        run=get_recording,
    ),
    Tool(
        name="link_to_moment",
        title="Link to a moment",
        description=(
            "Make the link that opens the replay of a recording at a moment, for people who may "
            "watch it. Put it into what you report."
        ),
        given=MomentInput,
        output=Link,
        run=link_to_moment,
    ),
)
