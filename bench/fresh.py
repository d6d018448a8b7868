"""A sandbox in its own new process, so that no measurement shares a process with its client."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.credentials import Credentials

from sandbox.cloud import ROOT_KEY_ID, ROOT_SECRET
from sandbox.deployment import DeploymentError
from sandbox.program import PROJECT
from sandbox.users import tokens

END_PATIENCE_S = 20

_BOTO3: Any = boto3  # it has no types


@dataclass(frozen=True, kw_only=True)
class Fresh:
    """A sandbox that has just become ready."""

    process_id: int
    cloud_process_id: int
    cloud_url: str
    ready_s: float
    """Seconds from the start of its process until it was ready."""
    start_s: dict[str, float]
    """`Sandbox.start_s`: seconds by part."""
    exports: dict[str, Any]
    body: dict[str, Any]
    """The OpenAPI document that it serves."""

    def client(self, service: str) -> Any:  # boto3 is untyped
        """Return a boto3 client of its cloud."""
        return _BOTO3.client(
            service,
            endpoint_url=self.cloud_url,
            region_name=self.exports["region"],
            aws_access_key_id=ROOT_KEY_ID,
            aws_secret_access_key=ROOT_SECRET,
        )

    @property
    def site_url(self) -> str:
        return str(self.exports["siteUrl"])

    def id_token(self, groups: Iterable[str] | None = None) -> str:
        """Return an ID token of a user of its pool, who then is in exactly the groups."""
        pool, client = self.exports["userPoolId"], self.exports["userPoolClientId"]
        return tokens(self.client("cognito-idp"), pool, client, groups=groups)["IdToken"]

    def credentials_of(self, role_arn: str) -> Credentials:
        """Return credentials of the role."""
        given = self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="bench")
        keys = given["Credentials"]
        return Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


@contextmanager
def fresh_sandbox(
    config: dict[str, str] | None = None, *, s3_delay_s: float = 0
) -> Generator[Fresh]:
    """Yield a sandbox with the configuration of `dev`, in which `config` replaces settings.

    `s3_delay_s` delays each answer of S3 to the gateway and to the Lambda function.

    Raises:
        DeploymentError: It did not start; the message ends with its last output.
    """
    with tempfile.TemporaryDirectory(prefix="rrweb-bench-", ignore_cleanup_errors=True) as name:
        log = Path(name) / "served.log"
        command = [sys.executable, "-m", "bench.served", f"{name}/sandbox"]
        began = time.monotonic()
        with log.open("wb") as complaints:
            process = subprocess.Popen(  # noqa: S603 - our own module
                [*command, json.dumps(config or {}), str(s3_delay_s)],
                cwd=PROJECT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                start_new_session=True,  # Ctrl-C reaches only this process, which ends it
            )
        try:
            assert process.stdout
            line = process.stdout.readline()
            ready_s = time.monotonic() - began
            if not line:
                last = log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise DeploymentError(f"the sandbox for the benchmark did not start:\n{last}")
            said = json.loads(line)
            yield Fresh(
                process_id=process.pid,
                cloud_process_id=said["cloudProcessId"],
                cloud_url=said["cloudUrl"],
                ready_s=ready_s,
                start_s=said["startS"],
                exports=said["exports"],
                body=said["body"],
            )
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin
    assert process.stdout
    process.stdin.close()
    try:
        process.wait(END_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()  # its MiniStack notices that, and ends
        process.wait()
    process.stdout.close()
