"""Products: recorded, corrected where nothing signed rests on them, with codes that a scan can find."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pharmacy.audit.models import AuditEntry
from pharmacy.domain.barcodes import check_digit
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.product_containers import ProductContainer
from pharmacy.formulary import actions, queries
from pharmacy.formulary.actions import signed_content
from pharmacy.formulary.models import ProductKind
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.formulary.untouched import refused
from tests.formulary.written import approved, drafted, product_entry
from tests.statements import counted_statements

GTIN_14 = "0030517260225" + check_digit("0030517260225")


@pytest.fixture
def small(session):
    """Return the small vial, which no signed formula rests on."""
    return next(one for one in queries.list_products(session, site_id=1) if one.volume_ml == 2)


def add(session, people, entry, who="paula"):
    return actions.add_product(session, entry, by=people(who), at=START)


def correct(session, people, product, who="paula", reason="misread", shown=None, **changes):
    return actions.correct_product(
        session, product, product_entry(product, **changes), reason=reason, by=people(who), at=START,
        shown=actions.digest_product(product) if shown is None else shown,
    )  # fmt: skip


def add_code(session, people, product, code, system="ndc", who="paula"):
    return actions.add_code(session, product, system=system, text=code, by=people(who), at=START)


def retire_code(session, people, code, who="paula", reason="wrong box"):
    return actions.retire_code(session, code, reason=reason, by=people(who), at=START)


def last_entry(session):
    return session.query(AuditEntry).order_by(AuditEntry.number.desc()).first()


def test_a_product_is_recorded_as_its_label_says(session, people, small):
    entry = product_entry(
        small, container="50 mL bulk package", container_kind=ProductContainer.BULK_PACKAGE, label_hours=4,
        volume_ml=Decimal(50), density_g_per_ml=Decimal("1.22"), tare_g=Decimal(60), weights_source="weighed",
    )  # fmt: skip

    made = add(session, people, entry)

    assert product_entry(made) == entry and made.site_id == 1
    assert (
        last_entry(session).action == "recorded a product" and "bulk package" in last_entry(session).details
    )
    session.commit()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"mg_per_ml": None}, "mg_per_ml"),
        ({"meq_per_ml": None}, "mg_per_ml"),
        ({"kind": ProductKind.DILUENT}, "overfill_ml"),
        ({"overfill_ml": Decimal(0)}, "overfill_source"),
        ({"density_g_per_ml": Decimal(1)}, "weights_source"),
        ({"tare_g": Decimal(1)}, "weights_source"),
        ({"container_kind": ProductContainer.BULK_PACKAGE}, "label_hours"),
        ({"drug": "MgSO4"}, "drug"),
        ({"strength": "50.0%"}, "strength"),
        ({"storage": "Use QD"}, "storage"),
    ],
)
def test_a_product_without_what_its_kind_needs_is_refused(session, people, small, changes, field):
    entry = product_entry(small, **changes)

    assert refused(session, InvalidInput, ".", lambda: add(session, people, entry)).field == field
    changed = refused(session, InvalidInput, ".", lambda: correct(session, people, small, **changes))
    assert changed.field == field


def test_a_correction_keeps_the_old_value_the_new_one_and_the_reason(session, people, small):
    correct(session, people, small, mosm_per_ml=Decimal("4.1"), storage="Room temperature.")

    entry = last_entry(session)
    assert (entry.action, entry.reason) == ("corrected a product", "misread")
    told = dict(queries.list_product_entries(session, small))
    assert told[entry] == [
        "mosm per ml: 4.06, now 4.1",
        "storage: Room temperature, 20 to 25 C. Apart from other vials: high-alert., now Room temperature.",
    ]
    refused(session, Refusal, "Nothing was changed", lambda: correct(session, people, small))
    refused(session, InvalidInput, "Give the reason", lambda: correct(session, people, small, reason=" "))
    refused(
        session, Forbidden, "may not write", lambda: correct(session, people, small, who="tina", drug="x")
    )
    session.commit()


def test_a_product_is_corrected_by_one_person_after_the_other(session, people, small):
    opened = actions.digest_product(small)
    correct(session, people, small, who="peter", shown=opened, storage="Shelf.")

    refused(session, Refusal, "Peter Pomfret corrected this product meanwhile. What you typed still stands",
            lambda: correct(session, people, small, shown=opened, storage="Drawer."))  # fmt: skip
    correct(session, people, small, storage="Drawer.")
    session.expire_all()
    assert small.storage == "Drawer."


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mg_per_ml": Decimal(400)}, "its mg/mL"),
        ({"volume_ml": Decimal(20)}, "its volume"),
        ({"drug": "magnesium chloride"}, "its drug"),
        ({"container_kind": ProductContainer.MULTIPLE_DOSE_VIAL}, "its kind of container"),
        ({"salt_form": "anhydrous"}, "its salt form"),
        ({"high_alert": False}, "its high-alert mark"),
        ({"container": "10 mL multiple-dose vial"}, "its container"),
        ({"mosm_per_ml": Decimal(4), "meq_per_ml": Decimal(4)}, "its mEq/mL and its mOsm/mL"),
    ],
)
def test_what_a_signed_formula_rests_on_is_not_changed(session, people, changes, words):
    vial = approved(session).additive

    sentence = f"MG-2G-100, version 1, was signed .* so {words} cannot be changed. Add"
    caught = refused(session, Refusal, sentence,
                     lambda: correct(session, people, vial, **changes))  # fmt: skip
    assert caught.field in changes


def test_every_term_that_a_signature_stands_for_is_kept(session, people):
    formula = approved(session)
    signed = signed_content(formula)
    terms = [
        (signed[use][term], product, column)
        for use, product in (("additive", formula.additive), ("diluent", formula.diluent))
        for term in signed[use]
        for column in (("drug", "strength", "container") if term == "name" else (term,))
    ]
    assert len(terms) == 2 * 10

    for said, product, column in terms:
        if said not in (None, ""):
            change = {column: "another" if isinstance(said, str) else said + 1, "weights_source": "weighed"}
            refused(
                session,
                Refusal,
                "cannot be changed",
                lambda product=product, change=change: correct(session, people, product, **change),
            )


def test_a_clinical_correction_is_a_change_of_the_drafts_that_use_it(session, people):
    draft, vial = drafted(session), approved(session).additive

    def sign(action, who):
        return action(session, draft, revision=draft.revision, password=PASSWORD, by=people(who), at=START)

    sign(actions.accept_delivered_part, "petra")
    correct(session, people, vial, storage="Shelf.")
    assert draft.delivered_acceptance is not None and draft.revision == 1

    correct(session, people, vial, density_g_per_ml=Decimal("1.22"), weights_source="weighed")

    assert (draft.delivered_acceptance, draft.revision) == (None, 2)
    assert draft.edits[-1].what == f"corrected {vial.name}: its density"
    sign(actions.accept_delivered_part, "petra")
    refused(session, Refusal, "did not change this draft", lambda: sign(actions.approve_formula, "paula"))
    sign(actions.approve_formula, "petra")
    session.commit()


def test_what_nobody_had_recorded_is_filled_in_once(session, people):
    vial = approved(session).additive

    correct(session, people, vial, density_g_per_ml=Decimal("1.22"), weights_source="x", storage="Shelf.")
    assert vial.density_g_per_ml == Decimal("1.22")
    refused(session, Refusal, "its density cannot be changed",
            lambda: correct(session, people, vial, density_g_per_ml=Decimal("1.23")))  # fmt: skip
    refused(session, Refusal, "its density cannot be changed",
            lambda: correct(session, people, vial, density_g_per_ml=None, weights_source=None))  # fmt: skip


@pytest.mark.parametrize(
    ("system", "typed", "value"),
    [
        ("ndc", "0517-2602-25", "00517260225"),
        ("ndc", "NDC 63323-642-10", "63323064210"),
        ("ndc", "00517-2602-25", "00517260225"),
        ("ndc", "00517260225", "00517260225"),
        ("gtin", GTIN_14, GTIN_14),
        ("gtin", GTIN_14[2:], GTIN_14),
    ],
)
def test_a_code_is_held_as_a_scan_finds_it(session, people, small, system, typed, value):
    code = add_code(session, people, small, f" {typed} ", system)

    assert (code.system, code.value, code.shown) == (system, value, typed)
    assert queries.find_products_by_code(session, system, value, site_id=1) == [small]
    assert last_entry(session).action == "recorded a product code"
    session.commit()


@pytest.mark.parametrize(
    ("system", "typed", "kind", "sentence"),
    [
        ("ndc", "0517260225", InvalidInput, "may be 0517-2602-25, 05172-602-25 or 05172-6022-5. Which"),
        ("ndc", "123", InvalidInput, "should be written with dashes"),
        ("ndc", "ABC", InvalidInput, "should be written with dashes"),
        ("gtin", GTIN_14[:-1] + str((int(GTIN_14[-1]) + 1) % 10), InvalidInput, "check digit"),
        ("gtin", "305", InvalidInput, "8, 12, 13 or 14 digits"),
        ("ndc", "31722-394-10", Refusal, "stands on magnesium sulfate .* 10 mL single-dose vial already"),
        ("ndc", "63323-064-21", Refusal, "stands on magnesium sulfate .* 2 mL single-dose vial already"),
    ],
)
def test_a_doubtful_or_taken_code_is_refused(session, people, small, system, typed, kind, sentence):
    caught = refused(session, kind, sentence, lambda: add_code(session, people, small, typed, system))

    assert caught.field == "text"


def test_a_gtin_goes_on_the_product_that_its_ndc_stands_on(session, people, small):
    other = approved(session).additive
    ndc = add_code(session, people, other, "0517-2602-25")

    caught = refused(session, Refusal, "The NDC inside this code stands on .* 10 mL single-dose vial",
                     lambda: add_code(session, people, small, GTIN_14, "gtin"))  # fmt: skip
    assert caught.field == "text"
    add_code(session, people, other, GTIN_14, "gtin")
    for code in (ndc, other.codes[-1]):
        retire_code(session, people, code)
    # Another cut of the same ten digits may stand on this very product.
    add_code(session, people, other, "05172-602-25")
    add_code(session, people, small, "05172-6022-5")
    assert add_code(session, people, small, GTIN_14, "gtin").product is small


def test_a_retired_code_is_found_no_more_and_may_come_back(session, people, small):
    code = add_code(session, people, small, "0517-2602-25")
    other = approved(session).additive

    retire_code(session, people, code)

    assert queries.find_products_by_code(session, "ndc", "00517260225", site_id=1) == []
    assert code not in small.codes_in_use and code in small.codes
    refused(session, Refusal, "retired already",
            lambda: retire_code(session, people, code))  # fmt: skip
    refused(session, InvalidInput, "Give the reason",
            lambda: retire_code(session, people, small.codes[0], reason=""))  # fmt: skip
    refused(session, Forbidden, "may not write",
            lambda: retire_code(session, people, small.codes[0], who="tina"))  # fmt: skip
    assert add_code(session, people, other, "0517-2602-25").id != code.id
    retire_code(session, people, other.codes[-1])
    assert add_code(session, people, small, "0517-2602-25").id == code.id
    session.commit()


def test_a_code_of_twelve_digits_can_be_kept(session, small):
    """From 2033 on an NDC has twelve digits (FDA): a column that ends at eleven loses one."""
    small.codes[0].value = "063323006421"
    session.flush()
    session.expire_all()

    assert queries.find_products_by_code(session, "ndc", "063323006421", site_id=1) == [small]


def test_a_retired_product_is_offered_no_more(session, people, small):
    def retire(product, who="paula", reason="no longer made"):
        return actions.retire_product(session, product, reason=reason, by=people(who), at=START)

    refused(
        session, Refusal, "MG-2G-100, version 1, is made with it", lambda: retire(approved(session).additive)
    )
    refused(session, Forbidden, "may not write", lambda: retire(small, who="tina"))
    refused(session, InvalidInput, "Give the reason", lambda: retire(small, reason=""))
    retire(small)

    assert small not in queries.list_products(session, site_id=1)
    # What is on the shelf is still recognised.
    assert queries.find_products_by_code(session, "ndc", small.codes[0].value, site_id=1) == [small]
    refused(session, Refusal, "is retired", lambda: retire(small))
    refused(session, Refusal, "is retired", lambda: add_code(session, people, small, "0517-2602-25"))


def test_products_are_found_by_every_word_and_paged(session, people, small, database):
    def found(search="", page=1, retired=False):
        return queries.search_products(session, site_id=1, page=page, search=search, retired=retired)

    for search in ("magnesium 2 mL vial", "63323-064", "63323006421", "SULFATE 2 ml"):
        assert small in found(search), search
    for search in ("_", "5%0", "magnesium saline", "\\"):
        assert found(search) == [], search
    assert found(retired=True) == [] and len(found()) == 4

    def cost():
        session.expire_all()
        with counted_statements(database) as seen:
            assert all(one.codes is not None for one in found())
        return len(seen)

    few = cost()
    for number in range(queries.PAGE):
        add(session, people, product_entry(small, container=f"{number} mL vial"))
    assert cost() == few == 2
    assert len(found()) == queries.PAGE + 1 and len(found(page=2)) == 4
