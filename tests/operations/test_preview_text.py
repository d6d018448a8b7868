"""The output of a preview, stored without the secrets of its job."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from operations.preview_text import main, masked


@pytest.mark.parametrize("code", [0, 2])
def test_output_and_exit_code_of_the_preview_are_kept(tmp_path: Path, code: int) -> None:
    asked: list[tuple[list[str], str]] = []

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        asked.append((command, options["env"]["STACK"]))
        return subprocess.CompletedProcess(command, code, "+ a bucket\n")

    file = tmp_path / "said" / "preview.txt"

    assert main(["--stack", "dev", "--to", str(file)], run) == code
    assert asked == [(["make", "--no-print-directory", "preview"], "dev")]
    assert file.read_text(encoding="utf-8") == "+ a bucket\n"


def test_the_output_contains_no_key_and_no_token() -> None:
    environment = {
        "AWS_ACCESS_KEY_ID": "ASIA0",
        "AWS_SECRET_ACCESS_KEY": "ASIA0secret",
        "AWS_SESSION_TOKEN": "session",
        "PULUMI_CONFIG_PASSPHRASE": "",
        "AWS_REGION": "eu-west-1",
    }

    said = masked("ASIA0 ASIA0secret session eu-west-1", environment)

    assert said == "*** *** *** eu-west-1"
