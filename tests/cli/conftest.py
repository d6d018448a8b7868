"""A store and a terminal for each test."""

from pathlib import Path

import pytest

from tests.cli.fake_store import FakeStore, Terminal


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


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
    terminal = Terminal(store, tmp_path / "home", capsys)
    terminal.sign_in()
    return terminal
