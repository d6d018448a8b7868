"""Which promotions are warned of, since nothing that their release has stored is kept."""

from pathlib import Path

import pytest

from operations.recorded_by import main
from tests.operations.command_line import CommandLine

RELEASE = "r52f1c0de9a7b3341"
FROM = 'config:\n  rrweb-store:promoteFrom: "organization/rrweb-store/dev"\n'
WARNING = (
    f"recorded-by: release {RELEASE} has no recordings, so no later release is tested with what it "
    "stores. Run make recorded-by in this checkout, and commit "
    f"tests/recorded-by/{RELEASE}\n"
)


def said(project: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["--stack", "organization/rrweb-store/prod"], project, lambda _: RELEASE) == 0
    return capsys.readouterr().out


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a checkout whose prod takes what another stack has verified."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    (tmp_path / "Pulumi.prod.yaml").write_text(FROM, encoding="utf-8")
    return tmp_path


def test_the_promotion_of_a_release_without_recordings_is_warned_of(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(project, capsys) == WARNING


def test_the_warning_is_shown_on_the_page_of_a_workflow(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")

    assert said(project, capsys) == f"::warning::{WARNING}"


def test_a_release_with_its_recordings_is_said_to_have_them(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project / "tests" / "recorded-by" / RELEASE
    folder.mkdir(parents=True)
    (folder / "expected.json").touch()

    assert said(project, capsys) == f"recorded-by: release {RELEASE} has its recordings\n"


def test_the_recordings_of_another_release_do_not_count(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project / "tests" / "recorded-by" / "r0b7be3cf1d2a4e55"
    folder.mkdir(parents=True)
    (folder / "expected.json").touch()

    assert said(project, capsys) == WARNING


def test_a_stack_that_takes_any_release_is_told_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(tmp_path, capsys) == ""


@pytest.mark.parametrize("target", ["preview", "deploy"])
def test_make_says_it_before_anything_is_planned_or_changed(target: str, tmp_path: Path) -> None:
    line = CommandLine(tmp_path)

    line.make(target, "STACK=prod", EXIT_OF_PULUMI_PREVIEW="1", EXIT_OF_PULUMI_CONFIG_RM="1")

    assert "recorded-by: release r" in line.said
