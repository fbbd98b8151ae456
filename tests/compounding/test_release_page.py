"""The release page: the order beside the formula, what stands out on each bag, and the counts."""

from datetime import timedelta
from decimal import Decimal

import pytest

from pharmacy.compounding import actions, queries
from pharmacy.compounding.models import BagWeighing
from pharmacy.compounding.queries.review import list_worksheet_findings
from pharmacy.domain.bag_release import InspectionOutcome, ReworkKind
from pharmacy.domain.deviations import DeviationKind, Gravity
from pharmacy.domain.errors import Refusal
from pharmacy.domain.findings import Severity
from pharmacy.inventory.actions import quarantine_lot
from tests.compounding.fingerprint import refused
from tests.conftest import START
from tests.statements import counted_statements
from tests.therapy.bags import inspect, inspected_bags, labelled_bags, release, reprint_label
from tests.therapy.orders import order_in_force

LATER = START + timedelta(hours=1)


@pytest.fixture
def version(session, people):
    return order_in_force(session, people)


def read(session, worksheet, *, at=START):
    return queries.read_release_page(session, worksheet, at=at)


def said(page, bag):
    return [(one.severity, one.message) for one in page.bag_findings[bag.id]]


def test_an_order_that_its_formula_makes_says_the_same(session, people, version):
    page = read(session, labelled_bags(session, people, version))

    assert [one.what for one in page.compared] == [
        "Drug", "Dose in each bag", "Diluent", "Diluent volume", "Route", "Master formulation record",
    ]  # fmt: skip
    assert [one.difference for one in page.compared] == [""] * 6 and page.findings == []


def test_a_difference_is_said_in_words_and_stops(session, people, version):
    worksheet = labelled_bags(session, people, version)
    with session.no_autoflush:
        worksheet.order_version.dose_mg = Decimal(3000)
        found = list_worksheet_findings(worksheet)
        session.expire(worksheet.order_version)

    ((severity, text),) = [(one.severity, one.message) for one in found]
    assert severity is Severity.REFUSE and text.replace("\xa0", " ") == (
        "Dose in each bag: the order says 3 g, the formula 2 g."
    )


def test_progress_counts_what_is_decided(session, people, version):
    worksheet = labelled_bags(session, people, version, bags=3)
    one, two, _ = worksheet.bags
    inspect(session, people, one)
    inspect(session, people, two, InspectionOutcome.REWORK, reason="torn", rework=ReworkKind.LABEL)

    page = read(session, worksheet)

    assert (page.decided, page.made) == (1, 3)
    assert [page.outcomes[bag.id] for bag in worksheet.bags] == ["approved", "in rework", "to be inspected"]
    assert (Severity.REFUSE, "It is at the bench for rework: torn") in said(page, two)


def test_what_stands_out_is_beside_its_bag(session, people, version):
    worksheet = labelled_bags(session, people, version)
    bag, other = worksheet.bags
    reprint_label(session, people, bag, at=LATER)
    deviation = actions.open_deviation(
        session,
        actions.Event(
            kind=DeviationKind.OTHER, gravity=Gravity.MINOR, happened_at=START, what="x", immediate_action="y"
        ),
        worksheet=worksheet, bags=[bag], lots=[], by=people("tina"), at=LATER,
    )  # fmt: skip

    page = read(session, worksheet, at=LATER)

    texts = [text for _, text in said(page, bag)]
    assert any(deviation.serial in text for text in texts) and "Label copy 2: torn" in texts
    assert said(page, other) == [] and page.deviations == [deviation]
    assert page.counts.labels.neither == (f"{bag.serial} copy 2",)


def test_a_lot_that_was_set_aside_since_stops_its_bags(session, people, version):
    worksheet = inspected_bags(session, people, version)
    bag = worksheet.bags[0]
    lot = bag.components[0].lot
    quarantine_lot(session, lot, reason="particles reported", by=people("tina"), at=LATER)

    page = read(session, worksheet, at=LATER)
    assert any(lot.number in text and severity is Severity.REFUSE for severity, text in said(page, bag))
    refused(session, Refusal, f"lot {lot.number}.*quarantined", lambda: release(session, people, worksheet))


def test_a_weight_outside_its_window_stops_the_bag(session, people, version):
    worksheet = inspected_bags(session, people, version)
    bag = worksheet.bags[0]
    weighing = BagWeighing(
        bag_id=bag.id, turn=1, before_g=Decimal(100), after_g=Decimal("106.5"), expected_g=Decimal(5),
        least_g=Decimal(4), most_g=Decimal(6), passes=False, reason=None, person=people("tina"), at=START,
    )  # fmt: skip
    bag.weighings.append(weighing)
    session.flush()

    refused(session, Refusal, "its weight changed by 6.5.g, outside 4.g to 6.g",
            lambda: release(session, people, worksheet))  # fmt: skip
    text, happened = queries.tell_event(worksheet, bag, DeviationKind.WEIGHT_OUT_OF_TOLERANCE, None, at=LATER)
    assert "changed by 6.5" in text and happened == START


def test_the_page_costs_the_same_for_one_bag_and_for_many(database, session, people, version, sign_in):
    addresses = [
        f"/worksheets/{labelled_bags(session, people, version, bags=bags).id}/release" for bags in (1, 4)
    ]
    session.commit()
    peter, costs = sign_in("peter"), []
    for address in addresses:
        with counted_statements(database) as seen:
            page = peter.get(address)
        costs.append(len(seen))
        assert page.status_code == 200 and "binds" in page.text
    assert costs[0] == costs[1]
