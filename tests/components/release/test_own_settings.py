"""What a wrong configuration is told, without a program: its keys, its messages."""

import pulumi
import pytest

from components.release.own_settings import SettingError, in_keys, refuse_undeclared

DECLARED = ("retentionDays", "logRetentionDays", "siteDomain", "siteCertificateArn", "allowOrigin")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["retentionDay"], "no retentionDay: is it retentionDays?"),
        (["allowOrigins", "retentionDays"], "no allowOrigins: is it allowOrigin?"),
        (["SITEDOMAIN"], "no SITEDOMAIN: is it siteDomain?"),
        (["colour"], "no colour, nor one like it"),
        (["b!", "a!"], "no a!, nor one like it, no b!, nor one like it"),
    ],
)
def test_a_key_that_is_not_declared_is_refused_with_the_nearest_one(
    given: list[str], said: str
) -> None:
    with pytest.raises(SettingError) as refusal:
        refuse_undeclared(given, DECLARED)

    assert str(refusal.value) == f"Pulumi.yaml declares {said}"


def test_a_key_that_is_declared_is_not() -> None:
    refuse_undeclared(DECLARED, DECLARED)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        # Two keys end so, and one is called so.
        ("retention_days must be 1..3650, got 0", "retentionDays must be 1..3650, got 0"),
        ("domain and certificate_arn need each other", "siteDomain and siteCertificateArn need"),
        ("allow_origin must be *, got 'allow_origin'", "allowOrigin must be *, got 'allow_origin'"),
        ("there is no domain", "there is no domain"),
        ("days must be 1, got 0", "days must be 1, got 0"),
        ("memory_mib must be 128, got 0", "memory_mib must be 128, got 0"),
    ],
)
def test_what_a_component_says_of_its_arguments_is_said_of_the_keys(
    message: str, said: str
) -> None:
    assert in_keys(message, DECLARED).startswith(said)


def test_pulumi_prints_it_without_the_code_that_led_to_it() -> None:
    assert issubclass(SettingError, pulumi.RunError)
