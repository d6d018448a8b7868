"""One name for what is deployed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from components.release.release import release_files, release_of
from components.store.python_function import package_archive
from sandbox.program import PROJECT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of all that makes a release, and of something that does not."""
    for name in (
        "__main__.py",
        "openapi.yaml",
        "requirements.txt",
        "Pulumi.yaml",
        "Pulumi.dev.yaml",
    ):
        shutil.copy(PROJECT / name, tmp_path)
    for name in ("components", "handlers"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    site = tmp_path / "web" / "site" / "dist"
    site.mkdir(parents=True)
    (site / "index.html").write_text("<p>")
    return tmp_path


def test_building_twice_gives_the_same_release_wherever_it_is_built(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "checkout"
    shutil.copytree(checkout, elsewhere)

    assert release_of(checkout) == release_of(checkout) == release_of(elsewhere)
    assert len(release_of(checkout)) == len("r") + 16


@pytest.mark.parametrize(
    "name",
    [
        "__main__.py",
        "openapi.yaml",
        "requirements.txt",
        "Pulumi.yaml",
        "components/website/functions/page_paths.js",
        "components/api/rest_api.py",
        "components/store/templates/put_record.vtl",
        "handlers/get_events.py",
        "web/site/dist/index.html",
    ],
)
def test_a_change_of_anything_that_is_deployed_is_another_release(
    checkout: Path, name: str
) -> None:
    before = release_of(checkout)
    file = checkout / name

    file.write_text(file.read_text() + "\n")

    assert release_of(checkout) != before


def test_a_file_of_another_name_is_another_release(checkout: Path) -> None:
    before = release_of(checkout)

    (checkout / "handlers" / "cursor.py").rename(checkout / "handlers" / "cursors.py")

    assert release_of(checkout) != before


@pytest.mark.parametrize(
    "name", ["Pulumi.dev.yaml", "README.md", "handlers/__pycache__/a.pyc", "tests/test_a.py"]
)
def test_what_is_not_deployed_makes_no_release(checkout: Path, name: str) -> None:
    before = release_of(checkout)

    (checkout / name).parent.mkdir(exist_ok=True)
    (checkout / name).write_text("changed")

    assert release_of(checkout) == before


# Prints what is opened while the program runs.
READING = """
import sys
read = set()
sys.addaudithook(lambda event, about: read.add(about[0]) if event == "open" else None)
from tests.engine import deploy_program
deploy_program("dev")
print(*(name for name in read if isinstance(name, str)), sep="\\n")
"""
# What reads it, and what Pulumi would tell it of one stack.
NOT_DEPLOYED = (
    *("tests/", "sandbox/", "resource_types/", "web/node_modules/", ".venv/"),
    "Pulumi.dev.yaml",
)


def test_all_that_the_program_reads_of_the_project_is_in_the_release() -> None:
    run = subprocess.run(
        [sys.executable, "-c", READING], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    names = {str(Path(line).absolute()) for line in run.stdout.splitlines()}
    own = {name.removeprefix(f"{PROJECT}/") for name in names if name.startswith(f"{PROJECT}/")}
    # Python reads what it compiled before.
    sources = {re.sub(r"__pycache__/(\w+)\.cpython-.*", r"\1.py", name) for name in own}

    read = {name for name in sources if not name.startswith(NOT_DEPLOYED)}
    counted = {path.relative_to(PROJECT).as_posix() for path in release_files(PROJECT)}
    assert {
        "__main__.py",
        "components/api/rest_api.py",
        "components/store/templates/scan.vtl",
    } <= read
    assert read - counted == set()


def test_the_lambda_s_whole_archive_is_in_the_release() -> None:
    counted = {path.relative_to(PROJECT).as_posix() for path in release_files(PROJECT)}

    packed = set(package_archive(PROJECT / "handlers").assets)
    assert packed
    assert packed - counted == set()
