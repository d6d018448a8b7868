"""What rrweb itself records although it should mask it. If a test fails, a correction can go.

Each test names the module of `web/recorder/src` that corrects it.
"""

import json
from collections.abc import Iterator

import pytest

from tests.e2e.browser import RECORDER, Profile, Tab
from tests.e2e.local_http import Answer, LocalServer
from tests.e2e.site import HTML, SCRIPT

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

RRWEB = RECORDER.parent / "node_modules" / "@rrweb" / "record" / "dist" / "record.umd.min.cjs"
START = """new Promise((resolve) => {
  window.events = [];
  const options = { maskAllInputs: true, maskInputOptions: { select: true } };
  rrwebRecord.record({ ...options, emit: (event) => events.push(event) });
  setTimeout(resolve);
})"""
RECORDED = "new Promise((resolve) => setTimeout(() => resolve(events), 50))"


@pytest.fixture
def tab(profile: Profile) -> Iterator[Tab]:
    pages = {
        "/record.js": Answer(200, SCRIPT, RRWEB.read_bytes()),
        "/": Answer(200, HTML, b"<!doctype html><body><script src=/record.js></script>"),
    }
    with LocalServer(lambda asked: pages.get(asked.path, Answer(404))) as server:
        tab = profile.tab()
        tab.goto(f"{server.url}/")
        yield tab


def test_rrweb_records_the_attribute_of_a_cleared_field_for_cleared_field_ts(tab: Tab) -> None:
    tab.run("document.body.innerHTML = '<input value=Secret>'")
    tab.run("document.querySelector('input').value = ''")
    tab.run(START)

    assert "Secret" in json.dumps(tab.run(RECORDED))


def test_rrweb_records_that_an_option_becomes_selected_for_chosen_option_ts(tab: Tab) -> None:
    tab.run("document.body.innerHTML = '<select><option>a<option>b</select>'")
    tab.run(START)
    tab.run("document.querySelectorAll('option')[1].setAttribute('selected', 'Secret')")

    assert "Secret" in json.dumps(tab.run(RECORDED))


def test_rrweb_records_a_script_of_an_svg_for_script_text_ts(tab: Tab) -> None:
    tab.run("document.body.innerHTML = '<svg><script>Secret</script></svg>'")
    tab.run(START)

    assert "Secret" in json.dumps(tab.run(RECORDED))
