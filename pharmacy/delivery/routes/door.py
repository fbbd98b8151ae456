"""The one blueprint of the room, and what its pages load alike."""

from __future__ import annotations

from flask import Blueprint

from pharmacy.delivery import queries
from pharmacy.delivery.models import DeliveryBatch, DeliveryStop
from pharmacy.web.request import actor, reads_chart, session

blueprint = Blueprint("delivery", __name__)


def load_batch(batch_id: int) -> DeliveryBatch:
    """Return a batch of the actor's site, and note whose charts are read with it."""
    batch = queries.get_batch(session(), batch_id, site_id=actor().site_id)
    for stop in batch.stops:
        reads_chart(stop.patient_id)
    return batch


def load_stop(stop_id: int) -> DeliveryStop:
    """Return a stop of the actor's site, and note that its patient's chart is read."""
    stop = queries.get_stop(session(), stop_id, site_id=actor().site_id)
    reads_chart(stop.patient_id)
    return stop
