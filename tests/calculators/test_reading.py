"""The strict reader of calculator input: nothing guessed, nothing passed over."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.calculators.reading import Fields, read_object
from pharmacy.domain.errors import InvalidInput

NEW_YORK = ZoneInfo("America/New_York")


def fields_of(**values: object) -> Fields:
    return read_object(json.dumps(values))


# --- one object ---


@pytest.mark.parametrize(
    "text",
    ["", " ", "[]", "null", '"daily"', "3", "NaN", "true", "{", '{"a":1,}', "{'a':1}", "{} {}", "\x00"],
)
def test_anything_but_one_object_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="one JSON object"):
        read_object(text)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, '{"a":' + "[" * 50_000 + "]" * 50_000 + "}"]
)
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="nested too deeply"):
        read_object(text)


def read_numbers(fields: Fields) -> list[Decimal]:
    return [one.quantity("a") for one in (fields.objects("b") if fields.has("b") else [fields])]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"a": 1, "a": 1}', "a is given twice."),
        ('{"a": 1, "\\u0061": 1}', "a is given twice."),
        ('{"a": null, "a": 1}', "a is given twice."),
        ('{"a": null}', "a should have a value; null is not accepted."),
        ('{"a": NaN}', "a should be a plain number; NaN is not one."),
        ('{"a": Infinity}', "a should be a plain number; Infinity is not one."),
        ('{"b": [{"a": 1}, {"a": 1, "a": 2}]}', "b[1].a is given twice."),
        ('{"b": [{"a": 1}, {"a": null}]}', "b[1].a should have a value; null is not accepted."),
        ('{"b": [{"a": -Infinity}]}', "b[0].a should be a plain number; -Infinity is not one."),
    ],
)
def test_what_no_field_takes_is_refused_by_its_place(text: str, sentence: str) -> None:
    fields = read_object(text)

    with pytest.raises(InvalidInput) as refused:
        read_numbers(fields)

    assert refused.value.sentence == sentence


@pytest.mark.parametrize(
    ("key", "shown"), [("a\\nb\\u001b", "a?b?"), ("k" * 99, "k" * 40 + "..."), ("k" * 40, "k" * 40)]
)
def test_an_unknown_key_is_shown_in_one_line(key: str, shown: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_object(f'{{"{key}": null}}').close()

    assert refused.value.sentence.startswith(f"{shown} is not a field")


@pytest.mark.parametrize("offset", ["-05:60", "-05:99", "-24:00", "+25:00", "-5:00", "-0500", "-05:00:60"])
def test_an_offset_that_does_not_exist_is_refused(offset: str) -> None:
    with pytest.raises(InvalidInput, match=r"^at should be "):
        fields_of(at=f"2026-11-09T21:00:00{offset}").instant("at")


def test_an_offset_with_seconds_is_read_as_it_is_written() -> None:
    """Monrovia's clocks were 44 minutes and 30 seconds behind until 1972."""
    written = "1972-01-03T08:17:52-00:44:30"

    assert fields_of(at=written).instant("at").isoformat() == written


def test_unknown_key_is_refused_when_all_is_read_and_names_its_place() -> None:
    fields = fields_of(components=[{"lot": "A1", "lott": "A1"}], note="x")
    (component,) = fields.objects("components")
    assert component.text("lot") == "A1"

    with pytest.raises(InvalidInput, match=r"^components\[0\]\.lott is not a field of .*; known are lot\.$"):
        component.close()
    with pytest.raises(InvalidInput, match=r"^note is not a field"):
        fields.close()


def test_optional_field_that_was_asked_about_is_known() -> None:
    fields = fields_of(spare_bags=1)
    assert fields.has("spare_bags")
    assert not fields.has("authorized_bags")

    fields.close()


# --- kinds ---


@pytest.mark.parametrize("written", ['"10.4"', "10.4", '"10.40"', "10.400000", '"0010.4"'])
def test_quantity_is_exact_from_text_or_number(written: str) -> None:
    assert read_object(f'{{"rate": {written}}}').quantity("rate") == Decimal("10.4")


def test_number_is_never_a_binary_float() -> None:
    assert read_object('{"rate": 0.1}').quantity("rate") == Decimal("0.1")
    assert read_object('{"rate": 9999999.999999}').quantity("rate") == Decimal("9999999.999999")


NOT_QUANTITIES = [
    *("1e3", "1E3", "-1", "-0.0", "10000000", "1.0000000", "0.0000001", "true", "[]", "{}", "[NaN]"),
    *(
        '"+1"',
        '"-1"',
        '" 1"',
        '"1 "',
        '"1\\n"',
        '"1."',
        '".5"',
        '"1,000"',
        '"1_000"',
        '"0x10"',
        '"1e3"',
        '""',
    ),
    *('"NaN"', '"Infinity"', '"٣"', '"１"', '"²"', '"½"', '"10 mL"', '"1.5.2"'),
]


@pytest.mark.parametrize("written", NOT_QUANTITIES)
def test_what_is_no_plain_number_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput, match="^rate should be a plain number") as refused:
        read_object(f'{{"rate": {written}}}').quantity("rate", zero_allowed=True)

    assert refused.value.field == "rate"


@pytest.mark.parametrize("written", ["+1", "01", ".5", "1.", "٣", "0x10", "1_000"])
def test_number_that_json_does_not_have_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput, match="line 1, column"):
        read_object(f'{{"rate": {written}}}')


@pytest.mark.parametrize("written", ["0", "0.0", '"0"', '"0.000000"'])
def test_zero_is_refused_unless_allowed(written: str) -> None:
    fields = read_object(f'{{"rate": {written}}}')

    assert fields.quantity("rate", zero_allowed=True) == 0
    with pytest.raises(InvalidInput, match="rate should be greater than 0"):
        fields.quantity("rate")


@given(
    whole=st.integers(0, 9_999_999),
    decimals=st.text("0123456789", min_size=1, max_size=6),
    as_text=st.booleans(),
)
def test_every_number_of_the_contract_is_read_exactly(whole: int, decimals: str, as_text: bool) -> None:
    written = f"{whole}.{decimals}"

    fields = read_object(f'{{"rate": {json.dumps(written) if as_text else written}}}')

    assert fields.quantity("rate", zero_allowed=True) == Decimal(written)


@pytest.mark.parametrize(("written", "amount"), [("1", 1), ('"1000"', 1000), ("6.0", 6), ('"6"', 6)])
def test_whole_number_is_an_int(written: str, amount: int) -> None:
    found = read_object(f'{{"bags": {written}}}').whole("bags")

    assert found == amount
    assert type(found) is int


@pytest.mark.parametrize(
    "written", ["0", "1001", "1.5", '"1.5"', "-1", "1e2", "true", '"six"', "[]", "99999999"]
)
def test_whole_number_out_of_range_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput, match="bags should be a whole number from 1 to 1,000"):
        read_object(f'{{"bags": {written}}}').whole("bags")


def test_whole_number_may_be_zero_where_allowed() -> None:
    assert fields_of(spare_bags=0).whole("spare_bags", zero_allowed=True) == 0


@pytest.mark.parametrize("value", [3, True, "", " \t", [], {}, "\u00a0"])
def test_text_is_a_text_that_is_not_blank(value: object) -> None:
    with pytest.raises(InvalidInput, match="lot should be text"):
        fields_of(lot=value).text("lot")


def test_choice_and_boolean_name_what_they_take() -> None:
    fields = fields_of(method="Add", pool="true")

    with pytest.raises(InvalidInput, match="method should be one of add, replace, exact"):
        fields.choice("method", ["add", "replace", "exact"])
    with pytest.raises(InvalidInput, match="pool should be true or false"):
        fields.boolean("pool")
    assert fields_of(pool=False).boolean("pool") is False


def test_dates_and_instants_are_read_as_written() -> None:
    fields = fields_of(
        day="2026-11-09", at="2026-11-09T21:00:00-05:00", home="2025-03-09T02:30", utc="2026-11-09T02:00Z"
    )

    assert fields.date("day") == date(2026, 11, 9)
    assert fields.instant("at") == datetime(2026, 11, 10, 2, tzinfo=UTC)
    assert fields.instant("utc") == datetime(2026, 11, 9, 2, tzinfo=UTC)
    assert fields.instant("home", NEW_YORK) == datetime(2025, 3, 9, 7, 30, tzinfo=UTC)
    assert fields.local("home") == datetime.fromisoformat("2025-03-09T02:30")


@pytest.mark.parametrize(
    "value",
    [
        *("2026-02-29T00:00Z", "2026-11-09T24:00Z", "2026-11-09T21:00:60Z", "2026-11-09T21:00+25:00"),
        *("0000-11-09T21:00Z", "2026-11-09", "2026-11-09T21Z", "20261109T2100Z", "2026-11-09t21:00z"),
        *(
            "2026-11-09T21:00",
            "2026-W46-1T21:00Z",
            "2026-11-09T21:00 -05:00",
            "2026-11-09T21:00Z\n",
            1794276000,
        ),
    ],
)
def test_instant_without_offset_or_that_does_not_exist_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput, match="^at should be"):
        fields_of(at=value).instant("at")


@pytest.mark.parametrize(
    "value", ["2026-02-29", "2026-13-01", "26-11-09", "2026-11-9", "2026-11", "2026-11-09T00:00", 5]
)
def test_date_that_does_not_exist_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput, match="^day should be a date"):
        fields_of(day=value).date("day")


@pytest.mark.parametrize(
    "value",
    [[1], [None], [[]], ["a"], "a", {}, [{}, "a"]],
    ids=["number", "null", "list", "text", "a", "b", "c"],
)
def test_list_of_objects_holds_objects_only(value: object) -> None:
    with pytest.raises(InvalidInput, match="moves should be a list of objects"):
        fields_of(moves=value).objects("moves")


def test_lists_know_their_places_and_when_they_may_not_be_empty() -> None:
    fields = fields_of(moves=[], days=["Monday"], closed=[20261109], odd=[None])

    assert fields.objects("moves") == []
    with pytest.raises(InvalidInput, match="moves should be a list of at least one object"):
        fields.objects("moves", empty_allowed=False)
    assert fields.texts("days") == ["Monday"]
    for key in ("closed", "odd"):
        with pytest.raises(InvalidInput, match=f"{key} should be a list of texts"):
            fields.texts(key)


def test_fields_of_an_object_name_their_place() -> None:
    fields = fields_of(additive={"vial_mL": "big"})

    with pytest.raises(InvalidInput, match=r"^additive\.vial_mL should be a plain number"):
        fields.object("additive").quantity("vial_mL")
    with pytest.raises(InvalidInput, match=r"^additive\.mg_per_mL is missing; it should be"):
        fields.object("additive").quantity("mg_per_mL")
    with pytest.raises(InvalidInput, match="^additive should be text"):
        fields.text("additive")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
READERS = [
    "text",
    "boolean",
    "quantity",
    "whole",
    "zone",
    "date",
    "local",
    "instant",
    "object",
    "objects",
    "texts",
]


@given(value=json_values, reader=st.sampled_from(READERS))
def test_any_json_is_read_or_refused_with_a_sentence(value: object, reader: str) -> None:
    try:
        getattr(read_object(json.dumps({"key": value})), reader)("key")
    except InvalidInput as refused:
        sentence = refused.sentence
    else:
        return

    assert sentence.endswith(".")
    assert "\n" not in sentence
