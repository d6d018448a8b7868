"""The calls of aws_calls.tsv as requests on a stack's own resources and on foreign ones."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bootstrap.deploy_role import stage_policies
from bootstrap.scope import PROJECT, Scope
from bootstrap.stages import STAGES
from tests.bootstrap.iam import Context, Request, allowed
from tests.engine import ACCOUNT, REGION

STATE = f"rrweb-store-state-{ACCOUNT}-{REGION}"
DEPLOYING = {"ephemeral": "pr-12", "janitor": "pr-12", "dev": "dev", "prod": "prod"}
LOOKING = {"driftDev": "dev", "driftProd": "prod"}
PLANNING = {"preview": "dev", "plan": "prod"}
# Placeholders that differ between owners.
_OWN = re.compile(r"<(own|path|id|pool)>")
_FILLED = {"<region>": REGION, "<account>": ACCOUNT, "<random>": "1a2b3c4", "<key>": "assets/a.js"}


@dataclass(frozen=True, kw_only=True)
class Call:
    """A row of the table."""

    action: str
    resource: str
    when: str
    stages: str
    type: str

    @property
    def in_preview(self) -> bool:
        return self.stages == "every"

    @property
    def is_reading(self) -> bool:
        return self.action.partition(":")[2].startswith(("Describe", "GET", "Get", "List", "View"))


@cache
def calls() -> list[Call]:
    """Return every row of the table."""
    text = (Path(__file__).parent / "aws_calls.tsv").read_text(encoding="utf-8")
    rows = (line for line in text.splitlines() if not line.startswith("#"))
    return [Call(**row) for row in csv.DictReader(rows, delimiter="\t")]


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The owner of resources: the prefix of their names, the path of its roles, its tags."""

    kind: str
    own: str
    path: str
    tags: dict[str, str]


def owner_of(stack: str, project: str = PROJECT, kind: str = "stack") -> Owner:
    """Return a stack of a project as an owner."""
    tags = {"project": project, "stack": stack}
    return Owner(kind=kind, own=f"{project}-{stack}-", path=f"{project}/{stack}", tags=tags)


def other_owners(stack: str) -> list[Owner]:
    """Return owners whose resources a role of the stack must not touch."""
    others = {"dev", "prod", "pr-12", "dev-2", "prod-eu", "pr2"} - {stack}
    return [
        *(owner_of(other) for other in sorted(others)),
        owner_of(stack, project="shop", kind="project"),
        Owner(kind="untagged", own="", path="somebody", tags={}),
    ]


def scope_of(stage: str, *old_names: str) -> Scope:
    """Return the stage's scope in the tests' account."""
    return Scope(stage=STAGES[stage], account=ACCOUNT, region=REGION, old_names=old_names)


@cache
def policies(stage: str, *old_names: str) -> dict[str, str]:
    """Return the policies of the stage's role."""
    return stage_policies(scope_of(stage, *old_names), STATE)


def request(
    call: Call, owner: Owner, stage: str, *, tags: dict[str, str], name: str = "users"
) -> Request:
    """Return the call on a resource of the owner's; `tags` are those in the request."""
    resource = call.resource.replace("<own>", owner.own).replace("<path>", owner.path)
    for placeholder, value in {**_FILLED, "<name>": name}.items():
        resource = resource.replace(placeholder, value)
    resource = resource.replace("<id>", "abc123").replace("<pool>", f"{REGION}_Abc")
    context: Context = {
        "iam:PermissionsBoundary": scope_of(stage).boundary_arn,
        "iam:PassedToService": "lambda.amazonaws.com",
    }
    if call.when == "there":
        context |= {f"aws:ResourceTag/{key}": value for key, value in owner.tags.items()}
    if call.when == "made" or (call.when == "there" and "Tag" in call.action):
        context |= {f"aws:RequestTag/{key}": value for key, value in tags.items()}
        context["aws:TagKeys"] = [*tags, "commit"]
    if call.when == "retagged":
        context["aws:TagKeys"] = ["commit"]
    return Request(action=call.action, resource=resource, context=context)


def own_request(call: Call, stage: str, stack: str, name: str = "users") -> Request:
    """Return the call as a deployment of the stack makes it."""
    owner = owner_of(stack)
    return request(call, owner, stage, tags=owner.tags, name=name)


def foreign_requests(call: Call, stage: str, stack: str) -> Iterator[tuple[str, Request]]:
    """Yield the kind of owner, and the call on its resource with its tags or the stack's."""
    for other in other_owners(stack):
        yield other.kind, request(call, other, stage, tags=other.tags)
        if _OWN.search(call.resource):
            yield other.kind, request(call, other, stage, tags=owner_of(stack).tags)


def may(stage: str, request: Request, *old_names: str) -> bool:
    """Return whether the stage's role is allowed the request."""
    return allowed(request, policies(stage, *old_names).values())


def needs(call: Call, stage: str) -> bool:
    """Return whether the stage's role needs the call."""
    known = STAGES[stage]
    if call.in_preview:
        return True
    if not known.may_deploy:
        return known.may_look and call.is_reading and call.stages != "emptying"
    has = {"all": True, "emptying": known.may_empty, "permanent": known.is_permanent}
    return has[call.stages]
