"""Opening a worksheet: numbers from the formula, lots by first expiry, and what must hold before."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from pharmacy.audit.actions import move
from pharmacy.audit.queries import list_history
from pharmacy.compounding import actions, queries
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.reference_data import get_entry
from pharmacy.domain.statuses import FORMULA_MOVES, BagStatus, FormulaStatus, WorksheetStatus
from pharmacy.formulary.actions import adopt_entry
from pharmacy.formulary.queries import AdoptedKind
from pharmacy.inventory.actions import quarantine_lot
from pharmacy.inventory.models import Lot
from pharmacy.prescriptions.models import ChangeTask
from pharmacy.sample.people import PASSWORD
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.therapy.bags import changed_order
from tests.therapy.formulas import approved_formula
from tests.therapy.orders import entered_order, order_in_force
from tests.therapy.worksheets import open_worksheet

DAY = timedelta(days=1)


def proposed(worksheet):
    return [(one.lot.number, one.containers) for one in worksheet.proposed_lots]


def test_the_seed_therapy_in_numbers(session, people):
    """111 mL, 18.018 mg/mL, 105 mL deliverable, 10.5 mL per hour (the issue's sample formula)."""
    version = order_in_force(session, people)
    doses = [START + DAY, START + 2 * DAY, None, None, None]

    worksheet = open_worksheet(session, people, version, bags=5, doses=doses)

    found = {name: getattr(worksheet, name) for name in (
        "additive_ml", "withdraw_ml", "diluent_ml", "total_ml", "mg_per_ml", "meq", "mosm_per_l",
        "deliverable_ml", "rate_ml_per_h", "vials", "total_additive_ml", "waste_ml",
    )}  # fmt: skip
    assert found == {
        "additive_ml": 4, "withdraw_ml": 0, "diluent_ml": 107, "total_ml": 111,
        "mg_per_ml": Decimal("18.018018"), "meq": Decimal("16.24"), "mosm_per_l": Decimal("443.207207"),
        "deliverable_ml": 105, "rate_ml_per_h": Decimal("10.5"), "vials": 3, "total_additive_ml": 20,
        "waste_ml": 10,
    }  # fmt: skip
    working = worksheet.working.splitlines()
    assert working[0].replace("\xa0", " ") == "Additive: 2,000 mg ÷ 500 mg/mL = 4 mL."
    assert working[-1].replace("\xa0", " ") == (
        "Rate: 105 mL ÷ 10 hours = 10.5 mL per hour on the CADD-Solis VIP 2120."
    )
    assert proposed(worksheet) == [("SMG4417", 3), ("SNC0821", 4), ("SNC0934", 1)]
    assert worksheet.status is WorksheetStatus.PROPOSED and worksheet.serial.startswith("W-")
    assert [bag.position for bag in worksheet.bags] == [1, 2, 3, 4, 5]
    assert [bag.planned_dose_at for bag in worksheet.bags] == doses
    assert {bag.status for bag in worksheet.bags} == {BagStatus.PLANNED}
    assert len({bag.serial for bag in worksheet.bags}) == 5
    assert worksheet.beyond_use_at is None and worksheet.bags[0].beyond_use_at is None
    entry = last_entry(session)
    assert (entry.action, entry.person_name, entry.at) == ("opened a worksheet", "Tina Tallgrass", START)
    assert "SMG4417" in entry.details and "18.018018" in entry.details
    assert [one.to_status for one in list_history(session, "bag", worksheet.bags[0].id)] == ["planned"]


def test_lots_must_outlast_the_last_planned_dose(session, people):
    """The short-dated bags (until 15 November 23:59:59) are left on the shelf for a later dose."""
    version = order_in_force(session, people)
    short = session.scalar(select(Lot).where(Lot.number == "SNC0821")).expires_at

    def diluents(dose):
        worksheet = open_worksheet(session, people, version, bags=2, doses=[None, dose])
        return proposed(worksheet)[1:]

    assert diluents(short - timedelta(seconds=1)) == [("SNC0821", 2)]
    assert diluents(short) == [("SNC0934", 2)]
    assert diluents(short + DAY) == [("SNC0934", 2)]


def test_short_stock_is_refused_with_what_was_not_counted(session, people):
    version = order_in_force(session, people)
    lots = {lot.number: lot for lot in session.scalars(select(Lot))}
    quarantine_lot(session, lots["SNC0934"], reason="x", by=people("tina"), at=START)
    dose = [START + 7 * DAY] * 5

    refused(session, Refusal,
            "Stock of sodium chloride 0.9%, 100 mL bag is short: 5 containers needed, "
            "0 containers may be used: 5 short. "
            "Not counted: 96 containers on hold, 4 containers expiring too soon.",
            lambda: open_worksheet(session, people, version, bags=5, doses=dose))  # fmt: skip
    refused(session, Refusal, "magnesium sulfate .* is short: 66 containers needed, 65",
            lambda: open_worksheet(session, people, version, bags=131))  # fmt: skip


def test_what_must_be_given(session, people):
    version = order_in_force(session, people)

    def act(who="tina", **changes):
        values = {"bag_count": 2, "doses": [None, None], "needed_at": START + DAY} | changes
        return lambda: actions.open_worksheet(session, version, **values, by=people(who), at=START)

    refused(session, Forbidden, "nurse may not open worksheets", act("nora"))
    for count in (0, -1, 251):
        refused(session, InvalidInput, "Make 1 to 250 bags", act(bag_count=count))
    refused(session, InvalidInput, "Each bag needs its planned dose", act(doses=[None]))


def test_only_an_order_in_force_without_open_tasks(session, people):
    entered = entered_order(session, people)
    refused(session, Refusal, "not verified by a pharmacist yet",
            lambda: open_worksheet(session, people, entered))  # fmt: skip

    version = order_in_force(session, people)
    task = ChangeTask(
        site_id=people("tina").site_id, order_version_id=version.id, position=1, kind="bags", blocks=True,
        subject_type="bag", subject_id=1, sentence="2 bags are too many.", action="Count them back.",
        created_at=START,
    )  # fmt: skip
    session.add(task)
    session.flush()
    refused(session, Refusal, "2 bags are too many. Count them back.",
            lambda: open_worksheet(session, people, version))  # fmt: skip
    task.blocks = False
    assert open_worksheet(session, people, version).id
    task.blocks, task.done_at, task.done_by_id = True, START, people("tina").id
    assert open_worksheet(session, people, version).id

    after = START + 366 * DAY
    refused(session, Refusal, "expired on Tue 9 Nov 2027",
            lambda: open_worksheet(session, people, version, at=after))  # fmt: skip
    changed_order(session, people, version, "every two out of three days")
    refused(session, Refusal, r"was replaced by version 2 on .*: 2 of every 3 days",
            lambda: open_worksheet(session, people, version))  # fmt: skip


def test_the_formula_must_be_approved_and_in_review(session, people):
    formula = approved_formula(session, people, review_by=START.date())
    version = order_in_force(session, people)
    # At the pharmacy in New York 9 November lasts until 05:00 UTC of the next day.
    assert open_worksheet(session, people, version, at=START + timedelta(hours=14, minutes=59)).id
    refused(session, Refusal, "MG-2G-100, version 2, was to be reviewed by Mon 9 Nov 2026",
            lambda: open_worksheet(session, people, version, at=START + timedelta(hours=15)))  # fmt: skip
    refused(session, Refusal, "in effect from Mon 9 Nov 2026 only",
            lambda: open_worksheet(session, people, version, at=START - DAY))  # fmt: skip
    move(session, formula, FORMULA_MOVES, FormulaStatus.RETIRED, what="a formula", by=people("petra"),
         at=START)  # fmt: skip
    refused(session, Refusal, "MG-2G-100, version 2, is retired; work needs an approved one",
            lambda: open_worksheet(session, people, version))  # fmt: skip


def test_the_adopted_limits_must_be_in_review(session, people):
    version = order_in_force(session, people)
    shipped = get_entry("beyond_use_limits.toml", "usp-797-2023")
    entry = replace(
        shipped, title="Beyond-use limits, read again", reviewed_on=START.date() - DAY, review_by=START.date()
    )
    adopt_entry(
        session, AdoptedKind.BEYOND_USE_LIMITS, entry, password=PASSWORD, by=people("petra"), at=START
    )

    assert open_worksheet(session, people, version).id
    refused(session, Refusal, "Beyond-use limits, read again was to be reviewed by Mon 9 Nov 2026",
            lambda: open_worksheet(session, people, version, at=START + DAY))  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "numbers", "lots"),
    [
        pytest.param(
            {"pool_vials": True},
            {"vials": 2, "waste_ml": 0, "withdraw_ml": 0, "total_ml": 111},
            [("SMG4417", 2), ("SNC0821", 4), ("SNC0934", 1)],
            id="pooled: 20 mL from 2 vials",
        ),
        pytest.param(
            {"method": "replace"},
            {
                "vials": 3,
                "withdraw_ml": 4,
                "diluent_ml": 103,
                "total_ml": 107,
                "rate_ml_per_h": Decimal("10.1"),
            },
            [("SMG4417", 3), ("SNC0821", 4), ("SNC0934", 1)],
            id="withdraw first",
        ),
        pytest.param(
            {"method": "exact", "fill_ml": Decimal(53), "delivery_basis": "whole_bag"},
            {"additive_ml": Decimal("2.12"), "diluent_ml": Decimal("50.88"), "total_ml": 53, "vials": 2},
            [("SMG4417", 2), ("SNC0821", 4), ("SNC0934", 1)],
            id="an empty container, half filled: one bag of diluent serves one",
        ),
        pytest.param(
            {"method": "exact", "fill_ml": Decimal(52), "pool_vials": True},
            {"additive_ml": Decimal("2.08"), "diluent_ml": Decimal("49.92"), "total_ml": 52, "vials": 2},
            [("SMG4417", 2), ("SNC0821", 3)],
            id="an empty container, diluent pooled: 249.6 mL from 3 bags",
        ),
    ],
)
def test_other_ways_to_fill(session, people, changes, numbers, lots):
    approved_formula(session, people, **changes)
    version = order_in_force(session, people)

    worksheet = open_worksheet(session, people, version, bags=5)

    assert {name: getattr(worksheet, name) for name in numbers} == numbers
    assert proposed(worksheet) == lots


def test_a_volume_that_no_syringe_shows_is_measured_to_a_hundredth(session, people):
    """1,001 mg of 500 mg/mL is 2.002 mL: drawn as 2 mL, so that a 10 mL vial still serves five bags."""
    approved_formula(session, people, dose_mg=Decimal(1001))
    version = order_in_force(session, people, dose_mg=Decimal(1001))

    worksheet = open_worksheet(session, people, version, bags=5)

    assert (worksheet.additive_ml, worksheet.vials) == (Decimal("2.002"), 1)
    assert queries.list_needs(worksheet)[1].volume_ml == 2


def test_an_order_is_made_by_the_version_that_replaced_its_formula(session, people):
    version = order_in_force(session, people)
    newer = approved_formula(session, people, precautions="High-alert. Two people look at every bag.")

    worksheet = open_worksheet(session, people, version)

    assert version.formula.status is FormulaStatus.RETIRED
    assert (worksheet.formula, worksheet.order_version) == (newer, version)


def test_a_newer_version_that_makes_another_bag_is_not_taken(session, people):
    version = order_in_force(session, people)
    approved_formula(session, people, residual_ml=Decimal(2))

    refused(
        session,
        Refusal,
        "The order names version 1 of the formula MG-2G-100; version 2, which is in force, makes another "
        "bag: the volume left in the set differs. Enter a new order for it.",
        lambda: open_worksheet(session, people, version),
    )


def test_an_open_worksheet_keeps_the_version_it_was_made_with(session, people):
    worksheet = open_worksheet(session, people, order_in_force(session, people))
    before = worksheet.formula
    approved_formula(session, people, precautions="High-alert. Two people look at every bag.")

    assert worksheet.formula is before and before.version == 1
