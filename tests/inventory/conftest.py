"""Fixtures of the stock tests."""

import pytest
from sqlalchemy import select

from pharmacy.inventory.models import Lot


@pytest.fixture
def vial(session):
    """Give the vial lot that expires first: 15 vials of 10 mL."""
    return session.scalar(select(Lot).where(Lot.number == "SMG4417"))
