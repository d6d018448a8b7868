"""A sandbox for one measurement: `python -m bench.served FOLDER CONFIG S3_DELAY_S`.

Prints one line of JSON when it is ready, and ends when its standard input ends, which
includes the end of its parent process.
"""

import json
import sys
from pathlib import Path

from sandbox.server import Sandbox


def main(folder: str, config: str, s3_delay_s: str) -> None:
    """Serve the stack `dev`, with settings replaced by `config`, a JSON object of strings."""
    with Sandbox(Path(folder), config=json.loads(config), s3_delay_s=float(s3_delay_s)) as sandbox:
        ready = {
            "startS": sandbox.start_s,
            "cloudProcessId": sandbox.cloud.pid,
            "cloudUrl": sandbox.cloud.endpoint,
            "exports": sandbox.exports,
            "body": sandbox.deployed.body,
        }
        print(json.dumps(ready), flush=True)
        sys.stdin.buffer.read(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
