"""What docs/recorder.md says of a tab that waits for a trigger, in each browser."""

from collections.abc import Iterator

import pytest

from tests.browsers.browser import Browser, eventually
from tests.browsers.visited import PATIENCE_S, Owner, Visited, recording_id_of, wait_until_kept

BUFFER_DATABASE = "rrweb-recorder-buffer"
BUFFER = {"mode": "buffer", "buffer": {"seconds": 60}}
FAULT = "void setTimeout(() => { throw new Error('planted'); })"


@pytest.fixture
def visited(request: pytest.FixtureRequest) -> Iterator[Visited]:
    owner: Owner = request.param
    visited = Visited(owner, **BUFFER)
    yield visited
    visited.close()


@pytest.mark.parametrize("visited", ["site"], indirect=True)
def test_an_error_while_offline_brings_the_earlier_page_once_there_is_a_connection(
    browser: Browser, visited: Visited
) -> None:
    tab = browser.tab()
    tab.goto(visited.url)
    tab.run("count(3)")
    wait_until_kept(tab, BUFFER_DATABASE)
    tab.goto(f"{visited.url}/next")
    eventually(lambda: tab.run("window.emitted"), bool, PATIENCE_S)
    tab.run("count(2)")
    tab.run("recording.flush()")
    assert (visited.intake.asked, tab.run("recording.recordingId")) == ([], "")

    visited.intake.down = True
    tab.run(FAULT)
    recording_id = recording_id_of(tab)
    eventually(lambda: visited.intake.asked, bool, PATIENCE_S)
    assert visited.intake.recordings() == []

    visited.intake.down = False
    tab.run("void dispatchEvent(new Event('online'))")
    visited.wait_for(recording_id, 5)
    tab.run("count(1)")
    tab.close()
    assert visited.wait_for(recording_id, 6) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("visited", ["user"], indirect=True)
def test_what_a_call_captures_without_a_token_waits_for_one(
    browser: Browser, visited: Visited
) -> None:
    tab = browser.tab()
    tab.goto(visited.url)
    tab.run("count(3)")
    wait_until_kept(tab, BUFFER_DATABASE)
    tab.run("void (window.signedOut = true)")
    tab.run("void recording.capture()")
    recording_id = recording_id_of(tab)
    tab.run("recording.flush()")
    assert visited.intake.asked == []

    tab.run("void (window.signedOut = false)")
    tab.run("recording.flush()")
    visited.wait_for(recording_id, 3)
    tab.close()
    assert visited.intake.numbers(recording_id) == [1, 2, 3]
