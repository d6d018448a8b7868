"""The workflows: pinned, allowed little, and nothing in them that cannot be run by hand."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parents[1]
WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")

each = pytest.mark.parametrize("file", WORKFLOWS, ids=[path.name for path in WORKFLOWS])


def jobs(file: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].values())


def steps(file: Path) -> list[dict[str, Any]]:
    return [step for job in jobs(file) for step in job["steps"]]


def test_there_are_workflows() -> None:
    assert {path.name for path in WORKFLOWS} >= {"janitor.yml", "test.yml"}


@each
def test_every_action_is_pinned_to_a_commit_whose_version_is_beside_it(file: Path) -> None:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if "uses:" in line]

    assert lines
    assert [line for line in lines if not PINNED.fullmatch(line.strip())] == []


@each
def test_a_step_s_shell_is_one_make_target(file: Path) -> None:
    commands = [step["run"].split() for step in steps(file) if "run" in step]

    assert commands
    for words in commands:
        assert words[0] == "make"
        assert len(words) == 2
        assert re.search(rf"^{words[1]}:.*##", MAKEFILE, re.MULTILINE)


@each
def test_it_may_do_little_does_not_pile_up_and_ends(file: Path) -> None:
    document = yaml.safe_load(file.read_text(encoding="utf-8"))

    assert document["permissions"] in ({}, {"contents": "read"})
    assert document["concurrency"]["group"]
    assert [job for job in jobs(file) if job["timeout-minutes"] > 60] == []
    granted = [job.get("permissions", {}) for job in jobs(file)]
    assert all(set(one) <= {"contents", "id-token"} for one in granted)
    assert "write" not in [one.get("contents") for one in granted]


@each
def test_no_stored_key_of_aws_and_no_trigger_that_gives_a_fork_secrets(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert re.findall(r"(?i)aws[-_]secret|access[-_]key", text) == []
    assert "pull_request_target" not in text


def test_a_pull_request_gets_tests_and_neither_role_nor_secret() -> None:
    text = (PROJECT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")

    assert re.findall(r"secrets\.|id-token|role-to-assume", text) == []


@each
def test_no_credential_is_left_in_the_checkout(file: Path) -> None:
    checkouts = [step for step in steps(file) if "checkout" in step.get("uses", "")]

    assert [step["with"]["persist-credentials"] for step in checkouts] == [False] * len(checkouts)
