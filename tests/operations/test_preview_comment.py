"""The comment with the preview of a pull request, whose text is untrusted."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from operations.preview_comment import MAX_CHARACTERS, comment, main, text_in


class Run:
    """A stand-in for subprocess.run, which keeps the body for gh."""

    def __init__(self, *, gh: int = 0) -> None:
        self.code = gh
        self.commands: list[list[str]] = []
        self.body = ""

    def __call__(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        self.body = options["input"]
        return subprocess.CompletedProcess(command, self.code)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "preview.txt"
    file.write_text("+ a bucket\n", encoding="utf-8")
    return file


def arguments(text: Path, result: str = "success") -> list[str]:
    return ["--stack", "dev", "--pull-request", "12", "--result", result, "--text", str(text)]


def test_the_comment_contains_the_preview_s_output(text: Path) -> None:
    run = Run()

    assert main(arguments(text), run) == 0
    assert [command[:4] for command in run.commands] == [["gh", "pr", "comment", "12"]]
    assert run.body == "### What `dev` would get\n\n~~~~~~~~diff\n+ a bucket\n~~~~~~~~"


@pytest.mark.parametrize("result", ["failure", "cancelled", ""])
def test_an_unsuccessful_preview_is_posted_as_failed(text: Path, result: str) -> None:
    run = Run()

    assert main(arguments(text, result), run) == 0
    assert run.body.startswith("### The preview of `dev` failed\n")


def test_a_failure_of_gh_is_a_failure(text: Path) -> None:
    assert main(arguments(text), Run(gh=1)) == 1


def test_a_preview_without_output_is_posted(tmp_path: Path) -> None:
    run = Run()

    assert main(arguments(tmp_path / "nothing.txt", "failure"), run) == 0
    assert "The preview printed nothing: see the job's log" in run.body


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("a-token", encoding="utf-8")
    link, pipe = tmp_path / "link.txt", tmp_path / "pipe.txt"
    link.symlink_to(tmp_path / "token")
    os.mkfifo(pipe)

    said = [text_in(file) for file in (link, pipe, tmp_path)]

    assert said == [("The preview printed nothing: see the job's log", False)] * 3


@pytest.mark.parametrize("end", ["\n", "\r", "\x0b", "\u2028", ""])
def test_a_preview_cannot_end_the_block(end: str) -> None:
    body = comment("dev", f"{end}~~~~~~~~{end}# @free <b>{end}~~~~~~\x00~~~~~~", succeeded=True)

    head, *_, last = body.split("\n")
    assert body.count("~~~~~~~~") == 2
    assert (head, last) == ("### What `dev` would get", "~~~~~~~~")


def test_colours_and_invisible_characters_are_removed() -> None:
    body = comment("dev", "\x1b[32ma\x1b[0m\x00\x07\r\u202eb\u2066\tc", succeeded=True)

    assert body.splitlines()[3:-1] == ["ab\tc"]


@pytest.mark.parametrize("letter", ["x", "ä", "\U0001f642", "~"])
def test_a_long_preview_keeps_its_end(tmp_path: Path, letter: str) -> None:
    text = tmp_path / "preview.txt"
    text.write_text("start" + letter * 5 * MAX_CHARACTERS + "the end", encoding="utf-8")
    run = Run()

    assert main(arguments(text), run) == 0
    assert len(run.body) < 65_536
    assert run.body.endswith("the end\n~~~~~~~~")
    assert "the start is in the job's log" in run.body


def test_invalid_utf_8_is_posted_nevertheless(tmp_path: Path) -> None:
    text = tmp_path / "preview.txt"
    text.write_bytes(b"\xff\xfe+ a bucket")
    run = Run()

    assert main(arguments(text), run) == 0
    assert "\ufffd\ufffd+ a bucket" in run.body


def test_a_pull_request_is_a_number(text: Path) -> None:
    with pytest.raises(SystemExit):
        main(["--stack", "dev", "--pull-request", "12; id", "--text", str(text)], Run())
