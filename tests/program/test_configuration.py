"""The configuration: declared, described, read, and no more of it than differs."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.program import PROJECT
from tests.engine import deploy_program


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


def test_the_region_has_a_value_which_is_all_that_pulumi_lets_another_s_key_have() -> None:
    foreign = {key: value for key, value in DECLARED.items() if key not in OWN}

    assert foreign == {"aws:region": {"value": "eu-west-1"}}


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


def test_the_program_has_no_branch_on_the_stack_s_name() -> None:
    program = Path(PROJECT / "__main__.py").read_text(encoding="utf-8")

    assert re.findall(r"^\s*(?:if|elif|match|for|while)\b.*", program, re.MULTILINE) == []


def test_nobody_signs_in_for_a_user_of_prod() -> None:
    client = "aws:cognito/userPoolClient:UserPoolClient"
    allowed = {
        stack: "ALLOW_ADMIN_USER_PASSWORD_AUTH"
        in deploy_program(stack).inputs(client, "users")["explicitAuthFlows"]
        for stack in ("dev", "pr", "prod")
    }

    assert allowed == {"dev": True, "pr": True, "prod": False}
