"""The driver's list of a batch: doors and packages as they look from outside, and nothing clinical."""

from __future__ import annotations

from collections.abc import Callable

from labels.package_list import Package, PackageList, PackageStop, render_package_list
from pharmacy.accounts.models import Site
from pharmacy.compounding.documents.imprint import drawn, imprint
from pharmacy.delivery.models import DeliveryBatch
from pharmacy.delivery.queries import Door, describe_door
from pharmacy.domain.formatting import day
from pharmacy.domain.statuses import StopStatus
from pharmacy.printing.actions import PaperMark

INSTRUCTIONS = (
    "Keep the packages closed and cool. Leave none without a signature.",
    "Nobody at home? Call the pharmacy before you drive on.",
)


def draw_package_list(batch: DeliveryBatch, *, site: Site) -> Callable[[PaperMark], bytes]:
    """Return what draws the driver's list of a batch."""
    return lambda mark: drawn(lambda: render_package_list(_paper(batch, site, mark)))


def _paper(batch: DeliveryBatch, site: Site, mark: PaperMark) -> PackageList:
    doors = [describe_door(one) for one in batch.stops if one.status is not StopStatus.CANCELLED]
    return PackageList(
        **imprint(site, mark),
        route=f"Batch {batch.serial}, {day(batch.delivers_on)}",
        driver=batch.driver.name,
        instructions=(*INSTRUCTIONS, f"Pharmacy, at any hour: {site.phone_24_hour}"),
        stops=tuple(
            PackageStop(
                stop=f"Stop {door.position}",
                window=day(batch.delivers_on),
                name=door.name,
                address=door.address,
                phone=door.phone,
                instructions=door.instructions,
                packages=tuple(
                    Package(package=what, number=number, handling=handling)
                    for what, number, handling in list_packages(door)
                ),
            )
            for door in doors
        ),
    )


def list_packages(door: Door) -> list[tuple[str, str, str]]:
    """List the packages of a stop: what each is, its number, and how it is handled."""
    found = [
        (
            f"Package {one} of {door.packages}",
            f"{door.batch}-{door.position}-{one}",
            "Keep cool, closed, upright",
        )
        for one in range(1, door.packages + 1)
    ]
    if door.has_pump_case:
        found.append(("Pump case", f"{door.batch}-{door.position}-P", "Keep dry, do not drop"))
    return found
