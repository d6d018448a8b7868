"""A store and a terminal for each test."""

import webbrowser
from pathlib import Path

import pytest

from rrweb_store import loopback
from tests.cli.fake_store import FakeStore, Terminal


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


def opens_nothing(_: str) -> bool:
    return False


@pytest.fixture
def terminal(
    store: FakeStore,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Terminal:
    """Return the terminal of a signed-in user, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RRWEB_STORE_SITE", raising=False)
    # No test opens a real browser, or waits for one for minutes.
    monkeypatch.setattr(webbrowser, "open", opens_nothing)
    monkeypatch.setattr(loopback, "WAIT_S", 40.0)
    terminal = Terminal(store, tmp_path / "home", capsys)
    terminal.sign_in()
    return terminal
