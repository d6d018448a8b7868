"""What JSON the patterns for a visitor's bodies match."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.store.json_pattern import body_pattern, misfits, value_pattern
from tests.contract import CONTRACT
from tests.vtl import HOSTILE, LONE_SURROGATES

SCHEMA: dict[str, Any] = {
    "properties": {
        "count": {"type": "integer"},
        "title": {"type": "string", "maxLength": 9},
        "isOpen": {"type": "boolean"},
        "size": {
            "type": "object",
            "required": ["width"],
            "properties": {"width": {"type": "integer"}},
        },
        "id": {"type": "string", "pattern": "^[a-z]{1,3}$"},
        "words": {
            "type": "array",
            "maxItems": 3,
            "items": {"type": "string", "maxLength": 4, "pattern": r"^\S+$"},
        },
    }
}
NONE: set[str] = set()
WHOLE = re.compile(body_pattern(SCHEMA))
MISFITS = {name: re.compile(pattern) for name, pattern in misfits(SCHEMA)}


def refused(body: str) -> set[str]:
    """Return the members that do not fit, or an empty set for a body that is no such JSON."""
    assert not WHOLE.fullmatch(body)
    return {name for name, pattern in MISFITS.items() if pattern.fullmatch(body)}


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        " \t\r\n{ } ",
        '{"count":0}',
        '{"count":9999999999999999,"title":"","isOpen":true}',
        ' { "size" : { "width" : 1 } , "id" : "abc" } ',
        r'{"title":"\"\\\/\b\f\n\r\tx"}',
        r'{"title":"\ud83d\ude00\u00e9"}',
        '{"title":"😀😀😀😀😀😀😀😀😀"}',
        '{"words":["a"]}',
        '{"words": [ "a" , "b\u2028" , "cccc" ]}',
        '{"title":"a","title":"b"}',
    ],
)
def test_json_of_the_members_and_their_types_matches(body: str) -> None:
    assert WHOLE.fullmatch(body)
    assert isinstance(json.loads(body), dict)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        *((body, NONE) for body in ("", "[]", "1", "null", "{", "}", "{}{}", "{},", '{"x":1}')),
        ('{"count":1,}', NONE),
        ('{,"count":1}', NONE),
        ("{'count':1}", NONE),
        *(
            (f'{{"count":{value}}}', {"count"})
            for value in ("-1", "1.0", "1e3", "01", "+1", '"1"', "true", "null", "[1]", "{}", "")
        ),
        ('{"count":12345678901234567}', {"count"}),
        *(
            (f'{{"title":{value}}}', {"title"})
            for value in ("1", "null", '"0123456789"', '"a', '"\n"', '"\x00"', r'"\x"', r'"\u00g0"')
        ),
        *(
            (f'{{"title":"{text}"}}', {"title"})
            for text in (r"\ud83d", r"\ude00", r"\ude00\ud83d", r"\ud83dx")
        ),
        ('{"isOpen":"true"}', {"isOpen"}),
        ('{"isOpen":1}', {"isOpen"}),
        *((f'{{"size":{value}}}', {"size"}) for value in ("{}", "[]", "1", '{"height":1}', "null")),
        *((f'{{"id":{value}}}', {"id"}) for value in ('""', '"abcd"', '"A"', r'"\u0061"', "1")),
        *(
            (f'{{"words":{value}}}', {"words"})
            for value in ("[]", '["a b"]', '[""]', '["a","b","c","d"]', "[1]", '"a"', '["a",]')
        ),
        ('{"count":-1,"title":5}', {"count", "title"}),
        ('{"__proto__":{}}', NONE),
    ],
)
def test_other_bodies_do_not_and_the_member_that_is_wrong_is_known(
    body: str, names: set[str]
) -> None:
    assert refused(body) == names


@given(HOSTILE.filter(lambda text: len(text) <= 9), st.booleans())
def test_every_well_formed_text_matches_however_it_is_escaped(text: str, escaped: bool) -> None:
    assert WHOLE.fullmatch(json.dumps({"title": text}, ensure_ascii=escaped))


@given(LONE_SURROGATES)
def test_no_half_of_a_surrogate_pair_matches(text: str) -> None:
    assert not WHOLE.fullmatch(json.dumps({"title": text}))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | HOSTILE, st.lists))
def test_a_value_matches_only_if_it_is_of_the_members_type(value: Any) -> None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**16

    assert bool(WHOLE.fullmatch(json.dumps({"count": value}))) is fits


@pytest.mark.parametrize("schema", ["NewSiteRecording", "RecordingFacts"])
@pytest.mark.parametrize(
    "body",
    [
        *("{" * 60_000, " " * 60_000, '"' * 60_000, '{"pageTitle":"' + r"\"" * 30_000),
        '{"pages":[' + '"a",' * 15_000,
        '{"pageTitle":' * 5_000,
        '{"viewport":{' + " " * 60_000,
    ],
    ids=range(7),
)
def test_a_hostile_body_takes_no_longer_than_its_length_allows(schema: str, body: str) -> None:
    document = CONTRACT["components"]["schemas"][schema]

    assert not re.fullmatch(body_pattern(document), body)
    assert len([name for name, one in misfits(document) if re.fullmatch(one, body)]) <= 1


def test_a_type_that_no_template_stores_is_refused() -> None:
    with pytest.raises(ValueError, match="no template stores a value of the type number"):
        value_pattern({"type": "number"})
