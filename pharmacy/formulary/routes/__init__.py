"""Pages of the formulary: products, master formulation records, stability references."""

from __future__ import annotations

from pharmacy.formulary.routes import formulas, products, reading, signing, stability
from pharmacy.formulary.routes.door import blueprint

__all__ = ["blueprint", "formulas", "products", "reading", "signing", "stability"]
