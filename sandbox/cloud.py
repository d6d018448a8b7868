"""MiniStack, the sandbox's AWS, in a process of its own, on the loopback only."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import boto3
import httpx
from botocore.config import Config
from botocore.credentials import Credentials

from resource_types.registry import emulated_services
from sandbox.plain_http import NO_CERTIFICATES

SERVICES = (*emulated_services(), "sts")

# MiniStack accepts these as its root's. They belong to no account.
ROOT_KEY_ID = "test"
ROOT_SECRET = "test"  # noqa: S105 - for an emulator on the loopback

START_TIMEOUT_S = 30.0

# What changes MiniStack before it runs, in its process.
_INSTALLED = [
    str(Path(__file__).parent / "step_functions" / name)
    for name in ("role_calls.py", "expressions.py")
]

_BOTO3: Any = boto3  # it has no types

# Runs MiniStack until its parent process has ended, even by a kill: then the pipe closes.
_UNTIL_ALONE = """
import os, runpy, signal, sys, threading, time
def end_when_alone():
    os.read(0, 1)
    os.killpg(0, signal.SIGTERM)
    time.sleep(5)
    os.killpg(0, signal.SIGKILL)
threading.Thread(target=end_when_alone, daemon=True).start()
while len(sys.argv) > 1:
    runpy.run_path(sys.argv.pop())["install"]()
runpy.run_module("ministack", run_name="__main__")
"""


class CloudError(RuntimeError):
    """MiniStack did not start; the message ends with its last output."""


def free_port() -> int:
    """Return a free port of the loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cloud:
    """A running MiniStack. `stop` ends it and every process that it started."""

    def __init__(
        self,
        folder: Path,
        *,
        region: str = "eu-west-1",
        keep: bool = False,
        services: Sequence[str] = SERVICES,
        speed: float = 1.0,
    ) -> None:
        """Start it. Its data and its log are in `folder`; state machines wait `speed` times less.

        Raises:
            CloudError: It was not ready in time.
        """
        folder = folder.absolute()  # MiniStack has a working directory of its own
        # It unpacks functions here, and does not delete them.
        self._temporary = folder / "tmp"
        shutil.rmtree(self._temporary, ignore_errors=True)
        self._temporary.mkdir(parents=True)
        self.region = region
        self.endpoint = f"http://127.0.0.1:{free_port()}"
        self._log = folder / "ministack.log"
        self._clients: dict[str, Any] = {}
        self._making = threading.Lock()
        # The caller's AWS settings must not reach it or the Lambdas that it runs.
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own code, and no input
                [sys.executable, "-c", _UNTIL_ALONE, *_INSTALLED],
                cwd=folder,
                env={
                    **inherited,
                    "AUTH": "true",
                    "AWS_ACCESS_KEY_ID": ROOT_KEY_ID,
                    "AWS_SECRET_ACCESS_KEY": ROOT_SECRET,
                    "BIND_HOST": "127.0.0.1",
                    "GATEWAY_PORT": self.endpoint.rsplit(":", 1)[1],
                    "MINISTACK_HOST": "127.0.0.1",
                    "MINISTACK_REGION": region,
                    "SERVICES": ",".join(services),
                    "IOT_MTLS_ENABLED": "0",
                    "SFTP_ENABLED": "0",
                    "SFN_WAIT_SCALE": str(1 / speed),
                    "PERSIST_STATE": "1" if keep else "0",
                    "S3_PERSIST": "1" if keep else "0",
                    "STATE_DIR": str(folder / "state"),
                    "S3_DATA_DIR": str(folder / "s3"),
                    "TMPDIR": str(self._temporary),
                    "PYTHONDONTWRITEBYTECODE": "1",
                },
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a group of its own: its Lambdas end with it
            )
        try:
            self._await_ready()
        except BaseException:  # Ctrl-C too: the terminal does not end a process of another session
            self.stop()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def _await_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                health = f"{self.endpoint}/_ministack/health"
                if httpx.get(health, timeout=1, verify=NO_CERTIFICATES).status_code == 200:
                    return
            except httpx.TransportError:
                pass  # not listening yet
            time.sleep(0.1)
        last = self._log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise CloudError(f"MiniStack was not ready after {START_TIMEOUT_S:.0f} s:\n{last}")

    def client(
        self, service: str, credentials: Credentials | None = None
    ) -> Any:  # boto3 is untyped
        """Return a boto3 client of this cloud, with the root's credentials by default.

        The root has one for each service: to make one takes 50 ms of the processor.
        """
        if credentials is not None:
            return self._new_client(service, credentials)
        with self._making:
            if service not in self._clients:
                root = Credentials(ROOT_KEY_ID, ROOT_SECRET)
                self._clients[service] = self._new_client(service, root)
            return self._clients[service]

    def _new_client(self, service: str, credentials: Credentials) -> Any:
        given: Any = credentials
        return _BOTO3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=self.region,
            aws_access_key_id=given.access_key,
            aws_secret_access_key=given.secret_key,
            aws_session_token=given.token,
            config=Config(
                retries={"mode": "standard", "total_max_attempts": 2},
                connect_timeout=5,
                read_timeout=20,
            ),
        )

    def assume(self, role_arn: str) -> dict[str, Any]:
        """Return STS's credentials for a role. A refusal is an AccessDenied ClientError."""
        answer = self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="sandbox")
        return answer["Credentials"]

    def client_for(self, service: str, role_arn: str) -> Any:
        """Return a boto3 client with the permissions of a role."""
        given = self.assume(role_arn)
        return self.client(
            service,
            Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]),
        )

    def pause(self) -> None:
        """Suspend it: callers wait, as in an outage."""
        os.killpg(self._process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.killpg(self._process.pid, signal.SIGCONT)

    def stop(self) -> None:
        """End it, and wait for its processes to end."""
        for ending, patience_s in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
            try:
                os.killpg(self._process.pid, signal.SIGCONT)
                os.killpg(self._process.pid, ending)
            except ProcessLookupError:
                break
            try:
                self._process.wait(patience_s)
            except subprocess.TimeoutExpired:
                continue
        self._process.wait(1)
        if self._process.stdin:
            self._process.stdin.close()
        shutil.rmtree(self._temporary, ignore_errors=True)
