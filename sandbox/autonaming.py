"""Physical names by `pulumi:autonaming` in Pulumi.yaml, which mocks do not apply.

Source: https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming-configuration
"""

import re
import secrets
from functools import cache

import yaml

from sandbox.program import PROJECT

_HEX = re.compile(r"\$\{hex\((\d+)\)\}")


def autonamed(name: str, *, project: str, stack: str, pattern: str | None = None) -> str:
    """Return a new physical name for a logical one.

    >>> autonamed("events", project="shop", stack="dev", pattern="${project}-${stack}-${name}")
    'shop-dev-events'

    Raises:
        ValueError: The pattern has an expression that the sandbox does not support.
    """
    text = declared_pattern() if pattern is None else pattern
    for key, value in {"project": project, "stack": stack, "name": name}.items():
        text = text.replace(f"${{{key}}}", value)
    text = _HEX.sub(lambda found: secrets.token_hex(int(found[1]))[: int(found[1])], text)
    if "${" in text:
        raise ValueError(f"the sandbox does not support all of pulumi:autonaming, got {text!r}")
    return text


@cache
def declared_pattern() -> str:
    """Return the pattern of Pulumi.yaml."""
    declared = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text(encoding="utf-8"))
    return declared["config"]["pulumi:autonaming"]["value"]["pattern"]
