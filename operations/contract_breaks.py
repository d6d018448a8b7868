"""Compares the contract that a stack serves with the checkout's, and lists breaking changes.

`make preview` and `make deploy` run `python -m operations.contract_breaks --stack prod`. Breaking
changes fail for a stack with `promoteFrom`; for any other they are only listed.
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
# Clients may read a documented header or property even if it is optional.
RAISED = ("optional-response-header-removed", "response-optional-property-removed")
# An answer repeats what a client has sent, so its limits grow with those of the request.
LOWERED = ("response-property-max-increased", "response-property-max-length-increased")
# The default serialization of a parameter: https://spec.openapis.org/oas/v3.0.3#style-values
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


class OasdiffError(RuntimeError):
    """The contracts cannot be compared; the message says why."""


def contract_breaks(old: Document, new: Document, oasdiff: Path = OASDIFF) -> list[str]:
    """Return a sentence for each change that breaks clients of `old`.

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
            result = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        except FileNotFoundError as error:
            raise OasdiffError(f"{oasdiff} is not installed: make {oasdiff}") from error
        except subprocess.CalledProcessError as error:
            raise OasdiffError(f"oasdiff failed: {error.stderr.strip()}") from error
    found: list[dict[str, Any]] = json.loads(result.stdout or "[]")
    for one in found:
        if one["level"] >= WARNING:
            where = f"{one.get('operation', '')} {one.get('path', '')}".strip()
            yield f"{where}: {one['text']}" if where else one["text"]


def _unseen_by_oasdiff(old: Document, new: Document) -> Iterator[str]:
    """Yield changes that oasdiff 1.37 does not find: serialization, schemas of response headers."""
    after = {(path, verb): operation for path, verb, operation in operations(new)}
    for path, verb, operation in operations(old):
        where = f"{verb.upper()} {path}"
        successor = after.get((path, verb), {})
        serialized = _serializations(new, {**new["paths"].get(path, {}), **successor})
        for name, style in _serializations(old, {**old["paths"][path], **operation}).items():
            if serialized.get(name, style) != style:
                yield f"{where}: the {name} parameter is serialized differently"
        schemas = _header_schemas(new, successor)
        for name, schema in _header_schemas(old, operation).items():
            if schemas.get(name, schema) != schema:
                yield f"{where}: the schema of the {name} has changed"


def _serializations(document: Document, operation: Document) -> dict[str, tuple[str, bool]]:
    """Return style and explode of each parameter, by location and name such as `query limit`."""
    found: dict[str, tuple[str, bool]] = {}
    for one in (resolved(document, one) for one in operation.get("parameters", [])):
        style = one.get("style", _STYLES[one["in"]])
        found[f"{one['in']} {one['name']}"] = (style, one.get("explode", style == "form"))
    return found


def _header_schemas(document: Document, operation: Document) -> dict[str, Document]:
    """Return the schema of each response header, by a name such as `header ETag of the 200`."""
    return {
        f"header {name} of the {status}": resolved(document, header).get("schema", {})
        for status, answer in operation.get("responses", {}).items()
        for name, header in resolved(document, answer).get("headers", {}).items()
    }


def stack_setting(stack: str, key: str, project: Path = PROJECT) -> Any:
    """Return a setting of the stack's file or None. A list may be JSON in a string."""
    file = project / f"Pulumi.{stack.rpartition('/')[2]}.yaml"
    document: Document = yaml.safe_load(file.read_text("utf-8") if file.is_file() else "") or {}
    settings: Document = document.get("config") or {}
    value = settings.get(f"rrweb-store:{key}")
    return yaml.safe_load(value) if isinstance(value, str) else value


def main(arguments: Sequence[str] | None = None, project: Path = PROJECT) -> int:
    """Return the exit code: 0 no breaking change or an allowed one, 1 refused, 2 wrong usage."""
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
        print("contract: no breaking change for clients of the deployed contract")
        return 0
    stack = options.stack or ""
    print(
        "contract: changes that break clients of the deployed contract:",
        *broken,
        sep="\n  ",
        flush=True,
    )
    if not stack_setting(stack, "promoteFrom", project):
        return 0
    anyway: list[str] = stack_setting(stack, "promoteAnyway", project) or []
    if "contract" in anyway:
        print(f"contract: allowed by promoteAnyway of {stack}")
        return 0
    member = f"--plaintext 'promoteAnyway[{len(anyway)}]=contract'"
    print(
        f"contract: {stack} is refused. Keep what its clients use, or allow the break: "
        f"pulumi config set-all --path {member} --stack {stack}",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
