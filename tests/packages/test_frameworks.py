"""Projects with a framework: the documentation's snippets are built, record, and replay."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.e2e.browser import Profile
from tests.e2e.user import User, eventually
from tests.packages.project import npm, served, snippets, start, write
from tests.packages.visits import PATIENCE_S, press_twice_and_leave, recorded, shows

FRAMEWORKS = ("React", "Vue", "Svelte")


@pytest.fixture(scope="session")
def vite(write_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of the built project of Vite, with a page for each framework."""
    project = start("vite", tmp_path_factory.mktemp("vite"), write_url)
    for framework in FRAMEWORKS:
        for name, code in snippets(framework).items():
            write(project / framework.lower() / name, code, write_url)
    npm(project, "run", "build")
    with served(project / "dist") as url:
        yield url


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_vite_builds_what_records_and_replays(
    framework: str, vite: str, profile: Profile, watcher: User
) -> None:
    page = f"{vite}/{framework.lower()}/index.html"
    press_twice_and_leave(profile, page)
    src = recorded(watcher, page)

    tab = profile.tab()
    tab.goto(f"{page}?{urlencode({'src': src, 'token': watcher.token})}")
    shows(tab, f"{framework.lower()} was pressed 2 times")


@pytest.fixture(scope="session")
def next_url(write_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of the built project of Next.js, which renders on its server."""
    project = start("next", tmp_path_factory.mktemp("next"), write_url)
    for name, code in snippets("Next.js").items():
        write(project / name, code, write_url)
    npm(project, "run", "build")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    started = Path("node_modules/next/dist/bin/next")
    command = ["node", str(started), "start", "--hostname", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL) as server:
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def test_next_builds_what_records_and_replays(
    next_url: str, profile: Profile, watcher: User
) -> None:
    eventually(lambda: listens(next_url), bool, PATIENCE_S)
    press_twice_and_leave(profile, f"{next_url}/")
    src = recorded(watcher, f"{next_url}/")

    tab = profile.tab()
    tab.goto(f"{next_url}/watch?src={quote(src, safe='')}&token={watcher.token}")
    shows(tab, "next was pressed 2 times")


def listens(url: str) -> bool:
    host, port = url.removeprefix("http://").split(":")
    with socket.socket() as client:
        return client.connect_ex((host, int(port))) == 0
