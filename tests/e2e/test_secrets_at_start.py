"""What a field holds from the start is hidden in what is told before any field is recorded."""

from dataclasses import dataclass

import pytest

from tests.e2e.browser import Profile
from tests.e2e.local_http import Answer, Asked, LocalServer
from tests.e2e.secret_page import LEVELS, OWNERS, Page
from tests.e2e.site import HTML, PATIENCE_S
from tests.e2e.user import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

WORD = "QzSearchedZq"


@dataclass
class ResultsPage(Page):
    """A page of results: what was searched is in its address, its title and its errors."""

    def respond(self, asked: Asked) -> Answer:
        if asked.path.startswith("/search/"):
            return Answer(200, HTML, self.text().encode())
        return super().respond(asked)

    def text(self) -> str:
        return f"""<!doctype html><title>{WORD} - Search</title>
<script src="/page-copy.js"></script><script>
rrwebRecorder.startRecording({{ {self.start} console: true, network: true, flushMs: 200 }})
</script><h1 title="{WORD}">Results for {WORD}</h1><input value="{WORD}"><script>
const field = document.querySelector('input'); console.log(`of ${{field.value}}`);
setTimeout(() => {{ throw new Error(`early: ${{field.value}}`) }}); fetch(`/s/${{field.value}}`);
throw new Error(`at once: ${{field.value}}`);
</script>"""


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("level", LEVELS)
def test_what_a_page_searches_for_is_in_none_of_its_first_events(
    profile: Profile, level: str, owner: str
) -> None:
    page = ResultsPage(f"{OWNERS[owner]} privacy: '{level}',")
    with LocalServer(page.respond) as server:
        tab = profile.tab()
        tab.goto(f"{server.url}/search/{WORD}")
        sent = eventually(page.all_sent, lambda text: "rrweb/network@1" in text, PATIENCE_S)

    assert "rrweb-store:error" in sent
    assert "/search/************" in sent
    assert WORD.casefold() not in sent
