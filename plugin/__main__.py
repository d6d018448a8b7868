"""Hosts `RrwebStore` for Pulumi programs in any language: `pulumi package add` starts this file."""

import sys
from pathlib import Path

from pulumi.provider.experimental import component_provider_host

# Pulumi puts only this folder on the path.
sys.path.insert(0, str(Path(__file__).parent.parent))

from components.whole.rrweb_store import RrwebStore

if __name__ == "__main__":
    # Without a version: Pulumi takes that of the repository's tag.
    component_provider_host(components=[RrwebStore], name="rrweb-store")
