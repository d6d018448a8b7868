"""`make` with stand-ins for `pulumi` and `gh`."""

import json
import os
import subprocess
import sys
from pathlib import Path

from sandbox.program import PROJECT

RECORDER = f"""#!{sys.executable}
import json, os, sys
with open(os.environ["ASKED"], "a") as asked:
    name = os.path.basename(sys.argv[0])
    asked.write(json.dumps([name][name == "pulumi" :] + sys.argv[1:]) + "\\n")
of = "ANSWER_OF_" + name.upper()
for source in ("_".join([of, *sys.argv[1:3]]).upper(), of, "ANSWER"):
    if source in os.environ:
        break
print(os.environ.get(source, "{{}}"))
of = "EXIT_OF_" + name.upper()
for source in ("_".join([of, *sys.argv[1:3]]).upper(), of, "EXIT"):
    if source in os.environ:
        break
sys.exit(int(os.environ.get(source, "0")))
"""


INSTALLED = (".venv/ready", ".venv/bin/oasdiff", "site")


class CommandLine:
    """Stand-ins for `pulumi` and `gh`: scripts that record their arguments.

    `ANSWER_OF_PULUMI_STACK_SELECT` is the output of that command, `ANSWER_OF_PULUMI` of others;
    `EXIT_OF_PULUMI_STACK_SELECT` is likewise an exit code.
    """

    def __init__(self, folder: Path) -> None:
        self.asked = folder / "asked"
        self.asked.touch()
        self.folder = folder
        self.said = ""
        for name in ("pulumi", "gh"):
            script = folder / name
            script.write_text(RECORDER, encoding="utf-8")
            script.chmod(0o755)

    def make(self, *arguments: str, **env: str) -> tuple[int, list[list[str]]]:
        """Return make's exit code and the recorded commands."""
        self.asked.write_text("", encoding="utf-8")
        own = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("MAKE", "MFLAGS", "AWS_"))
        }
        path = f"{self.folder}:{os.environ['PATH']}"
        run = subprocess.run(
            # Tests install nothing. They do not build the site either: a build during other
            # tests would show them half of a release.
            [
                "make",
                "--no-print-directory",
                *(f"--old-file={one}" for one in INSTALLED),
                *arguments,
            ],
            cwd=PROJECT,
            env={**own, "PATH": path, "ASKED": str(self.asked), **env},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        PROJECT.joinpath("Pulumi.pr-999999.yaml").unlink(missing_ok=True)
        self.said = run.stdout + run.stderr
        lines = self.asked.read_text(encoding="utf-8").splitlines()
        return run.returncode, [json.loads(line) for line in lines]
