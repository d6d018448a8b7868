"""The workflows: pinned, allowed little, and nothing in them that cannot be run by hand."""

import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.stages import STAGES
from components.release.release import release_of
from operations.artifacts import CHECKSUMS, version
from operations.main_commit import MAIN
from tests.operations.command_line import CommandLine
from tests.operations.repository import commit, git

PROJECT = Path(__file__).parents[1]
WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"(- )?uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")

each = pytest.mark.parametrize("file", WORKFLOWS, ids=[path.name for path in WORKFLOWS])


def jobs(file: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].values())


def steps(file: Path) -> list[dict[str, Any]]:
    return [step for job in jobs(file) for step in job["steps"]]


def test_there_are_workflows() -> None:
    assert {path.stem for path in WORKFLOWS} == {
        *("test", "preview", "ephemeral", "janitor", "dev", "prod", "drift", "release")
    }


@each
def test_every_action_is_pinned_to_a_commit_whose_version_is_beside_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    # What is in this repository is of this commit.
    lines = [line for line in text.splitlines() if "uses:" in line and "uses: ./" not in line]

    assert lines
    assert [line for line in lines if not PINNED.fullmatch(line.strip())] == []


@each
def test_a_step_s_shell_is_one_make_target(file: Path) -> None:
    commands = [step["run"].split() for step in steps(file) if "run" in step]

    assert commands
    for words in commands:
        assert words[0] == "make"
        assert len(words) == 2
        assert re.search(rf"^{words[1]}:.*##", MAKEFILE, re.MULTILINE)


SAYS_SOMETHING = {
    "preview": {"pull-requests"},
    "drift": {"issues"},
    "release": {"attestations", "contents"},
}


@each
def test_it_may_do_little_does_not_pile_up_and_ends(file: Path) -> None:
    document = yaml.safe_load(file.read_text(encoding="utf-8"))

    assert document["permissions"] in ({}, {"contents": "read"})
    assert document["concurrency"]["group"]
    own = [job for job in jobs(file) if "uses" not in job]
    assert [job for job in own if job["timeout-minutes"] > 60] == []
    granted = [job.get("permissions", {}) for job in jobs(file)]
    writes = {name for one in granted for name, access in one.items() if access == "write"}
    assert writes <= {"id-token", *SAYS_SOMETHING.get(file.stem, ())}


@each
def test_no_stored_key_of_aws_and_no_trigger_that_gives_a_fork_secrets(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert re.findall(r"(?i)aws[-_]secret|access[-_]key", text) == []
    assert re.findall(r"pull_request_target|workflow_run|secrets\.", text) == []
    # What one run keeps for another, a pull request could write.
    assert re.findall(r"actions/cache|\bcache(-\w+)?:|run-id:|github-token:", text) == []


def test_a_pull_request_gets_tests_and_neither_role_nor_secret() -> None:
    text = (PROJECT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")

    assert re.findall(r"secrets\.|id-token|role-to-assume", text) == []


@each
def test_no_credential_is_left_in_the_checkout(file: Path) -> None:
    checkouts = [step for step in steps(file) if "checkout" in step.get("uses", "")]

    assert [step["with"]["persist-credentials"] for step in checkouts] == [False] * len(checkouts)


SAME_REPOSITORY = "github.event.pull_request.head.repo.full_name == github.repository"


def test_a_job_of_a_pull_request_that_has_a_role_is_not_for_forks() -> None:
    with_role = [
        job
        for file in WORKFLOWS
        for job in jobs(file)
        if "id-token" in job.get("permissions", {}) and "pull_request:" in file.read_text("utf-8")
    ]

    assert len(with_role) == 3
    assert [job["name"] for job in with_role if SAME_REPOSITORY not in job["if"]] == []


def role_of(job: dict[str, Any]) -> str:
    """Return the variable that holds the job's role, or nothing."""
    given = [step.get("with", {}).get("role-to-assume", "") for step in job["steps"]]
    return re.sub(r"\W|vars", "", "".join(given))


def test_every_job_has_the_role_of_its_own_environment() -> None:
    roles = {role_of(job): job.get("environment") for file in WORKFLOWS for job in jobs(file)}
    claims = {stage.variable: stage.claim.removeprefix("environment:") for stage in STAGES.values()}

    assert roles == {**claims, "PREVIEW_ROLE_ARN": None, "": None}


SAYING = [
    (file, job)
    for file in WORKFLOWS
    for job in jobs(file)
    if "write" in {**job.get("permissions", {}), "id-token": "none"}.values()
]


def test_a_token_that_may_write_is_not_where_a_role_or_a_pull_request_s_code_is() -> None:
    names = [job["name"] for _, job in SAYING]
    checkouts = [
        (file.stem, step["with"].get("ref", "the run's"))
        for file, job in SAYING
        for step in job["steps"]
        if "checkout" in step.get("uses", "")
    ]
    used = {re.sub(r"@.*", "", step["uses"]) for _, job in SAYING for step in job["steps"][:-1]}

    assert names == [
        *("make drift-issue (dev)", "make drift-issue (prod)", "make preview-comment"),
        *("attest", "make release"),
    ]
    # Drift runs on main alone; a pull request's run would have its code. A tag is of main.
    assert checkouts == [
        *(("drift", "the run's"), ("drift", "the run's"), ("preview", "main")),
        ("release", "the run's"),
    ]
    assert used == {"actions/checkout", "actions/download-artifact"}
    assert [role_of(job) for _, job in SAYING if "id-token" in job["permissions"]] == [""]
    assert {step["run"] for _, job in SAYING for step in job["steps"] if "run" in step} == {
        *("make drift-issue", "make preview-comment", "make release")
    }


def test_what_attests_a_release_runs_nothing_and_what_builds_or_tries_it_may_write_nothing() -> (
    None
):
    tried, build, attest, attach = jobs(PROJECT / ".github" / "workflows" / "release.yml")

    for job, target in ((tried, "make packages-tried"), (build, "make artifacts")):
        assert job["permissions"] == {"contents": "read"}
        assert [step["run"] for step in job["steps"] if "run" in step] == [
            "make main-commit",
            target,
        ]
    assert [step["uses"].partition("@")[0] for step in attest["steps"]] == [
        *("actions/download-artifact", "actions/attest")
    ]
    assert (attest["needs"], attach["needs"]) == (["build", "try"], "attest")


def test_what_runs_without_an_installation_needs_none() -> None:
    bare = [job for file in WORKFLOWS for job in jobs(file) if "setup-python" not in str(job)]
    targets = sorted(
        {step["run"].split()[1] for job in bare for step in job["steps"] if "run" in step}
    )
    modules = [
        re.findall(rf"^{target}:  ##.*\n.*-m (\S+)", MAKEFILE, re.MULTILINE) for target in targets
    ]
    runs = [
        subprocess.run(
            # Without the packages that are installed here.
            [sys.executable, "-S", "-m", module, "--help"],
            cwd=PROJECT,
            check=False,
        )
        for (module,) in modules
    ]

    assert targets == ["drift-issue", "main-commit", "preview-comment", "release"]
    assert [run.returncode for run in runs] == [0] * 4


def test_what_another_job_made_replaces_no_file_of_the_checkout() -> None:
    downloads = [
        step["with"]["path"]
        for file in WORKFLOWS
        for step in steps(file)
        if "download-artifact" in step.get("uses", "")
    ]

    assert downloads == ["previewed", "planned", "built", "built"]
    assert [path for path in downloads if (PROJECT / path).exists()] == []


def test_drift_is_looked_for_and_told_on_main_alone() -> None:
    dev, dev_issue, prod, prod_issue = jobs(PROJECT / ".github" / "workflows" / "drift.yml")

    assert dev["if"] == prod["if"] == "github.ref == 'refs/heads/main'"
    for needed, job in (("dev", dev_issue), ("prod", prod_issue)):
        assert job["needs"] == needed
        assert job["if"] == f"${{{{ !cancelled() && needs.{needed}.result != 'skipped' }}}}"


PROD = PROJECT / ".github" / "workflows" / "prod.yml"


def test_prod_waits_for_its_environment_and_does_what_was_planned() -> None:
    _, plan, apply = jobs(PROD)
    kept = [step["with"] for step in plan["steps"] if "upload" in step.get("uses", "")]
    taken = [step["with"] for step in apply["steps"] if "download" in step.get("uses", "")]

    assert (plan["environment"], apply["environment"]) == ("prod-plan", "prod")
    assert apply["needs"] == ["commit", "plan"]
    assert plan["env"]["PLAN"] == kept[0]["path"] == "plan.json"
    assert apply["env"]["PLAN"] == f"{taken[0]['path']}/plan.json"
    assert kept[0]["name"] == taken[0]["name"]
    assert yaml.safe_load(PROD.read_text("utf-8"))[True].keys() == {"workflow_dispatch"}


def test_prod_gets_one_commit_of_main_that_was_checked_before_any_job_has_a_role() -> None:
    check, plan, apply = jobs(PROD)
    refs = [
        step["with"].get("ref")
        for job in (check, plan, apply)
        for step in job["steps"]
        if "checkout" in step.get("uses", "")
    ]
    decided = check["steps"][-1]

    assert check["if"] == "github.ref == 'refs/heads/main'"
    assert (check["permissions"], check.get("environment")) == ({"contents": "read"}, None)
    assert check["steps"][0]["with"]["fetch-depth"] == 0
    assert check["outputs"] == {"commit": f"${{{{ steps.{decided['id']}.outputs.commit }}}}"}
    assert (decided["run"], decided["env"]) == (
        "make main-commit",
        {"COMMIT": "${{ inputs.commit }}"},
    )
    assert refs == [None, *["${{ needs.commit.outputs.commit }}"] * 2]
    assert plan["needs"] == "commit"
    # What was typed is read in that one place.
    assert PROD.read_text("utf-8").count("inputs.") == 1


def test_no_two_workflows_change_one_stack_at_once() -> None:
    changing = [file for file in WORKFLOWS if file.stem in {"ephemeral", "janitor", "dev", "prod"}]
    groups = [yaml.safe_load(file.read_text("utf-8"))["concurrency"] for file in changing]

    assert [one["cancel-in-progress"] for one in groups] == [False] * 4
    assert len({one["group"] for one in groups}) == 4


TAG = f"v{version()}"
# What GitHub would put in.
EXPRESSIONS = {
    "github.event.number": "999999",
    "github.event.pull_request.user.login": "dependabot[bot]",
    "github.event.pull_request.head.sha": "0123456789abcdef0123456789abcdef01234567",
    "github.ref_name": TAG,
    "github.sha": "",
    "github.token": "a-token",
    "inputs.commit": "",
    "needs.dev.result": "success",
    "needs.preview.result": "success",
    "needs.prod.result": "success",
    "github.repository": "you/rrweb-store",
    "vars.PULUMI_BACKEND_URL": "s3://state?region=eu-west-1",
}
EXPRESSION = re.compile(r"\$\{\{ ([\w.]+) \}\}")
RUNS = [
    (file.stem, step["run"], {**job.get("env", {}), **step.get("env", {})})
    for file in WORKFLOWS
    for job in jobs(file)
    for step in job["steps"]
    if "run" in step
]
# By step: what is asked of Pulumi and of gh on the way, up to the last thing an account is for.
NOBODY = "--non-interactive"
UP = f"up --yes {NOBODY} --policy-pack policy --stack"
REFRESH = f"refresh --preview-only --expect-no-changes {NOBODY} --exclude **StackReference**"
FORGET = "config rm verifiedReleases --stack"
RELEASE = release_of(PROJECT)
# Its contract is compared with the checkout's.
COMPARE = "stack output --json --stack"
ASKED: dict[tuple[str, str], list[str]] = {
    ("dev", "make deploy"): [
        f"{COMPARE} dev",
        "stack output --json --stack dev",
        f"{FORGET} dev",
        f"{UP} dev",
    ],
    ("dev", "make verify"): [
        "stack output --json --stack dev",
        "stack output --json --stack dev",
        f"{FORGET} dev",
        f"config set-all --path --plaintext verifiedReleases[0]={RELEASE} --stack dev",
        f"{UP} dev",
    ],
    ("drift", "make drift"): [f"{REFRESH} --stack {{stack}}"],
    ("drift", "make drift-issue"): [
        "gh issue list --state open --limit 1000 --json number,title,author",
    ],
    ("ephemeral", "make ephemeral"): [
        f"stack select --create {NOBODY} pr-999999",
        f"{COMPARE} pr-999999",
        "stack output --json --stack pr-999999",
        f"{FORGET} pr-999999",
        f"{UP} pr-999999",
    ],
    ("ephemeral", "make ephemeral-gone"): [
        f"stack select {NOBODY} --stack pr-999999",
        f"destroy --yes --remove {NOBODY} --stack pr-999999",
    ],
    ("ephemeral", "make leaks"): [],
    ("janitor", "make janitor"): [],
    ("preview", "make preview-text"): [
        f"{COMPARE} dev",
        f"preview --diff {NOBODY} --policy-pack policy --stack dev",
    ],
    ("preview", "make preview-comment"): [
        "gh pr comment 999999 --edit-last --create-if-none --body-file -",
    ],
    ("release", "make main-commit"): [],
    ("release", "make release"): [
        " ".join(
            [
                *("gh release create", TAG, "--verify-tag --title", TAG, "--notes-file -"),
                *("{built}/SHA256SUMS", "{built}/site.zip"),
            ]
        )
    ],
    ("prod", "make main-commit"): [],
    ("prod", "make preview"): [
        f"{COMPARE} prod",
        f"preview --diff {NOBODY} --policy-pack policy --stack prod --save-plan plan.json",
    ],
    ("prod", "make deploy"): [f"{COMPARE} prod", f"{UP} prod --plan planned/plan.json"],
}
NEEDS_AN_ACCOUNT = {"make janitor", "make leaks"}
# They are what runs this test, what was run before it, and what it builds in minutes.
HERE_ALREADY = {"make test", "make setup", "make packages-tried", "make artifacts"}


def main_s(folder: Path) -> str:
    """Return a repository with one commit, of main: this checkout may be without its history."""
    git(folder, "init", "--quiet")
    git(folder, "update-ref", MAIN, commit(folder, "first"))
    return str(folder / ".git")


@pytest.mark.parametrize(
    ("workflow", "run", "env"), RUNS, ids=[f"{workflow}: {run}" for workflow, run, _ in RUNS]
)
def test_every_step_runs_up_to_where_an_account_is_needed(
    workflow: str, run: str, env: dict[str, Any], tmp_path: Path
) -> None:
    line = CommandLine(tmp_path)
    filled = {
        name: EXPRESSION.sub(lambda found: EXPRESSIONS[found[1]], str(value))
        for name, value in env.items()
    }
    no_account = {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": "none",
        "AWS_CONFIG_FILE": "none",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "ANSWER_OF_PULUMI": json.dumps({"release": RELEASE, "verifiedReleases": []}),
        "ANSWER_OF_GH": "[]",
    }
    built = tmp_path / "built"
    built.mkdir()
    (built / "site.zip").touch()
    (built / CHECKSUMS).write_text(f"{sha256().hexdigest()}  site.zip\n", encoding="utf-8")
    filled |= {"TEXT": str(tmp_path / "said.txt"), "GIT_DIR": main_s(tmp_path)}
    filled |= {"FILES": str(built)}
    dry = ["-n"] if run in HERE_ALREADY else []

    code, asked = line.make(*run.split()[1:], *dry, "PYTEST=true", **filled, **no_account)

    said = "Unable to locate credentials" if run in NEEDS_AN_ACCOUNT else ""
    expected = [
        one.format(stack=env.get("STACK"), built=built) for one in ASKED.get((workflow, run), [])
    ]
    assert (code == 0) is (run not in NEEDS_AN_ACCOUNT), line.said
    assert said in line.said
    assert [" ".join(words) for words in asked] == expected


def test_what_each_step_asks_for_is_written_down() -> None:
    assert {(workflow, run) for workflow, run, _ in RUNS if run not in HERE_ALREADY} == set(ASKED)
