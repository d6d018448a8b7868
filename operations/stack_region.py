"""The Region of a stack, as Pulumi reads it."""

from pathlib import Path

import yaml

PROJECT = Path(__file__).parent.parent
SHARED_BY_PULL_REQUESTS = "pr"


def stack_region(stack: str, project: Path = PROJECT) -> str:
    """Return the `aws:region` of the stack's file, or else the project's.

    A stack `pr-…` without a file, as in a fresh checkout, was created from `Pulumi.pr.yaml`.
    """
    names = [stack, *([SHARED_BY_PULL_REQUESTS] if stack.startswith("pr-") else [])]
    for name in names:
        file = project / f"Pulumi.{name}.yaml"
        if file.is_file():
            own: dict[str, dict[str, str]] = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
            if region := own.get("config", {}).get("aws:region"):
                return region
    shared = yaml.safe_load((project / "Pulumi.yaml").read_text(encoding="utf-8"))
    return shared["config"]["aws:region"]["value"]
