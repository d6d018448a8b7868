"""A sandbox that is served from a folder: the command line starts it and gets tokens from it."""

import argparse
import fcntl
import json
import shutil
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError

from sandbox.cloud import ROOT_KEY_ID, ROOT_SECRET
from sandbox.deployment import DEPLOYMENT, DeploymentError
from sandbox.server import Sandbox
from sandbox.users import ready_user, tokens

_OUTPUTS = "outputs.json"
_ENDPOINT = "endpoint"
# The sandbox's own files in its folder, which may contain other files too.
_SERVED = (_OUTPUTS, _ENDPOINT)
_KEPT = (DEPLOYMENT, "ministack.log", "s3", "state")

_BOTO3: Any = boto3  # it has no types


@contextmanager
def serving(options: argparse.Namespace) -> Generator[Sandbox]:
    """Yield a sandbox with these options. Meanwhile the folder's `outputs.json` has its exports.

    Raises:
        DeploymentError: The port or the folder is in use.
    """
    folder: Path = options.folder
    with _locked(folder):
        _remove(folder, _SERVED)  # left by a sandbox that was killed
        if not (options.keep and (folder / DEPLOYMENT).is_file()):
            _remove(folder, _KEPT)
        with Sandbox(
            folder,
            stack=options.stack,
            port=options.port,
            site_port=_site_port(options),
            shop_port=_shop_port(options),
            speed=options.speed,
            keep_data=options.keep,
            config={"rrweb-store:siteFolder": str(options.site.absolute())} if options.site else {},
        ) as sandbox:
            sites = sandbox.exports["sites"].values()
            ready_user(
                sandbox.cloud.client("cognito-idp"),
                sandbox.exports["userPoolId"],
                groups=[site["group"] for site in sites],
            )
            (folder / _ENDPOINT).write_text(sandbox.cloud.endpoint, encoding="utf-8")
            _write_whole(folder / _OUTPUTS, json.dumps(sandbox.exports, indent=2) + "\n")
            try:
                yield sandbox
            finally:
                _remove(folder, _SERVED)


def _site_port(options: argparse.Namespace) -> int:
    """Return the port of the site: the one after the API's, or 0 for any free port."""
    if options.site_port is not None:
        return options.site_port
    return options.port + 1 if options.port else 0


def _shop_port(options: argparse.Namespace) -> int:
    """Return the port of the shop: the one after the site's, or 0 for any free port."""
    if options.shop_port is not None:
        return options.shop_port
    return _site_port(options) + 1 if _site_port(options) else 0


def running_cloud_token(folder: Path, user: str, groups: Iterable[str] | None = None) -> str:
    """Return an ID token of a user of the sandbox that is served from the folder.

    The user is in exactly the groups from then on; None changes nothing.

    Raises:
        DeploymentError: No sandbox is served from the folder.
    """
    none_served = f"no sandbox is served from {folder}: start one with python -m sandbox serve"
    try:
        outputs = json.loads((folder / _OUTPUTS).read_text(encoding="utf-8"))
        endpoint = (folder / _ENDPOINT).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise DeploymentError(none_served) from error
    cognito = _BOTO3.client(
        "cognito-idp",
        endpoint_url=endpoint,
        region_name=outputs["region"],
        aws_access_key_id=ROOT_KEY_ID,
        aws_secret_access_key=ROOT_SECRET,
    )
    try:
        answer = tokens(cognito, outputs["userPoolId"], outputs["userPoolClientId"], user, groups)
    except BotoCoreError as error:
        raise DeploymentError(none_served) from error
    return answer["IdToken"]


@contextmanager
def _locked(folder: Path) -> Generator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DeploymentError(
                f"another sandbox is served from {folder}: end it, or choose another with --folder"
            ) from error
        yield


def _write_whole(file: Path, text: str) -> None:
    """Write the file so that no reader sees a part of it."""
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(file)


def _remove(folder: Path, names: tuple[str, ...]) -> None:
    for path in (folder / name for name in names):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
