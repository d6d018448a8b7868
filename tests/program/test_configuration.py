"""The configuration: declared, described, read, and no more of it than differs."""

import ast
import re
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from components.release.own_settings import key_of
from sandbox.program import PROJECT, main_program, stack_config
from tests.engine import WITH_SITE, deploy, deploy_program


def yaml_of(file: str) -> dict[str, Any]:
    """Return the `config` of one of Pulumi's files."""
    return yaml.safe_load((PROJECT / file).read_text(encoding="utf-8"))["config"]


def as_declared(type_: str, value: Any) -> Any:
    """Return a value of a stack's file as its type has it: Pulumi quotes all that is no list."""
    return value if type_ == "string" or not isinstance(value, str) else yaml.safe_load(value)


DECLARED = yaml_of("Pulumi.yaml")
OWN = {key: declaration for key, declaration in DECLARED.items() if ":" not in key}
TYPES = {"integer": int, "string": str, "boolean": bool, "array": list}
STACK_FILES = sorted(
    path.name for path in PROJECT.glob("Pulumi.*.yaml") if not path.name.startswith("Pulumi.pr-")
)


def test_there_is_a_file_for_each_stack() -> None:
    assert STACK_FILES == ["Pulumi.dev.yaml", "Pulumi.pr.yaml", "Pulumi.prod.yaml"]


def test_another_s_key_has_a_value_which_is_all_that_pulumi_lets_it_have() -> None:
    foreign = {key: value for key, value in DECLARED.items() if key not in OWN}

    assert set(foreign) == {"aws:region", "pulumi:autonaming"}
    assert foreign["aws:region"] == {"value": "eu-west-1"}
    assert set(foreign["pulumi:autonaming"]) == {"value"}


@pytest.mark.parametrize("key", sorted(OWN))
def test_every_key_says_what_it_is_and_what_it_is_without_being_set(key: str) -> None:
    declaration = OWN[key]

    assert set(declaration) - {"items"} == {"type", "default", "description"}
    assert type(declaration["default"]) is TYPES[declaration["type"]]
    assert declaration["description"].endswith(".")


@pytest.mark.parametrize("file", STACK_FILES)
def test_a_stack_sets_only_what_is_declared_and_differs(file: str) -> None:
    own = {key.removeprefix("rrweb-store:"): value for key, value in yaml_of(file).items()}

    assert set(own) - set(OWN) == set()
    known = {key: as_declared(OWN[key]["type"], value) for key, value in own.items()}
    assert {key: value for key, value in known.items() if value == OWN[key]["default"]} == {}
    assert {key: type(value) for key, value in known.items()} == {
        key: TYPES[OWN[key]["type"]] for key in own
    }


@pytest.mark.parametrize("file", STACK_FILES)
def test_a_stack_s_file_is_as_pulumi_writes_it_so_that_a_new_stack_adds_one_line(file: str) -> None:
    assert {type(value) for value in yaml_of(file).values()} <= {str, list}


@pytest.mark.parametrize("key", sorted(OWN))
def test_every_key_that_is_declared_is_read(key: str) -> None:
    program = Path(PROJECT / "__main__.py").read_text(encoding="utf-8")

    assert re.search(rf'config\.require(?:_\w+)?\("{key}"\)', program)


def argument_keys() -> dict[str, str]:
    """Return each key that one argument of a component takes as it is, by the argument."""
    program = Path(PROJECT / "__main__.py").read_text(encoding="utf-8")
    parts = [path.read_text("utf-8") for path in (PROJECT / "components" / "whole").glob("*.py")]
    by_key = re.findall(r'\b(\w+)=(?:\w+\()?config\.require(?:_\w+)?\("(\w+)"\)', program)
    by_input = re.findall(r"\b(\w+)=(?:\w+\()?args\.(\w+)\b", "".join(parts))
    return {
        argument: key
        for argument, key in (*by_key, *((one, camel(two)) for one, two in by_input))
        if argument not in OF_NO_COMPONENT and key in OWN
    }


def camel(name: str) -> str:
    """Return the key that sets an input of the store."""
    first, *others = name.split("_")
    return first + "".join(one.capitalize() for one in others)


# Sizing and waits are computed with, and refuse nothing; `sites` are checked as they are read.
OF_NO_COMPONENT = {"shards", "has_alarms", "waf_rules", "wait_seconds", "keys"}


def test_an_argument_that_a_key_sets_is_called_so_that_its_error_can_name_the_key() -> None:
    named = argument_keys()

    assert len(named) > 40
    assert {argument: key_of(argument, OWN) for argument in named} == named


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("firehoseBufferSeconds", "10", "firehoseBufferSeconds must be 60..900, got 10"),
        ("logRetentionDays", "15", "logRetentionDays must be one of 1, 3, 5, 7, "),
        ("allowOrigin", "foo", "allowOrigin must be * or one origin in lower case, "),
        ("callsPerMinutePerToken", "3", "callsPerMinutePerToken must be 0, or 10 or more, got 3"),
        ("callsPerMinutePerKey", "5", "callsPerMinutePerKey must be 0, or 10 or more, got 5"),
        ("operationLimits", '["scan"]', "operationLimits must hold operationId=rate/burst, "),
        ("callbackUrls", '["http://a.example"]', "callbackUrls must be https, or http on local"),
        ("siteDomain", "a.example", "siteDomain and siteCertificateArn need each other"),
        ("sitePriceClass", "All", "sitePriceClass must be one of PriceClass_100, "),
        ("alarmEmail", "jo", "alarmEmail must be an address, or empty, got 'jo'"),
        ("monthlyBudgetUsd", "5", "monthlyBudgetUsd needs an email"),
        ("expiresOn", "tomorrow", "expiresOn must be a day, as YYYY-MM-DD, got 'tomorrow'"),
        ("owner", "a b", "owner may hold letters, digits and _./@-, got 'a b'"),
        ("protect", "true", "protect and forceDestroy contradict each other"),
        ("promoteFrom", "dev", "promoteFrom must be organization/project/stack, or empty, got"),
        ("promoteAnyway", '["x"]', "promoteAnyway may hold release, verified, contract, layout"),
        ("siteFolder", "nowhere", "there is no built site in "),
        ("retentionDay", "7", "Pulumi.yaml declares no retentionDay: is it retentionDays?"),
    ],
)
def test_a_wrong_value_is_told_in_one_line_by_its_key(key: str, value: str, said: str) -> None:
    config = {**stack_config("dev"), **WITH_SITE, f"rrweb-store:{key}": value}

    with pytest.raises(pulumi.RunError) as refusal:
        deploy(main_program(), config)

    assert str(refusal.value).startswith(said)
    assert "\n" not in str(refusal.value)


INTEGERS = sorted(key for key, declared in OWN.items() if declared["type"] == "integer")


@pytest.mark.parametrize("key", INTEGERS)
def test_a_number_below_every_range_is_refused_by_its_key(key: str) -> None:
    config = {**stack_config("dev"), **WITH_SITE, f"rrweb-store:{key}": "-1"}

    with pytest.raises(pulumi.RunError, match=rf"^[^\n]*\b{key}\b[^\n]*-1\b[^\n]*$"):
        deploy(main_program(), config)


def test_what_is_set_of_another_program_is_not_looked_at() -> None:
    config = {**stack_config("dev"), **WITH_SITE, "aws:regions": "x", "other:retentionDay": "7"}

    assert deploy(main_program(), config).exports["region"] == "eu-west-1"


def test_the_program_has_no_branch_on_the_stack_s_name() -> None:
    program = Path(PROJECT / "__main__.py").read_text(encoding="utf-8")

    assert re.findall(r"^\s*(?:if|elif|match|for|while)\b.*", program, re.MULTILINE) == []


def test_the_program_is_wiring_it_defines_nothing_of_its_own_to_be_read_first() -> None:
    program = ast.parse(Path(PROJECT / "__main__.py").read_text(encoding="utf-8"))

    constants = [one.targets[0] for one in program.body if isinstance(one, ast.Assign)]
    assert [ast.unparse(one) for one in constants] == ["PROJECT", "STORAGE_LAYOUT"]
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ListComp, ast.DictComp)
    assert [one for one in ast.walk(program) if isinstance(one, definitions)] == []


def test_nobody_signs_in_for_a_user_of_prod() -> None:
    client = "aws:cognito/userPoolClient:UserPoolClient"
    allowed = {
        stack: "ALLOW_ADMIN_USER_PASSWORD_AUTH"
        in deploy_program(stack).inputs(client, "users")["explicitAuthFlows"]
        for stack in ("dev", "pr", "prod")
    }

    assert allowed == {"dev": True, "pr": True, "prod": False}
