"""The program, deployed into a cloud: made anew, or taken up again from where it was kept."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sandbox.addresses import Addresses, moved
from sandbox.cloud import Cloud
from sandbox.deployed import Deployed
from sandbox.deployer import Deployer
from sandbox.program import PROJECT, Exports, full_name, main_program, run_program

DEPLOYMENT = "deployment.json"
_READ_ONLY = {"ClientSecret", "CreationDate", "LastModifiedDate"}


class DeploymentError(RuntimeError):
    """The sandbox cannot do what was requested; the message says why, with a remedy."""


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """A stack after `pulumi up`."""

    exports: Exports
    deployed: Deployed


def program_digest(config: dict[str, str]) -> str:
    """Return a digest of the program and its configuration."""
    files = [PROJECT / "__main__.py", PROJECT / "openapi.yaml"]
    for folder in ("components", "handlers"):
        paths = (PROJECT / folder).rglob("*")
        files += [path for path in paths if path.suffix in (".py", ".vtl", ".js")]
    site = PROJECT / config["rrweb-store:siteFolder"]
    files += [path for path in site.rglob("*") if path.is_file()]
    together = hashlib.sha256(json.dumps(config, sort_keys=True).encode())
    for file in sorted(files):
        together.update(str(file).encode() + b"\0" + file.read_bytes())
    return together.hexdigest()


def deploy(  # noqa: PLR0913 - all that `pulumi up` knows
    cloud: Cloud,
    *,
    stack: str,
    config: dict[str, str],
    addresses: Addresses,
    project: Path = PROJECT,
    stacks: Mapping[str, Exports] | None = None,
) -> Deployment:
    """Return the stack, with all of its resources created in the cloud.

    Args:
        cloud: Where the resources are created.
        stack: Its name.
        config: Its whole configuration.
        addresses: URLs of this machine that replace those of AWS.
        project: Folder of the program.
        stacks: Exports of the existing stacks by full name, including its own if it was deployed
            before; None for one stack alone, for which any other has proven this release.

    Raises:
        DeploymentError: The configuration is invalid, or the site is not built.
    """
    # A stack exists, empty, before its first update.
    known = None if stacks is None else {full_name(stack): {}, **stacks}
    deployer = Deployer(cloud, addresses, known)
    try:
        exports = run_program(deployer, main_program(project), stack=stack, config=config)
    except ValueError as error:
        raise DeploymentError(str(error)) from error
    return Deployment(exports=addresses.local(exports), deployed=deployer.deployed)


def keep(
    deployment: Deployment, folder: Path, config: dict[str, str], addresses: Addresses
) -> None:
    """Write the record that `kept` reads."""
    record = {
        "urls": addresses.urls,
        "program": program_digest(config),
        "exports": deployment.exports,
        "deployed": asdict(deployment.deployed),
    }
    (folder / DEPLOYMENT).write_text(json.dumps(record), encoding="utf-8")


def kept(
    cloud: Cloud, folder: Path, config: dict[str, str], addresses: Addresses
) -> Deployment | None:
    """Return the deployment that was kept in the folder, moved to these addresses; None if none.

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
            "without --keep, which deletes the data"
        )
    urls = record["urls"]
    record = json.loads(moved(json.dumps(record), urls, addresses.urls))
    deployment = Deployment(exports=record["exports"], deployed=Deployed(**record["deployed"]))
    for text in deployment.deployed.texts:
        cloud.client("s3").put_object(**text)
    _move_client(cloud, deployment.exports, urls, addresses.urls)
    return deployment


def _move_client(
    cloud: Cloud, exports: dict[str, Any], before: dict[str, str], now: dict[str, str]
) -> None:
    """Let the app client redirect users to the site's new address."""
    cognito = cloud.client("cognito-idp")
    client = cognito.describe_user_pool_client(
        UserPoolId=exports["userPoolId"], ClientId=exports["userPoolClientId"]
    )["UserPoolClient"]
    # An update must repeat every setting, except read-only ones.
    settings = {name: client[name] for name in client.keys() - _READ_ONLY if client[name] != ""}
    cognito.update_user_pool_client(**json.loads(moved(json.dumps(settings), before, now)))
