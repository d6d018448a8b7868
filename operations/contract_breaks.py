"""Compares the contract that a stack serves with the checkout's, and names what breaks clients.

`python -m operations.contract_breaks --stack prod` is part of `make preview` and `make deploy`. A
stack that others rely on, one with `promoteFrom`, is refused; any other is only told.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from components.api.contract import Document, operations, resolved
from components.release.packed_contract import unpacked_contract
from operations.outputs import OutputsError, add_options, outputs_of

PROJECT = Path(__file__).parent.parent
OASDIFF = Path(sys.prefix) / "bin" / "oasdiff"
# oasdiff's warnings count as errors do: 1 informs, 2 warns, 3 is an error.
WARNING = 2
# Clients read a header or a property that they were promised, also one that is optional.
RAISED = ("optional-response-header-removed", "response-optional-property-removed")
# An answer repeats what a client has sent, so its limits grow with those of the request.
LOWERED = ("response-property-max-increased", "response-property-max-length-increased")
# How a parameter is written by default: https://spec.openapis.org/oas/v3.0.3#style-values
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


class OasdiffError(RuntimeError):
    """The contracts cannot be compared; the message says why."""


def contract_breaks(old: Document, new: Document, oasdiff: Path = OASDIFF) -> list[str]:
    """Return a sentence for each thing that clients of `old` rely on and `new` does not keep.

    Raises:
        OasdiffError: oasdiff is not installed, or cannot read a contract.
    """
    return sorted({*_found_by_oasdiff(old, new, oasdiff), *_unseen_by_oasdiff(old, new)})


def _found_by_oasdiff(old: Document, new: Document, oasdiff: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        base, revision, levels = (Path(folder, name) for name in ("old.json", "new.json", "levels"))
        base.write_text(json.dumps(old), encoding="utf-8")
        revision.write_text(json.dumps(new), encoding="utf-8")
        severities = dict.fromkeys(RAISED, "err") | dict.fromkeys(LOWERED, "info")
        levels.write_text("".join(f"{check} {level}\n" for check, level in severities.items()))
        flags = ["--format", "json", "--flatten-params", "--severity-levels", levels]
        command = [oasdiff, "changelog", base, revision, *flags]
        try:
            said = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        except FileNotFoundError as error:
            raise OasdiffError(f"{oasdiff} is not there: make {oasdiff}") from error
        except subprocess.CalledProcessError as error:
            raise OasdiffError(f"oasdiff failed: {error.stderr.strip()}") from error
    found: list[dict[str, Any]] = json.loads(said.stdout or "[]")
    for one in found:
        if one["level"] >= WARNING:
            where = f"{one.get('operation', '')} {one.get('path', '')}".strip()
            yield f"{where}: {one['text']}" if where else one["text"]


def _unseen_by_oasdiff(old: Document, new: Document) -> Iterator[str]:
    """Yield what oasdiff 1.37 does not compare: serialization, and schemas of response headers."""
    after = {(path, verb): operation for path, verb, operation in operations(new)}
    for path, verb, operation in operations(old):
        where = f"{verb.upper()} {path}"
        successor = after.get((path, verb), {})
        written = _serializations(new, {**new["paths"].get(path, {}), **successor})
        for name, style in _serializations(old, {**old["paths"][path], **operation}).items():
            if written.get(name, style) != style:
                yield f"{where}: the {name} parameter is serialized in another way"
        schemas = _header_schemas(new, successor)
        for name, schema in _header_schemas(old, operation).items():
            if schemas.get(name, schema) != schema:
                yield f"{where}: the {name} has another schema"


def _serializations(document: Document, operation: Document) -> dict[str, tuple[str, bool]]:
    """Return style and explode of each parameter by its place and name, such as `query limit`."""
    found: dict[str, tuple[str, bool]] = {}
    for one in (resolved(document, one) for one in operation.get("parameters", [])):
        style = one.get("style", _STYLES[one["in"]])
        found[f"{one['in']} {one['name']}"] = (style, one.get("explode", style == "form"))
    return found


def _header_schemas(document: Document, operation: Document) -> dict[str, Document]:
    """Return the schema of each response header by a name such as `header ETag of the 200`."""
    return {
        f"header {name} of the {status}": resolved(document, header).get("schema", {})
        for status, answer in operation.get("responses", {}).items()
        for name, header in resolved(document, answer).get("headers", {}).items()
    }


def stack_setting(stack: str, key: str, project: Path = PROJECT) -> Any:
    """Return what the stack's file sets under the key, or else None; a list may stand as JSON."""
    file = project / f"Pulumi.{stack.rpartition('/')[2]}.yaml"
    document: Document = yaml.safe_load(file.read_text("utf-8") if file.is_file() else "") or {}
    settings: Document = document.get("config") or {}
    value = settings.get(f"rrweb-store:{key}")
    return yaml.safe_load(value) if isinstance(value, str) else value


def main(arguments: Sequence[str] | None = None, project: Path = PROJECT) -> int:
    """Return the exit code: 0 nothing breaks or it may, 1 it may not, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="python -m operations.contract_breaks")
    add_options(parser)
    options = parser.parse_args(arguments)
    try:
        packed = outputs_of(options).get("contract")
        if not packed:
            print("contract: nothing is deployed yet, so no client breaks")
            return 0
        new = yaml.safe_load((project / "openapi.yaml").read_text(encoding="utf-8"))
        broken = contract_breaks(unpacked_contract(packed), new)
    except (OutputsError, OasdiffError) as error:
        print(f"contract: {error}", file=sys.stderr)
        return 1
    if not broken:
        print("contract: every client of what is deployed goes on working")
        return 0
    stack = options.stack or ""
    print("contract: clients of what is deployed would break:", *broken, sep="\n  ", flush=True)
    if not stack_setting(stack, "promoteFrom", project):
        return 0
    anyway: list[str] = stack_setting(stack, "promoteAnyway", project) or []
    if "contract" in anyway:
        print(f"contract: allowed, as promoteAnyway of {stack} names it")
        return 0
    member = f"--plaintext 'promoteAnyway[{len(anyway)}]=contract'"
    print(
        f"contract: {stack} is refused. Keep what its clients use, or name the reason: "
        f"pulumi config set-all --path {member} --stack {stack}",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
