"""What `make` asks Pulumi for, Pulumi being a script that writes down what it was asked."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.program import PROJECT

RECORDER = f"""#!{sys.executable}
import json, os, sys
with open(os.environ["ASKED"], "a") as asked:
    asked.write(json.dumps(sys.argv[1:]) + "\\n")
print(os.environ.get("ANSWER", "{{}}"))
sys.exit(int(os.environ.get("EXIT", "0")))
"""


class Pulumi:
    """Stands for the command line."""

    def __init__(self, folder: Path) -> None:
        self.asked = folder / "asked"
        self.asked.touch()
        self.folder = folder
        script = folder / "pulumi"
        script.write_text(RECORDER, encoding="utf-8")
        script.chmod(0o755)

    def make(self, *arguments: str, **env: str) -> tuple[int, list[list[str]]]:
        """Return make's exit code, and what was asked for since."""
        self.asked.write_text("", encoding="utf-8")
        own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        path = f"{self.folder}:{os.environ['PATH']}"
        run = subprocess.run(
            # What is installed already is not installed again by a test.
            ["make", "--no-print-directory", "-o", ".venv/ready", *arguments],
            cwd=PROJECT,
            env={**own, "PATH": path, "ASKED": str(self.asked), **env},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        lines = self.asked.read_text(encoding="utf-8").splitlines()
        return run.returncode, [json.loads(line) for line in lines]


@pytest.fixture
def pulumi(tmp_path: Path) -> Pulumi:
    return Pulumi(tmp_path)


NOBODY = "--non-interactive"


def test_a_preview_is_held_against_the_pack(pulumi: Pulumi) -> None:
    code, asked = pulumi.make("preview", "STACK=dev")

    pack = ["--policy-pack", "policy"]
    assert (code, asked) == (0, [["preview", "--diff", NOBODY, *pack, "--stack", "dev"]])


def test_a_deployment_is_too_and_keeps_what_was_proven(pulumi: Pulumi) -> None:
    code, asked = pulumi.make("deploy", "STACK=dev", ANSWER='{"verifiedReleases": ["a"]}')

    assert (code, asked) == (
        0,
        [
            ["stack", "output", "--json", "--stack", "dev"],
            ["config", "set", "verifiedReleases", '["a"]', "--stack", "dev"],
            ["up", "--yes", NOBODY, "--policy-pack", "policy", "--stack", "dev"],
        ],
    )


def test_a_plan_is_made_and_then_nothing_else_is_done(pulumi: Pulumi) -> None:
    _, previewed = pulumi.make("preview", "STACK=prod", "PLAN=plan.json")
    code, deployed = pulumi.make("deploy", "STACK=prod", "PLAN=plan.json")

    assert previewed[0][-2:] == ["--save-plan", "plan.json"]
    assert (code, len(deployed)) == (0, 1)
    assert deployed[0][-2:] == ["--plan", "plan.json"]


def test_drift_changes_nothing_and_fails_when_pulumi_finds_some(pulumi: Pulumi) -> None:
    code, asked = pulumi.make("drift", "STACK=prod", EXIT="1")

    flags = ["--preview-only", "--expect-no-changes", NOBODY]
    assert (code, asked) == (2, [["refresh", *flags, "--stack", "prod"]])


@pytest.mark.parametrize("target", ["preview", "deploy", "drift"])
def test_without_a_stack_nothing_is_asked(pulumi: Pulumi, target: str) -> None:
    code, asked = pulumi.make(target)

    assert (code, asked) == (2, [])


@pytest.mark.parametrize("target", ["preview", "drift"])
def test_a_stack_s_name_is_a_name_and_no_shell(pulumi: Pulumi, target: str) -> None:
    hostile = "dev; echo $(id) `id`"

    _, asked = pulumi.make(target, f"STACK={hostile}".replace("$", "$$"))

    assert asked[0][-2:] == ["--stack", hostile]
