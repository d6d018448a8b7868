"""Tools about the page itself: see_page, write_reproduction."""

from typing import Annotated, Any, Literal

from pydantic import Field

from rrweb_store.agent.answers import (
    Answer,
    Marked,
    Output,
    PagedInput,
    Row,
    cut,
    first_of,
    harmless,
    marked,
    next_of,
)
from rrweb_store.agent.find_tools import named
from rrweb_store.agent.read_tools import Milliseconds
from rrweb_store.agent.tool import Desk, RecordingName, Tool
from rrweb_store.entry import clock
from rrweb_store.errors import BadInputError, NotFoundError
from rrweb_store.outline import outline, visible_text
from rrweb_store.page_moment import PageMoment, page_at
from rrweb_store.reproduction import reproduction
from rrweb_store.safe_text import printable

_MOST_LINE = 1_200


class PageInput(PagedInput):
    recording: RecordingName
    at_ms: Annotated[Milliseconds, Field(description="Since the recording's start.")]
    part: Annotated[
        Literal["outline", "text", "picture"],
        Field(
            description=(
                "`outline`: roles, names and states as in an accessibility tree, with the `node` "
                "numbers of the timeline; `text`: what there is to read; `picture`: a PNG, for "
                "which Chromium must be installed."
            )
        ),
    ] = "outline"


class SeenPage(Output):
    address: str
    title: str
    width: Annotated[int, Field(description="Of the window, in CSS pixels.")]
    height: int
    lines: list[str]


def see_page(desk: Desk, given: PageInput) -> Answer:
    first = first_of("see_page", given)
    reading = desk.read(given.recording)
    page = page_at(reading.events(), given.at_ms)
    if page is None:
        raise NotFoundError("the recording has no page: nothing was drawn before it ended")
    if given.part == "picture":
        png = desk.picture(given.recording, reading, page.at_ms)
        return Answer(
            output=Marked[SeenPage](recorded=_seen(page, []), notes=reading.notes or None),
            text=marked(_head(page), notes=reading.notes),
            images=(png,),
        )
    lines = outline(page.model) if given.part == "outline" else visible_text(page.model)
    safe = (printable(line, _MOST_LINE) for line in lines)
    head = [] if first else _head(page)
    rows = (Row(line, line) for line in safe)
    shown, rest = cut(rows, first, given.max_characters)
    next_ = next_of("see_page", given, rest)
    found = [row.line for row in shown]
    return Answer(
        output=Marked[SeenPage](
            recorded=_seen(page, found), next=next_, notes=reading.notes or None
        ),
        text=marked([*head, *found], next_=next_, notes=reading.notes),
    )


def _seen(page: PageMoment, lines: list[str]) -> SeenPage:
    return SeenPage(
        address=harmless(page.address, 400),
        title=harmless(page.title),
        width=page.width,
        height=page.height,
        lines=lines,
    )


def _head(page: PageMoment) -> list[str]:
    seen = _seen(page, [])
    return [
        f"address: {seen.address}",
        f"title: {seen.title}",
        f"window: {seen.width} × {seen.height}",
    ]


class ReproductionInput(PagedInput):
    recording: RecordingName
    from_ms: Annotated[Milliseconds, Field(description="Start there, at the page of then.")] = 0
    to_ms: Annotated[Milliseconds | None, Field(description="End there, such as at the error.")] = (
        None
    )


def write_reproduction(desk: Desk, given: ReproductionInput) -> Answer:
    first = first_of("write_reproduction", given)
    to_ms = 2**53 if given.to_ms is None else given.to_ms
    if to_ms < given.from_ms:
        raise BadInputError("toMs is before fromMs")
    reading = desk.read(given.recording)
    until = "the end" if given.to_ms is None else clock(to_ms)
    title = f"recording {named(desk.ref(given.recording))}, {clock(given.from_ms)} to {until}"
    lines = reproduction(reading.events(), title, given.from_ms, to_ms)
    shown, rest = cut((Row(line, line) for line in lines), first, given.max_characters)
    next_ = next_of("write_reproduction", given, rest)
    code = [row.line for row in shown]
    return Answer(
        output=Marked[list[str]](recorded=code, next=next_, notes=reading.notes or None),
        text=marked(
            code,
            head="A Playwright test in TypeScript." + (" It goes on." if next_ else ""),
            next_=next_,
            notes=reading.notes,
        ),
    )


PAGE_TOOLS: tuple[Tool[Any], ...] = (
    Tool(
        name="see_page",
        title="See the page at a moment",
        description=(
            "See the recorded page as it was at a moment: its outline by roles and names, its "
            "text, or a picture. Outline and text follow HTML, so they also have what only a "
            "style sheet hides."
        ),
        given=PageInput,
        output=Marked[SeenPage],
        run=see_page,
    ),
    Tool(
        name="write_reproduction",
        title="Write a reproduction",
        description=(
            "Write a Playwright test in TypeScript that repeats what the person did: pages, "
            "clicks, input, window size, with the reached addresses as expectations and errors as "
            "comments. Masked values are placeholders. Read it before you run it: it opens the "
            "recorded addresses."
        ),
        given=ReproductionInput,
        output=Marked[list[str]],
        run=write_reproduction,
    ),
)
