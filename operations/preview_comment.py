"""Posts the preview of a pull request as one comment on it, which later previews replace.

Requires GitHub's command, gh, and a token that may write. The text comes from a job that ran the
pull request's code, so it is untrusted.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

# GitHub's limit, less the text around the preview.
MAX_CHARACTERS = 65_536 - 1_000
# A character has at most four bytes in UTF-8.
_MAX_BYTES = 4 * MAX_CHARACTERS
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# Control characters except tab and newline, and marks that change a text's direction.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def comment(stack: str, preview: str, *, succeeded: bool, is_cut: bool = False) -> str:
    """Return the comment; a long preview is cut at its start, as its summary is at the end.

    GitHub renders no Markdown or HTML inside the block, and an @name there notifies no user.

    >>> print(comment("dev", "+ a bucket", succeeded=True))
    ### What `dev` would get
    <BLANKLINE>
    ~~~~~~~~diff
    + a bucket
    ~~~~~~~~
    """
    # A preview must not end the block, or the rest of it would be rendered.
    plain = re.sub(r"~{8,}", "~~~~~~~", _INVISIBLE.sub("", _COLOUR.sub("", preview))).strip()
    if is_cut or len(plain) > MAX_CHARACTERS:
        plain = f"… the start is in the job's log\n{plain[-MAX_CHARACTERS:]}"
    title = f"What `{stack}` would get" if succeeded else f"The preview of `{stack}` failed"
    return f"### {title}\n\n~~~~~~~~diff\n{plain}\n~~~~~~~~"


def text_in(file: Path) -> tuple[str, bool]:
    """Return the file's end, and whether it was cut; a placeholder if there is no such file.

    A link is not followed: it could point to a file that only this job may read.
    """
    if file.is_symlink() or not file.is_file():
        return "The preview printed nothing: see the job's log", False
    size = file.stat().st_size
    with file.open("rb") as opened:
        opened.seek(max(0, size - _MAX_BYTES))
        return opened.read(_MAX_BYTES).decode("utf-8", errors="replace"), size > _MAX_BYTES


def main(arguments: Sequence[str] | None = None, run: Callable[..., Any] = subprocess.run) -> int:
    """Return the exit code of gh. If the preview failed, its own job has failed already."""
    parser = argparse.ArgumentParser(prog="python -m operations.preview_comment")
    parser.add_argument("--stack", required=True)
    parser.add_argument("--pull-request", required=True, type=int, metavar="NUMBER")
    parser.add_argument("--result", required=True, help="result of the preview, such as success")
    parser.add_argument(
        "--text", required=True, type=Path, metavar="FILE", help="output of the preview"
    )
    options = parser.parse_args(arguments)
    preview, is_cut = text_in(options.text)
    body = comment(options.stack, preview, succeeded=options.result == "success", is_cut=is_cut)
    number = str(options.pull_request)
    posted = run(
        ["gh", "pr", "comment", number, "--edit-last", "--create-if-none", "--body-file", "-"],
        input=body,
        text=True,
        check=False,
    )
    return posted.returncode


if __name__ == "__main__":
    sys.exit(main())
