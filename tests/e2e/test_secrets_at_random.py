"""Whatever a script does with closed elements and takes out of them, nothing of it leaves."""

import re
from pathlib import Path

import pytest

from tests.e2e.browser import Profile
from tests.e2e.site import Site, recording_id_of, stored, with_body

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

AT_RANDOM = (Path(__file__).parents[1] / "data" / "privacy" / "at-random.js").read_text()
BODY = """<div class="closed masked">a</div><div class="open">b</div>
<section><div class="closed private">c</div><div class="open"><p class="open">d</p></div></section>
<div class="closed" contenteditable>e</div><div class="closed" data-privacy="mask">f</div>
<div class="closed rr-block">g</div>"""


@pytest.mark.parametrize("seed", [3, 5, 9])
def test_no_secret_of_a_closed_element_leaves_whatever_a_script_does_with_it(
    site: Site, profile: Profile, seed: int
) -> None:
    site.options |= {"blockSelector": ".private", "maskTextSelector": ".masked"}
    site.pages["/"] = lambda: with_body(BODY)
    tab = site.visit(profile)
    done = tab.run(f"({AT_RANDOM})({seed}, 150)")
    tab.run("recording.stop()")

    text = b"\n".join(stored(site)).decode()
    leaked = {int(number) for number in re.findall(r"Secret-(\d+)-x", text)}
    assert [(number, done[number - 1]) for number in leaked] == []
    assert len(site.emitted(profile, recording_id_of(tab))) > 50
    assert "Shown-at-last" in text
