"""Watchers of sites, in Chromium on the sandbox."""

from sandbox.server import Sandbox
from sandbox.users import email_of
from sandbox.visit import steps_of

WATCHERS = {
    "BOTH_EMAIL": ("both", ["site-shop", "site-shop2"]),
    "COLLEAGUE_EMAIL": ("colleague", ["site-shop"]),
    "STRANGER_EMAIL": ("stranger", ["site-shop2"]),
}


def test_watchers_switch_share_links_and_are_told_what_they_lack(site: Sandbox) -> None:
    for name, groups in WATCHERS.values():
        site.tokens(name, groups)

    steps = steps_of(
        "watchers.test.ts",
        site,
        {variable: email_of(name) for variable, (name, _) in WATCHERS.items()},
    )

    assert [step.failure for step in steps if not step.passed] == []
    assert len(steps) == 7


def test_a_watcher_finds_the_visit_that_went_wrong_by_each_fault_and_sees_why(
    site: Sandbox,
) -> None:
    faults = site.exports["sites"]["faults"]

    steps = steps_of(
        "faults.test.ts",
        site,
        {
            "API_URL": site.api_url,
            "FAULTS_SITE": "faults",
            "WRITE_URL": faults["writeUrl"],
            "WATCHER_EMAIL": email_of("watcher"),
            "WATCHER_TOKEN": site.id_token("watcher", [faults["group"]]),
        },
    )

    assert [step.failure for step in steps if not step.passed] == []
    assert len(steps) == 10
