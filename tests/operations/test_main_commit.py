"""What prod is deployed from: a commit of main, by its full hash, and nothing else."""

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
    """The last commit of main that the workflow saw."""
    later: str
    """What was merged while it ran."""
    branch: str
    """Of a pull request that is not merged, or of a fork: GitHub serves them alike."""
    tag: str
    """Of the object that tags `first`."""


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
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file from which GitHub reads what a step hands on."""
    output = tmp_path / "output"
    output.touch()
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))
    return output


@pytest.mark.parametrize("which", ["first", "head", "later"])
def test_a_commit_of_main_is_passed_on(repository: Repository, given: Path, which: str) -> None:
    asked: str = getattr(repository, which)

    assert main([f"--commit={asked}"], repository.folder) == 0
    assert given.read_text(encoding="utf-8") == f"commit={asked}\n"


def test_without_a_commit_it_is_the_checkout_s(repository: Repository, given: Path) -> None:
    assert main(["--commit="], repository.folder) == 0
    assert given.read_text(encoding="utf-8") == f"commit={repository.head}\n"


@pytest.mark.parametrize("which", ["branch", "tag"])
def test_an_existing_commit_outside_of_main_is_refused(
    repository: Repository, given: Path, capsys: pytest.CaptureFixture[str], which: str
) -> None:
    asked: str = getattr(repository, which)

    assert main([f"--commit={asked}"], repository.folder) == 1
    assert given.read_text(encoding="utf-8") == ""
    assert f"{asked} is not in main" in capsys.readouterr().err


def test_a_checkout_of_another_branch_is_refused(repository: Repository, given: Path) -> None:
    git(repository.folder, "checkout", "--quiet", "--detach", repository.branch)

    assert main(["--commit="], repository.folder) == 1
    assert given.read_text(encoding="utf-8") == ""


def test_without_main_s_history_the_command_fails(repository: Repository, given: Path) -> None:
    git(repository.folder, "update-ref", "-d", MAIN)

    assert main([f"--commit={repository.first}"], repository.folder) == 1
    assert given.read_text(encoding="utf-8") == ""


FULL = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    "asked",
    [
        *(FULL[:7], FULL.upper(), f"{FULL}0", f"{FULL}^", f" {FULL}", f"{FULL}\n", f"{FULL}\nx=y"),
        *("main", "refs/heads/main", "origin/feature", "v1", "HEAD", "-h", "$(id)", "０" * 40),
    ],
)
def test_a_text_that_is_not_a_full_hash_is_refused_even_if_main_has_it(asked: str) -> None:
    with pytest.raises(CommitError, match="commit must be 40 lower-case hex digits"):
        main_commit(asked, head=FULL, in_main={asked, FULL})


@pytest.mark.parametrize("asked", ["--help", "$(id)", "`id`; exit 0", "$(shell exit 0)", "-n"])
def test_make_passes_the_commit_on_unchanged(
    repository: Repository, given: Path, tmp_path: Path, asked: str
) -> None:
    line = CommandLine(tmp_path)

    code, _ = line.make("main-commit", COMMIT=asked, GIT_DIR=str(repository.folder / ".git"))

    assert code == 2
    assert f"got {asked!r}" in line.said
    assert given.read_text(encoding="utf-8") == ""
