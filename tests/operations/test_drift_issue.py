"""The issue that is open while a stack has drifted."""

import json
import subprocess
from typing import Any

import pytest

from operations.drift_issue import body, main, run_url, title


class Run:
    """A stand-in for subprocess.run: gh lists these open issues, by number and title."""

    def __init__(self, issues: dict[int, str], *, refuses: str = "", by: str = "") -> None:
        self.issues, self.refuses = issues, refuses
        self.author = {"is_bot": False, "login": by} if by else {"is_bot": True, "login": "app/x"}
        self.commands: list[list[str]] = []

    def __call__(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        if command[2] == self.refuses:
            raise subprocess.CalledProcessError(1, command)
        listed = [
            {"number": number, "title": one, "author": self.author}
            for number, one in self.issues.items()
        ]
        return subprocess.CompletedProcess(command, 0, json.dumps(listed))

    def asked(self) -> list[list[str]]:
        """Return the arguments of all calls of gh after the list."""
        return [one[2:4] for one in self.commands if one[:2] == ["gh", "issue"]][1:]


OTHERS = {3: "prod is not what was deployed", 5: "About dev is not what was deployed"}
OPEN = {**OTHERS, 7: "dev is not what was deployed"}


def arguments(result: str) -> list[str]:
    return ["--stack", "dev", "--result", result]


@pytest.mark.parametrize(
    ("result", "issues", "asked"),
    [
        ("success", OTHERS, []),
        ("failure", OTHERS, [["create", "--title"]]),
        ("cancelled", OTHERS, [["create", "--title"]]),  # by the job's time limit
        ("failure", OPEN, [["comment", "7"]]),
        ("success", OPEN, [["close", "7"]]),
    ],
)
def test_one_issue_is_open_while_there_is_drift(
    result: str, issues: dict[int, str], asked: list[list[str]]
) -> None:
    run = Run(issues)

    assert main(arguments(result), run) == 0
    assert run.asked() == asked


@pytest.mark.parametrize(("result", "asked"), [("success", []), ("failure", ["create"])])
def test_an_issue_of_another_author_is_left_alone(result: str, asked: list[str]) -> None:
    run = Run(OPEN, by="jo")

    assert main(arguments(result), run) == 0
    assert [words[0] for words in run.asked()] == asked


@pytest.mark.parametrize(
    ("result", "refuses"), [("success", "list"), ("failure", "list"), ("failure", "create")]
)
def test_a_failure_of_gh_is_never_a_success(result: str, refuses: str) -> None:
    assert main(arguments(result), Run(OTHERS, refuses=refuses)) == 1


def test_the_issue_links_to_the_log_and_quotes_nothing() -> None:
    environment = {
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_REPOSITORY": "you/rrweb-store",
        "GITHUB_RUN_ID": "12",
    }

    url = run_url(environment)
    assert url == "https://github.example/you/rrweb-store/actions/runs/12"
    assert run_url({}) == ""
    assert f"make drift STACK=prod` found a difference, or failed: {url}" in body("prod", url)
    assert title("prod") == OTHERS[3]
