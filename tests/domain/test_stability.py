"""Stability references: what they speak for, at and beyond each end, and the last day that they hold."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from pharmacy.domain.beyond_use_limits import Storage
from pharmacy.domain.container_materials import ContainerMaterial
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.stability import (
    StabilityFacts,
    ensure_fits,
    ensure_in_review,
    ensure_next_review,
    ensure_studied_range,
    ensure_time,
)

TODAY = date(2026, 11, 9)
DAY = timedelta(days=1)
POLYOLEFIN, PVC = ContainerMaterial.POLYOLEFIN, ContainerMaterial.PVC


def facts(container=None, least=None, most=None, good_until=TODAY):
    ends = [None if end is None else Decimal(end) for end in (least, most)]
    return StabilityFacts("Own study 7", Storage.REFRIGERATOR, container, *ends, good_until)


@pytest.mark.parametrize(
    ("least", "most", "fits"),
    [
        (None, None, True),
        ("18", None, True),
        ("18.000001", None, False),
        (None, "18", True),
        (None, "17.999999", False),
        ("10", "40", True),
        ("18", "18", True),
    ],
)
def test_both_ends_of_the_studied_concentrations_are_within_them(least, most, fits):
    def check():
        ensure_fits(facts(least=least, most=most), mg_per_ml=Fraction(18), materials=[])

    if fits:
        check()
        return
    with pytest.raises(Refusal, match=r"Own study 7.*in a refrigerator.*this bag has 18\smg/mL"):
        check()


@pytest.mark.parametrize(
    ("container", "allowed", "sentence"),
    [
        (None, [], None),
        (PVC, [POLYOLEFIN, PVC], None),
        (PVC, [POLYOLEFIN], "for containers of PVC; the record allows polyolefin."),
        (PVC, [], "the record allows none that is named."),
    ],
)
def test_a_reference_speaks_only_for_its_container(container, allowed, sentence):
    def check():
        ensure_fits(facts(container), mg_per_ml=Fraction(18), materials=allowed)

    if sentence is None:
        check()
        return
    with pytest.raises(Refusal, match=sentence):
        check()


def test_its_review_date_is_the_last_good_day():
    for day in (TODAY - DAY, TODAY):
        ensure_in_review(facts(), formula="MG", today=day)
    with pytest.raises(Refusal, match="of MG was to be reviewed by Mon 9 Nov 2026"):
        ensure_in_review(facts(), formula="MG", today=TODAY + DAY)


def test_the_next_review_is_after_today():
    ensure_next_review(TODAY + DAY, today=TODAY)
    for day in (TODAY, TODAY - DAY):
        with pytest.raises(InvalidInput, match="after today") as caught:
            ensure_next_review(day, today=TODAY)
        assert caught.value.field == "review_by"


@pytest.mark.parametrize(
    ("days", "hours", "good"), [(1, 0, True), (0, 1, True), (0, 0, False), (-1, 48, False)]
)
def test_a_reference_gives_some_time(days, hours, good):
    if good:
        ensure_time(days, hours)
        return
    with pytest.raises(InvalidInput, match="days or hours"):
        ensure_time(days, hours)


def test_the_lower_end_is_at_most_the_upper_one():
    for least, most in ((None, None), (None, Decimal(1)), (Decimal(1), None), (Decimal(1), Decimal(1))):
        ensure_studied_range(least, most)
    with pytest.raises(InvalidInput, match="at most the upper one"):
        ensure_studied_range(Decimal("1.1"), Decimal(1))
