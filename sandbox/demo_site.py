"""The site that the sandbox declares if the stack declares none."""

import json
from collections.abc import Iterable

SITES = "rrweb-store:sites"
DEMO_SITE = "demo"
DEMO_KEY = "wk_sandbox0sandbox0sandbox0"


def with_demo_site(config: dict[str, str]) -> dict[str, str]:
    """Return the configuration with a site `demo`, which any page may write into.

    >>> list(json.loads(with_demo_site({})[SITES])[0])
    ['id', 'keys']
    """
    if json.loads(config.get(SITES, "[]")):
        return config
    return {**config, SITES: json.dumps([{"id": DEMO_SITE, "keys": [DEMO_KEY]}])}


def shop_site(site_ids: Iterable[str]) -> str:
    """Return the site that the shop records its visitors for: `demo`, or else the first by name.

    >>> shop_site(["c", "demo", "a"]), shop_site(["c", "a"])
    ('demo', 'a')
    """
    declared = sorted(site_ids)  # exports have no order
    return DEMO_SITE if DEMO_SITE in declared else declared[0]
