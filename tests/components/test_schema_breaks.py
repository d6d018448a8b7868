"""What a schema takes less of, in a request, and gives more of, in an answer."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from components.contract_breaks import contract_breaks
from components.schema_breaks import Document, Schema

NODE: Schema = {"$ref": "#/components/schemas/Node"}


def asking(schema: Schema, **schemas: Schema) -> Document:
    """Return a contract whose one operation takes a body of that schema."""
    body = {"content": {"application/json": {"schema": schema}}}
    operation = {"requestBody": body, "responses": {}}
    return {"paths": {"/a": {"put": operation}}, "components": {"schemas": schemas}}


def answering(schema: Schema, **schemas: Schema) -> Document:
    """Return a contract whose one operation answers with that schema."""
    answer = {"description": "", "content": {"application/json": {"schema": schema}}}
    operation = {"responses": {"200": answer}}
    return {"paths": {"/a": {"get": operation}}, "components": {"schemas": schemas}}


def holding(schema: Schema) -> Schema:
    return {"type": "object", "properties": {"x": schema}}


def string(**keywords: Any) -> Schema:
    return {"type": "string", **keywords}


def number(**keywords: Any) -> Schema:
    return {"type": "number", **keywords}


def array(**keywords: Any) -> Schema:
    return {"type": "array", **keywords}


STRING, INTEGER = {"type": "string"}, {"type": "integer"}
ONE, TWO = {"oneOf": [STRING]}, {"oneOf": [STRING, INTEGER]}
THREE = {"oneOf": [STRING, INTEGER, {"type": "boolean"}]}

# What lets through more, what lets through less, and what is said of less in a request and of more
# in an answer. Each is also looked at the other way round, which breaks nobody.
PAIRS: dict[str, tuple[Schema, Schema, str, str]] = {
    "any type": ({}, STRING, "must now be of type string", "may now be of type "),
    "a number": (number(), INTEGER, "must now be of type integer", "may now be of type number"),
    "null": (
        string(nullable=True),
        string(),
        "must now be of type string",
        "may now be of type null",
    ),
    "a list of types": (
        {"type": ["string", "null"]},
        STRING,
        "must now be of type string",
        "may now be of type null",
    ),
    "maxLength": (string(maxLength=9), string(maxLength=8), "narrower", "wider"),
    "no maxLength": (string(), string(maxLength=8), "narrower", "wider"),
    "minLength": (string(minLength=1), string(minLength=2), "narrower", "wider"),
    "minLength of 0": (string(minLength=0), string(minLength=1), "narrower", "wider"),
    "maximum": (number(maximum=9), number(maximum=8), "narrower", "wider"),
    "maximum of an integer": (INTEGER, {**INTEGER, "maximum": 8}, "narrower", "wider"),
    "no minimum": (number(), number(minimum=0), "narrower", "wider"),
    "exclusiveMaximum": (
        number(maximum=9),
        number(maximum=9, exclusiveMaximum=True),
        "narrower maximum",
        "wider maximum",
    ),
    "exclusiveMinimum": (
        number(minimum=9),
        number(minimum=9, exclusiveMinimum=True),
        "narrower minimum",
        "wider minimum",
    ),
    "exclusiveMaximum as a number": (
        number(maximum=9),
        number(maximum=9, exclusiveMaximum=9),
        "narrower maximum",
        "wider maximum",
    ),
    "maxItems": (array(maxItems=9), array(maxItems=8), "narrower", "wider"),
    "minItems": (array(), array(minItems=1), "narrower", "wider"),
    "maxProperties": ({}, {"maxProperties": 3}, "narrower", "wider"),
    "uniqueItems": (array(), array(uniqueItems=True), "another", "another"),
    "uniqueItems of false": (
        array(uniqueItems=False),
        array(uniqueItems=True),
        "another",
        "another",
    ),
    "multipleOf": (number(multipleOf=2), number(multipleOf=4), "another", "another"),
    "pattern": (string(), string(pattern="^a"), "another pattern", "another pattern"),
    "format": (string(), string(format="date-time"), "another format", "another format"),
    "a keyword of no name here": ({}, {"not": STRING}, "another not", "another not"),
    "enum": (string(enum=["a", "b"]), string(enum=["a"]), "fewer values", "other values"),
    "no enum": (string(), string(enum=["a"]), "fewer values", "other values"),
    "items": (
        array(),
        array(items=STRING),
        "each of {} must now be of type string",
        "each of {} may now be of type ",
    ),
    "nested": (
        array(items=holding({})),
        array(items=holding(STRING)),
        "x in each of {} must now be of type string",
        "x in each of {} may now be of type ",
    ),
    "required": (
        holding({}),
        {**holding({}), "required": ["x"]},
        "{} now needs x",
        "{} may now lack x",
    ),
    "a map": (
        {"type": "object", "additionalProperties": {}},
        {"type": "object", "additionalProperties": STRING},
        "what else is in {} must now be of type string",
        "what else is in {} may now be of type ",
    ),
    "oneOf": (TWO, ONE, "must now be of type string", "may now be of type integer"),
    "oneOf three": (THREE, TWO, "takes fewer alternatives", "may be another alternative"),
    "anyOf": (
        {"anyOf": [STRING, INTEGER]},
        {"anyOf": [INTEGER]},
        "must now be of type integer",
        "may now be of type string",
    ),
    "a choice where there was none": ({}, TWO, "fewer alternatives", "another alternative"),
    "what stands beside a choice": (
        TWO,
        {**TWO, "maxLength": 3},
        "narrower maxLength",
        "wider maxLength",
    ),
    "allOf": (
        {"allOf": [STRING]},
        {"allOf": [STRING, {"maxLength": 3}]},
        "narrower maxLength",
        "wider maxLength",
    ),
    "a choice in allOf": (
        {"allOf": [THREE, {"maxLength": 3}]},
        {"allOf": [TWO, {"maxLength": 3}]},
        "takes fewer alternatives",
        "may be another alternative",
    ),
    "required in allOf": (
        {"allOf": [holding({}), {"type": "object"}]},
        {"allOf": [holding({}), {"required": ["x"]}]},
        "{} now needs x",
        "{} may now lack x",
    ),
}
each_pair = pytest.mark.parametrize(("wide", "narrow", "less", "more"), PAIRS.values(), ids=PAIRS)


def said(sentence: str, where: str) -> str:
    """Return the sentence of the table, about this place."""
    return sentence.format(where) if "{}" in sentence else sentence


@each_pair
def test_a_request_may_widen_and_not_narrow(
    wide: Schema, narrow: Schema, less: str, more: str
) -> None:
    (found,) = contract_breaks(asking(wide), asking(narrow))

    assert said(less, "the body of PUT /a") in found
    assert contract_breaks(asking(narrow), asking(wide)) == []
    assert contract_breaks(asking(narrow), asking(narrow)) == []


@each_pair
def test_an_answer_may_narrow_and_not_widen(
    wide: Schema, narrow: Schema, less: str, more: str
) -> None:
    (found,) = contract_breaks(answering(narrow), answering(wide))

    assert said(more, "the 200 of GET /a") in found
    assert contract_breaks(answering(wide), answering(narrow)) == []
    assert contract_breaks(answering(wide), answering(wide)) == []


def test_the_same_in_other_words_breaks_nobody() -> None:
    plain = {**holding(string(maxLength=3)), "required": ["x"]}
    others: list[Schema] = [
        {"allOf": [holding(STRING), holding({"maxLength": 3}), {"required": ["x"]}]},
        {"oneOf": [plain]},
        {"allOf": [{"anyOf": [plain]}]},
        {**plain, "description": "x", "example": {}, "x-order": 1},
    ]

    found = [
        contract_breaks(*pair)
        for other in others
        for pair in ((asking(plain), asking(other)), (asking(other), asking(plain)))
    ]

    assert found == [[]] * 8


CLOSED = {**holding({}), "additionalProperties": False}


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        (holding({}), {"type": "object"}, []),
        (CLOSED, {"type": "object", "additionalProperties": False}, ["{} no longer takes x"]),
        (holding({}), CLOSED, ["{} no longer takes other properties"]),
        (CLOSED, holding({}), []),
        (
            holding(INTEGER),
            {"type": "object", "additionalProperties": STRING},
            [
                "what else is in {} must now be of type string",
                "x in {} must now be of type string",
            ],
        ),
        (
            {"type": "object", "additionalProperties": INTEGER},
            {**holding(STRING), "additionalProperties": INTEGER},
            ["x in {} must now be of type string"],
        ),
        ({"type": "object"}, holding(STRING), []),
        (
            {"allOf": [holding({}), {"type": "object"}]},
            holding(STRING),
            ["x in {} must now be of type string"],
        ),
        ({"allOf": [CLOSED, holding({})]}, {"allOf": [CLOSED, holding({})]}, []),
        (
            {"allOf": [{"additionalProperties": False}, holding({})]},
            {"allOf": [{"additionalProperties": False}, holding({})]},
            [],
        ),
    ],
)
def test_what_a_client_sends_is_still_taken(old: Schema, new: Schema, sentences: list[str]) -> None:
    found = contract_breaks(asking(old), asking(new))

    assert found == [sentence.format("the body of PUT /a") for sentence in sentences]


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        (holding({}), {"type": "object"}, ["{} no longer holds x"]),
        ({**holding({}), "required": ["x"]}, {"type": "object"}, ["{} no longer holds x"]),
        ({"type": "object"}, holding({}), []),
        ({"type": "object", "additionalProperties": False}, holding({}), []),
        (
            {"type": "object", "additionalProperties": STRING},
            {**holding(INTEGER), "additionalProperties": STRING},
            ["x in {} may now be of type integer"],
        ),
    ],
)
def test_what_a_client_reads_is_still_given(old: Schema, new: Schema, sentences: list[str]) -> None:
    found = contract_breaks(answering(old), answering(new))

    assert found == [sentence.format("the 200 of GET /a") for sentence in sentences]


def test_a_schema_that_holds_itself_is_looked_at_once() -> None:
    old = {"type": "object", "properties": {"next": NODE, "x": {}}}
    new = {"type": "object", "properties": {"next": NODE, "x": STRING}}

    found = contract_breaks(asking(NODE, Node=old), asking(NODE, Node=new))

    assert found == ["x in the body of PUT /a must now be of type string"]


def test_each_thing_is_said_once_whatever_refers_to_it() -> None:
    two = {"anyOf": [holding(NODE), {**holding(NODE), "required": ["x"]}]}

    found = contract_breaks(asking(two, Node={}), asking(holding(NODE), Node=STRING))

    assert found == ["x in the body of PUT /a must now be of type string"]


def schemas(
    inner: st.SearchStrategy[Schema] | None = None, *, named: bool = False
) -> st.SearchStrategy[Schema]:
    """Return schemas of the draft that OpenAPI 3.0 is made after, as small as they can differ."""
    keywords: dict[str, st.SearchStrategy[Any]] = {
        "type": st.sampled_from(["string", "integer", "number", "object", "array"]),
        "enum": st.lists(st.sampled_from(["", "ab", 1, 2.5]), min_size=1, max_size=2),
        "maximum": st.integers(0, 3),
        "minimum": st.integers(0, 3),
        "maxLength": st.integers(0, 3),
        "minLength": st.integers(0, 3),
        "maxItems": st.integers(0, 2),
        "minItems": st.integers(0, 2),
        "uniqueItems": st.booleans(),
        "multipleOf": st.sampled_from([1, 2, 4]),
        "pattern": st.sampled_from(["^a", "b$"]),
        "required": st.lists(st.sampled_from("xy"), min_size=1, unique=True),
        "minProperties": st.integers(0, 2),
    }
    if inner is not None:
        some = st.lists(inner, min_size=1, max_size=2)
        keywords |= {"items": inner, "allOf": some, "anyOf": some}
        keywords["additionalProperties"] = st.one_of(st.booleans(), inner)
    if inner is not None and named:
        keywords["properties"] = st.fixed_dictionaries({"x": inner, "y": inner})
    used = st.sets(st.sampled_from(sorted(keywords)), max_size=3)
    chosen = used.flatmap(lambda names: st.fixed_dictionaries({n: keywords[n] for n in names}))
    return st.tuples(chosen, st.booleans()).map(_with_exclusive)


def _with_exclusive(drawn: tuple[Schema, bool]) -> Schema:
    schema, is_exclusive = drawn
    limits = [f"exclusive{name.title()}" for name in ("maximum", "minimum") if name in schema]
    return schema | dict.fromkeys(limits, is_exclusive)


VALUES: list[Any] = [
    *("", "a", "ab", "cb", 0, 1, 2, 2.5, 3, 4, True, [], ["a"], [1], ["a", "a"], [[], {}]),
    *({}, {"x": 1}, {"x": "ab"}, {"y": 1}, {"x": 1, "y": "a"}, {"x": {"x": 1}}),
]
NESTED = schemas(schemas(schemas()), named=True)


def takes(schema: Schema, value: Any) -> bool:
    return Draft4Validator(schema).is_valid(value)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NESTED, NESTED, st.booleans())
def test_where_nothing_is_said_the_new_schema_takes_what_the_old_one_did(
    old: Schema, new: Schema, is_edit: bool
) -> None:
    # An unrelated schema nearly always takes less; an edit of the old one need not.
    new = {**old, **dict(list(new.items())[:1])} if is_edit else new
    # A property that is new and may hold less is no break, though an open schema took anything.
    old = {"properties": {"x": {}, "y": {}}, **old}

    refused = [value for value in VALUES if takes(old, value) and not takes(new, value)]

    assert not refused or contract_breaks(asking(old), asking(new)), json.dumps([old, new, refused])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NESTED)
def test_a_schema_breaks_nobody_by_staying_as_it_is(schema: Schema) -> None:
    assert contract_breaks(asking(schema), asking(schema)) == []
    assert contract_breaks(answering(schema), answering(schema)) == []
