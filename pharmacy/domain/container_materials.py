"""The materials of the containers that a preparation is kept in; stability is known for each by itself."""

from __future__ import annotations

from enum import StrEnum


class ContainerMaterial(StrEnum):
    """What the wall of a container is made of, as a formula allows it (domain.md 2.1)."""

    POLYOLEFIN = "polyolefin"
    PVC = "PVC"
    EVA = "EVA"
    GLASS = "glass"


__all__ = ["ContainerMaterial"]
