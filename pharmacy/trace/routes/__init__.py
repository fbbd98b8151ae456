"""Pages of the trace room."""

from __future__ import annotations

from pharmacy.trace.routes import accounting, calls, recalls, tracing
from pharmacy.trace.routes.room import blueprint

__all__ = ["accounting", "blueprint", "calls", "recalls", "tracing"]
