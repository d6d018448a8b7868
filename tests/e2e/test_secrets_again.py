"""What was hidden stays hidden when the recorder begins anew, at the level that hides the least."""

import tomllib
from dataclasses import dataclass

import pytest

from tests.e2e.browser import Profile
from tests.e2e.local_http import LocalServer
from tests.e2e.secret_page import FOLDER, HELPERS, OWNERS, Page, Place

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

ROWS = tomllib.loads((FOLDER.parent / "again.toml").read_text())
WAYS = {
    "paused": "recording.pause(); await tick(); recording.resume()",
    "stopped": "await recording.stop(); recording = rrwebRecorder.startRecording(options)",
}


@dataclass
class PageThatBeginsAgain(Page):
    def sections(self) -> list[Place]:
        return [Place(name, "inputs", row["html"]) for name, row in ROWS.items()]


def acts(when: str) -> str:
    """Return a script that does what each row says for `before` or `after`."""
    filled = {name: Place(name, "", "").filled(row.get(when, "")) for name, row in ROWS.items()}
    calls = ",".join(
        f"(async (into) => {{ {act} }})(section('{name}'))" for name, act in filled.items()
    )
    return f"await Promise.all([{calls}]); await tick();"


@pytest.mark.parametrize("way", WAYS)
def test_what_was_hidden_stays_hidden_when_the_recorder_begins_anew(
    profile: Profile, way: str
) -> None:
    page = PageThatBeginsAgain(f"{OWNERS['user']} privacy: 'inputs',")
    with LocalServer(page.respond) as server:
        tab = profile.tab()
        tab.goto(server.url)
        tab.run(
            f"""(async () => {{ {HELPERS} await tick(); {acts("before")} {WAYS[way]}; await tick();
            {acts("after")} document.body.append('Shown at last'); await tick(); }})()"""
        )
        tab.run("recording.stop()")
        errors = tab.run("errors")

    sent = page.all_sent()
    assert errors == []
    assert [one.name for one in page.sections() if one.secret.casefold() in sent] == []
    assert "shown at last" in sent
