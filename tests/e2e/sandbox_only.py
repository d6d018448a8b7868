"""Which tests no deployed stack can pass, and why; docs/deploy.md lists the reasons."""

from collections.abc import Collection

# By the fixture that a test asks for, the most telling one first.
REASONS = {
    "untroubled": "makes AWS fail, stop or lose its answer",
    "store": "looks into the bucket, the stream or the table, where no client may",
    "sandbox": "asks for what the sandbox alone hands out, such as a token of any age",
    "browser": "has pages in a browser of this machine, and waits for their events in each test",
}
OTHERWISE = "makes a sandbox or a stand-in of its own, or knows how the sandbox differs from AWS"


def why_sandbox_only(fixtures: Collection[str], *, is_marked: bool) -> str | None:
    """Return why a test is skipped where STACK is; None if it runs.

    >>> why_sandbox_only(["owner", "store", "sandbox"], is_marked=False)
    'looks into the bucket, the stream or the table, where no client may'
    >>> why_sandbox_only(["owner"], is_marked=False)
    """
    by_fixture = [reason for fixture, reason in REASONS.items() if fixture in fixtures]
    return next(iter(by_fixture), OTHERWISE if is_marked else None)
