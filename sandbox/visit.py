"""Visits to the site in headless Chromium, by the tests of web/site/browser that need a stack."""

import json
import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.deployment import DeploymentError
from sandbox.program import PROJECT
from sandbox.server import Sandbox
from sandbox.users import PASSWORD, email_of

SITE = PROJECT / "web" / "site"
VITEST = PROJECT / "web" / "node_modules" / ".bin" / "vitest"
STILLS = "web/site/pictures/stills"
VISITOR = "visitor"
MEMBER, STRANGER = "member", "stranger"
PATIENCE_S = 240


@dataclass(frozen=True, kw_only=True)
class Step:
    """One test of the visit."""

    title: str
    passed: bool
    duration_s: float
    figures: str
    """Measurements; empty for most."""
    failure: str
    """Why it failed; empty if it passed."""


def visit_site(sandbox: Sandbox) -> Sequence[Step]:
    """Return the steps of a visit to the built site by a user without recordings.

    Raises:
        DeploymentError: The browser did not start; the message says why.
    """
    sandbox.tokens(VISITOR)  # creates the user
    return steps_of("sandbox.test.ts", sandbox, {"SITE_EMAIL": email_of(VISITOR)})


def visit_shop(sandbox: Sandbox) -> Sequence[Step]:
    """Return the steps of a visit to the shop, which a member of its site's group then watches.

    Raises:
        DeploymentError: The browser did not start; the message says why.
    """
    site = sandbox.shop_site
    env = {
        "API_URL": sandbox.api_url,
        "SHOP_URL": sandbox.shop_url,
        "SHOP_SITE": site,
        "MEMBER_EMAIL": email_of(MEMBER),
        "MEMBER_TOKEN": sandbox.id_token(MEMBER, [sandbox.exports["sites"][site]["group"]]),
        "STRANGER_TOKEN": sandbox.id_token(STRANGER, []),
    }
    before = Counter(sandbox.gateway.requests)
    steps = steps_of("shop.test.ts", sandbox, env)
    return [*steps, _without_preflight(sandbox.gateway.requests - before)]


def _without_preflight(requests: Counter[tuple[str, str]]) -> Step:
    """Return whether the visitor's browser sent what it had without asking before.

    >>> _without_preflight(Counter({("POST", "w"): 4, ("OPTIONS", "sites"): 1})).passed
    True
    >>> _without_preflight(Counter({("POST", "w"): 4, ("OPTIONS", "w"): 1})).failure
    'OPTIONS: 1, POST: 4'
    """
    methods = {method: count for (method, part), count in sorted(requests.items()) if part == "w"}
    figures = ", ".join(f"{method}: {count}" for method, count in methods.items())
    passed = "POST" in methods and "OPTIONS" not in methods
    return Step(
        title="no request to /w was preceded by a preflight",
        passed=passed,
        duration_s=0,
        figures=f"requests to /w by method: {figures}",
        failure="" if passed else figures,
    )


def steps_of(file: str, sandbox: Sandbox, env: Mapping[str, str]) -> Sequence[Step]:
    """Return the steps of a visit; `env` names its users, who have PASSWORD.

    Raises:
        DeploymentError: The browser did not start; the message says why.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        run = subprocess.run(  # noqa: S603 - our own test
            [VITEST, "run", f"browser/{file}", "--reporter=json", f"--outputFile={report}"],
            cwd=SITE,
            env={
                **os.environ,
                "SITE_URL": sandbox.site_url,
                "SITE_PASSWORD": PASSWORD,
                **env,
            },
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        if not report.is_file():
            raise DeploymentError(f"the browser did not start: {run.stdout}{run.stderr}")
        (tests,) = json.loads(report.read_text(encoding="utf-8"))["testResults"]
    steps = [
        Step(
            title=one["title"],
            passed=one["status"] == "passed",
            duration_s=(one.get("duration") or 0) / 1000,
            figures=one.get("meta", {}).get("figures", ""),
            failure="\n".join(one["failureMessages"]),
        )
        for one in tests["assertionResults"]
    ]
    if not steps:
        raise DeploymentError(f"the browser did not start: {tests.get('message')}")
    return steps
