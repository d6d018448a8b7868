"""What `make` asks Pulumi for, Pulumi being a script that writes down what it was asked."""

import json
from pathlib import Path
from typing import Any

import pytest

from components.packed_contract import packed_contract
from tests.operations.command_line import CommandLine


@pytest.fixture
def pulumi(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


NOBODY = "--non-interactive"
SET_ALL = ["config", "set-all", "--path"]


def test_a_preview_is_held_against_the_pack(pulumi: CommandLine) -> None:
    code, asked = pulumi.make("preview", "STACK=dev")

    pack = ["--policy-pack", "policy"]
    assert (code, asked) == (
        0,
        [
            ["stack", "output", "--json", "--stack", "dev"],
            ["preview", "--diff", NOBODY, *pack, "--stack", "dev"],
        ],
    )


@pytest.mark.parametrize("target", ["preview", "deploy"])
def test_a_contract_that_breaks_clients_stops_before_pulumi_plans(
    pulumi: CommandLine, target: str
) -> None:
    paths = {"/gone": {"get": {"responses": {"200": {"description": "x"}}}}}
    health: dict[str, Any] = {"openapi": "3.0.1", "info": {"title": "x", "version": "1"}}
    health |= {"paths": paths}
    served = json.dumps({"contract": packed_contract(health)})

    code, asked = pulumi.make(target, "STACK=prod", ANSWER=served)

    assert (code, asked) == (2, [["stack", "output", "--json", "--stack", "prod"]])
    assert "GET /gone" in pulumi.said


def test_a_deployment_is_too_and_keeps_what_was_proven(pulumi: CommandLine) -> None:
    code, asked = pulumi.make("deploy", "STACK=dev", ANSWER='{"verifiedReleases": ["a"]}')

    assert (code, asked) == (
        0,
        [
            ["stack", "output", "--json", "--stack", "dev"],
            ["stack", "output", "--json", "--stack", "dev"],
            ["config", "rm", "verifiedReleases", "--stack", "dev"],
            [*SET_ALL, "--plaintext", "verifiedReleases[0]=a", "--stack", "dev"],
            ["up", "--yes", NOBODY, "--policy-pack", "policy", "--stack", "dev"],
        ],
    )


def test_a_plan_is_made_and_then_nothing_else_is_done(pulumi: CommandLine) -> None:
    _, previewed = pulumi.make("preview", "STACK=prod", "PLAN=plan.json")
    code, deployed = pulumi.make("deploy", "STACK=prod", "PLAN=plan.json")

    assert previewed[-1][-2:] == ["--save-plan", "plan.json"]
    assert (code, [words[0] for words in deployed]) == (0, ["stack", "up"])
    assert deployed[-1][-2:] == ["--plan", "plan.json"]


def test_drift_changes_nothing_and_fails_when_pulumi_finds_some(pulumi: CommandLine) -> None:
    code, asked = pulumi.make("drift", "STACK=prod", EXIT="1")

    # What prod reads of dev and of itself is no thing of AWS's, and changes with each deployment.
    flags = ["--preview-only", "--expect-no-changes", NOBODY, "--exclude", "**StackReference**"]
    assert (code, asked) == (2, [["refresh", *flags, "--stack", "prod"]])


@pytest.mark.parametrize("target", ["preview", "deploy", "drift"])
def test_without_a_stack_nothing_is_asked(pulumi: CommandLine, target: str) -> None:
    code, asked = pulumi.make(target)

    assert (code, asked) == (2, [])


@pytest.mark.parametrize("target", ["preview", "drift"])
def test_a_stack_s_name_is_a_name_and_no_shell(pulumi: CommandLine, target: str) -> None:
    hostile = "dev; echo $(id) `id`"

    _, asked = pulumi.make(target, f"STACK={hostile}".replace("$", "$$"))

    assert asked[-1][-2:] == ["--stack", hostile]


def test_a_pull_request_s_stack_is_made_deployed_and_proven(pulumi: CommandLine) -> None:
    code, asked = pulumi.make("ephemeral", "PR=999999", "PYTEST=true")

    assert code == 0
    assert [" ".join(words) for words in asked] == [
        f"stack select --create {NOBODY} pr-999999",
        "stack output --json --stack pr-999999",
        "stack output --json --stack pr-999999",
        "config rm verifiedReleases --stack pr-999999",
        f"up --yes {NOBODY} --policy-pack policy --stack pr-999999",
    ]


LIST = ["stack", "ls", "--json"]
STACKS = '[{"name": "dev"}, {"name": "pr-999999"}]'


def test_it_goes_away_with_its_state(pulumi: CommandLine) -> None:
    code, asked = pulumi.make("ephemeral-gone", "PR=999999", ANSWER=STACKS)

    flags = ["--yes", "--remove", NOBODY]
    assert (code, asked) == (0, [LIST, ["destroy", *flags, "--stack", "pr-999999"]])


def test_one_that_never_was_is_gone_already(pulumi: CommandLine) -> None:
    code, asked = pulumi.make("ephemeral-gone", "PR=99999", ANSWER=STACKS)

    assert (code, asked) == (0, [LIST])
    assert "there is no stack pr-99999: nothing to destroy" in pulumi.said


def test_it_is_not_gone_when_pulumi_cannot_say(pulumi: CommandLine) -> None:
    code, asked = pulumi.make("ephemeral-gone", "PR=999999", ANSWER="", EXIT="1")

    assert (code, asked) == (2, [LIST])


def test_a_preview_that_fails_is_said_and_fails(pulumi: CommandLine) -> None:
    code, asked = pulumi.make("preview-comment", "PR=12", "STACK=dev", EXIT_OF_PULUMI="1")

    assert code == 2
    assert [words[0] for words in asked] == ["stack", "gh"]
