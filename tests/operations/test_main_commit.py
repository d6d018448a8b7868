"""The commit that prod is deployed from: one of main, output_file by its full hash."""

from pathlib import Path
from typing import NamedTuple

import pytest

from operations.main_commit import MAIN, CommitError, main, main_commit
from tests.operations.command_line import CommandLine
from tests.operations.repository import commit, git


class Repository(NamedTuple):
    """A clone as the workflow makes it: all of origin's branches and tags, and HEAD on main."""

    folder: Path
    first: str
    head: str
    """The last commit of main when the workflow started."""
    later: str
    """A commit that was merged while it ran."""
    branch: str
    """A commit of an unmerged pull request or of a fork: GitHub serves both."""
    tag: str
    """Hash of the tag object of `first`."""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    folder = tmp_path / "clone"
    git(tmp_path, "init", "--quiet", str(folder))
    first, head, later = (commit(folder, name) for name in ("first", "head", "later"))
    git(folder, "update-ref", MAIN, later)
    git(folder, "checkout", "--quiet", "--detach", first)
    branch = commit(folder, "branch")
    git(folder, "update-ref", "refs/remotes/origin/feature", branch)
    git(folder, "tag", "--annotate", "--message", "v1", "v1", first)
    git(folder, "checkout", "--quiet", "--detach", head)
    return Repository(folder, first, head, later, branch, git(folder, "rev-parse", "refs/tags/v1"))


@pytest.fixture
def output_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file with the outputs of a step."""
    output = tmp_path / "output"
    output.touch()
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))
    return output


@pytest.mark.parametrize("which", ["first", "head", "later"])
def test_a_commit_of_main_is_passed_on(
    repository: Repository, output_file: Path, which: str
) -> None:
    asked: str = getattr(repository, which)

    assert main([f"--commit={asked}"], repository.folder) == 0
    assert output_file.read_text(encoding="utf-8") == f"commit={asked}\n"


def test_the_default_commit_is_that_of_the_checkout(
    repository: Repository, output_file: Path
) -> None:
    assert main(["--commit="], repository.folder) == 0
    assert output_file.read_text(encoding="utf-8") == f"commit={repository.head}\n"


@pytest.mark.parametrize("which", ["branch", "tag"])
def test_an_existing_commit_outside_of_main_is_refused(
    repository: Repository, output_file: Path, capsys: pytest.CaptureFixture[str], which: str
) -> None:
    asked: str = getattr(repository, which)

    assert main([f"--commit={asked}"], repository.folder) == 1
    assert output_file.read_text(encoding="utf-8") == ""
    assert f"{asked} is not in main" in capsys.readouterr().err


def test_a_checkout_of_another_branch_is_refused(repository: Repository, output_file: Path) -> None:
    git(repository.folder, "checkout", "--quiet", "--detach", repository.branch)

    assert main(["--commit="], repository.folder) == 1
    assert output_file.read_text(encoding="utf-8") == ""


def test_without_the_history_of_main_the_command_fails(
    repository: Repository, output_file: Path
) -> None:
    git(repository.folder, "update-ref", "-d", MAIN)

    assert main([f"--commit={repository.first}"], repository.folder) == 1
    assert output_file.read_text(encoding="utf-8") == ""


FULL = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    "asked",
    [
        *(FULL[:7], FULL.upper(), f"{FULL}0", f"{FULL}^", f" {FULL}", f"{FULL}\n", f"{FULL}\nx=y"),
        *("main", "refs/heads/main", "origin/feature", "v1", "HEAD", "-h", "$(id)", "０" * 40),
    ],
)
def test_only_a_full_hash_is_accepted(asked: str) -> None:
    with pytest.raises(CommitError, match="commit must be 40 lower-case hex digits"):
        main_commit(asked, head=FULL, in_main={asked, FULL})


@pytest.mark.parametrize("asked", ["--help", "$(id)", "`id`; exit 0", "$(shell exit 0)", "-n"])
def test_make_passes_the_commit_on_unchanged(
    repository: Repository, output_file: Path, tmp_path: Path, asked: str
) -> None:
    line = CommandLine(tmp_path)

    code, _ = line.make("main-commit", COMMIT=asked, GIT_DIR=str(repository.folder / ".git"))

    assert code == 2
    assert f"got {asked!r}" in line.said
    assert output_file.read_text(encoding="utf-8") == ""
