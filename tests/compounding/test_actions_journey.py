"""A worksheet from opening to the end of preparation: the numbers, the stock and the record."""

from sqlalchemy import select

from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.inventory.models import MovementKind, StockMovement
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import made_bags


def test_seven_bags_from_two_lots_of_diluent(session, people):
    bags = made_bags(session, people, order_in_force(session, people), bags=7)

    worksheet = bags[0].worksheet
    assert worksheet.status is WorksheetStatus.AWAITING_RELEASE
    assert {bag.status for bag in bags} == {BagStatus.MADE}
    assert len({bag.serial for bag in bags}) == 7
    used = session.scalars(select(StockMovement).where(StockMovement.worksheet_id == worksheet.id)).all()
    assert [one.kind for one in used].count(MovementKind.OPENED) == 7 + 4
