"""docs/deploy.md and README.md: every command that they tell a reader to type exists as written."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.session import Session

from bootstrap.stages import STAGES
from components.store.stored_objects import ASSET_REUSE_DAYS
from operations.costs import end_to_end_table
from operations.leftovers import Account, Tagged
from operations.leftovers import main as check_leftovers
from operations.state_bucket import bucket_name
from operations.state_bucket import main as make_state_bucket
from sandbox.program import PROJECT
from tests.documents import commands_in, unknown_to_make
from tests.e2e.sandbox_only import OTHERWISE, REASONS
from tests.moto_account import moto_account

DOCUMENT = (PROJECT / "docs" / "deploy.md").read_text(encoding="utf-8")
README = (PROJECT / "README.md").read_text(encoding="utf-8")
COMMANDS = [*commands_in(DOCUMENT), *commands_in(README)]
# Of Pulumi 3.272: command, and the options that it knows. https://www.pulumi.com/docs/iac/cli/commands/
PULUMI: dict[str, set[str]] = {
    "cancel": {"--stack"},
    "config rm": {"--stack"},
    "config set": {"--path", "--stack"},
    "destroy": {"--stack"},
    "login": set(),
    "stack": {"--show-ids", "--stack"},
    "stack change-secrets-provider": set(),
    "stack init": set(),
    "stack output": {"--stack"},
    "stack rm": set(),
    "up": {"--stack"},
    "whoami": {"--verbose"},
}
KEPT = ("retentionDays", "logRetentionDays")
GH = {"api": {"--method"}, "variable set": {"--body"}}


def of(program: str) -> list[list[str]]:
    found = [words[1:] for words in COMMANDS if words[0] == program]
    assert found
    return found


def test_there_is_no_other_program_than_those_that_are_asked_for() -> None:
    assert {words[0] for words in COMMANDS} == {"aws", "curl", "export", "gh", "make", "pulumi"}


def test_every_make_target_exists_and_reads_what_it_is_given() -> None:
    assert unknown_to_make(of("make")) == []


def test_every_pulumi_command_is_one_with_its_options() -> None:
    for words in of("pulumi"):
        rest = words[2:] if words[0] == "-C" else words
        if words[0] == "-C":
            assert (PROJECT / words[1] / "Pulumi.yaml").is_file()
        name = next(one for one in (" ".join(rest[:2]), rest[0]) if one in PULUMI)
        options = {word for word in rest if word.startswith("-")}
        assert options <= PULUMI[name], rest


def test_every_setting_is_declared_and_every_export_is_made() -> None:
    for words in of("pulumi"):
        folder = PROJECT / words[1] if words[0] == "-C" else PROJECT
        rest = words[2:] if words[0] == "-C" else words
        plain = [word for word in rest if not word.startswith("-")]
        if rest[:2] in (["config", "set"], ["config", "rm"]):
            declared = yaml.safe_load((folder / "Pulumi.yaml").read_text("utf-8"))["config"]
            assert re.split(r"[.[]", plain[2])[0] in declared, rest
        if rest[:2] == ["stack", "output"] and len(plain) > 2:
            assert plain[2] in exports(folder), rest


def exports(folder: Path) -> set[str]:
    text = (folder / "__main__.py").read_text(encoding="utf-8")
    named = set(re.findall(r'pulumi\.export\(\s*"(\w+)"', text))
    return named | {f"{stage}{what}Arn" for stage in STAGES for what in ("Role", "Boundary")}


def test_every_aws_command_is_one_with_its_options() -> None:
    session: Any = Session()  # botocore is untyped
    for service, operation, *rest in of("aws"):
        model = session.get_service_model(service)
        named = {_dashed(name): name for name in model.operation_names}
        known = set(model.operation_model(named[operation]).input_shape.members)
        options = {_positive(word) for word in rest if word.startswith("--")} - {"--region"}
        assert options <= {f"--{_dashed(name)}" for name in known}, rest


def _positive(option: str) -> str:
    """Return the option of a flag that `--no-` turns off."""
    return option.replace("--no-", "--", 1)


def _dashed(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def test_every_gh_command_is_one_with_its_options() -> None:
    for words in of("gh"):
        name = next(one for one in (" ".join(words[:2]), words[0]) if one in GH)
        assert {word for word in words if word.startswith("--")} <= GH[name], words


def test_every_variable_of_a_workflow_is_told_to_the_repository() -> None:
    workflows = (PROJECT / ".github" / "workflows").glob("*.yml")
    read = {
        name
        for path in workflows
        for name in re.findall(r"\bvars\.(\w+)", path.read_text(encoding="utf-8"))
    }
    told = {words[2] for words in of("gh") if words[:2] == ["variable", "set"]}

    assert told == read


def test_what_an_end_to_end_run_costs_is_what_the_formula_says() -> None:
    assert f"\n\n{end_to_end_table()}\n\n" in DOCUMENT


def test_each_reason_to_skip_an_end_to_end_test_has_its_row() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (.*) \|$", DOCUMENT.split("| asks for | it |")[1], re.MULTILINE
    )

    assert dict(rows[: len(REASONS)]) == REASONS
    assert f"| only the mark | {OTHERWISE} |" in DOCUMENT


def test_what_an_end_to_end_run_leaves_goes_when_it_says() -> None:
    days = {
        stack: yaml.safe_load((PROJECT / f"Pulumi.{stack}.yaml").read_text("utf-8"))["config"]
        for stack in ("dev", "pr")
    }
    of = {(stack, key): own[f"rrweb-store:{key}"] for stack, own in days.items() for key in KEPT}

    assert (
        f"`retentionDays` of the stack, {of['dev', 'retentionDays']} in dev and "
        f"{of['pr', 'retentionDays']} in a pull request's; images and fonts {ASSET_REUSE_DAYS} days"
    ) in DOCUMENT
    assert f"`logRetentionDays`, {of['dev', 'logRetentionDays']} in dev;" in DOCUMENT
    assert [own["rrweb-store:adminSignIn"] for own in days.values()] == ["true", "true"]


def test_every_workflow_has_its_row() -> None:
    rows = set(re.findall(r"^\| `(\w+)` \| .* \| .* \| .* \|$", DOCUMENT, re.MULTILINE))

    assert rows == {path.stem for path in (PROJECT / ".github" / "workflows").glob("*.yml")}


def test_what_the_state_s_bucket_prints_is_what_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with moto_account():
        assert make_state_bucket(["--region", "eu-west-1"]) == 0

    made, login = capsys.readouterr().out.splitlines()
    assert f"| `make state-bucket` | `{made}`, and the `pulumi login` above |" in DOCUMENT
    assert f"\n{login}\n" in DOCUMENT


def test_what_the_leak_check_prints_is_what_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing(_: Account) -> Iterator[Tagged]:
        yield from ()

    monkeypatch.setattr(Account, "found", nothing)
    assert check_leftovers(["check", "--stack", "dev"]) == 0

    said = capsys.readouterr().out.strip()
    assert re.search(rf"^make leaks STACK=dev +# {re.escape(said)}$", DOCUMENT, re.MULTILINE)


def test_what_health_answers_is_what_it_says() -> None:
    template = (PROJECT / "components" / "api" / "templates" / "health.vtl").read_text(
        encoding="utf-8"
    )
    answer = template.splitlines()[-1].replace("$stageVariables.release", "…")

    assert f"answers `{answer}`." in DOCUMENT


def test_the_state_s_bucket_is_named_as_it_is_made() -> None:
    assert f"s3://{bucket_name('123456789012', 'eu-west-1')}?region=eu-west-1" in DOCUMENT
