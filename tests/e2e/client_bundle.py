"""Scripts of the clients that are compared with ours."""

import shutil
import subprocess

from tests.e2e.browser import RECORDER


def bundle(client: str) -> bytes:
    """Return the script of one of web/peers/clients."""
    node = shutil.which("node") or "node"
    command = [node, "bundle.mjs", client]
    run = subprocess.run(command, cwd=RECORDER.parent / "peers", check=True, capture_output=True)
    return run.stdout
