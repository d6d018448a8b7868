"""What a release consists of, and that a tag gets nothing else."""

import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from operations.artifacts import CHECKSUMS, ReleaseError, attach, build, check_tag, notes
from sandbox.program import PROJECT

WHEEL = "rrweb_store_cli-1.2.0-py3-none-any.whl"
CHANGELOG = (
    "# Changelog\n\n## Unreleased\n\n- Not yet.\n\n## 1.2.0 (2026-12-01)\n\n- A.\n\n## 1.1.0\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout of version 1.2.0 whose packages and site are built."""
    for name, text in {
        "pyproject.toml": '[project]\nversion = "1.2.0"\n',
        "cli/pyproject.toml": (PROJECT / "cli" / "pyproject.toml").read_text(encoding="utf-8"),
        "cli/README.md": "Read me.",
        "cli/rrweb_store/__init__.py": '"""The command line."""',
        "dist/packages/rrweb-store-player-1.2.0.tgz": "packed",
        "web/site/dist/index.html": "<!doctype html>",
        "web/site/dist/assets/index-1.js": "1",
        "openapi.yaml": "openapi: 3.0.1",
        "CHANGELOG.md": CHANGELOG,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    toml = tmp_path / "cli" / "pyproject.toml"
    lines = toml.read_text(encoding="utf-8").splitlines()
    versioned = ['version = "1.2.0"' if one.startswith("version = ") else one for one in lines]
    toml.write_text("\n".join(versioned), encoding="utf-8")
    return tmp_path


class Run:
    """A stand-in for subprocess.run: builds an empty wheel, and notes what gh is told."""

    def __init__(self) -> None:
        self.calls: list[tuple[list[str], str]] = []

    def __call__(self, command: list[str], **given: Any) -> None:
        if command[0] == "gh":
            self.calls.append((command, given["input"]))
        else:
            (Path(command[command.index("--wheel-dir") + 1]) / WHEEL).touch()


def test_a_release_is_the_packages_the_command_line_the_site_and_the_contract(
    project: Path,
) -> None:
    to = project / "dist" / "artifacts"
    build(to, project)

    assert {one.name for one in to.iterdir()} == {
        "rrweb-store-player-1.2.0.tgz",
        "rrweb-store-site-1.2.0.zip",
        "rrweb-store-openapi-1.2.0.yaml",
        WHEEL,
        CHECKSUMS,
    }
    with zipfile.ZipFile(to / "rrweb-store-site-1.2.0.zip") as site:
        assert site.namelist() == ["assets/index-1.js", "index.html"]
    checked = ["sha256sum", "--check", "--quiet", CHECKSUMS]
    subprocess.run(checked, cwd=to, check=True)


def test_the_same_checkout_makes_the_same_bytes_again(project: Path) -> None:
    first, second = project / "first", project / "second"
    build(first, project, Run())
    (project / "web" / "site" / "dist" / "index.html").touch()
    build(second, project, Run())

    assert (first / CHECKSUMS).read_text("utf-8") == (second / CHECKSUMS).read_text("utf-8")


@pytest.mark.parametrize(
    "missing", ["dist/packages/rrweb-store-player-1.2.0.tgz", "web/site/dist/index.html"]
)
def test_what_is_not_built_is_no_release(project: Path, missing: str) -> None:
    (project / missing).unlink()

    with pytest.raises(ReleaseError, match="make artifacts"):
        build(project / "to", project, Run())


def test_a_tag_gets_the_files_and_what_the_changelog_says_of_it(project: Path) -> None:
    files = project / "dist" / "artifacts"
    run = Run()
    build(files, project, run)
    attach("v1.2.0", files, project, run)

    [(command, text)] = run.calls
    assert command[:4] == ["gh", "release", "create", "v1.2.0"]
    assert "--verify-tag" in command
    assert {Path(one).name for one in command if one.startswith("/")} == {
        one.name for one in files.iterdir()
    }
    assert text == "- A.\n"


@pytest.mark.parametrize("tag", ["v1.2.1", "1.2.0", "", "v1.2.0; id"])
def test_a_tag_of_another_version_gets_nothing(project: Path, tag: str) -> None:
    with pytest.raises(ReleaseError, match=r"v1\.2\.0"):
        check_tag(tag, project)


def test_a_file_that_was_changed_or_added_after_the_build_is_not_attached(project: Path) -> None:
    files = project / "dist" / "artifacts"
    run = Run()
    build(files, project, run)
    (files / "more.tgz").write_text("more", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"more\.tgz"):
        attach("v1.2.0", files, project, run)
    (files / "more.tgz").unlink()
    (files / "rrweb-store-openapi-1.2.0.yaml").write_text("other", encoding="utf-8")
    with pytest.raises(ReleaseError):
        attach("v1.2.0", files, project, run)

    assert run.calls == []


@pytest.mark.parametrize("without", ["3.0.0", "1.1.0", "1.2"])
def test_a_version_without_a_word_in_the_changelog_is_no_release(without: str) -> None:
    with pytest.raises(ReleaseError, match="CHANGELOG"):
        notes(CHANGELOG, without)
