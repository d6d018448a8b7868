"""The program, deployed into a cloud: made anew, or taken up again from where it was kept."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sandbox.cloud import Cloud
from sandbox.deployer import Deployed, Deployer
from sandbox.program import PROJECT, main_program, run_program

DEPLOYMENT = "deployment.json"


class DeploymentError(RuntimeError):
    """What was asked of the sandbox cannot be done now; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What a stack is after `pulumi up`."""

    exports: dict[str, Any]
    deployed: Deployed


def program_digest(config: dict[str, str]) -> str:
    """Return a digest of all that a deployment is made from."""
    files = [PROJECT / "__main__.py", PROJECT / "openapi.yaml"]
    for folder in ("components", "handlers"):
        files += [path for path in (PROJECT / folder).rglob("*") if path.suffix in (".py", ".vtl")]
    together = hashlib.sha256(json.dumps(config, sort_keys=True).encode())
    for file in sorted(files):
        together.update(str(file.relative_to(PROJECT)).encode() + b"\0" + file.read_bytes())
    return together.hexdigest()


def deploy(cloud: Cloud, *, stack: str, config: dict[str, str], api_url: str) -> Deployment:
    """Return the stack, every resource of it made in the cloud."""
    deployer = Deployer(cloud, api_url=api_url)
    exports = run_program(deployer, main_program(), stack=stack, config=config)
    return Deployment(exports=exports, deployed=deployer.deployed)


def keep(deployment: Deployment, folder: Path, config: dict[str, str]) -> None:
    """Write down what `kept` needs."""
    record = {
        "program": program_digest(config),
        "exports": deployment.exports,
        "deployed": asdict(deployment.deployed),
    }
    (folder / DEPLOYMENT).write_text(json.dumps(record), encoding="utf-8")


def kept(folder: Path, config: dict[str, str], api_url: str) -> Deployment | None:
    """Return the deployment that the folder holds, at `api_url` from now on; None if it has none.

    Raises:
        DeploymentError: The program or its configuration changed since.
    """
    file = folder / DEPLOYMENT
    if not file.is_file():
        return None
    record = json.loads(file.read_text(encoding="utf-8"))
    if record["program"] != program_digest(config):
        raise DeploymentError(
            f"the program or its configuration changed since the data in {folder} was kept: start "
            "without --keep, which begins anew"
        )
    deployed = Deployed(**record["deployed"])
    exports = {**record["exports"], "apiUrl": f"{api_url}/{deployed.stage}"}
    return Deployment(exports=exports, deployed=deployed)
