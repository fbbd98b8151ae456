"""The papers of the delivery room: the manifest in the box, its proof, and the driver's list."""

from __future__ import annotations

from pharmacy.delivery.documents.manifest import draw_manifest, read_signature
from pharmacy.delivery.documents.package_list import draw_package_list, list_packages

__all__ = ["draw_manifest", "draw_package_list", "list_packages", "read_signature"]
