"""PageMoment: the recorded page at one moment of a recording."""

from collections.abc import Iterable
from dataclasses import dataclass

from rrweb_store.events import Event
from rrweb_store.json_values import number_of, object_of, text_of
from rrweb_store.logs import since_start
from rrweb_store.page_model import INCREMENTAL, PageModel
from rrweb_store.timeline import META, RESIZE

# A document is read, so its texts are kept; what one text may take is still bounded.
_MOST_TEXT = 20_000


@dataclass
class PageMoment:
    """A page, and the window it is in, kept up to date by `see`."""

    model: PageModel
    at_ms: float = 0
    """The moment, or that of the first page if it is later."""
    address: str = ""
    width: int = 0
    height: int = 0

    def see(self, event: Event) -> None:
        self.model.see(event)
        data = object_of(event.get("data"))
        if event["type"] == META:
            self.address = text_of(data.get("href"))
        is_resized = event["type"] == INCREMENTAL and data.get("source") == RESIZE
        if event["type"] == META or is_resized:
            self.width = round(number_of(data.get("width")))
            self.height = round(number_of(data.get("height")))

    @property
    def title(self) -> str:
        for _, node in self.model.elements():
            if node.tag == "title":
                texts = (self.model.node(one) for one in node.children)
                return " ".join("".join(one.text for one in texts if one).split())
        return ""


def new_page() -> PageMoment:
    return PageMoment(PageModel(_MOST_TEXT))


def page_at(events: Iterable[Event], at_ms: float) -> PageMoment | None:
    """Return the page at a moment; before the first one, that one. None without any page."""
    page = new_page()
    page.at_ms = at_ms
    for event, start in since_start(events):
        at = float(event["timestamp"]) - start
        has_page = page.model.root is not None
        if at > at_ms and has_page:
            break
        page.see(event)
        if not has_page:
            page.at_ms = max(at_ms, at)
    return page if page.model.root is not None else None
