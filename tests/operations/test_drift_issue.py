"""The issue that is open while a stack is not what was deployed."""

import json
import subprocess
from typing import Any

import pytest

from operations.drift_issue import body, main, run_url, title


class Run:
    """Stands for subprocess.run: make ends with a code, gh knows the open issues."""

    def __init__(self, *, drift: int, issues: dict[int, str], refuses: str = "") -> None:
        self.drift, self.issues, self.refuses = drift, issues, refuses
        self.commands: list[list[str]] = []

    def __call__(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        if command[0] == "make":
            return subprocess.CompletedProcess(command, self.drift)
        if command[2] == self.refuses:
            raise subprocess.CalledProcessError(1, command)
        listed = [{"number": number, "title": one} for number, one in self.issues.items()]
        return subprocess.CompletedProcess(command, 0, json.dumps(listed))

    def asked(self) -> list[list[str]]:
        """Return what gh was asked for besides the list."""
        return [one[2:4] for one in self.commands if one[:2] == ["gh", "issue"]][1:]


OTHERS = {3: "prod is not what was deployed", 5: "About dev is not what was deployed"}
OPEN = {**OTHERS, 7: "dev is not what was deployed"}
ARGUMENTS = ["--stack", "dev"]


@pytest.mark.parametrize(
    ("drift", "issues", "asked"),
    [
        (0, OTHERS, []),
        (2, OTHERS, [["create", "--title"]]),
        (2, OPEN, [["comment", "7"]]),
        (0, OPEN, [["close", "7"]]),
    ],
)
def test_one_issue_is_open_while_there_is_drift(
    drift: int, issues: dict[int, str], asked: list[list[str]]
) -> None:
    run = Run(drift=drift, issues=issues)

    assert main(ARGUMENTS, run) == drift
    assert run.commands[0][-2:] == ["drift", "STACK=dev"]
    assert run.asked() == asked


@pytest.mark.parametrize(
    ("drift", "refuses", "code"), [(0, "list", 1), (2, "list", 2), (2, "create", 2), (0, "", 0)]
)
def test_a_failure_is_never_a_success(drift: int, refuses: str, code: int) -> None:
    assert main(ARGUMENTS, Run(drift=drift, issues=OTHERS, refuses=refuses)) == code


def test_the_issue_names_the_log_and_not_what_is_in_it() -> None:
    environment = {
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_REPOSITORY": "you/rrweb-store",
        "GITHUB_RUN_ID": "12",
    }

    url = run_url(environment)
    assert url == "https://github.example/you/rrweb-store/actions/runs/12"
    assert run_url({}) == ""
    assert f"make drift STACK=prod` found a difference, or could not look: {url}" in body(
        "prod", url
    )
    assert title("prod") == OTHERS[3]
