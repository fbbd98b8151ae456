"""Put a change of an order in force with all that follows from it, and do what it asks for."""

from __future__ import annotations

from pharmacy.changes.actions.forcing import digest_of_page, ensure_unchanged, put_change_in_force
from pharmacy.changes.actions.ticking import tick_task

__all__ = ["digest_of_page", "ensure_unchanged", "put_change_in_force", "tick_task"]
