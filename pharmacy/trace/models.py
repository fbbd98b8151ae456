"""Recalls and drills: their lots, decisions about bags, calls to patients, notices to prescribers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person, Signature
from pharmacy.compounding.models import Bag
from pharmacy.database import Base, Id
from pharmacy.domain.recall import URGENCY_WORDS, Decision, RecallUrgency, say_took
from pharmacy.domain.statuses import RecallStatus
from pharmacy.inventory.models import Lot
from pharmacy.patients.models import Patient, Prescriber


class RecallSource(StrEnum):
    """Where a recall comes from."""

    MAKER = "maker"
    SUPPLIER = "supplier"
    AUTHORITY = "authority"
    OWN_FINDING = "own_finding"


class CallResult(StrEnum):
    """How a call to a patient ended."""

    REACHED = "reached"
    MESSAGE = "message"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


class Told(StrEnum):
    """What somebody at home said of one bag."""

    SET_ASIDE = "set_aside"
    TO_COLLECT = "to_collect"
    USED = "used"
    DESTROYED = "destroyed"


class Recall(Base):
    """A recall of lots, or the drill of one, from its opening to its closing by signature.

    `listed_at` is when somebody said that the list of bags is complete. The numbers at the end are kept as
    they were when it was closed.
    """

    __tablename__ = "recall"
    __table_args__ = (
        CheckConstraint("(listed_at IS NULL) = (listed_by_id IS NULL)", name="listed"),
        CheckConstraint("status <> 'closed' OR closing_id IS NOT NULL", name="closed"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    is_drill: Mapped[bool]
    status: Mapped[RecallStatus]
    source: Mapped[RecallSource]
    urgency: Mapped[RecallUrgency]
    reference: Mapped[str]
    reason: Mapped[str]
    instructions: Mapped[str]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    opening_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))
    listed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    listed_at: Mapped[datetime | None]
    closing_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))
    closed_at: Mapped[datetime | None]
    conclusion: Mapped[str | None]
    bags_affected: Mapped[int | None]
    bags_located: Mapped[int | None]

    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id], lazy="joined")
    listed_by: Mapped[Person | None] = relationship(foreign_keys=[listed_by_id], lazy="joined")
    opening: Mapped[Signature | None] = relationship(foreign_keys=[opening_id], lazy="joined")
    closing: Mapped[Signature | None] = relationship(foreign_keys=[closing_id], lazy="joined")
    lots: Mapped[list[RecalledLot]] = relationship(order_by="RecalledLot.id", lazy="selectin")
    notices: Mapped[list[RecallNotice]] = relationship(order_by="RecallNotice.id")

    @property
    def name(self) -> str:
        """Name it in a sentence."""
        return f"{'Drill' if self.is_drill else 'Recall'} {self.id}"

    @property
    def is_open(self) -> bool:
        """Tell whether it is not closed yet."""
        return self.status is RecallStatus.OPEN

    @property
    def urgency_words(self) -> str:
        """Say how dangerous what is recalled is."""
        return URGENCY_WORDS[self.urgency]

    @property
    def took_to_list(self) -> str:
        """Say how long it took until the list was complete; nothing before."""
        return say_took(self.opened_at, self.listed_at) if self.listed_at else ""

    @property
    def took_to_close(self) -> str:
        """Say how long it took until it was closed; nothing before."""
        return say_took(self.opened_at, self.closed_at) if self.closed_at else ""

    @property
    def lot_names(self) -> str:
        """Name its lots with their products."""
        return "; ".join(f"lot {one.lot.number} of {one.lot.product.name}" for one in self.lots)


class RecalledLot(Base):
    """A lot of a recall."""

    __tablename__ = "recall_lot"
    __table_args__ = (UniqueConstraint("recall_id", "lot_id"),)

    id: Mapped[Id]
    recall_id: Mapped[int] = mapped_column(ForeignKey("recall.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)

    lot: Mapped[Lot] = relationship(lazy="joined")


class RecallDecision(Base):
    """What somebody decided about a bag of a recall, and why; the last one counts."""

    __tablename__ = "recall_decision"

    id: Mapped[Id]
    recall_id: Mapped[int] = mapped_column(ForeignKey("recall.id"), index=True)
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    decision: Mapped[Decision]
    reason: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    bag: Mapped[Bag] = relationship()
    person: Mapped[Person] = relationship(lazy="joined")


class RecallCall(Base):
    """One attempt to reach a patient: how it ended, what was said, and when the next step is due."""

    __tablename__ = "recall_call"

    id: Mapped[Id]
    recall_id: Mapped[int] = mapped_column(ForeignKey("recall.id"), index=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    result: Mapped[CallResult]
    spoke_to: Mapped[str]
    said: Mapped[str]
    next_at: Mapped[datetime | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    patient: Mapped[Patient] = relationship()
    person: Mapped[Person] = relationship(lazy="joined")
    bags: Mapped[list[ToldBag]] = relationship(order_by="ToldBag.id")


class ToldBag(Base):
    """What was said of one bag in a call."""

    __tablename__ = "recall_call_bag"
    __table_args__ = (UniqueConstraint("call_id", "bag_id"),)

    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(ForeignKey("recall_call.id"))
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    told: Mapped[Told]

    bag: Mapped[Bag] = relationship()


class RecallNotice(Base):
    """The notice of a recall to a prescriber: how, to whom and what was said."""

    __tablename__ = "recall_notice"

    id: Mapped[Id]
    recall_id: Mapped[int] = mapped_column(ForeignKey("recall.id"), index=True)
    prescriber_id: Mapped[int] = mapped_column(ForeignKey("prescriber.id"), index=True)
    how: Mapped[str]
    spoke_to: Mapped[str]
    said: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    prescriber: Mapped[Prescriber] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(lazy="joined")
