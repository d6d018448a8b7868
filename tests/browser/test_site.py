"""A person's way through the site in Chromium, on the sandbox, as `make demo ONCE=1` goes it."""

from sandbox.server import Sandbox
from sandbox.visit import visit_shop, visit_site


def test_a_person_signs_in_records_and_watches(site: Sandbox) -> None:
    steps = visit_site(site)

    assert [step.failure for step in steps if not step.passed] == []
    assert len(steps) == 8


def test_a_visitor_of_the_shop_is_recorded_without_words_for_its_watchers_alone(
    site: Sandbox,
) -> None:
    steps = visit_shop(site)

    assert [step.failure for step in steps if not step.passed] == []
    assert len(steps) == 7
