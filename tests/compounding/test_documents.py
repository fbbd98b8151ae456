"""Labels, worksheets and compounding records: every field from the records, in words that are printed."""

from dataclasses import MISSING, fields
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import zxingcpp

from labels.bag_label import BagLabel
from pharmacy.accounts.models import Site
from pharmacy.compounding import actions, documents, queries
from pharmacy.compounding.documents.imprint import steps
from pharmacy.compounding.documents.record_rows import list_components
from pharmacy.domain.bag_release import InspectionOutcome
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import NBSP, quantity
from pharmacy.domain.preparation_steps import Step
from pharmacy.domain.wording import ensure_safe_wording
from pharmacy.formulary.queries import adopted_limits_table
from pharmacy.printing.actions import PaperMark
from pharmacy.printing.models import PrintedPaper
from tests.compounding.fingerprint import refused
from tests.conftest import START
from tests.labels.reading import page_texts, squeezed
from tests.statements import counted_statements
from tests.therapy.bags import (
    inspect,
    labelled_bags,
    release,
    released_bags,
    reprint_label,
)
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import checked_worksheet, go_to, open_worksheet, start, started_worksheet

LATER = START + timedelta(hours=2)


def pdf_of(session, worksheet):
    return session.get_one(PrintedPaper, worksheet.bags[0].labels[0].paper_id).content


def fields_of(session, worksheet, *, at=START, bag=0):
    one = worksheet.bags[bag]
    facts = queries.get_label_facts(session, worksheet, at=at)
    return dict(documents.list_fields(facts, actions.LabelToPrint(one, 1, one.beyond_use_at)))


def print_record(session, people, worksheet, *, reason="", at=LATER):
    draw = documents.draw_record(worksheet, queries.get_record_facts(session, worksheet, at=at))
    return actions.print_record(session, worksheet, draw=draw, reason=reason, by=people("tina"), at=at)


def print_worksheet(session, people, worksheet, *, reason="", at=START):
    limits = adopted_limits_table(session, site_id=worksheet.site_id)
    draw = documents.draw_worksheet(worksheet, site=session.get_one(Site, worksheet.site_id), limits=limits)
    return actions.print_worksheet(session, worksheet, draw=draw, reason=reason, by=people("tina"), at=at)


def test_the_label_of_the_seed_bag(session, people):
    version = order_in_force(session, people, frequency_as_written="every two out of three days")
    worksheet = labelled_bags(session, people, version, bags=3)

    pdf = pdf_of(session, worksheet)

    images = [page.render(scale=203 / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf)]
    read = [[code.text for code in zxingcpp.read_barcodes(image)] for image in images]
    assert read == [[bag.serial] for bag in worksheet.bags]
    texts = page_texts(pdf)
    assert ["Bag1of3" in text for text in texts] == [True, False, False]
    home = "EST"
    for said in (
        "Sample Home Infusion Pharmacy", "1 Sample Street", "24-hour pharmacist 555-0100", "Copy 1",
        "Larkspur, Marigold", "Date of birth", f"Rx {version.order.rx_number}", "Fill 1",
        "magnesium sulfate 2 g", "(16.24 mEq) in 0.9% sodium chloride 100 mL",
        "Total volume 111 mL", "Concentration 18.018 mg/mL", "FOR SUBCUTANEOUS INFUSION ONLY",
        "Infuse ONE bag (2 g) subcutaneously over 10 hours with your ambulatory pump at 10.5 mL per hour.",
        "Use on 2 of every 3 days: see your calendar.",
        "Next: Tue 10 Nov, Thu 12 Nov and Fri 13 Nov 2026 at 21:00. None on Wed 11 Nov.",
        f"START BEFORE Sun 15 Nov 2026 23:59 {home}", "Keep refrigerated", "Do not freeze.",
        "Once out, start within 24 hours and before that time.",
        "clear, colourless solution", "Keep away from children",
        f"Prepared Mon 9 Nov 2026 09:00 {home}", "Quantity 3 bags", "Authorised remaining 87 bags until",
        "Form solution for subcutaneous infusion", "Prescriber Nestor Nephridge, MD",
        "Prepared by Tina Tallgrass", "Checked by Paula Penhallow (worksheet)",
        "Verified by Paula Penhallow (order)", "SMG4417", "SNC0821",
        "Compounded preparation", "Single-dose container: discard what is left",
        "Sample pharmacy, not for patient use",
    ):  # fmt: skip
        assert squeezed(said) in texts[0], said


def test_no_number_of_the_label_is_a_constant(session, people):
    version = order_in_force(session, people)
    worksheet = started_worksheet(session, people, version, doses=[None, None])
    before = fields_of(session, worksheet)
    changes = {
        "total_ml": (Decimal("113.25"), "Total volume", f"113.25{NBSP}mL"),
        "mg_per_ml": (Decimal("17.660044"), "Concentration", f"17.66{NBSP}mg/mL"),
        "meq": (Decimal("8.12"), "Dose equivalent", f"8.12{NBSP}mEq"),
        "bag_count": (5, "Quantity", "5 bags"),
    }
    with session.no_autoflush:
        for column, (value, name, shown) in changes.items():
            setattr(worksheet, column, value)
            assert fields_of(session, worksheet)[name] == shown != before[name]
        worksheet.rate_ml_per_h = Decimal("12.3")
        assert f"at 12.3{NBSP}mL{NBSP}per{NBSP}hour" in fields_of(session, worksheet)["Directions"]
        worksheet.formula.storage_words = "Keep cold."
        worksheet.formula.dosage_form = "emulsion"
        worksheet.bags[0].beyond_use_at = START + timedelta(hours=5, seconds=59)
        said = fields_of(session, worksheet)
    assert (said["Storage"], said["Dosage form"]) == ("Keep cold.", "emulsion")
    assert said["Start before"] == "Mon 9 Nov 2026 14:00 EST"


@pytest.mark.parametrize(
    ("site_hours", "room_days", "storage", "said"),
    [
        (24, 7, "refrigerator", f"Once out, start within 24{NBSP}hours and before that time."),
        (200, 7, "refrigerator", f"Once out, start within 96{NBSP}hours and before that time."),
        (200, 2, "refrigerator", f"Once out, start within 48{NBSP}hours and before that time."),
        (24, None, "refrigerator", "Take it out only to start it."),
        (24, 7, "room", None),
    ],
)
def test_out_of_the_refrigerator_the_shortest_limit_holds(
    session, people, site_hours, room_days, storage, said
):
    worksheet = started_worksheet(session, people, order_in_force(session, people), bags=1)
    with session.no_autoflush:
        session.get_one(Site, worksheet.site_id).out_of_refrigerator_hours = site_hours
        worksheet.formula.storage = storage
        for one in [one for one in worksheet.formula.stability if one.storage == "room"]:
            if room_days is None:
                one.storage = "freezer"
            else:
                one.days = room_days

        assert fields_of(session, worksheet).get("Out of refrigerator") == said
        session.expire_all()


def test_the_label_is_at_home_in_the_patients_time_zone(session, people):
    version = order_in_force(session, people)
    version.order.patient.time_zone = "America/Los_Angeles"
    worksheet = started_worksheet(session, people, version, bags=1)

    said = fields_of(session, worksheet)

    assert said["Prepared at"] == "Mon 9 Nov 2026 06:00 PST"
    assert said["Start before"].endswith("20:59 PST")
    assert "at 21:00" in said["Frequency"]


def test_next_doses_start_with_the_first_that_the_bags_are_for(session, people):
    version = order_in_force(session, people)
    dose = START + timedelta(days=3, hours=12)
    worksheet = started_worksheet(session, people, version, bags=1, doses=[dose])

    assert fields_of(session, worksheet)["Frequency"].startswith(
        "Next: Thu 12 Nov, Fri 13 Nov and Sat 14 Nov"
    )
    later = fields_of(session, worksheet, at=START + timedelta(days=5))
    assert later["Frequency"].startswith("Next: Sat 14 Nov, Sun 15 Nov and Mon 16 Nov")


def test_every_field_of_the_label_has_something_to_say(session, people):
    worksheet = labelled_bags(session, people, order_in_force(session, people), bags=1)
    marks = {"document_serial", "copy", "printed_at", "notice"}
    said = {name.lower().replace(" ", "_") for name in fields_of(session, worksheet)}

    required = {one.name for one in fields(BagLabel) if one.default is MISSING} - marks
    assert required <= said
    assert {one.name for one in fields(BagLabel)} - marks - said == {"high_alert", "dispensed_on"}
    for name in ("Directions", "Frequency", "Out of refrigerator", "Auxiliary", "Route line"):
        ensure_safe_wording(fields_of(session, worksheet)[name], field=name)


def test_a_reprint_says_so_and_names_who_made_the_bag(session, people):
    worksheet = labelled_bags(session, people, order_in_force(session, people), bags=1)
    paper = reprint_label(session, people, worksheet.bags[0], at=LATER)
    (text,) = page_texts(paper.content)
    assert squeezed("REPRINT, copy 2") in text and squeezed(f"Label {paper.serial}") in text

    with session.no_autoflush:
        worksheet.bags[0].made_by = people("theo")
        assert fields_of(session, worksheet)["Prepared by"] == "Theo Thimble"
        session.expire_all()


def test_the_compounding_record_holds_every_item(session, people):
    worksheet = labelled_bags(session, people, order_in_force(session, people))
    first, second = worksheet.bags
    actions.shorten_beyond_use(
        session, first, became=first.beyond_use_at - timedelta(days=1), reason="left out for an hour",
        by=people("petra"), at=START,
    )  # fmt: skip
    reprint_label(session, people, first, reason="date shortened")
    actions.apply_label(session, worksheet, first.serial, by=people("theo"), at=START)
    inspect(session, people, first)
    inspect(session, people, second, InspectionOutcome.QUARANTINE, reason="a haze", colour_right=False)
    refused(session, Refusal, "complete when a pharmacist has signed",
            lambda: print_record(session, people, worksheet))  # fmt: skip
    release(session, people, worksheet)
    open_one = "".join(page_texts(print_record(session, people, worksheet).content))
    assert squeezed("BAGS IN QUARANTINE") in open_one
    actions.settle_quarantine(
        session, second, no_particles=True, colour_right=False, closure_intact=True, label_matches=True,
        outcome=InspectionOutcome.REJECT, reason="the haze stays", password="sample pharmacy 1",
        by=people("petra"), at=LATER,
    )  # fmt: skip
    found = refused(session, InvalidInput, "Give the reason for another copy",
                    lambda: print_record(session, people, worksheet))  # fmt: skip
    assert found.field == "reason"

    paper = print_record(session, people, worksheet, reason="all bags are decided on")

    text = "".join(page_texts(paper.content))
    assert squeezed("BAGS IN QUARANTINE") not in text
    assert paper.copy_number == 2
    for said in (
        worksheet.serial, "Larkspur, Marigold", worksheet.order_version.order.rx_number, "Version 1",
        "magnesium sulfate 2 g in 0.9% sodium chloride 100 mL", "18.018 mg/mL, 16.24 mEq in each bag",
        "solution for subcutaneous infusion", "MG-2G-100, version 1", "Category 2, aseptic",
        "Preparation started", "Mon 9 Nov 2026 09:00 EST",
        "Tina Tallgrass", "Theo Thimble", "checked the volume independently", "labelled bags",
        "Peter Pomfret", "inspected bags, released",
        "Bag 1: magnesium sulfate", "31722-394-10", "Sample Wholesale Company", "SMG4417", "2027-05-28",
        "Bag 2: sodium chloride", "0264-1800-32", "SNC0821", "2026-11-15", "4 mL", "100 mL", "2 mL",
        "2,000 mg ÷ 500 mg/mL", "111 mL", "10.5 mL per hour on the CADD-Solis VIP 2120",
        "Draw the volume of additive", "222 mL", "2 bags of 111 mL", "Limited by the component",
        "Table 13", "Sample, no study of this formula", "Keep refrigerated",
        "4 mL and 4 mL; they agree with the order", "no particles, colour and clarity right",
        "quarantine: no particles, colour or clarity wrong or not confirmed", "a haze",
        "3 printed, 1 of them again, 2 on bags, 1 destroyed.",
        "2 bags made, 2 labels applied, 1 released, 1 rejected.",
        "Start before: Sat 14 Nov 2026 23:59 EST",
        "label copy 1 destroyed", "printed again: date shortened", "left out for an hour",
        "Clinical verification", "Check of the worksheet before preparation",
        "Final verification and release", "Rejection of a bag in quarantine", worksheet.release.digest[:20],
        "Sample pharmacy, not for patient use",
    ):  # fmt: skip
        assert squeezed(said) in text, said


def test_the_worksheet_on_paper(session, people):
    version = order_in_force(session, people)
    unchecked = open_worksheet(session, people, version)
    refused(session, Refusal, "printed for the hood", lambda: print_worksheet(session, people, unchecked))
    worksheet = checked_worksheet(session, people, version, bags=7)

    paper = print_worksheet(session, people, worksheet)
    refused(session, InvalidInput, "another copy", lambda: print_worksheet(session, people, worksheet))

    text = "".join(page_texts(paper.content))
    for said in (
        "HIGH-ALERT", "penicillin, adhesive tape", "7 bags", "4 mL", "28 mL", "4 containers", "SMG4417",
        "1 bag of 100 mL", "7 whole bags", "nothing is withdrawn", "10 days in a refrigerator",
        "10.5 mL per hour", "not checked by a pharmacist", "Check of the worksheet",
        *(bag.serial for bag in worksheet.bags),
    ):  # fmt: skip
        assert squeezed(said) in text, said
    start(session, people, worksheet)
    assert print_worksheet(session, people, worksheet, reason="wet").copy_number == 2


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("Additive: 2,000 mg ÷ 500 mg/mL = 4 mL.", ("Additive", "2,000 mg ÷ 500 mg/mL", "4 mL")),
        ("Add 4 mL to 107 mL: total 111 mL.", ("Mixing", "Add 4 mL to 107 mL", "total 111 mL")),
        ("The bag holds 4 mL x 4.06 = 16.24 mEq.", ("Amount", "The bag holds 4 mL x 4.06", "16.24 mEq")),
        ("Withdraw 4 mL, which leaves 103 mL.", ("Mixing", "Withdraw 4 mL, which leaves 103 mL", "done")),
    ],
)
def test_each_line_of_a_working_is_set_in_columns(line, step):
    (found,) = steps(f"\n{line}\n")

    assert (found.what, found.working, found.result) == step


def test_what_a_container_wasted_is_counted(session, people):
    worksheet = released_bags(session, people, order_in_force(session, people), bags=1)

    facts = queries.get_record_facts(session, worksheet, at=LATER)

    assert [quantity(-one.volume_ml, "mL") for one in facts.waste] == [f"6{NBSP}mL"]
    assert facts.count == "1 bag made, 1 label applied, 1 released, 0 rejected."
    shared = labelled_bags(session, people, worksheet.order_version, bags=3)
    facts = queries.get_record_facts(session, shared, at=LATER)
    rows = list_components(shared, facts.waste, ZoneInfo(facts.site.time_zone))
    # Two bags from one vial, the third from its own; each remnant stands in the last row of its vial.
    assert [row.waste for row in rows if "magnesium" in row.name] == ["", f"2{NBSP}mL", f"6{NBSP}mL"]


def test_other_ways_to_fill_are_said_on_the_worksheet(session, people):
    worksheet = checked_worksheet(session, people, order_in_force(session, people), bags=2)
    mark = PaperMark(serial="D-000016", copy="Copy 1", printed_at="now", printed_by="Tina", notice="")
    limits = adopted_limits_table(session, site_id=worksheet.site_id)
    draw = documents.draw_worksheet(worksheet, site=session.get_one(Site, 1), limits=limits)
    with session.no_autoflush:
        worksheet.formula.method, worksheet.withdraw_ml = "replace", Decimal(4)
        replaced = "".join(page_texts(draw(mark)))
        worksheet.formula.method, worksheet.diluent_ml = "exact", Decimal(96)
        exact = "".join(page_texts(draw(mark)))

    assert squeezed("1 bag of 100 mL less 4 mL") in replaced
    assert squeezed("Withdraw as much diluent as additive goes in") in replaced
    assert squeezed("96 mL") in exact and squeezed("192 mL") in exact
    assert squeezed("into an empty container") in exact


def test_papers_cost_the_same_statements_for_one_bag_and_for_many(database, session, people):
    version = order_in_force(session, people)
    ids = [labelled_bags(session, people, version, bags=count).id for count in (1, 5)]
    session.commit()
    costs = []
    for worksheet_id in ids:
        with database.reading() as reading, counted_statements(database) as seen:
            worksheet = queries.get_worksheet_with_labels(reading, worksheet_id, site_id=1)
            queries.read_standings(reading, worksheet, at=LATER)
            queries.release_content(worksheet)
            queries.list_compounders(worksheet)
            queries.list_papers_of(reading, worksheet)
            fields_of(reading, worksheet)
            draw = documents.draw_record(worksheet, queries.get_record_facts(reading, worksheet, at=LATER))
            draw(PaperMark(serial="D-000016", copy="Copy 1", printed_at="x", printed_by="Tina", notice=""))
            costs.append(len(seen))

    assert costs[0] == costs[1] <= 60


def test_the_record_keeps_the_first_volume_back_until_the_second_person_has_entered_theirs(session, people):
    worksheet = started_worksheet(session, people, order_in_force(session, people))
    go_to(session, people, worksheet.bags[0], Step.SECOND_VOLUME)
    (check,) = worksheet.bags[0].checks

    def said():
        facts = queries.get_record_facts(session, worksheet, at=START)
        return documents.write_record(worksheet, facts).quality_checks[0].result

    assert said() == "first volume entered, waits for the second person"
    check.discarded_at, check.discarded_because = START, "not watched"
    assert said() == f"{quantity(check.first_ml, 'mL')}; discarded before a second volume: not watched"
