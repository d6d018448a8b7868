"""What a published package says of itself."""

import json
import shutil
import subprocess

from tests.packages.project import PROJECT

MAKE = """
import { manifestOf, versionOf } from './web/packages/manifest.mjs';
const own = { name: '@rrweb-store/player', description: 'Plays', keywords: ['k'], license: 'L' };
const env = JSON.parse(process.argv[1]);
const version = versionOf('[tool]\\nversion = "9"\\n[project]\\nname = "n"\\nversion = "1.2.3"\\n');
const workspace = { ...own, private: true, devDependencies: {} };
console.log(JSON.stringify(manifestOf(workspace, version, env)));
"""


def manifest(**env: str) -> dict[str, object]:
    command = [shutil.which("node") or "node", "--input-type=module", "-e", MAKE, json.dumps(env)]
    run = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, timeout=60)
    return json.loads(run.stdout)


def test_it_has_the_version_of_the_project_and_nothing_of_the_workspace() -> None:
    said = manifest()

    assert (said["version"], said["license"]) == ("1.2.3", "L")
    assert {"private", "devDependencies", "repository"}.isdisjoint(said)
    assert said["publishConfig"] == {"access": "public", "provenance": True}


def test_in_a_workflow_it_names_the_repository_that_provenance_attests() -> None:
    said = manifest(GITHUB_SERVER_URL="https://github.example", GITHUB_REPOSITORY="team/store")

    assert said["repository"] == {
        "type": "git",
        "url": "git+https://github.example/team/store.git",
        "directory": "web/player",
    }
