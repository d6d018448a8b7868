"""Mapping templates as API Gateway gets them."""

import re
from pathlib import Path

import pytest

from components.api import mapping_template as module
from components.api.mapping_template import (
    MAX_TEMPLATE_BYTES,
    TEMPLATES,
    Constant,
    Pattern,
    mapping_template,
    template_text,
)
from sandbox.program import PROJECT

STORED = TEMPLATES / "stored.vtl"
STORE_TEMPLATES = PROJECT / "components" / "store" / "templates"
FILES = sorted((PROJECT / "components").rglob("*.vtl"))


def test_constants_are_set_in_front_of_the_template() -> None:
    text = mapping_template(STORED, encoding="gzip", maxRecordBytes=1000)

    assert text == (
        '#set($encoding = "gzip")\n'
        "#set($maxRecordBytes = 1000)\n"
        '{"requestId": "$context.extendedRequestId"}\n'
    )


@pytest.mark.parametrize(
    "value",
    ['"', "$user", "#set($user = 1)", "a\nb", "a\n", "\x00", "\x7f", "\\", "é", "\N{PILE OF POO}"],
)
def test_a_constant_that_velocity_could_read_as_code_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"^encoding of stored.vtl must be plain text for VTL"):
        mapping_template(STORED, encoding=value)


@pytest.mark.parametrize("value", ["", "gzip", "at 'data' it's [A-Z]{1,64}|(a*b?) <&> ~"])
def test_a_constant_of_plain_words_is_taken(value: str) -> None:
    text = mapping_template(STORED, refusal=value)

    assert text.splitlines()[0] == f'#set($refusal = "{value}")'


@pytest.mark.parametrize("value", [r'"\\[^"\\\x00-\x1F]*+"', "$user", "#set($user = 1)", ""])
def test_a_pattern_is_a_string_that_velocity_does_not_read(value: str) -> None:
    text = mapping_template(STORED, bodyPattern=Pattern(value))

    assert text.splitlines()[0] == f"#set($bodyPattern = '{value}')"


@pytest.mark.parametrize("value", ["it's", "a\nb", "\x00", "é"])
def test_a_pattern_that_ends_the_string_is_refused(value: str) -> None:
    with pytest.raises(
        ValueError, match=r"^pattern of stored.vtl must be printable ASCII without '"
    ):
        mapping_template(STORED, pattern=Pattern(value))


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ([], "[]"),
        (["a", "b"], '["a", "b"]'),
        ([["a", 404], ["b", ["c", "d"]]], '[["a", 404], ["b", ["c", "d"]]]'),
    ],
)
def test_a_list_is_set_as_velocity_writes_it(value: Constant, literal: str) -> None:
    assert mapping_template(STORED, names=value).splitlines()[0] == f"#set($names = {literal})"


def test_a_text_in_a_list_is_checked_too() -> None:
    with pytest.raises(ValueError, match=r"^names of stored.vtl must be plain text for VTL"):
        mapping_template(STORED, names=["a", ["$user"]])


def test_an_included_template_stands_where_it_was_named() -> None:
    included = template_text(STORE_TEMPLATES / "recording.vtl").rstrip("\n")

    assert f"{{{included}\n}}\n#else" in template_text(STORE_TEMPLATES / "get_item_found.vtl")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_is_deployed_has_no_include_left_and_no_header(file: Path) -> None:
    text = template_text(file)

    assert "#parse" not in text
    assert not text.startswith("##")
    assert "\n##" not in text


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_header_says_who_uses_it_and_what_goes_in_and_out_and_where_that_is_from(
    file: Path,
) -> None:
    source = file.read_text(encoding="utf-8")

    assert source.startswith(f"## {file.name}: ")
    assert "\n## In:  " in source
    assert "\n## Out: " in source
    assert "\n## Source: https://" in source


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_header_or_a_status_is_overridden_once_in_each_branch(file: Path) -> None:
    # A second override of one parameter in one request is a 5xx.
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
    text = template_text(file)

    assert text.count("#set($context.responseOverride.status") <= 1
    assert text.count("#set($context.responseOverride.header['Retry-After']") <= 1
    assert text.count("#set($context.responseOverride.header['Content-Type']") <= 1


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_condition_asks_whether_a_text_is_there(file: Path) -> None:
    # An empty text is true in Velocity 1.7 and false in 2, and AWS does not say which it has.
    # https://velocity.apache.org/engine/2.0/upgrading.html
    text = template_text(file)

    assert re.findall(r"if\((?:.*(?:&&|\|\|) *)?!?\$input[.]", text) == []


def test_a_template_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        mapping_template(TEMPLATES / "no_such.vtl")


def test_a_template_over_the_limit_of_api_gateway_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def too_long(_: Path) -> str:
        return "é" * (MAX_TEMPLATE_BYTES // 2 + 1)

    monkeypatch.setattr(module, "template_text", too_long)

    with pytest.raises(ValueError, match=r"^stored.vtl is over API Gateway's 307200 bytes"):
        mapping_template(STORED)


def test_a_template_of_exactly_the_limit_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def just_fits(_: Path) -> str:
        return "x" * MAX_TEMPLATE_BYTES

    monkeypatch.setattr(module, "template_text", just_fits)

    assert len(mapping_template(STORED)) == 307_200
