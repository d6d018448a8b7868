"""Projects of strangers: a folder with nothing but what they write, and the packed packages."""

import json
import mimetypes
import os
import re
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.documents import BLOCK, blocks
from tests.e2e.local_http import Answer, Asked, LocalServer

PROJECT = Path(__file__).parents[2]
PACKAGES = PROJECT / "dist" / "packages"
TRIED = PROJECT / "web" / "packages" / "tried"
# What the snippets of the documentation have in place of a site's.
WRITE_URL = "https://…/w/wk_…"
TAG_URL = "https://…/page-copy.js"
API_ORIGIN = "https://<host of apiUrl>"
FILE = re.compile(r"(?://|<!--) (\S+\.\w+)(?: -->)?\n")
# Of an installation or a build, on a machine that does other things too.
PATIENCE_S = 420


def section(document: str, heading: str) -> str:
    """Return what a page of the documentation has below a heading of the third level."""
    text = (PROJECT / "docs" / document).read_text(encoding="utf-8")
    return text.split(f"\n### {heading}\n")[1].split("\n## ")[0].split("\n### ")[0]


def snippets(heading: str) -> dict[str, str]:
    """Return the files that the documentation has for a framework, by their paths."""
    return {
        file[1]: code
        for document in ("recorder.md", "player.md")
        for _, code in BLOCK.findall(section(document, heading))
        if (file := FILE.match(code))
    }


def policy(document: str, api_url: str) -> str:
    """Return the content security policy of a page of the documentation, for this API."""
    text = (PROJECT / "docs" / document).read_text(encoding="utf-8")
    headers = blocks(text, "http")
    assert len(headers) == 1, document
    return (
        headers[0].partition(": ")[2].strip().replace(API_ORIGIN, "/".join(api_url.split("/")[:3]))
    )


def tarballs() -> list[Path]:
    """Return the packed packages, which `make packages` has made."""
    packed = sorted(PACKAGES.glob("*.tgz"))
    assert [path.name.split("-")[2] for path in packed] == ["player", "recorder"], "make packages"
    return packed


def write(path: Path, text: str, write_url: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace(WRITE_URL, write_url), encoding="utf-8")


def start(name: str, folder: Path, write_url: str) -> Path:
    """Return a new project, in which the packages are installed, and whose pages write there."""
    project = folder / name
    shutil.copytree(TRIED / name, project, ignore=shutil.ignore_patterns("node_modules", "dist"))
    for path in project.rglob("*.js"):
        write(path, path.read_text(encoding="utf-8"), write_url)
    if (project / "package-lock.json").exists():
        npm(project, "ci")
    npm(project, "install", "--no-save", "--no-package-lock", *map(str, tarballs()))
    return project


def npm(project: Path, *words: str) -> None:
    """Run npm in a project.

    Raises:
        AssertionError: It failed; the message is what it said.
    """
    run = subprocess.run(
        [shutil.which("npm") or "npm", *words],
        cwd=project,
        env={**os.environ, "NEXT_TELEMETRY_DISABLED": "1", "CI": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def installed(project: Path, name: str) -> dict[str, object]:
    path = project / "node_modules" / "@rrweb-store" / name / "package.json"
    return json.loads(path.read_text(encoding="utf-8"))


@contextmanager
def served(folder: Path, policies: dict[str, str] | None = None) -> Generator[str]:
    """Yield the address of a folder's files; some pages have a content security policy."""

    def respond(asked: Asked) -> Answer:
        name = asked.path.partition("?")[0].lstrip("/")
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            return Answer(404)
        kind = {".mjs": "text/javascript"}.get(path.suffix) or mimetypes.guess_type(name)[0]
        headers = {"Content-Type": f"{kind}; charset=utf-8"}
        if policies and name in policies:
            headers["Content-Security-Policy"] = policies[name]
        return Answer(200, headers, path.read_bytes())

    with LocalServer(respond) as server:
        yield server.url
