"""The command line as a new user has it: installed by itself, signed in by a browser, used."""

import html
import json
import os
import re
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from sandbox.program import PROJECT
from sandbox.server import Sandbox
from sandbox.users import PASSWORD, ready_user
from tests.e2e.user import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

SOURCE = f"{PROJECT / 'cli'}[mcp]"
SESSION = PROJECT / "tests" / "data" / "session.ndjson"
PATIENCE_S = 40.0
_FORM_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass(frozen=True)
class CommandLine:
    """An installed `rrweb-store`, in a folder and with a home of its own."""

    program: Path
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        # A browser that does not exist: the link is opened by the test.
        return {**kept, "RRWEB_STORE_HOME": str(self.folder / "home"), "BROWSER": "true"}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.program, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> str:
        """Return what a command that succeeds prints."""
        running = self.start(*arguments)
        out, err = running.communicate(timeout=180)
        assert running.returncode == 0, err
        return out


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "venv")
    # With the pip that is there: to make another one takes as long as to install the rest.
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run(
        # Python compiles what is imported, a third of what pip would.
        [*pip, "--python", folder / "venv", "install", "-q", "--no-compile", SOURCE],
        cwd=folder,
        check=True,
        timeout=600,
    )
    return CommandLine(folder / "venv" / "bin" / "rrweb-store", folder)


def visit(link: str, email: str) -> None:
    """Do what a browser and its user do with the link that `login` prints."""
    with httpx.Client(timeout=40) as browser:
        form = browser.get(link)
        hidden = {name: html.unescape(value) for name, value in _FORM_FIELD.findall(form.text)}
        filled = {**hidden, "username": email, "password": PASSWORD}
        answer = browser.post(str(form.url.join("/login")), data=filled)
        page = browser.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "You are signed in" in page.text


@pytest.fixture(scope="module")
def command_line(installed: CommandLine, sandbox: Sandbox) -> Iterator[CommandLine]:
    """Return it, signed in as a watcher of the site that the sandbox declares."""
    email = ready_user(
        sandbox.cloud.client("cognito-idp"),
        sandbox.exports["userPoolId"],
        "terminal",
        groups=["site-demo"],
    )
    login = installed.start("login", "--site", sandbox.site_url)
    assert login.stdout is not None
    visit(login.stdout.readline().strip(), email)
    _, err = login.communicate(timeout=60)
    assert (login.returncode, email in err) == (0, True), err
    yield installed
    installed.run("logout")
    assert installed.start("sites").wait(60) == 3


def test_it_is_installed_without_the_repository(installed: CommandLine) -> None:
    version = installed.run("--version")

    assert re.fullmatch(r"rrweb-store, version \d+\.\d+\.\d+\n", version)
    assert sys.prefix not in installed.run("--help")


@pytest.mark.parametrize("site", [None, "demo"])
def test_a_recording_from_a_file_is_found_shown_read_and_exported(
    command_line: CommandLine, site: str | None
) -> None:
    to = [] if site is None else ["--to", site]
    owner = [] if site is None else [site]

    (put,) = [json.loads(command_line.run("put", "--json", *to, str(SESSION)))]
    again = json.loads(command_line.run("put", "--json", *to, str(SESSION)))

    assert (put["new"], again) == (True, {**put, "new": False})
    ref = put["link"]
    listed = eventually(
        lambda: command_line.run("list", *owner, "--page", "playground.example", "--json"),
        lambda said: put["recordingId"] in said,
        PATIENCE_S,
    )
    shown = json.loads(command_line.run("show", ref, "--json"))
    assert json.loads(listed.split("\n")[0])["recordingId"] == put["recordingId"]
    assert (shown["pageTitle"], shown["clicks"]) == ("Harbour log", 20)
    assert put["recordingId"] not in command_line.run("list", *owner, "--errors", "--limit", "100")

    assert command_line.run("events", ref) == SESSION.read_text(encoding="utf-8")
    timeline = command_line.run("timeline", ref)
    assert 'click          button "Log it"' in timeline
    assert timeline.startswith("   0:00.0  page           https://playground.example/\n")

    command_line.run("export", ref, "--format", "json", "--output", f"{site}.json")
    exported = json.loads((command_line.folder / f"{site}.json").read_bytes())
    assert len(exported) == len(SESSION.read_bytes().splitlines())


def test_tail_prints_what_a_visitor_does_until_the_recording_ends(
    command_line: CommandLine, sandbox: Sandbox
) -> None:
    write = sandbox.exports["sites"]["demo"]["writeUrl"]
    plain = {"Content-Type": "text/plain"}
    meta = {"type": 4, "timestamp": 1, "data": {"href": "https://shop.example/"}}
    end = {"type": 5, "data": {"tag": "rrweb-store:end", "payload": {"reason": "stopped"}}}
    with httpx.Client(timeout=40, headers=plain) as visitor:
        for path, body in (
            ("recordings/live", {}),
            ("recordings/live/events/000000000", meta),
        ):
            visitor.post(f"{write}/{path}", content=json.dumps(body).encode()).raise_for_status()
        tail = command_line.start("tail", "demo/live")
        assert tail.stdout is not None
        first = tail.stdout.readline()
        batch = json.dumps({**end, "timestamp": 2500}).encode()
        visitor.post(f"{write}/recordings/live/events/000000001", content=batch).raise_for_status()
        rest, err = tail.communicate(timeout=120)

    assert first == "   0:00.0  page           https://shop.example/\n"
    assert rest == "   0:02.4  end            the recording was stopped\n"
    assert (tail.returncode, err) == (0, "")


def test_an_agent_finds_reads_reproduces_and_erases_a_recording(
    command_line: CommandLine, tmp_path: Path
) -> None:
    event: dict[str, Any] = {
        "type": 5,
        "timestamp": 1795479400000,
        "data": {"tag": "test", "payload": {}},
    }
    visit = tmp_path / "visit.ndjson"
    visit.write_bytes(SESSION.read_bytes() + json.dumps(event).encode())
    (put,) = [json.loads(command_line.run("put", "--json", str(visit)))]
    ref = put["recordingId"]

    found = anyio.run(ask_as_an_agent, command_line, ref, tmp_path / "log")

    assert found["sites"] == {"sites": [{"site": "demo", "mayDelete": False}]}
    assert ref in [one["recording"] for one in found["found"]["recorded"]]
    assert found["facts"]["recorded"]["pageTitle"] == "Harbour log"
    assert 'button "Log it"' in {one["text"] for one in found["timeline"]["recorded"]}
    assert '  - heading "Harbour log" [level=1]' in found["page"]["recorded"]["lines"]
    assert '  await page.goto("/");' in found["code"]["recorded"]
    assert found["link"] == {"link": f"{put['link']}?t=2.0"}
    assert found["erased"]["recording"] == ref
    assert (tmp_path / "log").read_text() == ""
    assert [one for one in TOKENS if one in json.dumps(found)] == []
    eventually(lambda: command_line.start("show", ref).wait(60), lambda code: code == 4, PATIENCE_S)


# What would tell of a token: the start of a JWT, and the names of the file of sign-ins.
TOKENS = ("eyJ", "id_token", "refresh_token")


async def ask_as_an_agent(command_line: CommandLine, ref: str, log: Path) -> dict[str, Any]:
    """Return what an agent is answered by the server that a client starts."""
    program = StdioServerParameters(
        command=str(command_line.program),
        args=["mcp", "--allow-delete"],
        env=command_line.environment,
        cwd=command_line.folder,
    )
    calls: dict[str, tuple[str, dict[str, Any]]] = {
        "sites": ("list_sites", {}),
        "found": ("find_recordings", {"page": "playground.example", "limit": 25}),
        "facts": ("get_recording", {"recording": ref}),
        "timeline": ("read_timeline", {"recording": ref}),
        "page": ("see_page", {"recording": ref, "atMs": 2000}),
        "code": ("write_reproduction", {"recording": ref}),
        "link": ("link_to_moment", {"recording": ref, "atMs": 2000}),
        "erased": ("delete_recording", {"recording": ref}),
    }
    found: dict[str, Any] = {}
    with log.open("w") as errors:
        async with Client(stdio_client(program, errlog=errors), read_timeout_seconds=120) as client:
            for name, (tool, arguments) in calls.items():
                result = await client.call_tool(tool, arguments)
                assert not result.is_error, result.content
                found[name] = result.structured_content
    return found


def test_a_recording_is_kept_and_then_deleted_with_its_copies(
    command_line: CommandLine, tmp_path: Path
) -> None:
    lines = SESSION.read_text(encoding="utf-8").splitlines(keepends=True)
    other = tmp_path / "other.ndjson"
    other.write_text("".join([*lines, lines[-1]]), encoding="utf-8")
    put = json.loads(command_line.run("put", "--json", str(other)))
    ref = put["link"]

    command_line.run("keep", ref, "--wait")

    assert json.loads(command_line.run("show", ref, "--json"))["kept"] is True
    unconfirmed = command_line.start("delete", ref)
    assert (unconfirmed.communicate(timeout=60)[0], unconfirmed.returncode) == ("", 2)
    erasure = json.loads(command_line.run("delete", ref, "--yes", "--wait", "--json"))
    assert (erasure["state"], erasure["removed"]["kept"]["objects"] >= 1) == ("done", True)
    assert command_line.start("show", ref).wait(60) == 4


def test_a_watcher_who_is_no_administrator_keeps_and_deletes_nothing(
    command_line: CommandLine,
) -> None:
    ref = json.loads(command_line.run("put", "--json", "--to", "demo", str(SESSION)))["link"]

    assert [command_line.start(*one, ref).wait(60) for one in (["keep"], ["delete", "-y"])] == [
        5,
        5,
    ]
    command_line.run("show", ref)


def test_a_site_of_another_group_is_refused_in_the_api_s_words(
    command_line: CommandLine,
) -> None:
    refused = command_line.start("list", "shop")
    _, err = refused.communicate(timeout=60)

    assert (refused.returncode, err.count("\n")) == (5, 1)
    assert re.search(r"group site-.* \(status 403, request \S+\)$", err.strip())
