"""Asks a script of `web/` that takes JSON on its standard input and says JSON on its output."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def said_by(script: Path, given: Mapping[str, object], *, patience_s: float) -> Any:
    """Return what the script says of what it is given; it runs in its own folder.

    Raises:
        subprocess.CalledProcessError: It failed; why stands on standard error.
        subprocess.TimeoutExpired: It did not end in time.
    """
    node: Any = shutil.which("node")
    run = subprocess.run(  # noqa: S603 - our own script
        [node, script.name],
        input=json.dumps(given).encode(),
        cwd=script.parent,
        check=True,
        stdout=subprocess.PIPE,
        timeout=patience_s,
    )
    return json.loads(run.stdout)
