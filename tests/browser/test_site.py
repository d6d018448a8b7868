"""A person's way through the site in Chromium, on the sandbox: web/site/browser/sandbox.test.ts."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from sandbox.program import PROJECT
from tests.browser.conftest import Site


def test_a_person_signs_in_records_and_watches(site: Site, tmp_path: Path) -> None:
    npx: Any = shutil.which("npx")
    run = subprocess.run(
        [npx, "vitest", "run"],
        cwd=PROJECT / "web" / "site",
        env={
            "SITE_PICTURES": str(tmp_path),
            **os.environ,
            "SITE_URL": site.url,
            "SITE_EMAIL": site.email,
            "SITE_PASSWORD": site.password,
        },
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert "6 passed" in run.stdout, run.stdout
