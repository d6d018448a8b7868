"""Where a store is built, and what its resources are called there."""

from dataclasses import dataclass
from pathlib import Path

import pulumi

from components.api.contract import Document


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where a store is built, which its settings do not say."""

    checkout: Path
    """Folder of rrweb-store, which has the function and the site."""
    contract: Document
    """The operations: `openapi.yaml`, parsed."""
    release: pulumi.Input[str]
    """Which release the API says that it runs."""
    project: str
    """With `stack`, names what AWS cannot tag."""
    stack: str
    """Must differ between the stores of a project in one account."""
    prefix: str = ""
    """Stands before the name of each resource, so that one program may have several stores."""
    monthly_budget_usd: int = 0
    """Of the resources with the tag `stack`; 0 for no budget."""

    def named(self, what: str) -> str:
        """Return the name of a resource in its program."""
        return f"{self.prefix}{what}"
