"""A changed template, and only then, changes the deployment."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from components.api.contract import Document
from components.api.finished_body import digest
from components.api.mapping_template import template_text
from components.release.release import release_of
from components.store import recording_templates as store_templates
from sandbox.program import PROJECT, main_program, stack_config
from tests.engine import WITH_SITE, Engine, deploy, deploy_program
from tests.program.given import body_of, integrations

DEPLOYED_TEMPLATES = sorted((PROJECT / "components").rglob("*.vtl"))


def trigger_of(engine: Engine) -> str:
    """Return what decides whether the stage gets a new deployment."""
    return engine.inputs("aws:apigateway/deployment:Deployment", "api")["triggers"]["body"]


def trigger(**config: str) -> str:
    """Return the same of a fresh run of the dev stack, its configuration changed."""
    own = {f"rrweb-store:{key}": value for key, value in config.items()}
    return trigger_of(deploy(main_program(), {**stack_config("dev"), **WITH_SITE, **own}))


@pytest.mark.parametrize("file", DEPLOYED_TEMPLATES, ids=lambda file: file.name)
def test_every_template_is_in_the_body_whose_digest_decides(file: Path, body: Document) -> None:
    text = template_text(file).rstrip("\n")

    assert json.dumps(text)[1:-1] in json.dumps(body)


def test_an_edit_of_a_template_reaches_the_stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = "components/store/templates/recording.vtl"  # which others include
    checkout = edited_checkout(tmp_path, file, '"recordingId"', ' "recordingId"')
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(store_templates, "TEMPLATES", (checkout / file).parent)
    edited = deploy(main_program(checkout), {**stack_config("dev"), **ABSOLUTE_SITE})

    assert trigger_of(edited) != trigger_of(deploy_program("dev"))


def test_without_a_change_of_the_api_there_is_no_new_deployment() -> None:
    before = trigger_of(deploy_program("dev"))

    assert trigger(throttleRate="7", shardCount="2", logRetentionDays="60") == before
    assert trigger(retentionDays="7") != before
    assert trigger(allowOrigin="https://replay.example.com") != before


@pytest.mark.parametrize(
    ("before", "after", "is_another"),
    [
        ("maxLength: 8192", "maxLength: 8000", True),
        ("          application/x-ndjson: {}\n", "", True),
        ("      security: []\n", "", True),
        ("  version: 1.0.0\n", "  version: 1.0.1\n", False),
        ("summary: Append a batch", "summary: Add a batch", False),
    ],
)
def test_the_contract_reaches_the_stage_when_it_asks_for_something_else(
    before: str, after: str, is_another: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = edited_checkout(tmp_path, "openapi.yaml", before, after)
    monkeypatch.setattr(sys, "path", [*sys.path])
    edited = deploy(main_program(checkout), {**stack_config("dev"), **ABSOLUTE_SITE})

    assert (trigger_of(edited) != trigger_of(deploy_program("dev"))) is is_another


def test_the_lambda_s_code_reaches_it_without_a_new_deployment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = edited_checkout(tmp_path, "handlers/get_events.py", "import ", "import  ")
    monkeypatch.setattr(sys, "path", [*sys.path])
    edited = deploy(main_program(checkout), {**stack_config("dev"), **ABSOLUTE_SITE})

    assert edited.exports["release"] != release_of(PROJECT)
    assert trigger_of(edited) == trigger_of(deploy_program("dev"))


ABSOLUTE_SITE = {**WITH_SITE, "rrweb-store:siteFolder": str(PROJECT / "tests/data/site")}


def edited_checkout(folder: Path, file: str, before: str, after: str) -> Path:
    """Return a copy of what the program is made of, with a text of one file replaced."""
    for name in ("__main__.py", "Pulumi.yaml", "openapi.yaml", "requirements.txt"):
        shutil.copy(PROJECT / name, folder)
    for name in ("components", "handlers"):
        shutil.copytree(PROJECT / name, folder / name)
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    return folder


def test_each_integration_is_in_what_decides() -> None:
    body = body_of(deploy_program("dev"))
    every = integrations(body)
    digests = {digest_with_other_uri(body, one) for one in every.values()}

    assert len(digests | {digest(body)}) == len(every) + 1


def digest_with_other_uri(body: Document, integration: Document) -> str:
    """Return the digest of the body while one of its integrations calls something else."""
    uri = integration.get("uri")
    integration["uri"] = "arn:aws:apigateway:eu-west-1:s3:action/Other"
    try:
        return digest(body)
    finally:
        integration["uri"] = uri


def test_tags_and_the_release_reach_the_stage_without_a_new_deployment() -> None:
    before = trigger_of(deploy_program("dev"))

    assert trigger(owner="jo", commit="abc1234", expiresOn="2026-12-31") == before
    assert trigger(verifiedReleases='["r1"]', accessLog="true", alarms="true") == before
