"""Pulumi mocks that create the program's resources in the sandbox, as their rows say."""

import json
from collections.abc import Mapping
from typing import Any, cast

import pulumi
from pulumi.runtime import Mocks
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs

from resource_types.in_sandbox import (
    Emulated,
    Ignored,
    Inputs,
    Made,
    Requested,
    UnsupportedResourceError,
)
from resource_types.registry import AWS_PROVIDER, resource_type
from resource_types.resource_type import ResourceType
from sandbox.addresses import Addresses
from sandbox.autonaming import autonamed
from sandbox.cloud import Cloud
from sandbox.deployed import Deployed
from sandbox.program import STACK_REFERENCE, Exports, proven_source
from sandbox.served import ServedResources


class UnknownStackError(LookupError):
    """The program refers to a stack that does not exist: Pulumi's engine ends an update, too."""


class Deployer(Mocks):
    """Creates each resource of the program, and answers with its real outputs."""

    def __init__(
        self, cloud: Cloud, addresses: Addresses, stacks: Mapping[str, Exports] | None = None
    ) -> None:
        """Create nothing yet.

        Args:
            cloud: Where resources are created.
            addresses: URLs of this machine that replace those of AWS.
            stacks: Exports of the existing stacks, by full name; None for one stack alone, for
                which any other has proven this release.
        """
        self.deployed = Deployed()
        self._stacks = stacks
        self._region = cloud.region
        self._client = cloud.client
        self._addresses = addresses
        self._default_tags: dict[str, str] = {}
        self._served = ServedResources(self.deployed, addresses, self._client)

    def call(self, args: MockCallArgs) -> tuple[Inputs, None]:
        raise UnsupportedResourceError(
            f"the program looks up {args.token}: pass it in by configuration"
        )

    def new_resource(self, args: MockResourceArgs) -> Made:
        self.deployed.resources.append((args.typ, args.name))
        if args.typ == STACK_REFERENCE:
            inputs = cast("Inputs", args.inputs)
            return args.name, {**inputs, "outputs": self._exports_of(inputs["name"])}
        inputs = _whole_numbers(args.inputs)
        if args.typ == AWS_PROVIDER:
            # Each of the provider's inputs is JSON in a string.
            self._default_tags = json.loads(inputs.get("defaultTags", "{}")).get("tags", {})
        if not args.custom or args.typ == AWS_PROVIDER:
            return f"{args.name}-id", inputs
        row = resource_type(args.typ)
        if isinstance(row.sandbox, Ignored):
            return f"{args.name}-id", inputs
        requested = self._requested(row, args.name, self._addresses.local(inputs))
        if isinstance(row.sandbox, Emulated):
            id_, outputs = row.sandbox.create(self._client(row.sandbox.service), requested)
            keys = row.sandbox.inputs_to_keep
            kept = {key: requested.inputs[key] for key in keys if key in requested.inputs}
        else:
            id_, outputs = self._served.makers[args.typ](requested)
            kept = {}
        self.deployed.made.append((args.typ, id_, kept))
        return id_, outputs

    def _requested(self, row: ResourceType, name: str, inputs: Inputs) -> Requested:
        given: str = inputs.get(row.name_input, "")
        # https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
        variables = {"AWS_ENDPOINT_URL_S3": self._addresses.s3} if self._addresses.s3 else {}
        return Requested(
            name=name,
            physical_name=given
            or autonamed(name, project=pulumi.get_project(), stack=pulumi.get_stack()),
            inputs=inputs,
            tags={**self._default_tags, **inputs.get("tags", {})},
            region=self._region,
            arn_template=row.arn,
            function_variables=variables,
        )

    def _exports_of(self, stack: str) -> Exports:
        if self._stacks is None:
            return proven_source()
        if stack not in self._stacks:
            raise UnknownStackError(f"unknown stack {stack!r}")
        return self._stacks[stack]


def _whole_numbers(value: Any) -> Any:
    """Return JSON with its integers as such: every number reaches a mock as a float."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {key: _whole_numbers(one) for key, one in members.items()}
    if isinstance(value, list):
        return [_whole_numbers(one) for one in cast("list[Any]", value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value
