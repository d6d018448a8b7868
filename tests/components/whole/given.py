"""An engine of Pulumi as a plugin sees it: it registers resources, and creates none."""

import json
import subprocess
import sys
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import (
    engine_pb2_grpc,
    provider_pb2,
    provider_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
)

from sandbox.program import PROJECT
from tests.engine import computed_outputs

PROJECT_NAME, STACK = "foreign", "prod"
SCHEMA = Path(__file__).with_name("rrweb_store_schema.json")


def golden_schema() -> dict[str, Any]:
    """Return the schema that is checked in."""
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


@dataclass
class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """Answers a registration with what AWS would have made of it."""

    registered: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """Inputs of each resource, by its URN."""
    twice: list[str] = field(default_factory=list[str])
    """URNs that were registered again, which the real engine refuses."""

    # The methods have Pulumi's names; its messages are untyped.
    def GetDeploymentInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        return resource_pb2.DeploymentInfo()

    def SupportsFeature(self, request: Any, context: Any) -> Any:  # noqa: N802
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id != "outputValues")

    def RegisterResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        types = f"{request.parent.split('::')[2]}$" if request.parent else ""
        urn = f"urn:pulumi:{STACK}::{PROJECT_NAME}::{types}{request.type}::{request.name}"
        inputs = json_format.MessageToDict(request.object)
        if urn in self.registered:
            self.twice.append(urn)
        self.registered[urn] = inputs
        outputs = computed_outputs(request.type, request.name, inputs) if request.custom else {}
        return resource_pb2.RegisterResourceResponse(
            urn=urn, id=outputs.get("id", ""), object=_struct({**inputs, **outputs})
        )

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:  # noqa: N802
        return empty_pb2.Empty()


class Log(engine_pb2_grpc.EngineServicer):
    def Log(self, request: Any, context: Any) -> Any:  # noqa: N802
        return empty_pb2.Empty()


def _struct(value: dict[str, Any]) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    json_format.ParseDict(value, made)
    return made


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """The running plugin."""

    provider: Any
    """A stub of its gRPC service, which is untyped."""
    monitor: Monitor
    address: str
    """Of the monitor."""

    def schema(self) -> dict[str, Any]:
        """Return the schema that SDKs are generated from."""
        return json.loads(self.provider.GetSchema(provider_pb2.GetSchemaRequest()).schema)

    def construct(self, name: str, **inputs: Any) -> dict[str, Any]:
        """Return the outputs of a store that a foreign program asks for.

        Raises:
            grpc.RpcError: The plugin refused; `details()` says why.
        """
        response = self.provider.Construct(
            provider_pb2.ConstructRequest(
                project=PROJECT_NAME,
                stack=STACK,
                parallel=4,
                monitorEndpoint=self.address,
                type="rrweb-store:index:RrwebStore",
                name=name,
                inputs=_struct(inputs),
            ),
            timeout=120,
        )
        return json_format.MessageToDict(response.state)


@contextmanager
def running_plugin(folder: Path) -> Generator[Plugin]:
    """Yield the plugin, started as Pulumi's CLI starts it, with `folder` as the current folder."""
    monitor = Monitor()
    server = grpc.server(ThreadPoolExecutor(max_workers=8))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
    engine_pb2_grpc.add_EngineServicer_to_server(Log(), server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    process = subprocess.Popen(
        [sys.executable, str(PROJECT / "plugin"), address],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            provider = provider_pb2_grpc.ResourceProviderStub(channel)
            yield Plugin(provider=provider, monitor=monitor, address=address)
    finally:
        process.kill()
        process.communicate()
        server.stop(None)


if __name__ == "__main__":
    with running_plugin(PROJECT) as plugin:
        SCHEMA.write_text(f"{json.dumps(plugin.schema(), indent=2)}\n", encoding="utf-8")
