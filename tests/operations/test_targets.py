"""The commands of Pulumi in `make`, recorded by a stand-in for Pulumi."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from components.release.packed_contract import packed_contract
from sandbox.program import PROJECT
from tests.operations.command_line import CommandLine


@pytest.fixture
def pulumi(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")
NON_INTERACTIVE = "--non-interactive"
SET_ALL = ["config", "set-all", "--path"]


def test_a_preview_is_checked_by_the_policy_pack(pulumi: CommandLine) -> None:
    code, asked = pulumi.make("preview", "STACK=dev")

    pack = ["--policy-pack", "policy"]
    assert (code, asked) == (
        0,
        [
            ["stack", "output", "--json", "--stack", "dev"],
            ["preview", "--diff", NON_INTERACTIVE, *pack, "--stack", "dev"],
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


def test_a_deployment_is_checked_and_keeps_the_verified_releases(pulumi: CommandLine) -> None:
    code, asked = pulumi.make("deploy", "STACK=dev", ANSWER='{"verifiedReleases": ["a"]}')

    assert (code, asked) == (
        0,
        [
            ["stack", "output", "--json", "--stack", "dev"],
            ["stack", "output", "--json", "--stack", "dev"],
            ["config", "rm", "verifiedReleases", "--stack", "dev"],
            [*SET_ALL, "--plaintext", "verifiedReleases[0]=a", "--stack", "dev"],
            ["up", "--yes", NON_INTERACTIVE, "--policy-pack", "policy", "--stack", "dev"],
        ],
    )


def test_a_deployment_with_a_plan_follows_the_plan(pulumi: CommandLine) -> None:
    _, previewed = pulumi.make("preview", "STACK=prod", "PLAN=plan.json")
    code, deployed = pulumi.make("deploy", "STACK=prod", "PLAN=plan.json")

    assert previewed[-1][-2:] == ["--save-plan", "plan.json"]
    assert (code, [words[0] for words in deployed]) == (0, ["stack", "up"])
    assert deployed[-1][-2:] == ["--plan", "plan.json"]


def test_drift_changes_nothing_and_fails_if_pulumi_finds_a_difference(pulumi: CommandLine) -> None:
    code, asked = pulumi.make("drift", "STACK=prod", EXIT="1")

    # The stack references of prod are no AWS resources and change with each deployment.
    flags = [
        "--preview-only",
        "--expect-no-changes",
        NON_INTERACTIVE,
        "--exclude",
        "**StackReference**",
    ]
    assert (code, asked) == (2, [["refresh", *flags, "--stack", "prod"]])


@pytest.mark.parametrize("target", ["preview", "deploy", "drift"])
def test_without_a_stack_pulumi_is_not_called(pulumi: CommandLine, target: str) -> None:
    code, asked = pulumi.make(target)

    assert (code, asked) == (2, [])


@pytest.mark.parametrize("target", ["preview", "drift"])
def test_a_stack_s_name_is_not_run_by_the_shell(pulumi: CommandLine, target: str) -> None:
    hostile = "dev; echo $(id) `id`"

    _, asked = pulumi.make(target, f"STACK={hostile}".replace("$", "$$"))

    assert asked[-1][-2:] == ["--stack", hostile]


def test_a_pull_request_s_stack_is_created_deployed_and_tested(pulumi: CommandLine) -> None:
    code, asked = pulumi.make("ephemeral", "PR=999999", "PYTEST=true")

    assert code == 0
    assert [" ".join(words) for words in asked] == [
        f"stack select --create {NON_INTERACTIVE} pr-999999",
        "stack output --json --stack pr-999999",
        "stack output --json --stack pr-999999",
        "config rm verifiedReleases --stack pr-999999",
        f"up --yes {NON_INTERACTIVE} --policy-pack policy --stack pr-999999",
    ]


FIND = ["stack", "select", NON_INTERACTIVE, "--stack", "pr-999999"]
DESTROY = ["destroy", "--yes", "--remove", NON_INTERACTIVE, "--stack", "pr-999999"]


def test_a_pull_request_s_stack_is_destroyed_with_its_state(pulumi: CommandLine) -> None:
    code, asked = pulumi.make("ephemeral-gone", "PR=999999")

    assert (code, asked) == (0, [FIND, DESTROY])


def test_a_stack_that_never_existed_needs_no_destruction(pulumi: CommandLine) -> None:
    code, asked = pulumi.make("ephemeral-gone", "PR=999999", EXIT_OF_PULUMI_STACK_SELECT="6")

    assert (code, asked) == (0, [FIND])
    assert "there is no stack pr-999999: nothing to destroy" in pulumi.said


@pytest.mark.parametrize("code_of_pulumi", ["1", "2", "3", "255"])
def test_a_failed_search_for_the_stack_is_a_failure(
    pulumi: CommandLine, code_of_pulumi: str
) -> None:
    code, asked = pulumi.make(
        "ephemeral-gone", "PR=999999", EXIT_OF_PULUMI_STACK_SELECT=code_of_pulumi
    )

    assert (code, asked) == (2, [FIND])


def test_a_failed_destruction_is_a_failure(pulumi: CommandLine) -> None:
    fails = {"EXIT_OF_PULUMI_DESTROY_--YES": "1"}

    code, asked = pulumi.make("ephemeral-gone", "PR=999999", **fails)

    assert (code, asked) == (2, [FIND, DESTROY])


def test_the_output_of_a_failed_preview_is_kept(pulumi: CommandLine, tmp_path: Path) -> None:
    text = tmp_path / "said" / "preview.txt"

    code, asked = pulumi.make(
        "preview-text",
        "STACK=dev",
        f"TEXT={text}",
        **{
            "ANSWER_OF_PULUMI_PREVIEW_--DIFF": "error: no key ASIA01234567",
            "EXIT_OF_PULUMI_PREVIEW_--DIFF": "1",
        },
        AWS_ACCESS_KEY_ID="ASIA01234567",
    )

    assert (code, asked[-1][:2]) == (2, ["preview", "--diff"])
    assert "error: no key ***" in text.read_text(encoding="utf-8")


def test_the_posting_target_runs_nothing_else(pulumi: CommandLine, tmp_path: Path) -> None:
    text = tmp_path / "preview.txt"
    text.write_text("+ a bucket", encoding="utf-8")

    code, asked = pulumi.make(
        "preview-comment", "PR=12", "STACK=dev", "RESULT=failure", f"TEXT={text}"
    )

    assert (code, [words[:4] for words in asked]) == (0, [["gh", "pr", "comment", "12"]])


RECIPES = [line for line in MAKEFILE.splitlines() if line.startswith("\t")]
# The only variables that make expands in a recipe: no caller sets them.
OF_THE_MAKEFILE = {
    *(
        "BOTH",
        "CHECKED",
        "EXAMPLES",
        "CURDIR",
        "END_TO_END",
        "MAKE",
        "MAKEFILE_LIST",
        "MODULE",
        "PYTEST",
    ),
    "PYTHON",
}


def test_no_recipe_expands_a_caller_s_text() -> None:
    # A shell variable, `$${STACK}`, is one word for any value. One of make would be a script.
    referred = {name for line in RECIPES for name in re.findall(r"(?<!\$)\$[({](\w+)[)}]", line)}
    asked_for = {found for line in RECIPES for found in re.findall(r"\$\(if ([^,]+),", line)}

    assert referred <= OF_THE_MAKEFILE
    assert {re.sub(r"\w+\)$", "", one) for one in asked_for} == {"$(value "}


def test_a_make_function_in_a_value_is_not_called(pulumi: CommandLine, tmp_path: Path) -> None:
    called = tmp_path / "called"

    pulumi.make("preview", STACK="dev", PLAN=f"$(shell touch {called})")

    assert not called.exists()
