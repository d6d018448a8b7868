"""How many calls a first `pulumi up` makes, and how many the import of the REST API saves.

Counted, not timed: the program runs under mocks, without a cloud.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from pulumi.runtime import Mocks
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs

from bench.one_by_one import calls_one_by_one
from bench.table import RULE, Table, verdict
from resource_types.create_call import Inputs
from resource_types.registry import AWS_PROVIDER, create_calls, resource_type
from sandbox.program import STACK_REFERENCE, main_program, proven_source, run_program, stack_config

STACK = "dev"
REST_API_AIM = 6
REST_API = "aws:apigateway/restApi:RestApi"


@dataclass(frozen=True, kw_only=True)
class DeploymentResult:
    stack: str
    resources: Counter[str]
    """How many by type."""
    calls: dict[str, Counter[str]]
    """By type: how many by action."""
    one_by_one: dict[str, int]
    """By action: how many calls would replace those of `REST_API`, without the import."""

    @property
    def rest_api(self) -> Counter[str]:
        """The calls of the REST API with its deployment, stage and settings, by action."""
        return sum(
            (calls for type_, calls in self.calls.items() if _module(type_) == "apigateway"),
            Counter[str](),
        )

    @property
    def rest_api_one_by_one(self) -> Counter[str]:
        """The same if each part of the API were created by a call of its own."""
        return self.rest_api - self.calls[REST_API] + Counter(self.one_by_one)

    def tables(self) -> Sequence[Table]:
        return [self._all(), self._rest_api()]

    def failures(self) -> Sequence[str]:
        return []

    def _all(self) -> Table:
        total = sum(calls.total() for calls in self.calls.values())
        return Table(
            title=f"Calls that change something, to create the stack {self.stack}",
            columns=("<type", ">resources", ">calls", "<each"),
            rows=[
                *(
                    (
                        _short(type_),
                        str(self.resources[type_]),
                        str(calls.total()),
                        ", ".join(calls) or "none",
                    )
                    for type_, calls in sorted(self.calls.items())
                ),
                RULE,
                ("in all", str(self.resources.total()), str(total), ""),
            ],
        )

    def _rest_api(self) -> Table:
        imported, single = self.rest_api, self.rest_api_one_by_one
        ratio = f"{single.total() / imported.total():.1f} times"
        met = verdict(met=imported.total() <= REST_API_AIM)
        return Table(
            title="Of these, for the whole REST API, and the number one by one",
            columns=("<action", ">imported", ">aim", "<", ">one by one", "<"),
            rows=[
                *(
                    (action, str(imported[action] or "-"), "", "", str(single[action] or "-"), "")
                    for action in dict.fromkeys([*imported, *single])
                ),
                RULE,
                (
                    "in all",
                    str(imported.total()),
                    f"<= {REST_API_AIM}",
                    met,
                    str(single.total()),
                    ratio,
                ),
            ],
        )


def measure_deployment(
    stack: str = STACK, config: dict[str, str] | None = None
) -> DeploymentResult:
    """Return the cost of creating a stack, counted from the resources that its program registers.

    `config` replaces settings of the stack.

    Raises:
        UnknownResourceTypeError: The program registers a type without a row in `resource_types/`.
    """
    recorder = _Recorder()
    values = {**stack_config(stack), **(config or {})}
    run_program(recorder, main_program(), stack=stack, config=values)
    return deployment_cost(stack, recorder.registered)


def deployment_cost(stack: str, registered: Sequence[tuple[str, Inputs]]) -> DeploymentResult:
    """Return the cost of creating resources, given as (type, inputs)."""
    calls: dict[str, Counter[str]] = {}
    one_by_one: Counter[str] = Counter()
    for type_, inputs in registered:
        calls.setdefault(type_, Counter()).update(create_calls(type_, inputs))
        if type_ == REST_API:
            one_by_one.update(calls_one_by_one(json.loads(inputs["body"])))
    return DeploymentResult(
        stack=stack,
        resources=Counter(type_ for type_, _ in registered),
        calls=calls,
        one_by_one=dict(one_by_one),
    )


class _Recorder(Mocks):
    """Keeps every registered resource, and answers with plausible outputs."""

    def __init__(self) -> None:
        self.registered: list[tuple[str, Inputs]] = []

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        inputs = cast("dict[str, Any]", args.inputs)
        if args.typ == STACK_REFERENCE:  # read, not created
            return args.name, {**inputs, "outputs": proven_source()}
        if not args.custom:
            return "", {}
        self.registered.append((args.typ, inputs))
        if args.typ == AWS_PROVIDER:
            return args.name, inputs
        row = resource_type(args.typ)
        outputs = row.computed(args.name, inputs, region="eu-west-1", account="123456789012")
        return outputs["id"], {**outputs, **inputs}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], None]:
        raise NotImplementedError(f"the program looks up {args.token}: pass it in")


def _module(type_: str) -> str:
    """Return the part of a type that names the service.

    >>> _module("aws:s3/bucket:Bucket")
    's3'
    """
    return type_.split(":")[1].split("/", 1)[0]


def _short(type_: str) -> str:
    """Return a type as Python programs name it.

    >>> _short("aws:s3/bucket:Bucket"), _short("pulumi:providers:aws")
    ('s3.Bucket', 'aws.Provider')
    """
    if type_.startswith("pulumi:providers:"):
        return f"{type_.rsplit(':', 1)[1]}.Provider"
    return f"{_module(type_)}.{type_.rsplit(':', 1)[1]}"
