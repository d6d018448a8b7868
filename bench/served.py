"""A sandbox for one measurement: `python -m bench.served FOLDER CONFIG S3_DELAY_S`.

Says what it is on one line of JSON when it is ready, and ends when its standard input does, which
is also when whoever started it is gone.
"""

import json
import sys
from pathlib import Path

from sandbox.server import Sandbox


def main(folder: str, config: str, s3_delay_s: str) -> None:
    """Serve the stack `dev`, with what `config` (a JSON object of strings) changes of it."""
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
