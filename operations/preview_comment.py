"""Posts what a pull request would change as a comment of it, and changes that one comment anew.

It posts by GitHub's own command, gh, with a token that may write. The text comes from a job that
ran the pull request's code, so it is taken as text that anybody may have written.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

# Of GitHub, less what stands around the text.
MAX_CHARACTERS = 65_536 - 1_000
# A character has at most four bytes.
_MAX_BYTES = 4 * MAX_CHARACTERS
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# Control characters but tab and newline, and those that turn the direction of a text.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def comment(stack: str, said: str, *, succeeded: bool, is_cut: bool = False) -> str:
    """Return the comment; a long preview loses its beginning, as the summary is at its end.

    In the block is neither Markdown nor HTML, and a name notifies no one.

    >>> print(comment("dev", "+ a bucket", succeeded=True))
    ### What `dev` would get
    <BLANKLINE>
    ~~~~~~~~diff
    + a bucket
    ~~~~~~~~
    """
    # Nothing that a preview says may end the block: then it could write the comment.
    plain = re.sub(r"~{8,}", "~~~~~~~", _UNSEEN.sub("", _COLOUR.sub("", said))).strip()
    if is_cut or len(plain) > MAX_CHARACTERS:
        plain = f"… the beginning is in the job's log\n{plain[-MAX_CHARACTERS:]}"
    title = f"What `{stack}` would get" if succeeded else f"The preview of `{stack}` failed"
    return f"### {title}\n\n~~~~~~~~diff\n{plain}\n~~~~~~~~"


def text_in(file: Path) -> tuple[str, bool]:
    """Return the file's end, and whether there is more before it; a text of ours if there is none.

    A link is not followed: it could name what this job alone may read.
    """
    if file.is_symlink() or not file.is_file():
        return "It said nothing: see the job's log", False
    size = file.stat().st_size
    with file.open("rb") as opened:
        opened.seek(max(0, size - _MAX_BYTES))
        return opened.read(_MAX_BYTES).decode("utf-8", errors="replace"), size > _MAX_BYTES


def main(arguments: Sequence[str] | None = None, run: Callable[..., Any] = subprocess.run) -> int:
    """Return the exit code of gh: the preview's own job has failed where the preview did."""
    parser = argparse.ArgumentParser(prog="python -m operations.preview_comment")
    parser.add_argument("--stack", required=True)
    parser.add_argument("--pull-request", required=True, type=int, metavar="NUMBER")
    parser.add_argument("--result", required=True, help="success, or else how the preview ended")
    parser.add_argument("--text", required=True, type=Path, metavar="FILE", help="what it said")
    options = parser.parse_args(arguments)
    said, is_cut = text_in(options.text)
    body = comment(options.stack, said, succeeded=options.result == "success", is_cut=is_cut)
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
