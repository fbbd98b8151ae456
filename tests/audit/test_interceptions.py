"""Intercepted errors: found by cause, person, day and words, apart from noise, on a page and as a file."""

import csv
import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from pharmacy.accounts.models import Site
from pharmacy.audit.actions import record_refusal
from pharmacy.audit.interceptions import PAGE, Show, Sought, get_refusal, list_refusals, read_sought
from pharmacy.audit.models import Refusal
from pharmacy.domain.errors import InvalidInput, NotFound
from pharmacy.domain.interception import NOISE, Cause, Reading, RefusalKind, what_was_prevented
from tests.conftest import START
from tests.statements import counted_statements


def zone_of(person):
    return ZoneInfo(person.site.time_zone)


@pytest.fixture
def keep(session, people):
    """Keep a refusal, by Tina unless another is named."""

    def add(kind=RefusalKind.SCAN, sentence="Wrong.", *, by="tina", at=START, raw=None, **more):
        reading = Reading(raw, product="sodium chloride", lot="LOT_1", serial="S%9") if raw else None
        person = people(by) if by else None
        record_refusal(session, kind=kind, tried="POST /x", sentence=sentence, by=person, at=at,
                       reading=reading, **more)  # fmt: skip
        session.flush()
        return session.scalar(select(Refusal).order_by(Refusal.id.desc()).limit(1))

    return add


@pytest.fixture
def found(session, people):
    """Return the sentences of what is found."""
    tina = people("tina")

    def look(limits=None, **sought):
        read = list_refusals(
            session, Sought(**sought), site_id=tina.site_id, zone=zone_of(tina), **(limits or {})
        )
        return [one.sentence for one in read]

    return look


def test_noise_is_listed_apart_and_strangers_are_noise(keep, found):
    for kind in RefusalKind:
        keep(kind, kind.value)
    keep(RefusalKind.PASSWORD, "stranger", by=None)

    noise = {kind.value for kind in NOISE}
    assert (
        set(found()) == {kind.value for kind in RefusalKind} - noise == {"scan", "volume", "weight", "rule"}
    )
    assert set(found(show=Show.NOISE)) == noise | {"stranger"}
    assert len(found(show=Show.ALL)) == len(RefusalKind) + 1


def test_every_filter_narrows_and_they_hold_together(keep, found, people):
    keep(sentence="one", cause=Cause.UNKNOWN_LOT)
    keep(sentence="two", cause=Cause.EXPIRED_LOT, by="theo", raw="0136")
    theo = people("theo").id

    assert found() == ["two", "one"]
    assert found(cause=Cause.EXPIRED_LOT) == found(person_id=theo) == ["two"]
    assert found(cause=Cause.UNKNOWN_LOT, person_id=theo) == []
    for words in ("TWO", "0136", "sodium", "lot_1", "s%9"):
        assert found(words=words) == ["two"], words
    assert found(words="lotx1") == found(words="%%") == []


def test_days_are_those_of_the_pharmacy(keep, found, people):
    day = START.astimezone(zone_of(people("tina"))).date()
    midnight = START.astimezone(zone_of(people("tina"))).replace(hour=0, minute=0, second=0, microsecond=0)
    keep(sentence="before", at=midnight - timedelta(seconds=1))
    keep(sentence="first", at=midnight)
    keep(sentence="last", at=midnight + timedelta(days=1, seconds=-1))
    keep(sentence="after", at=midnight + timedelta(days=1))

    assert found(first=day, last=day) == ["last", "first"]
    assert found(first=day) == ["after", "last", "first"]
    assert found(last=day) == ["last", "first", "before"]


def test_pages_and_another_site(keep, found, session, people):
    for number in range(PAGE + 2):
        kept = keep(sentence=str(number))

    assert len(found()) == PAGE + 1
    assert found({"page": 2}) == ["1", "0"]
    columns = [column.name for column in Site.__table__.columns if column.name != "id"]
    other = Site(**{name: getattr(people("tina").site, name) for name in columns})
    session.add(other)
    session.flush()
    assert get_refusal(session, kept.id, site_id=kept.site_id) is kept
    with pytest.raises(NotFound):
        get_refusal(session, kept.id, site_id=other.id)
    with pytest.raises(NotFound):
        get_refusal(session, 999_999, site_id=kept.site_id)


def test_what_is_looked_for_is_read_from_an_address():
    typed = {"show": "noise", "cause": "expired lot", "person": "7", "first": "2026-11-09", "search": " x "}
    read = read_sought(typed)

    assert (read.show, read.cause, read.person_id, read.words) == ("noise", Cause.EXPIRED_LOT, 7, "x")
    assert read_sought({"show": "?", "cause": "?", "person": "seven"}) == Sought()
    assert read_sought({"person": "1" * 30}) == Sought()
    for bad in (
        {"first": "yesterday"},
        {"last": "0001-01-01"},
        {"first": "2026-11-09", "last": "2026-11-08"},
    ):
        with pytest.raises(InvalidInput):
            read_sought(bad)


def test_each_cause_says_what_it_prevented():
    said = [what_was_prevented(cause) for cause in Cause]

    assert len(set(said)) == len(Cause) and all(one.endswith(".") for one in said)
    assert what_was_prevented(None) == ""


def test_what_is_kept_fits_every_database():
    assert Reading("a\x00b" + "1" * 600).raw == "ab" + "1" * 498


def test_the_page_the_file_and_one_error(keep, session, sign_in, people):
    kept = keep(sentence="=Wrong <lot>.", cause=Cause.EXPIRED_LOT, raw="0136\x1d10A", expected="Lot B.")
    keep(RefusalKind.DOOR, "a door")
    number = kept.id
    session.commit()
    paula = sign_in("paula")

    page = paula.get("/intercepted-errors").text
    assert "An expired lot was kept out of a bag." in page and "=Wrong &lt;lot&gt;." in page
    assert "a door" not in page and "a door" in paula.get("/intercepted-errors?show=noise").text
    assert "Nothing like this was refused" in paula.get("/intercepted-errors?cause=competency").text
    wrong = paula.get("/intercepted-errors?first=2026-02-30")
    assert wrong.status_code == 400 and "The first day should be a date that exists" in wrong.text
    assert paula.get("/intercepted-errors?first=2026-11-09&endpoint=x&_external=1").status_code == 200
    one = paula.get(f"/intercepted-errors/{number}").text
    for words in ("0136␝10A", "Lot B.", "LOT_1", "S%9", "sodium chloride", "Tina Tallgrass"):
        assert words in one
    assert paula.get("/intercepted-errors/999999").status_code == 404
    answer = paula.get("/intercepted-errors.csv?cause=expired+lot")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["What was said"] for row in rows] == ["'=Wrong <lot>."]
    assert rows[0]["Cause"] == "expired lot" and rows[0]["What was expected"] == "Lot B."
    assert paula.get("/intercepted-errors.csv?first=x").status_code == 400


def test_the_list_costs_the_same_on_few_and_many(keep, session, sign_in):
    keep()
    session.commit()
    paula = sign_in("paula")
    database = paula.application.extensions["database"]

    def count():
        with counted_statements(database) as seen:
            paula.get("/intercepted-errors")
        return len(seen)

    before = count()
    for number in range(60):
        keep(by=("tina", "theo", "paula")[number % 3])
    session.commit()
    assert count() == before
