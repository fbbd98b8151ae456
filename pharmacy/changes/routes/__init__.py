"""Pages of the changes' room: record a change, verify it with all that follows, and do what it asks for."""

from __future__ import annotations

from pharmacy.changes.routes import entering, showing, verifying
from pharmacy.changes.routes.door import blueprint

__all__ = ["blueprint", "entering", "showing", "verifying"]
