"""Promotion from dev to prod: prod reads the exports of dev, and deploys or refuses."""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.release.packed_contract import packed_contract
from components.release.promotion import PromotionError
from components.release.release import release_of
from operations.verified import main as verified
from sandbox.addresses import Addresses
from sandbox.cloud import Cloud
from sandbox.deployer import UnknownStackError
from sandbox.deployment import DeploymentError, deploy
from sandbox.program import PROJECT, Exports, full_name, stack_config

DEV, PROD = full_name("dev"), full_name("prod")
SITE = {"rrweb-store:siteFolder": str(PROJECT / "tests/data/site")}
NOWHERE = "http://127.0.0.1:1"


@dataclass(kw_only=True)
class Account:
    """Two stacks in one cloud, and their state."""

    cloud: Cloud
    state: dict[str, Exports] = field(default_factory=dict[str, Exports])

    def up(self, stack: str, checkout: Path, **config: str) -> Exports:
        """Deploy the stack from the checkout and return its exports."""
        own = {f"rrweb-store:{key}": value for key, value in config.items()}
        made = deploy(
            self.cloud,
            stack=stack,
            config={**stack_config(stack), **SITE, **own},
            addresses=Addresses(region="eu-west-1", api=NOWHERE, sign_in=NOWHERE, site=NOWHERE),
            project=checkout,
            stacks=self.state,
        )
        # As read from the state, where every number is a float.
        self.state[full_name(stack)] = json.loads(json.dumps(made.exports))
        return made.exports

    def resource_names(self) -> dict[str, list[str]]:
        """Return the names of resources of four types, which every stack has."""
        client = self.cloud.client
        return {
            "buckets": [one["Name"] for one in client("s3").list_buckets()["Buckets"]],
            "roles": [one["RoleName"] for one in client("iam").list_roles()["Roles"]],
            "streams": client("kinesis").list_streams()["StreamNames"],
            "tables": client("dynamodb").list_tables()["TableNames"],
        }


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    running = Cloud(tmp_path_factory.mktemp("cloud"))
    yield running
    running.stop()


@pytest.fixture
def account(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setattr(sys, "path", [*sys.path])  # a program inserts its checkout
    return Account(cloud=cloud)


@dataclass(frozen=True, kw_only=True)
class Checkouts:
    """The same program at four commits."""

    first: Path
    other: Path
    """Another handler, without a change to the contract or the layout."""
    narrower: Path
    """Its contract has a shorter maximum for titles."""
    elsewhere: Path
    """Its storage layout is another one."""


@pytest.fixture(scope="module")
def checkouts(tmp_path_factory: pytest.TempPathFactory) -> Checkouts:
    first = tmp_path_factory.mktemp("checkouts") / "first"
    first.mkdir()
    for name in ("__main__.py", "Pulumi.yaml", "openapi.yaml", "requirements.txt"):
        shutil.copy(PROJECT / name, first)
    for name in ("components", "handlers"):
        shutil.copytree(PROJECT / name, first / name)
    return Checkouts(
        first=first,
        other=edited(first, "handlers/get_events.py", "import ", "import  "),
        narrower=edited(first, "openapi.yaml", "maxLength: 1024", "maxLength: 10"),
        elsewhere=edited(first, "__main__.py", "STORAGE_LAYOUT = 2", "STORAGE_LAYOUT = 3"),
    )


def edited(checkout: Path, file: str, before: str, after: str) -> Path:
    """Return a copy of the checkout with a text of one file replaced."""
    copy = checkout.with_name(after.strip().replace(" ", "-").replace(":", ""))
    shutil.copytree(checkout, copy)
    text = (copy / file).read_text(encoding="utf-8")
    assert before in text
    (copy / file).write_text(text.replace(before, after), encoding="utf-8")
    return copy


def verified_exports(checkout: Path, *earlier: Path) -> dict[str, Any]:
    """Return the exports of a dev that runs the checkout and has verified it and earlier ones."""
    releases = [release_of(one) for one in (checkout, *earlier)]
    return {"release": releases[0], "verifiedReleases": releases}


def serving_exports(checkout: Path) -> Exports:
    """Return the exports of a prod that runs the checkout, as far as promotion reads them."""
    program = (checkout / "__main__.py").read_text(encoding="utf-8")
    contract = yaml.safe_load((checkout / "openapi.yaml").read_text(encoding="utf-8"))
    layout = float(re.findall(r"^STORAGE_LAYOUT = (\d+)$", program, re.MULTILINE)[0])
    return {"contract": packed_contract(contract), "storageLayout": layout}


def refusal(account: Account, checkout: Path, stack: str = "prod", **config: str) -> str:
    """Return why a stack is not deployed from the checkout; nothing was made before it was said."""
    before = account.resource_names()
    with pytest.raises(PromotionError) as refused:
        account.up(stack, checkout, **config)
    assert account.resource_names() == before
    return str(refused.value)


def reasons(said: str) -> list[str]:
    """Return the reasons that a refusal names, in its order."""
    return [line.split(":")[0].strip() for line in said.splitlines() if line.startswith("  ")]


def test_a_release_reaches_prod_after_its_verification_on_dev(
    account: Account, checkouts: Checkouts, tmp_path: Path
) -> None:
    account.state[DEV] = {}  # after `pulumi stack init dev` only
    not_deployed = refusal(account, checkouts.first)

    account.up("dev", checkouts.first)
    not_verified = refusal(account, checkouts.first)

    account.up("dev", checkouts.first, verifiedReleases=mark(account, checkouts.first, tmp_path))
    prod = account.up("prod", checkouts.first)
    account.state[DEV] = verified_exports(checkouts.elsewhere, checkouts.first)
    unreadable = refusal(account, checkouts.elsewhere)

    assert reasons(not_deployed) == ["release", "verified"]
    assert f"{DEV} runs nothing" in not_deployed
    assert reasons(not_verified) == ["verified"]
    assert "make verify STACK=dev" in not_verified
    assert prod["release"] == release_of(checkouts.first)
    assert reasons(unreadable) == ["layout"]  # compared with the exports of this prod
    assert serving_exports(checkouts.first).items() <= account.state[PROD].items()


def mark(account: Account, checkout: Path, folder: Path) -> str:
    """Return the configuration that `make verify` sets at its end, as Pulumi stores it."""
    commands: list[list[str]] = []

    class Ended:
        returncode = 0

    def run(command: list[str], **_: object) -> Ended:
        commands.append(command)
        return Ended()

    (folder / "outputs.json").write_text(json.dumps(account.state[DEV]), encoding="utf-8")
    stack = ["--outputs", str(folder / "outputs.json")]
    assert verified(["add", release_of(checkout), *stack], run) == 0
    return json.dumps([word.partition("=")[2] for word in commands[-1] if "]=" in word])


def test_a_missing_dev_stack_is_refused_by_the_engine(
    account: Account, checkouts: Checkouts
) -> None:
    with pytest.raises(UnknownStackError, match=f"unknown stack '{DEV}'"):
        account.up("prod", checkouts.first)


def test_a_release_that_dev_does_not_run_is_refused(account: Account, checkouts: Checkouts) -> None:
    account.state[DEV] = verified_exports(checkouts.other)

    said = refusal(account, checkouts.first)

    assert reasons(said) == ["release", "verified"]
    assert f"{DEV} runs {release_of(checkouts.other)}" in said


def test_another_layout_is_refused_unless_prod_accepts_it(
    account: Account, checkouts: Checkouts
) -> None:
    new = checkouts.elsewhere
    account.state |= {
        DEV: verified_exports(new, checkouts.first),
        PROD: serving_exports(checkouts.first),
    }

    said = refusal(account, new)
    with_another_reason = refusal(account, new, promoteAnyway='["contract"]')
    prod = account.up("prod", new, promoteAnyway='["layout"]')

    assert reasons(said) == reasons(with_another_reason) == ["layout"]
    assert "recordings lie by layout 2 and this one reads 3" in said
    assert "--plaintext 'promoteAnyway[0]=layout' --stack prod" in said
    assert prod["release"] == release_of(new)


def test_a_stack_of_an_earlier_release_is_not_touched_until_it_keeps_its_table(
    account: Account, checkouts: Checkouts
) -> None:
    account.state[DEV] = {"storageLayout": 1.0, "tableName": "rrweb-store-dev-recordings-1a2b3c4"}

    said = refusal(account, checkouts.first, "dev")
    dev = account.up("dev", checkouts.first, earlierTable="true")
    again = account.up("dev", checkouts.first, earlierTable="true")
    forgotten = account.up("dev", checkouts.first)
    turned_on = refusal(account, checkouts.first, "dev", earlierTable="true")

    assert reasons(said) == reasons(turned_on) == ["layout"]
    assert "make carry-over STACK=dev" in said
    assert dev["earlierTableName"] != dev["tableName"]
    assert again["earlierTableName"].startswith("rrweb-store-dev-recordings-")
    assert forgotten["earlierTableName"] == ""
    assert "pulumi config rm earlierTable --stack dev" in turned_on


def test_the_first_deployment_of_prod_is_not_compared(
    account: Account, checkouts: Checkouts
) -> None:
    account.state[DEV] = verified_exports(checkouts.narrower, checkouts.first)

    prod = account.up("prod", checkouts.narrower)

    assert prod["release"] == release_of(checkouts.narrower)


def test_a_rollback_is_possible_only_to_a_verified_release(
    account: Account, checkouts: Checkouts
) -> None:
    account.state[DEV] = verified_exports(checkouts.narrower, checkouts.first)
    account.state[PROD] = serving_exports(checkouts.narrower)

    never_verified = refusal(account, checkouts.other)
    prod = account.up("prod", checkouts.first)

    assert reasons(never_verified) == ["release", "verified"]
    assert prod["release"] == release_of(checkouts.first)


def test_a_rollback_of_the_layout_is_refused(account: Account, checkouts: Checkouts) -> None:
    account.state[DEV] = verified_exports(checkouts.elsewhere, checkouts.first)
    account.state[PROD] = serving_exports(checkouts.elsewhere)

    said = refusal(account, checkouts.first)

    assert reasons(said) == ["layout"]
    assert "lie by layout 3 and this one reads 2" in said


def test_each_reason_must_be_accepted_separately(account: Account, checkouts: Checkouts) -> None:
    account.state[DEV] = {}

    one = refusal(account, checkouts.first, promoteAnyway='["release"]')
    prod = account.up("prod", checkouts.first, promoteAnyway='["release", "verified"]')

    assert reasons(one) == ["verified"]
    assert prod["release"] == release_of(checkouts.first)


def test_an_unknown_reason_is_refused(account: Account, checkouts: Checkouts) -> None:
    account.state[DEV] = verified_exports(checkouts.first)

    with pytest.raises(DeploymentError, match="may hold release, verified, contract, layout, got"):
        account.up("prod", checkouts.first, promoteAnyway='["everything"]')
