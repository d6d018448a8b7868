"""The mark of a verified release, which later deployments keep."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from components.release.release import release_of
from operations.verified import NotProvenError, kept_releases, main, running, with_proven
from sandbox.program import PROJECT
from tests.operations.command_line import CommandLine

PROVEN = {"release": "r2", "verifiedReleases": ["r2", "r1"]}


class Config:
    """The configuration file of a stack, changed by `pulumi config`."""

    def __init__(self, *releases: str, fails_at: str = "") -> None:
        self.releases = list(releases)
        self.fails_at = fails_at

    def run(self, command: list[str], **_: object) -> Any:
        """Run `pulumi config`, or fail."""

        class Ended:
            returncode = int(self.fails_at in command) if self.fails_at else 0

        if not Ended.returncode and command[2] == "rm":
            self.releases = []
        if not Ended.returncode and command[2] == "set-all":
            for at, value in re.findall(r"verifiedReleases\[(\d+)\]=(\w+)", " ".join(command)):
                self.releases[int(at) : int(at) + 1] = [value]
        return Ended()


def called(tmp_path: Path, exports: dict[str, Any], *words: str, config: Config) -> int:
    """Return the exit code of the command for a stack with these exports."""
    (tmp_path / "outputs.json").write_text(json.dumps(exports), encoding="utf-8")
    outputs = ["--outputs", str(tmp_path / "outputs.json")]
    return main([*words, *outputs], config.run, lambda: "r2")


def test_the_tested_release_comes_first_and_once() -> None:
    assert with_proven({"release": "r3", "verifiedReleases": ["r2", "r1"]}, "r3") == [
        *("r3", "r2", "r1")
    ]
    assert with_proven(PROVEN, "r2") == ["r2", "r1"]
    assert with_proven({"release": "r1", "verifiedReleases": ["r2", "r1"]}, "r1") == ["r1", "r2"]
    assert with_proven({"release": "r1"}, "r1") == ["r1"]


def test_ten_releases_are_kept() -> None:
    many = {"release": "a", "verifiedReleases": [*"bcdefghijk"]}

    assert with_proven(many, "a") == [*"abcdefghij"]
    assert kept_releases({"verifiedReleases": [*"bcdefghijkl"]}) == [*"bcdefghijk"]
    assert kept_releases({"release": "a"}) == []


def test_a_release_that_was_deployed_during_the_tests_is_not_marked() -> None:
    with pytest.raises(NotProvenError, match="began with r2, and r3 runs now: nothing is marked"):
        with_proven({"release": "r3", "verifiedReleases": ["r1"]}, "r2")


@pytest.mark.parametrize(("exports", "said"), [({"release": "r1"}, "r1 runs"), ({}, "nothing run")])
def test_the_tests_of_another_checkout_verify_nothing(exports: dict[str, Any], said: str) -> None:
    with pytest.raises(NotProvenError, match=f"^{said}.*makes r2: deploy it first"):
        running(exports, "r2")


def test_the_mark_is_stored_in_the_configuration_of_the_stack(tmp_path: Path) -> None:
    config = Config("r1")

    assert called(tmp_path, PROVEN, "add", "r2", config=config) == 0
    assert config.releases == ["r2", "r1"]


def test_a_repeated_mark_changes_nothing(tmp_path: Path) -> None:
    config = Config()

    assert [called(tmp_path, PROVEN, "add", "r2", config=config) for _ in range(2)] == [0, 0]
    assert [called(tmp_path, PROVEN, "keep", config=config) for _ in range(2)] == [0, 0]
    assert config.releases == ["r2", "r1"]


@pytest.mark.parametrize("left", [["r3", "r2", "r1"], ["r1"], [], ["x"] * 10])
def test_the_exported_releases_replace_an_interrupted_mark(tmp_path: Path, left: list[str]) -> None:
    config = Config(*left)

    assert called(tmp_path, PROVEN, "keep", config=config) == 0
    assert config.releases == ["r2", "r1"]


def test_a_stack_without_verified_releases_has_no_list(tmp_path: Path) -> None:
    config = Config("r9")

    assert called(tmp_path, {"release": "r2"}, "keep", config=config) == 0
    assert config.releases == []


@pytest.mark.parametrize("step", ["rm", "set-all"])
def test_a_failure_of_pulumi_is_a_failure_of_the_command(tmp_path: Path, step: str) -> None:
    assert called(tmp_path, PROVEN, "add", "r2", config=Config(fails_at=step)) == 1


def test_a_refusal_changes_nothing(tmp_path: Path) -> None:
    config = Config("r1")

    assert called(tmp_path, PROVEN, "add", "r9", config=config) == 1
    assert config.releases == ["r1"]


# The calls of make before and after the tests.


def test_make_tests_only_the_release_of_the_checkout(tmp_path: Path) -> None:
    line = CommandLine(tmp_path)

    code, asked = line.make("verify", "STACK=dev", "PYTEST=false", ANSWER='{"release": "r0"}')

    assert code == 2
    assert "r0 runs, and this checkout makes r" in line.said
    assert asked == [["stack", "output", "--json", "--stack", "dev"]]


def test_make_marks_the_tested_release_and_deploys_the_mark(tmp_path: Path) -> None:
    line = CommandLine(tmp_path)

    code, asked = line.make(
        "verify", "STACK=dev", "PYTEST=true", ANSWER=json.dumps({"release": release_of(PROJECT)})
    )

    assert code == 0, line.said
    assert [" ".join(words) for words in asked] == [
        "stack output --json --stack dev",
        "stack output --json --stack dev",
        "config rm verifiedReleases --stack dev",
        f"config set-all --path --plaintext verifiedReleases[0]={release_of(PROJECT)} --stack dev",
        "up --yes --non-interactive --policy-pack policy --stack dev",
    ]


def test_make_marks_nothing_if_a_test_fails(tmp_path: Path) -> None:
    line = CommandLine(tmp_path)

    code, asked = line.make(
        "verify", "STACK=dev", "PYTEST=false", ANSWER=json.dumps({"release": release_of(PROJECT)})
    )

    assert (code, len(asked)) == (2, 1)
