"""A running sandbox: the cloud, the deployed program, its gateway and its Firehose."""

import math
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn

from sandbox.addresses import Addresses
from sandbox.cloud import ROOT_KEY_ID, ROOT_SECRET, Cloud
from sandbox.demo_site import shop_site, with_demo_site
from sandbox.deployed import Deployed
from sandbox.deployment import DeploymentError, deploy, keep, kept
from sandbox.firehose import DeliveryStream, parse_config
from sandbox.firehose.buffers import ACTIVE_PARTITION_LIMIT
from sandbox.gateway.api import Api
from sandbox.gateway.asgi import gateway_app
from sandbox.gateway.gateway import Gateway
from sandbox.gateway.service import Faults, ServiceCaller, assume_role_credentials
from sandbox.latency_proxy import LatencyProxy
from sandbox.listeners import close_all, listen_all, serve_app, url_of
from sandbox.program import stack_config
from sandbox.shop.asgi import shop_app
from sandbox.users import tokens
from sandbox.website.asgi import website_app
from sandbox.website.distribution import Distribution


class Sandbox:
    """The stack of one `Pulumi.<stack>.yaml`, deployed and served until `close`.

    Use it as a context manager, or call `close`, which ends all processes, threads and ports.
    """

    def __init__(  # noqa: PLR0913 - each is an option of the command line
        self,
        folder: Path,
        *,
        stack: str = "dev",
        port: int = 0,
        site_port: int = 0,
        shop_port: int | None = None,
        speed: float = 1.0,
        config: dict[str, str] | None = None,
        keep_data: bool = False,
        active_partition_limit: int = ACTIVE_PARTITION_LIMIT,
        s3_delay_s: float = 0,
    ) -> None:
        """Start everything.

        Args:
            folder: Folder of its data and logs.
            stack: Stack whose configuration is deployed.
            port: Port of the API, on 127.0.0.1; 0 for any free one.
            site_port: Port of the site, likewise.
            shop_port: Port of the shop, likewise; None for no shop.
            speed: Speed of Firehose and of state machines, as a multiple of the real clock.
            config: Settings that replace those of the stack, such as
                `{"rrweb-store:throttleRate": "10"}`.
            keep_data: Whether the data stays in `folder` for the next start.
            active_partition_limit: How many recordings Firehose keeps open at once.
            s3_delay_s: Delay of S3's answers to the gateway and the Lambda, in seconds. Not
                together with `keep_data`.

        Raises:
            PortInUseError: The port is in use.
            DeploymentError: The port or the speed is invalid.
            CloudError: MiniStack did not start.
        """
        if not 0 < speed < math.inf:
            raise DeploymentError(f"speed must be above 0, got {speed}")
        self.folder = folder
        values = with_demo_site({**stack_config(stack), **(config or {})})
        ports = {"--port": port, "--site-port": site_port}
        self._sockets = listen_all(
            ports if shop_port is None else {**ports, "--shop-port": shop_port}
        )
        api_socket, site_socket, *shop_sockets = self._sockets
        self._keep: Callable[[], None] | None = None
        self._streams: list[DeliveryStream] = []
        self._servers: list[tuple[uvicorn.Server, threading.Thread]] = []
        self._distribution: Distribution | None = None
        self._latency_proxy: LatencyProxy | None = None
        start = time.monotonic()
        try:
            self.cloud = Cloud(folder, region=values["aws:region"], keep=keep_data, speed=speed)
        except BaseException:
            close_all(self._sockets)
            raise
        try:
            cloud_ready = time.monotonic()
            if s3_delay_s:
                self._latency_proxy = LatencyProxy(self.cloud.endpoint, s3_delay_s)
            addresses = Addresses(
                region=values["aws:region"],
                api=url_of(api_socket),
                sign_in=self.cloud.endpoint,
                site=url_of(site_socket),
                s3=self._latency_proxy.endpoint if self._latency_proxy else "",
            )
            earlier = kept(self.cloud, folder, values, addresses) if keep_data else None
            deployment = earlier or deploy(
                self.cloud, stack=stack, config=values, addresses=addresses
            )
            deployed = time.monotonic()
            if keep_data:
                self._keep = partial(keep, deployment, folder, values, addresses)
            self.exports: dict[str, Any] = deployment.exports
            self.deployed = deployment.deployed
            self.faults = Faults()
            self._streams = self._start_firehose(speed, active_partition_limit)
            self.gateway = self._gateway(self.deployed)
            self._distribution = Distribution(self.deployed.website, self.cloud.client("s3"))
            self._servers.append(serve_app(gateway_app(self.gateway), api_socket))
            self._servers.append(serve_app(website_app(self._distribution), site_socket))
            self.shop_url = ""
            """Of the shop; empty if there is none."""
            for listener in shop_sockets:
                self.shop_url = url_of(listener)
                shop = shop_app(self.site_url, self.exports["sites"][self.shop_site]["writeUrl"])
                self._servers.append(serve_app(shop, listener))
            self.start_s = {
                "cloud": cloud_ready - start,
                "program": deployed - cloud_ready,
                "gateway and Firehose": time.monotonic() - deployed,
            }
            """How long each part took to start, in seconds."""
        except BaseException:
            self.close()
            raise

    @property
    def api_url(self) -> str:
        return str(self.exports["apiUrl"])

    @property
    def site_url(self) -> str:
        return str(self.exports["siteUrl"])

    @property
    def shop_site(self) -> str:
        """The site that the shop records its visitors for."""
        return shop_site(self.exports["sites"])

    @property
    def watch_url(self) -> str:
        """The list of what the shop's visitors did."""
        return f"{self.site_url}/sites/{self.shop_site}"

    @property
    def delivery_stream(self) -> DeliveryStream:
        return self._streams[0]

    def id_token(self, name: str = "demo", groups: Iterable[str] | None = None) -> str:
        """Return an ID token of a user, created if missing, who then is in exactly the groups."""
        return self.tokens(name, groups)["IdToken"]

    def tokens(self, name: str = "demo", groups: Iterable[str] | None = None) -> dict[str, str]:
        """Return Cognito's tokens for a user, created if missing; None keeps the groups."""
        return tokens(
            self.cloud.client("cognito-idp"),
            self.exports["userPoolId"],
            self.exports["userPoolClientId"],
            name,
            groups,
        )

    def close(self) -> None:
        """End the gateway, Firehose and the cloud, in this order."""
        try:
            for server, _ in self._servers:
                server.should_exit = True
            for _, thread in self._servers:
                thread.join(10)
            if self._distribution is not None:
                self._distribution.stop()
            for stream in self._streams:
                stream.stop(flush=self._keep is not None)
            if self._latency_proxy is not None:
                self._latency_proxy.stop()
        finally:
            self.cloud.stop()
            close_all(self._sockets)
        if self._keep is not None:
            self._keep()  # after MiniStack, which writes its data when it ends

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _start_firehose(self, speed: float, active_partition_limit: int) -> list[DeliveryStream]:
        streams = [
            DeliveryStream(
                parse_config(inputs),
                self.cloud.client_for,
                speed=speed,
                active_partition_limit=active_partition_limit,
            )
            for inputs in self.deployed.delivery_streams
        ]
        for stream in streams:
            stream.start()
        return streams

    def _wake_firehose(self, service: str) -> None:
        if service == "kinesis":
            for stream in self._streams:
                stream.wake()

    def _gateway(self, deployed: Deployed) -> Gateway:
        api = Api(
            body=deployed.body,
            stage=deployed.stage,
            stage_variables=deployed.stage_variables,
            region=self.cloud.region,
            throttle_rate=deployed.throttle_rate,
            throttle_burst=deployed.throttle_burst,
            method_limits=deployed.method_limits,
            web_acl=deployed.web_acl,
        )
        services = ServiceCaller(
            endpoint=self.cloud.endpoint,
            s3_endpoint=self._latency_proxy.endpoint
            if self._latency_proxy
            else self.cloud.endpoint,
            region=self.cloud.region,
            role_credentials=assume_role_credentials(self.cloud.assume),
            faults=self.faults,
            answered=self._wake_firehose,
        )
        return Gateway(
            api,
            services,
            cognito_url=self.cloud.endpoint,
            operator_keys={ROOT_KEY_ID: ROOT_SECRET},
        )
