"""The site's build: the same files, wherever and by whomever it is built."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from sandbox.program import PROJECT


def linked(source: str, target: str) -> None:
    """Put the file at `target`; what is installed is too much to copy where it need not be."""
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def builds(folder: str, names: list[str]) -> list[str]:
    """Return what a build made, of what is in the folder of one of our own packages."""
    return [] if "node_modules" in folder else [name for name in names if name == "dist"]


def build(folder: Path, **env: str) -> Path:
    """Build the site from a copy of its source in the folder, and return where it lies."""
    web = folder / "web"
    folder.mkdir(parents=True)
    shutil.copy(PROJECT / "openapi.yaml", folder)  # of which the types are generated
    shutil.copytree(PROJECT / "web", web, symlinks=True, ignore=builds, copy_function=linked)
    npm: Any = shutil.which("npm")
    subprocess.run(
        [npm, "run", "--silent", "build", "--workspace", "site"],
        cwd=web,
        env={**os.environ, **env},
        check=True,
        timeout=600,
    )
    return web / "site" / "dist"


def digests(dist: Path) -> dict[str, str]:
    """Return the digest of each file by its name."""
    return {
        path.relative_to(dist).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in dist.rglob("*")
        if path.is_file()
    }


def test_it_is_the_same_in_another_folder_time_zone_and_language(tmp_path: Path) -> None:
    here = digests(PROJECT / "web" / "site" / "dist")  # make built it
    elsewhere = build(tmp_path / "another" / "folder", TZ="Asia/Tokyo", LANG="de_DE.UTF-8")

    assert digests(elsewhere) == here
    assert "index.html" in here
    assert any(name.startswith("assets/") for name in here)


def test_browsers_are_told_to_compile_the_recorder_before_it_runs() -> None:
    script = (PROJECT / "web" / "site" / "dist" / "page-copy.js").read_bytes()

    # Only the first line of a file counts: https://v8.dev/blog/explicit-compile-hints
    assert script.startswith(b"//# allFunctionsCalledOnLoad\n")
