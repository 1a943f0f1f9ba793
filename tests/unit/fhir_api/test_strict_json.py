"""The strict reader gives what a plain one gives, or refuses: never a third thing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Rejected, Undecodable
from hub.fhir.body import MOST_DEPTH, MOST_ITEMS, json_from, strict_json_from

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=30,
)


@given(VALUES, st.booleans())
def test_what_is_written_is_read(value, ascii_only):
    body = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert strict_json_from(body) == value == json_from(body)


@given(st.dictionaries(TEXTS, VALUES, min_size=1), st.data())
def test_a_name_said_twice_anywhere_is_found(value, data):
    name = data.draw(st.sampled_from(sorted(value)))
    once = json.dumps(value)
    twice = f"{{{json.dumps(name)}: 1, {once[1:]}"
    for body in (twice, f'{{"a": [{twice}]}}'):
        with pytest.raises(Undecodable):
            strict_json_from(body.encode())


@given(st.binary(max_size=200) | st.text('{}[]":,\\u0ue19 tn').map(str.encode))
def test_any_bytes_are_read_alike_or_refused(body):
    try:
        value = strict_json_from(body)
    except Rejected:
        return
    assert value == json.loads(body, parse_int=whole_number)


def whole_number(digits):
    """Beyond 64 bits a number is as near as a fraction comes: nothing here reads one."""
    number = int(digits)
    return number if -(2**63) <= number < 2**64 else float(number)


@pytest.mark.parametrize(("depth", "taken"), [(MOST_DEPTH, True), (MOST_DEPTH + 1, False)])
def test_depth_is_exact(depth, taken):
    body = b"[" * depth + b"]" * depth
    mixed = b'[{"a":' * (depth // 2) + b"[]" * (depth % 2 or 0) + b"1" * (1 - depth % 2)
    mixed += b"}]" * (depth // 2)
    for each in (body, mixed):
        if taken:
            assert strict_json_from(each) == json_from(each)
        else:
            with pytest.raises(Rejected) as refusal:
                strict_json_from(each)
            assert refusal.value.code == "too-deep"


def test_length_of_a_list_is_exact():
    assert strict_json_from(json.dumps([1] * MOST_ITEMS).encode())
    with pytest.raises(Rejected) as refusal:
        strict_json_from(json.dumps({"a": [1] * (MOST_ITEMS + 1)}).encode())
    assert (refusal.value.code, refusal.value.expression) == ("too-many", "Resource.a")


@pytest.mark.parametrize("name", ["9990000018", "Anna Marsh", "A", "ä", "a" * 80, ""])
def test_a_name_that_no_standard_gives_is_not_shown(name):
    body = json.dumps({name: {"a": ["\0"]}}).encode()
    with pytest.raises(Undecodable) as refusal:
        strict_json_from(body)
    assert refusal.value.expression == "Resource.a[0]"


@pytest.mark.parametrize(
    "body",
    [b'{"a":"' + b'\\"' * 2_000_000, b'"' * 4_000_000, b"{" * 60_000 + b'"' + b'\\"' * 10**6],
)
@pytest.mark.timeout(5)
def test_texts_that_never_end_cost_no_more_than_their_length(body):
    with pytest.raises(Rejected):
        strict_json_from(body)


def test_what_is_too_deep_under_a_name_that_comes_again_is_refused_all_the_same():
    body = b'{"a":' + b"[" * 70 + b"]" * 70 + b',"a":1}'
    with pytest.raises(Rejected) as refused:
        strict_json_from(body)
    assert (refused.value.code, refused.value.expression) == ("too-deep", "Resource")


def test_a_name_that_holds_a_figure_is_no_elements_and_stays_out_of_the_place():
    with pytest.raises(Rejected) as refused:
        strict_json_from(b'{"marsh9990000018": {"a": 1, "a": 2}}')
    assert "9990000018" not in str(refused.value) + refused.value.expression
