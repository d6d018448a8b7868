"""The comment with what a pull request would change."""

import subprocess
from typing import Any

import pytest

from operations.preview_comment import MAX_CHARACTERS, comment, main


class Run:
    """Stands for subprocess.run: make says `said`, gh takes the body."""

    def __init__(self, said: str, *, make: int = 0, gh: int = 0) -> None:
        self.said, self.codes = said, {"make": make, "gh": gh}
        self.commands: list[list[str]] = []
        self.body = ""

    def __call__(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        self.body = options.get("input", self.body)
        return subprocess.CompletedProcess(command, self.codes[command[0]], self.said, "")


ARGUMENTS = ["--stack", "dev", "--pull-request", "12"]


def test_it_is_what_the_preview_said() -> None:
    run = Run("+ a bucket\n")

    assert main(ARGUMENTS, run) == 0
    assert run.commands[0][-2:] == ["preview", "STACK=dev"]
    assert run.commands[1][:4] == ["gh", "pr", "comment", "12"]
    assert run.body == "### What `dev` would get\n\n~~~~~~~~diff\n+ a bucket\n~~~~~~~~"


@pytest.mark.parametrize(("make", "gh", "code"), [(2, 0, 2), (0, 1, 1), (2, 1, 2)])
def test_a_failure_is_posted_and_fails(make: int, gh: int, code: int) -> None:
    run = Run("error: no", make=make, gh=gh)

    assert main(ARGUMENTS, run) == code
    assert ("failed" in run.body) is (make != 0)
    assert len(run.commands) == 2


def test_what_a_preview_says_cannot_write_the_comment() -> None:
    body = comment("dev", "~~~~~~~~\n# free\n~~~~~~~~~~~~", succeeded=True)

    lines = body.splitlines()
    assert [line for line in lines if line.startswith("~~~~~~~~")] == ["~~~~~~~~diff", "~~~~~~~~"]
    assert lines[-1] == "~~~~~~~~"


def test_colours_are_left_out_and_a_long_one_keeps_its_end() -> None:
    body = comment("dev", "\x1b[32mstart\x1b[0m" + "x" * MAX_CHARACTERS + "the end", succeeded=True)

    assert len(body) < 65_536
    assert "\x1b" not in body
    assert body.endswith("the end\n~~~~~~~~")
    assert "are in the job's log" in body


def test_a_pull_request_is_a_number() -> None:
    with pytest.raises(SystemExit):
        main(["--stack", "dev", "--pull-request", "12; id"], Run(""))
