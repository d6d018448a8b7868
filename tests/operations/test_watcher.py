"""`make watcher`: who is put into the group of a site, taken out, or not there at all."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.access.sites import Site
from operations.watcher import NotChangedError, Watchers, group_of, main
from tests.moto_account import REGION, client, moto_account
from tests.operations.command_line import CommandLine

EMAIL = "ada@example.com"
SHOP = Site(id="shop", keys=("wk_" + "a" * 24,))


class Pool:
    """A pool in moto, with the groups of a site and a user."""

    def __init__(self) -> None:
        self.cognito: Any = client("cognito-idp")
        made: Any = self.cognito.create_user_pool(PoolName="users", UsernameAttributes=["email"])
        self.id: str = made["UserPool"]["Id"]
        for group in (SHOP.group, SHOP.admin_group):
            self.cognito.create_group(UserPoolId=self.id, GroupName=group)
        self.cognito.admin_create_user(UserPoolId=self.id, Username=EMAIL)

    def watchers(self, group: str = SHOP.group) -> Watchers:
        return Watchers(cognito=self.cognito, user_pool_id=self.id, group=group)

    def groups(self) -> set[str]:
        """Return the groups of the user."""
        answer = self.cognito.admin_list_groups_for_user(UserPoolId=self.id, Username=EMAIL)
        return {group["GroupName"] for group in answer["Groups"]}


@pytest.fixture
def pool() -> Iterator[Pool]:
    with moto_account():
        yield Pool()


def test_a_watcher_is_in_the_group_and_hears_when_that_takes_effect(pool: Pool) -> None:
    said = pool.watchers().add(EMAIL, is_admin=False)

    assert pool.groups() == {"site-shop"}
    assert said == (
        "ada@example.com is in site-shop. A token names the groups that it was issued for: the "
        "user sees the site after the next sign-in."
    )


def test_an_administrator_watches_too(pool: Pool) -> None:
    said = pool.watchers().add(EMAIL, is_admin=True)

    assert pool.groups() == {"site-shop", "site-shop-admin"}
    assert said.startswith("ada@example.com is in site-shop and site-shop-admin. ")


def test_a_watcher_stays_one(pool: Pool) -> None:
    first, second = (pool.watchers().add(EMAIL, is_admin=False) for _ in range(2))

    assert first == second
    assert pool.groups() == {"site-shop"}


def test_who_is_taken_out_is_no_administrator_either(pool: Pool) -> None:
    pool.watchers().add(EMAIL, is_admin=True)

    said = pool.watchers().remove(EMAIL, is_admin=False)

    assert pool.groups() == set()
    assert said == (
        "ada@example.com is no longer in site-shop-admin or site-shop. A token that was issued "
        "before keeps the group until it expires, within an hour."
    )


def test_an_administrator_becomes_a_watcher(pool: Pool) -> None:
    pool.watchers().add(EMAIL, is_admin=True)

    pool.watchers().remove(EMAIL, is_admin=True)

    assert pool.groups() == {"site-shop"}


def test_a_user_who_is_not_in_the_pool_is_to_be_invited(pool: Pool) -> None:
    with pytest.raises(NotChangedError, match=r"bob@example\.com is not in the pool.*make invite"):
        pool.watchers().add("bob@example.com", is_admin=False)


def test_a_group_that_is_not_there_comes_with_the_deployment(pool: Pool) -> None:
    with pytest.raises(NotChangedError, match=r"no group site-blog in the pool.*make deploy"):
        pool.watchers("site-blog").add(EMAIL, is_admin=False)

    assert pool.groups() == set()


def test_another_refusal_is_passed_on(pool: Pool) -> None:
    class Refusing:
        def admin_add_user_to_group(self, **_: object) -> None:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "Add")

    with pytest.raises(ClientError, match="AccessDeniedException"):
        Watchers(cognito=Refusing(), user_pool_id=pool.id, group="site-shop").add(
            EMAIL, is_admin=False
        )


@pytest.mark.parametrize("site", ["shop2", "Shop", "site-shop", "", "shop\n", "$HOME"])
def test_a_site_that_the_stack_does_not_declare_is_refused(site: str) -> None:
    declared = {"sites": {"shop": {"group": "site-shop"}, "blog": {"group": "site-blog"}}}

    with pytest.raises(NotChangedError, match=r"no site .*, but blog, shop: declare it"):
        group_of(declared, site)


def test_a_stack_of_an_earlier_release_has_no_site() -> None:
    with pytest.raises(NotChangedError, match=r"no site 'shop', but none: declare it"):
        group_of({}, "shop")


def exports(folder: Path, pool: Pool) -> list[str]:
    """Return the options that name the exports of a stack with the pool."""
    outputs = folder / "outputs.json"
    sites = {"shop": {"group": "site-shop", "writeUrl": "https://api.example/v1/w/wk_a"}}
    outputs.write_text(json.dumps({"region": REGION, "userPoolId": pool.id, "sites": sites}))
    return ["--outputs", str(outputs), "--email", EMAIL]


def test_the_command_puts_in_and_takes_out(
    pool: Pool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [*exports(tmp_path, pool), "--site", "shop"]

    assert main([*options, "--admin"]) == 0
    assert pool.groups() == {"site-shop", "site-shop-admin"}
    assert main([*options, "--remove"]) == 0
    assert pool.groups() == set()
    assert "is no longer in" in capsys.readouterr().out


def test_the_command_says_why_it_changed_nothing(
    pool: Pool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*exports(tmp_path, pool), "--site", "toy"]) == 1

    assert capsys.readouterr().err.startswith("watcher: the stack has no site 'toy', but shop: ")


@pytest.mark.parametrize(
    "given",
    [["EMAIL=a@b.c", "SITE=shop"], ["STACK=dev", "SITE=shop"], ["STACK=dev", "EMAIL=a@b.c"]],
)
def test_without_a_stack_an_address_or_a_site_there_is_no_call(
    tmp_path: Path, given: list[str]
) -> None:
    pulumi = CommandLine(tmp_path)

    code, asked = pulumi.make("watcher", *given)

    assert (code, asked) == (2, [])
    assert "unbound variable" in pulumi.said


@pytest.mark.parametrize("switch", ["ADMIN", "REMOVE"])
def test_a_switch_is_1_or_not_there(tmp_path: Path, switch: str) -> None:
    pulumi = CommandLine(tmp_path)

    code, asked = pulumi.make(
        "watcher", "STACK=dev", "EMAIL=a@b.c", "SITE=shop", f"{switch}=1", EXIT="1"
    )

    assert (code, asked) == (2, [["stack", "output", "--json", "--stack", "dev"]])
    assert "watcher: pulumi stack output --json --stack dev failed" in pulumi.said
