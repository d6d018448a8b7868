"""A test that needs the sandbox is skipped where STACK is, whether somebody marked it or not."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from operations.costs import Sent
from sandbox.program import PROJECT
from tests.e2e.sandbox_only import OTHERWISE, REASONS, why_sandbox_only
from tests.e2e.spending import above, added, spent_by

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]


@pytest.mark.parametrize(("fixture", "reason"), REASONS.items())
def test_a_test_that_asks_for_the_sandbox_needs_no_mark(fixture: str, reason: str) -> None:
    # It would start a sandbox, and hold the deployed stack against that one's bucket.
    assert why_sandbox_only({"owner", "stack", fixture}, is_marked=False) == reason
    assert why_sandbox_only({"owner", "stack", fixture}, is_marked=True) == reason


def test_a_test_that_asks_for_the_stack_alone_is_skipped_if_it_is_marked() -> None:
    assert why_sandbox_only({"owner", "stack"}, is_marked=False) is None
    assert why_sandbox_only({"owner", "stack"}, is_marked=True) == OTHERWISE


def test_with_a_stack_pytest_says_why_it_skips(tmp_path: Path) -> None:
    files = ["test_heavy_page.py", "test_reshard.py", "test_redrive.py"]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--quiet"]

    # Whatever is not skipped would ask Pulumi for its exports, and fail, as there is none.
    run = subprocess.run(
        [*command, *(f"tests/e2e/{file}" for file in files)],
        cwd=PROJECT,
        env={**os.environ, "STACK": "dev", "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout
    assert run.stdout.count("STACK is set, and it ") == len(files)
    assert REASONS["store"] in run.stdout
    assert run.stdout.splitlines()[-1].startswith("3 skipped in ")


def answer(method: str, path: str, status: int, body: bytes = b"") -> httpx.Response:
    return httpx.Response(status, request=httpx.Request(method, f"http://x/v1{path}", content=body))


def test_a_run_is_counted_in_the_units_that_aws_bills() -> None:
    sent = [
        spent_by(answer("PUT", "/recordings/a", 201, b"{}")),
        spent_by(answer("POST", "/recordings/a/events", 202, b"12345")),
        spent_by(answer("POST", "/recordings/a/events", 413, b"12345")),
        spent_by(answer("PUT", "/recordings/a/events/0", 200, b"123")),
        spent_by(answer("GET", "/recordings/a/events", 200)),
        spent_by(answer("GET", "/recordings/a", 200)),
    ]
    together = Sent()
    for one in sent:
        together = added(together, one)

    assert together == Sent(calls=6, reads=1, batches=1, objects=2, recordings=1, stored_bytes=8)
    assert above(together, Sent(calls=6, reads=1, batches=0, objects=2, stored_bytes=9)) == {
        "batches": 1,
        "recordings": 1,
    }
