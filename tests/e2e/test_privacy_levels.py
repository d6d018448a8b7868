"""What leaves a page at each level of privacy, wherever on the page it stands."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.browser import RECORDER, Profile, Tab
from tests.e2e.local_http import Answer
from tests.e2e.site import HTML, PAGE, SCRIPT, Site, recording_id_of, stored

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

# It stands in every text that a level hides.
SECRET = "Secret"
PAGES = Path(__file__).parents[1] / "data" / "privacy"
SHEET = b'u::after { content: "Secret-sheet" }'
WHERE = "/?token=Secret-token#access_token=Secret-hash"


def recorded(html: str) -> Answer:
    """Return a page that records itself from its end on."""
    return Answer(200, HTML, f"{html}{PAGE[PAGE.index('<h1') :]}".encode())


def visit_everything(site: Site, profile: Profile, **options: Any) -> Tab:
    """Return a tab in which the page full of secrets has shown them all, and they are sent."""
    site.options |= {"recordCanvas": True, **options}
    site.pages["/"] = lambda: recorded((PAGES / "secrets.html").read_text())
    site.pages["/frame"] = lambda: Answer(200, HTML, b"<title>Secret</title><p>Secret-same</p>")
    site.pages["/sheet.css"] = lambda: Answer(200, {"Content-Type": "text/css"}, SHEET)
    tab = site.visit(profile, WHERE)
    tab.run((PAGES / "secrets-later.js").read_text())
    tab.run("recording.stop()")
    return tab


def secrets(site: Site) -> list[str]:
    """Return each secret that is in what was stored, with what stands before it."""
    text = b"\n".join(stored(site)).decode()
    return [f"{before[-100:]}{SECRET}{rest[:20]}" for before, rest in pairwise(text.split(SECRET))]


@pytest.mark.parametrize("level", ["text", "private"])
def test_no_text_of_a_page_is_stored_at_a_level_that_masks_text(
    site: Site, profile: Profile, level: str
) -> None:
    tab = visit_everything(site, profile, privacy=level)

    assert len(site.emitted(profile, recording_id_of(tab))) > 20
    assert secrets(site) == []


def test_a_signed_in_users_page_keeps_its_texts_but_no_value_and_no_query(
    site: Site, profile: Profile
) -> None:
    visit_everything(site, profile)

    text = b"\n".join(stored(site)).decode()
    hidden = "value typed edited pasted own shadow-value token hash query action cite og ping"
    shown = "title text bold alt data placeholder declared shadow frame nested card css comment"
    assert [word for word in hidden.split() if f"{SECRET}-{word}" in text] == []
    shown += " late sheet clobbered"
    assert [word for word in shown.split() if f"{SECRET}-{word}" not in text] == []


CLOSED = {"blockSelector": ".private", "maskTextSelector": ".masked"}
FRAME = "<iframe srcdoc='<p>WORD</p><input value=WORD>'></iframe>"
CHANGE_FRAME = """const inner = (into.closest('iframe') ?? into.firstChild).contentDocument;
inner.querySelector('p').textContent = inner.querySelector('p').title = 'WORD';
inner.body.append('WORD'); inner.querySelector('input').click();"""
CHANGE_ROOT = """into.attachShadow({ mode: 'open' }).innerHTML = '<p title=WORD>WORD</p>';
await tick();
into.shadowRoot.firstChild.firstChild.data = 'WORD-2'; into.shadowRoot.append('WORD');"""
DEFINE = """customElements.define('x-late', class extends HTMLElement {
  constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = '<p>WORD</p>'; }
})"""
STYLE_ROOT = """into.attachShadow({ mode: 'open' }).innerHTML = '<style>p {}</style>'; await tick();
const sheet = new CSSStyleSheet(); sheet.replaceSync('p { content: "WORD" }');
into.shadowRoot.adoptedStyleSheets = [sheet]; sheet.insertRule('p::before { content: "WORD" }');
into.shadowRoot.firstChild.sheet.insertRule('p { content: "WORD" }');"""
CHOOSE = """into.firstChild.value = 'WORD';
into.firstChild.dispatchEvent(new Event('change', { bubbles: true }));"""
HELPERS = """const tick = () => new Promise((resolve) => setTimeout(resolve, 20));
const loaded = (frame) => new Promise((resolve) => frame.addEventListener('load', resolve));"""
# What a closed element holds, and what a script does then, given the element.
WAYS = {
    "text": (
        "<p SAYS>WORD</p>",
        "into.firstChild.data = 'WORD-2'; into.append('WORD'); into.title = 'WORD'",
    ),
    "element-later": ("<p SAYS>x</p>", "into.innerHTML = '<b title=WORD>WORD</b>'"),
    "frame": (f"<div SAYS>{FRAME}</div>", CHANGE_FRAME),
    "frame-itself": (FRAME.replace("<iframe", "<iframe SAYS"), CHANGE_FRAME),
    "frame-later": (
        "<div SAYS>x</div>",
        f'into.innerHTML = "{FRAME}"; await loaded(into.firstChild); {CHANGE_FRAME}',
    ),
    "frame-goes-elsewhere": (
        f"<div SAYS>{FRAME}</div>",
        "into.firstChild.srcdoc = '<b>WORD</b>'; await loaded(into.firstChild)",
    ),
    "frame-in-frame": (
        f'<div SAYS><iframe srcdoc="{FRAME}"></iframe></div>',
        "into.firstChild.contentWindow.frames[0].document.body.append('WORD')",
    ),
    "declared-root": (
        "<div SAYS><template shadowrootmode=open><p>WORD</template></div>",
        "into.shadowRoot.append('WORD')",
    ),
    "root-later": ("<div SAYS></div>", CHANGE_ROOT),
    "root-of-an-element-defined-later": ("<div SAYS><x-late></x-late></div>", DEFINE),
    "frame-in-root": (
        "<div SAYS></div>",
        f"""into.attachShadow({{ mode: 'open' }}).innerHTML = "{FRAME}";
        await loaded(into.shadowRoot.firstChild)""",
    ),
    "style-sheets-of-a-root": ("<div SAYS></div>", STYLE_ROOT),
    "choice": ("<div SAYS><select><option>a<option value=WORD>WORD</select></div>", CHOOSE),
}
SAYS = {
    "class=private": "a selector that blocks",
    "class=masked": "a selector that masks",
    "class=rr-block": "rrweb's class",
    'data-privacy="block"': "the attribute that blocks",
    'data-privacy="mask"': "the attribute that masks",
    'data-privacy="hidden"': "the attribute with a value that is none",
    "contenteditable": "that it can be edited",
}


@pytest.mark.parametrize("says", SAYS, ids=SAYS.values())
def test_nothing_of_a_closed_element_is_stored_whatever_it_holds(
    site: Site, profile: Profile, says: str
) -> None:
    site.options |= CLOSED
    bodies, acts = "", ""
    for name, (body, act) in WAYS.items():
        word = f"{SECRET}-{name}"
        bodies += f"<section id={name}>{body.replace('SAYS', says)}</section>".replace("WORD", word)
        into = f"document.getElementById('{name}').firstChild"
        acts += f"(async (into) => {{ {act} }})({into}),".replace("WORD", word)
    site.pages["/"] = lambda: recorded(f"<!doctype html><body>{bodies}")
    tab = site.visit(profile)
    tab.run(f"(async () => {{ {HELPERS} await Promise.all([{acts}]); await tick(); }})()")
    tab.run("recording.flush()")

    assert len(site.emitted(profile, recording_id_of(tab))) > 3
    assert secrets(site) == []


@pytest.mark.parametrize("level", ["inputs", "text", "private"])
def test_an_opened_element_is_shown_at_every_level_and_the_nearest_word_counts(
    site: Site, profile: Profile, level: str
) -> None:
    site.options |= {"privacy": level, "openSelector": ".shown", "maskTextSelector": ".hidden"}
    site.pages["/"] = lambda: recorded((PAGES / "opened.html").read_text())
    tab = site.visit(profile)
    tab.run("later.dataset.privacy = 'open', later.textContent = 'Open-later'")
    tab.run("document.querySelector('input').value = 'Open-typed'")
    tab.run("document.querySelector('[type=password]').value = 'Secret-password-2'")
    tab.run("recording.flush()")

    text = b"\n".join(stored(site)).decode()
    shown = "title text value option choice inside frame root css comment selected later typed"
    assert [word for word in shown.split() if f"Open-{word}" not in text] == []
    assert secrets(site) == []
    assert ("Closed-text" in text) == (level == "inputs")


LINKS = '<!doctype html><a href="/a?page=3&id=Secret">x</a><a href="#here">y</a>'


def test_an_option_keeps_or_maps_the_query(site: Site, profile: Profile) -> None:
    site.options["address"] = ["page"]
    site.pages["/"] = lambda: recorded(
        '<!doctype html><a href="/a?page=3&id=Secret">x</a><a href="#here">y</a>'
    )
    tab = site.visit(profile, "/?page=2&token=Secret#Secret")
    tab.run("recording.flush()")

    bodies = [body.decode() for body in stored(site)]
    assert any(
        json.loads(one).get("pageUrl") == f"{site.url}/?page=2" for one in bodies if one[:1] == "{"
    )
    assert any(f'"href":"{site.url}/?page=2"' in one for one in bodies)
    assert any(f'"href":"{site.url}/a?page=3"' in one for one in bodies)
    assert any('"href":"#here"' in one for one in bodies)
    assert secrets(site) == []


REPLAYER = RECORDER.parent / "node_modules" / "@rrweb" / "replay" / "dist" / "replay.umd.min.cjs"
REPLAY = """<!doctype html><body><script src="/replayer.js"></script><script>
async function replay(events) {
  const replayer = new rrwebReplay.Replayer(events, { root: document.body, showWarning: false });
  replayer.pause(events.at(-1).timestamp - events[0].timestamp + 1);
  const shown = replayer.iframe.contentDocument;
  const pictures = [...shown.images].filter((image) => image.src);
  await Promise.all(pictures.map((image) => image.decode()));
  return shown;
}</script>"""
BOXES = """((shown) => Object.fromEntries([...shown.querySelectorAll('[id]')].map((element) => {
  const { x, y, width, height } = element.getBoundingClientRect();
  return [element.id, [x, y, width, height]];
})))"""
LATE_PICTURE = """new Promise((resolve) => {
  late.addEventListener('load', resolve);
  late.src = picture.src.replace('90', '70');
})"""


@pytest.mark.parametrize("level", ["text", "private"])
def test_a_page_keeps_its_layout_at_a_level_that_masks_text(
    site: Site, profile: Profile, level: str
) -> None:
    site.options["privacy"] = level
    site.pages["/"] = lambda: recorded((PAGES / "layout.html").read_text())
    site.pages["/replayer.js"] = lambda: Answer(200, SCRIPT, REPLAYER.read_bytes())
    site.pages["/replay"] = lambda: Answer(200, HTML, REPLAY.encode())
    tab = site.visit(profile)
    tab.run(LATE_PICTURE)
    tab.run("recording.flush()")
    boxes = tab.run(f"{BOXES}(document)")
    events = json.dumps(site.emitted(profile, recording_id_of(tab)))

    viewer = profile.tab()
    viewer.goto(f"{site.url}/replay")
    replayed = viewer.run(f"replay({events}).then({BOXES})")

    assert {name: replayed[name] for name in boxes} == {
        name: pytest.approx(box, abs=1) for name, box in boxes.items()
    }
