"""Builds what a release consists of, and attaches it to its tag.

`make artifacts` does the first, and `make release TAG=v1.2.0` the second, which requires GitHub's
command, gh. Two jobs of `release.yml` do it, so that what builds has no token that may write.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent
ARTIFACTS = PROJECT / "dist" / "artifacts"
CHECKSUMS = "SHA256SUMS"
# In an environment of its own, which has what cli/pyproject.toml requires.
PIP_WHEEL = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps")
# The first moment that a zip file can state, so that the same files make the same bytes.
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)

Run = Callable[..., Any]


class ReleaseError(Exception):
    """What is built would not be what the tag says."""


def version(project: Path = PROJECT) -> str:
    """Return the version that all artefacts share."""
    text = (project / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def notes(changelog: str, of_version: str) -> str:
    r"""Return what the changelog says of a version.

    >>> notes("# Changelog\n\n## 1.1.0 (2026-12-01)\n\n- A.\n\n## 1.0.0\n\n- B.\n", "1.1.0")
    '- A.\n'

    Raises:
        ReleaseError: It has no heading of it, or nothing under it.
    """
    heading = re.escape(of_version)
    found = re.search(rf"^## {heading}(?=\s).*\n+((?:(?!## ).*\n?)*)", changelog, re.MULTILINE)
    if not found or not found[1].strip():
        raise ReleaseError(
            f"CHANGELOG.md says nothing of {of_version}: write a heading ## {of_version}"
        )
    return found[1].rstrip("\n") + "\n"


def check_tag(tag: str, project: Path = PROJECT) -> str:
    """Return the version of a tag.

    Raises:
        ReleaseError: The artefacts of this checkout have another.
    """
    has = version(project)
    if tag != f"v{has}":
        raise ReleaseError(f"the tag is {tag}, and this checkout is v{has}: tag the right commit")
    return has


def build(to: Path, project: Path = PROJECT, run: Run = subprocess.run) -> None:
    """Fill the folder `to` anew: npm packages, command line, site, contract and their checksums.

    The npm packages and the site have been built: `make artifacts` does so before.

    Raises:
        ReleaseError: They have not.
        CalledProcessError: The command line cannot be built.
    """
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    of = version(project)
    tarballs = sorted((project / "dist" / "packages").glob("*.tgz"))
    site = project / "web" / "site" / "dist"
    if not tarballs or not (site / "index.html").is_file():
        raise ReleaseError("the packages or the site are not built: make artifacts does both")
    for tarball in tarballs:
        shutil.copy(tarball, to)
    _zip(site, to / f"rrweb-store-site-{of}.zip")
    shutil.copy(project / "openapi.yaml", to / f"rrweb-store-openapi-{of}.yaml")
    wheel = [*PIP_WHEEL, "--wheel-dir", str(to), str(project / "cli")]
    run(wheel, check=True, stdout=subprocess.DEVNULL)
    sums = "".join(f"{_sha256(one)}  {one.name}\n" for one in sorted(to.iterdir()))
    (to / CHECKSUMS).write_text(sums, encoding="utf-8")


def attach(tag: str, files: Path, project: Path = PROJECT, run: Run = subprocess.run) -> None:
    """Make the release of an existing tag on GitHub, with the files of a folder.

    Raises:
        ReleaseError: The tag is not of this checkout, or a file is not as it was built.
        CalledProcessError: gh failed. A release is a draft until all files are there.
    """
    text = notes((project / "CHANGELOG.md").read_text(encoding="utf-8"), check_tag(tag, project))
    named = dict(_checksums(files / CHECKSUMS))
    there = {one.name: _sha256(one) for one in files.iterdir() if one.name != CHECKSUMS}
    if named != there or not there:
        raise ReleaseError(f"the files are not those of {CHECKSUMS}: {sorted({*named, *there})}")
    command = ("gh", "release", "create", tag, "--verify-tag", "--title", tag, "--notes-file", "-")
    run(
        [*command, *(str(one) for one in sorted(files.iterdir()))],
        input=text,
        text=True,
        check=True,
    )


def _checksums(file: Path) -> Iterator[tuple[str, str]]:
    if file.is_file():
        for line in file.read_text(encoding="utf-8").splitlines():
            digest, name = line.split("  ", 1)
            yield name, digest


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _zip(folder: Path, to: Path) -> None:
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            name = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _FIRST_MOMENT)
            archive.writestr(name, file.read_bytes(), zipfile.ZIP_DEFLATED)


def main(arguments: Sequence[str] | None = None, run: Run = subprocess.run) -> int:
    """Return the exit code: 0 done, 1 refused or failed, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m operations.artifacts")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build").add_argument("--tag", default="", help="refuse any other version")
    attached = commands.add_parser("attach")
    attached.add_argument("--tag", required=True)
    attached.add_argument(
        "--files", type=Path, default=ARTIFACTS, help="folder; where build puts it"
    )
    options = parser.parse_args(arguments)
    try:
        if options.command == "attach":
            attach(options.tag, options.files, run=run)
            return 0
        if options.tag:
            check_tag(options.tag)
        build(ARTIFACTS, run=run)
    except (ReleaseError, subprocess.CalledProcessError) as error:
        print(f"artifacts: {error}", file=sys.stderr)
        return 1
    print(f"{ARTIFACTS.relative_to(PROJECT)}:")
    print((ARTIFACTS / CHECKSUMS).read_text(encoding="utf-8"), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
