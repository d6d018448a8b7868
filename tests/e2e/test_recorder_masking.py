"""What a visitor types or chooses is in nothing that is stored, whatever it is typed into."""

import base64
from collections.abc import Callable

import pytest

from tests.e2e.browser import Profile, Tab
from tests.e2e.site import SECRET, Site, recording_id_of, stored, with_body

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

TYPED = ["text", "password", "search", "email", "tel", "url", "nonsense"]
VALUES = {
    "number": "4711471147",
    "date": "1947-11-04",
    "datetime-local": "1947-11-04T11:47",
    "month": "1947-11",
    "week": "1947-W47",
    "time": "04:47:11",
    "color": "#471147",
    "range": "47114711",
}
SECRETS = [SECRET, *VALUES.values(), "47 11"]
FIELDS = "".join(f'<input type="{kind}" id="typed-{kind}">' for kind in TYPED) + "".join(
    f'<input type="{kind}" id="set-{kind}" max="99999999">' for kind in VALUES
)
FORM = f"""<form>{FIELDS}
<textarea id="typed-area"></textarea>
<input type="hidden" id="hidden" value="{SECRET}">
<input type="text" value="{SECRET}"><textarea>{SECRET}</textarea>
<select id="choice"><option value="a">a</option><option value="b">b</option></select>
<div id="typed-div" contenteditable>x</div><div contenteditable="true"><b>{SECRET}</b></div>
</form>"""


def found(site: Site) -> list[tuple[str, bytes]]:
    """Return each secret that is in what was stored, and what stands around it."""
    return [
        (secret, body[max(0, at - 300) : at + 60])
        for body in stored(site)
        for secret in SECRETS
        if (at := body.find(secret.encode())) >= 0
    ]


def test_nothing_that_is_typed_anywhere_is_stored(site: Site, profile: Profile) -> None:
    site.pages["/"] = lambda: with_body(FORM)
    tab = site.visit(profile)
    for name in [*(f"typed-{kind}" for kind in TYPED), "typed-area", "typed-div"]:
        tab.do("type", f"#{name}", SECRET)
    for kind, value in VALUES.items():
        tab.run(
            f"document.getElementById('set-{kind}').value = {value!r};"
            f"document.getElementById('set-{kind}').dispatchEvent(new Event('input', "
            "{bubbles: true}))"
        )
    tab.run(
        f"document.getElementById('hidden').value = '{SECRET}2';"
        "document.forms[0].append(document.createElement('input'));"
        f"document.forms[0].lastChild.value = '{SECRET}';"
        f"document.getElementById('typed-area').defaultValue = '{SECRET}';"
        f"document.querySelector('[type=text]').setAttribute('value', '{SECRET}')"
    )
    tab.do("type", "#name", SECRET)
    tab.run("recording.flush()")

    assert len(site.emitted(profile, recording_id_of(tab))) > 30
    assert found(site) == []


Act = Callable[[Tab], None]
IN = "document.querySelector('#in')"


def run(script: str) -> Act:
    return lambda tab: tab.run(f"void (() => {{ {script} }})()")


def write(selector: str) -> Act:
    """Return what clicks on an element and writes the secret there, key by key."""

    def act(tab: Tab) -> None:
        tab.do("click", selector)
        tab.do("type", selector, SECRET)

    return act


def insert(command: str, what: str, document: str = "document") -> Act:
    """Return what an editor does in place of the text of an element."""
    return run(
        f"{document}.getSelection().selectAllChildren({document}.querySelector('#in'));"
        f"{document}.execCommand({command!r}, false, {what!r})"
    )


def then(*acts: Act) -> Act:
    def act(tab: Tab) -> None:
        for one in acts:
            one(tab)

    return act


def write_in_frame(tab: Tab) -> None:
    """Write where the focus of the frame is."""
    tab.run("frames[0].document.querySelector('#in').focus()")
    tab.browser.call(tab.name, "locator", "iframe", name="its-frame")
    tab.browser.call("its-frame", "contentFrame", name="its-content")
    tab.browser.call("its-content", "locator", "#in", name="its-input")
    tab.browser.call("its-input", "pressSequentially", SECRET)


def choose_a_file(tab: Tab) -> None:
    run(
        "const held = new DataTransfer();"
        f"held.items.add(new File(['x'], '{SECRET}.txt', {{type: 'text/plain'}}));"
        f"{IN}.files = held.files; for (const name of ['input', 'change'])"
        f"{IN}.dispatchEvent(new Event(name, {{bubbles: true}}))"
    )(tab)


def show_the_password(tab: Tab) -> None:
    tab.do("type", "#in", SECRET)
    run(f"{IN}.type = 'text'")(tab)
    tab.do("type", "#in", SECRET)
    run(f"{IN}.setAttribute('value', {IN}.value)")(tab)


SHADOW = f"""<div id="host"></div><script>
document.getElementById('host').attachShadow({{mode: 'open'}}).innerHTML =
  '<input id="in" value="{SECRET}"><textarea>{SECRET}</textarea>' +
  '<div contenteditable>{SECRET}</div>';
</script>"""
# What a script sees of the picture that somebody pasted.
PICTURE = f"data:image/svg+xml;base64,{base64.b64encode(b'<svg/>').decode()}"
PASTED = (
    f'<a href="https://a.example/{SECRET}" title="{SECRET}">a</a>'
    f'<img alt="{SECRET}" src="{PICTURE}#{SECRET}">'
)
FRAME = "frames[0].document"
WAYS: dict[str, tuple[str, Act]] = {
    "in a shadow": (SHADOW, write("#host >> #in")),
    "in a frame": ('<iframe srcdoc="<input id=in>"></iframe>', write_in_frame),
    "in a frame, before": (f'<iframe srcdoc="<input value={SECRET}>"></iframe>', run("")),
    "in a frame, later": (
        "<iframe></iframe>",
        run(f"document.querySelector('iframe').srcdoc = '<input value={SECRET}>'"),
    ),
    "in a frame that is an editor": (
        '<iframe srcdoc="<body><p id=in>xx"></iframe>',
        then(run(f"{FRAME}.designMode = 'on'"), insert("insertText", SECRET, FRAME)),
    ),
    "in a page that is an editor": (
        "<p id=in>xx</p>",
        then(run("document.designMode = 'on'"), insert("insertText", SECRET)),
    ),
    "as plain text": ('<p id=in contenteditable="plaintext-only">xx</p>', write("#in")),
    "where it was not allowed at first": (
        "<p id=in>xx</p>",
        then(run(f"{IN}.contentEditable = 'true'"), write("#in")),
    ),
    "as a password that is shown": ("<input type=password id=in>", show_the_password),
    "by a program": (
        "<input id=in><textarea id=area></textarea>",
        run(
            f"{IN}.value = document.querySelector('#area').value = '{SECRET}';"
            f"document.querySelector('#area').textContent = '{SECRET}'"
        ),
    ),
    "with the form": (
        "<div id=in></div>",
        run(
            f"{IN}.innerHTML = '<input value={SECRET}><textarea>{SECRET}</textarea>"
            f"<p contenteditable>{SECRET}</p>'"
        ),
    ),
    "as the name of a file": ("<input type=file id=in>", choose_a_file),
    "into an element of the page's own": (
        f'<my-input value="{SECRET}"></my-input>',
        run(
            "const own = document.querySelector('my-input');"
            f"own.setAttribute('value', '{SECRET}2'); document.body.append(own.cloneNode())"
        ),
    ),
    "as a picture or a link": (
        "<div id=in contenteditable>xx</div>",
        insert("insertHTML", PASTED),
    ),
}


@pytest.mark.parametrize(("body", "act"), WAYS.values(), ids=WAYS)
def test_a_secret_is_not_stored_when_it_comes(
    site: Site, profile: Profile, body: str, act: Act
) -> None:
    site.pages["/"] = lambda: with_body(body)
    tab = site.visit(profile)
    act(tab)
    tab.run("recording.flush()")

    assert site.proxy.batches()
    assert found(site) == []


def test_a_password_that_is_shown_is_hidden_where_other_inputs_are_not(
    site: Site, profile: Profile
) -> None:
    site.options["maskAllInputs"] = False
    site.pages["/"] = lambda: with_body("<input type=password id=in><input id=open>")
    tab = site.visit(profile)
    tab.do("type", "#open", "to be seen")
    show_the_password(tab)
    tab.run("recording.flush()")

    assert found(site) == []
    assert [body for body in stored(site) if b"to be seen" in body]


def test_a_password_is_hidden_in_another_field_that_shows_it(site: Site, profile: Profile) -> None:
    site.options["maskAllInputs"] = False
    site.pages["/"] = lambda: with_body("<input type=password id=in><p></p>")
    tab = site.visit(profile)
    tab.do("type", "#in", SECRET)
    tab.run(
        "const other = document.createElement('input'); other.value = field.value;"
        " field.replaceWith(other)".replace("field", "document.getElementById('in')")
    )
    tab.run("recording.flush()")

    assert found(site) == []


def test_a_value_is_seen_that_a_script_has_also_given_a_field_outside_the_page(
    site: Site, profile: Profile
) -> None:
    site.options["maskAllInputs"] = False
    site.pages["/"] = lambda: with_body("<input id=in>")
    tab = site.visit(profile)
    tab.run("window.other = document.createElement('input'); other.type = 'text'")
    tab.run("document.getElementById('in').oninput = (at) => (other.value = at.target.value)")
    tab.do("type", "#in", "to be seen")
    tab.run("recording.flush()")

    assert [body for body in stored(site) if b"to be seen" in body]


def test_which_option_was_chosen_is_not_stored(site: Site, profile: Profile) -> None:
    options = "".join(f"<option value=option-{n}>{n}</option>" for n in range(10))
    site.pages["/"] = lambda: with_body(f"<select id=in>{options}</select>")
    tab = site.visit(profile)
    tab.run("recording.flush()")
    tab.do("selectOption", "#in", "option-7")
    tab.run("recording.flush()")

    bodies = list(stored(site))
    assert [body for body in bodies if b'"selected":true' in body] == []
    assert [body for body in bodies if b'"text":"*' in body]
    assert sum(body.count(b"option-7") for body in bodies) == 1  # with the page itself
