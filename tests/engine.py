"""Runs a Pulumi program without a cloud, and says what it registered in plain dicts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast
from unittest.mock import patch

from pulumi.runtime import Mocks
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs

from resource_types.registry import RESOURCE_TYPES
from sandbox.program import STACK_REFERENCE, main_program, proven_source, run_program, stack_config

REGION = "eu-west-1"
ACCOUNT = "123456789012"
# Physical names differ from Pulumi's, as on AWS: who mixes them up fails here.
SUFFIX = "-1a2b3c4"

# A replay site that needs no build.
REPLAY_SITE = {"rrweb-store:siteFolder": "tests/data/site"}
# And a site whose visitors are recorded.
WRITE_KEY = "wk_aaaaaaaaaaaaaaaaaaaaaaaa"
WITH_SITE = {
    **REPLAY_SITE,
    "rrweb-store:sites": f'[{{"id": "shop", "keys": ["{WRITE_KEY}"]}}]',
}

# Every option that a configuration can turn on.
EVERYTHING = {
    "rrweb-store:accessLog": "true",
    "rrweb-store:alarms": "true",
    "rrweb-store:alarmEmail": "jo@example.com",
    "rrweb-store:monthlyBudgetUsd": "20",
    "rrweb-store:callsPerMinutePerToken": "100",
    "rrweb-store:callsPerMinutePerAddress": "100",
}

Key = tuple[str, str]
"""Type and name of a resource, such as `("aws:s3/bucket:Bucket", "recordings")`."""
Inputs = dict[str, Any]
"""What a resource is asked for, in the provider's camelCase: as loosely typed as Pulumi has it."""


@dataclass(frozen=True, kw_only=True)
class Registered:
    """One resource of the program."""

    type: str
    name: str
    inputs: Inputs
    custom: bool
    """Whether a provider makes it; False for a component."""
    protect: bool
    retain_on_delete: bool
    """Whether it stays in AWS when Pulumi deletes it."""
    ignore_changes: list[str]
    """Inputs whose changes the engine leaves alone once the resource is there."""
    provider: str
    """Name of the provider resource that makes it; empty for a component."""
    parent: Key
    depends_on: frozenset[Key]
    """What must be there before it: by its inputs, or said by `depends_on`."""
    replace_on_changes: tuple[str, ...]
    """Properties whose change replaces the resource."""
    deleted_with: Key
    """Resource whose deletion deletes this one."""
    delete_timeout: str
    """How long its deletion may take, such as `40m`; empty for the provider's default."""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """What a program did, once all of it was done."""

    resources: tuple[Registered, ...]
    """In the order of registration; without the stack itself."""
    exports: dict[str, Any] = field(default_factory=dict[str, Any])

    def of_type(self, type_: str) -> dict[str, Inputs]:
        """Return the inputs of each resource of a type, by name."""
        return {one.name: one.inputs for one in self.resources if one.type == type_}

    def resource(self, type_: str, name: str) -> Registered:
        """Return the one resource of that type and name.

        Raises:
            LookupError: There is none, or there are several; the message lists those of that type.
        """
        found = [one for one in self.resources if (one.type, one.name) == (type_, name)]
        if len(found) != 1:
            raise LookupError(
                f"{len(found)} resources {type_} named {name!r}; of that type there are: "
                f"{', '.join(sorted(self.of_type(type_))) or 'none'}"
            )
        return found[0]

    def inputs(self, type_: str, name: str) -> Inputs:
        """Return what the one resource of that type and name is asked for."""
        return self.resource(type_, name).inputs


def deploy(
    build: Callable[[], object],
    config: Mapping[str, str] | None = None,
    references: Mapping[str, Inputs] | None = None,
) -> Engine:
    """Return what `build` registered and exported, every `Output` resolved.

    Raises:
        Exception: Whatever was raised in `build`, in an `.apply` or by the mocks.
    """

    def program() -> None:
        build()

    return _run(program, "test", config or {"aws:region": REGION}, references)


@cache
def deploy_program(stack: str) -> Engine:
    """Return what `__main__.py` registers for a stack; it runs once, so change nothing."""
    return _run(main_program(), stack, {**stack_config(stack), **WITH_SITE})


@cache
def whole_program() -> Engine:
    """Return what `__main__.py` registers with every option on; it runs once, so change nothing."""
    return deploy(main_program(), {**stack_config("dev"), **WITH_SITE, **EVERYTHING})


def program_types() -> set[str]:
    """Return the AWS resource types that the program creates in any configuration."""
    return {
        one.type
        for engine in (whole_program(), deploy_program("prod"))
        for one in engine.resources
        if one.type.startswith("aws:")
    }


def _run(
    program: Callable[[], None],
    stack: str,
    config: Mapping[str, str],
    references: Mapping[str, Inputs] | None = None,
) -> Engine:
    """Run the program; `RegisterResource` is listened to, as mocks are not told of `opts`."""
    resources: list[Registered] = []
    register = cast("Callable[[MockMonitor, Any], Any]", MockMonitor.RegisterResource)

    def recording(monitor: MockMonitor, request: Any) -> Any:  # Any: Pulumi's protobuf messages
        mocks = monitor.mocks
        assert isinstance(mocks, _PlausibleMocks)
        response = register(monitor, request)
        if request.type != "pulumi:pulumi:Stack":
            resources.append(
                Registered(
                    type=request.type,
                    name=request.name,
                    inputs=mocks.inputs[request.type, request.name],
                    custom=request.custom,
                    protect=request.protect,
                    retain_on_delete=request.retainOnDelete,
                    ignore_changes=list(request.ignoreChanges),
                    provider=_key(request.provider.rpartition("::")[0])[1],
                    parent=_key(request.parent),
                    depends_on=frozenset(_key(urn) for urn in request.dependencies),
                    replace_on_changes=tuple(request.replaceOnChanges),
                    deleted_with=_key(request.deletedWith),
                    delete_timeout=request.customTimeouts.delete,
                )
            )
        return response

    with patch.object(MockMonitor, "RegisterResource", recording):
        exports = run_program(
            _PlausibleMocks(references), program, stack=stack, config=dict(config)
        )
    return Engine(resources=tuple(resources), exports=exports)


def _key(urn: str) -> Key:
    """Return type and name of `urn:pulumi:<stack>::<project>::<types, by $>::<name>`."""
    if not urn:
        return ("", "")
    types, name = urn.split("::", 3)[2:]
    return types.rpartition("$")[2], name


class _PlausibleMocks(Mocks):
    """Gives each resource what AWS would: a physical name, an id, an ARN, an endpoint."""

    def __init__(self, references: Mapping[str, Inputs] | None = None) -> None:
        self.inputs: dict[Key, Inputs] = {}
        self._references = references

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        inputs = cast("Inputs", args.inputs)
        self.inputs[args.typ, args.name] = inputs
        if args.typ == STACK_REFERENCE:
            known = self._references
            found = proven_source() if known is None else known.get(inputs["name"], {})
            return args.name, {**inputs, "outputs": found}
        if not args.custom:
            return "", {}
        outputs = computed_outputs(args.typ, args.name, inputs)
        return outputs["id"], {**inputs, **outputs}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        raise NotImplementedError(f"{args.token}: components look nothing up, it is passed in")


def arn(service: str, resource: str) -> str:
    """Return an ARN of the tests' account and Region."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


# Of the types that bootstrap/ alone creates, which have no row.
_BOOTSTRAP_ARNS = {
    "aws:iam/policy:Policy": f"arn:aws:iam::{ACCOUNT}:policy/{{name}}",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": (
        f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
    ),
}


def computed_outputs(type_: str, name: str, inputs: Inputs) -> dict[str, str]:
    """Return plausible outputs of a resource, as the AWS provider computes them."""
    physical_name = inputs.get("name", f"{name}{SUFFIX}")
    if row := RESOURCE_TYPES.get(type_):
        return row.computed(physical_name, inputs, region=REGION, account=ACCOUNT)
    computed = _BOOTSTRAP_ARNS.get(type_, "").format(name=physical_name)
    return {"id": physical_name, "name": physical_name, "arn": computed}
