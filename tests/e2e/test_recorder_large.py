"""Values that no request takes: the rest of the page is recorded."""

import json

import pytest

from tests.e2e.browser import Profile
from tests.e2e.local_http import Answer
from tests.e2e.site import HTML, PAGE, PATIENCE_S, Site, recording_id_of
from tests.e2e.user import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

# A picture of 12 MiB that gzip makes no smaller than base64 has to be.
NOISE = """window.noise = () => {
  let text = ''; const some = new Uint8Array(65520);
  while (text.length < 12 * 2 ** 20) {
    crypto.getRandomValues(some); text += btoa(String.fromCharCode(...some));
  }
  return text;
};
window.picture = () => {  // a decoder ignores what follows the end of a PNG
  const canvas = Object.assign(document.createElement('canvas'), { width: 321, height: 123 });
  canvas.getContext('2d').fillRect(0, 0, 9, 9);
  const png = atob(canvas.toDataURL().split(',')[1]);
  return 'data:image/png;base64,' + btoa(png.padEnd(Math.ceil(png.length / 3) * 3, ' ')) + noise();
};"""


@pytest.mark.parametrize(
    ("before", "large"),
    [
        (True, "document.querySelector('img').src = picture()"),
        (False, "document.querySelector('img').src = picture()"),
        (False, "document.body.style.backgroundImage = `url(${picture()})`"),
        (True, "document.querySelector('h1').append(document.createTextNode(noise()))"),
        (False, "document.querySelector('h1').setAttribute('data-state', noise())"),
    ],
)
def test_a_value_that_no_request_takes_costs_nothing_else(
    site: Site, profile: Profile, before: bool, large: str
) -> None:
    body = f"<img><script>{NOISE}</script>"
    if before:
        body += f"<script>addEventListener('DOMContentLoaded', () => {{ {large} }});</script>"
    page = PAGE.replace('<ul id="list">', f'{body}<ul id="list">')
    site.pages["/"] = lambda: Answer(200, HTML, page.encode())
    tab = site.visit(profile)
    tab.run("recording.flush()")
    if not before:
        tab.run(f"{large}; void 0")
    tab.run("document.getElementById('list').append('added'), recording.flush()")
    box = '"321px"' if "img" in large else ""
    read = eventually(
        lambda: json.dumps(site.read(recording_id_of(tab)).events),
        lambda text: '"added"' in text and box in text,
        PATIENCE_S,
    )

    assert "rrweb-store:omitted" in read
    assert site.errors(profile) == []
    assert len(read) < 1_000_000
