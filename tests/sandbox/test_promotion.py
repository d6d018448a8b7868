"""From dev to prod, both in one cloud: prod reads what dev exports, and goes ahead or refuses."""

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
        """Return what the stack exports, once it was deployed from the checkout."""
        own = {f"rrweb-store:{key}": value for key, value in config.items()}
        made = deploy(
            self.cloud,
            stack=stack,
            config={**stack_config(stack), **SITE, **own},
            addresses=Addresses(region="eu-west-1", api=NOWHERE, sign_in=NOWHERE, site=NOWHERE),
            project=checkout,
            stacks=self.state,
        )
        # As it comes back from the state, where every number is a float.
        self.state[full_name(stack)] = json.loads(json.dumps(made.exports))
        return made.exports

    def things(self) -> dict[str, list[str]]:
        """Return the names of what there is, by what every stack makes first and last."""
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
    monkeypatch.setattr(sys, "path", [*sys.path])  # a program puts its checkout in front
    return Account(cloud=cloud)


@dataclass(frozen=True, kw_only=True)
class Checkouts:
    """The same program at four commits."""

    first: Path
    other: Path
    """Another handler, and nothing that a client or a recording would notice."""
    narrower: Path
    """Its contract takes shorter titles."""
    elsewhere: Path
    """It reads recordings where the first one does not write them."""


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


def proven(checkout: Path, *earlier: Path) -> dict[str, Any]:
    """Return what a dev exports that runs the checkout, has proven it and those before."""
    releases = [release_of(one) for one in (checkout, *earlier)]
    return {"release": releases[0], "verifiedReleases": releases}


def serving(checkout: Path) -> Exports:
    """Return what of its exports a prod asks for that runs the checkout."""
    program = (checkout / "__main__.py").read_text(encoding="utf-8")
    contract = yaml.safe_load((checkout / "openapi.yaml").read_text(encoding="utf-8"))
    layout = float(re.findall(r"^STORAGE_LAYOUT = (\d+)$", program, re.MULTILINE)[0])
    return {"contract": packed_contract(contract), "storageLayout": layout}


def refusal(account: Account, checkout: Path, stack: str = "prod", **config: str) -> str:
    """Return why a stack is not deployed from the checkout; nothing was made before it was said."""
    before = account.things()
    with pytest.raises(PromotionError) as refused:
        account.up(stack, checkout, **config)
    assert account.things() == before
    return str(refused.value)


def reasons(said: str) -> list[str]:
    """Return what a refusal names, in its order."""
    return [line.split(":")[0].strip() for line in said.splitlines() if line.startswith("  ")]


def test_a_release_goes_to_dev_is_proven_there_and_then_goes_to_prod(
    account: Account, checkouts: Checkouts, tmp_path: Path
) -> None:
    account.state[DEV] = {}  # `pulumi stack init dev`, and nothing more
    nothing_there = refusal(account, checkouts.first)

    account.up("dev", checkouts.first)
    not_proven = refusal(account, checkouts.first)

    account.up("dev", checkouts.first, verifiedReleases=mark(account, checkouts.first, tmp_path))
    prod = account.up("prod", checkouts.first)
    account.state[DEV] = proven(checkouts.elsewhere, checkouts.first)
    unreadable = refusal(account, checkouts.elsewhere)

    assert reasons(nothing_there) == ["release", "verified"]
    assert f"{DEV} runs nothing" in nothing_there
    assert reasons(not_proven) == ["verified"]
    assert "make verify STACK=dev" in not_proven
    assert prod["release"] == release_of(checkouts.first)
    assert reasons(unreadable) == ["layout"]  # held against what this prod itself exports
    assert serving(checkouts.first).items() <= account.state[PROD].items()


def mark(account: Account, checkout: Path, folder: Path) -> str:
    """Return the configuration that the end of `make verify` sets, as Pulumi has it afterwards."""
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


def test_a_stage_before_that_there_is_not_is_the_engine_s_to_refuse(
    account: Account, checkouts: Checkouts
) -> None:
    with pytest.raises(UnknownStackError, match=f"unknown stack '{DEV}'"):
        account.up("prod", checkouts.first)


def test_a_release_that_dev_does_not_run_is_refused_even_if_another_was_proven(
    account: Account, checkouts: Checkouts
) -> None:
    account.state[DEV] = proven(checkouts.other)

    said = refusal(account, checkouts.first)

    assert reasons(said) == ["release", "verified"]
    assert f"{DEV} runs {release_of(checkouts.other)}" in said


def test_another_layout_is_refused_until_prod_names_the_reason(
    account: Account, checkouts: Checkouts
) -> None:
    new = checkouts.elsewhere
    account.state |= {DEV: proven(new, checkouts.first), PROD: serving(checkouts.first)}

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


def test_a_first_prod_has_nothing_to_break(account: Account, checkouts: Checkouts) -> None:
    account.state[DEV] = proven(checkouts.narrower, checkouts.first)

    prod = account.up("prod", checkouts.narrower)

    assert prod["release"] == release_of(checkouts.narrower)


def test_an_earlier_release_that_dev_has_proven_comes_back_and_one_that_it_has_not_does_not(
    account: Account, checkouts: Checkouts
) -> None:
    account.state[DEV] = proven(checkouts.narrower, checkouts.first)
    account.state[PROD] = serving(checkouts.narrower)

    never_proven = refusal(account, checkouts.other)
    prod = account.up("prod", checkouts.first)

    assert reasons(never_proven) == ["release", "verified"]
    assert prod["release"] == release_of(checkouts.first)


def test_a_layout_is_not_rolled_back_unseen(account: Account, checkouts: Checkouts) -> None:
    account.state[DEV] = proven(checkouts.elsewhere, checkouts.first)
    account.state[PROD] = serving(checkouts.elsewhere)

    said = refusal(account, checkouts.first)

    assert reasons(said) == ["layout"]
    assert "lie by layout 3 and this one reads 2" in said


def test_each_reason_is_named_for_itself(account: Account, checkouts: Checkouts) -> None:
    account.state[DEV] = {}

    one = refusal(account, checkouts.first, promoteAnyway='["release"]')
    prod = account.up("prod", checkouts.first, promoteAnyway='["release", "verified"]')

    assert reasons(one) == ["verified"]
    assert prod["release"] == release_of(checkouts.first)


def test_a_reason_that_there_is_not_is_no_reason(account: Account, checkouts: Checkouts) -> None:
    account.state[DEV] = proven(checkouts.first)

    with pytest.raises(DeploymentError, match="may hold release, verified, contract, layout, got"):
        account.up("prod", checkouts.first, promoteAnyway='["everything"]')
