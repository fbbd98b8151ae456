"""The driver's list: where to go and what to hand over, and nothing of drugs, diagnoses or results."""

from __future__ import annotations

from dataclasses import dataclass

from labels.blocks import Block, Column, Facts, Heading, Kept, Prose, Table
from labels.cells import Code, Line, Tick
from labels.finished import Printed, finished
from labels.sheet import Sheet, render

WRITING = 11.0


@dataclass(frozen=True, kw_only=True)
class Package:
    """One package as it looks from outside: `Cooler 1 of 2`, its number, how to treat it."""

    package: str
    number: str
    handling: str


@dataclass(frozen=True, kw_only=True)
class PackageStop:
    """One door: whom, where, when, what."""

    stop: str
    window: str
    name: str
    address: str
    phone: str
    instructions: str = ""
    packages: tuple[Package, ...]


@dataclass(frozen=True, kw_only=True)
class PackageList(Printed):
    """A driver's route; it has no field for a drug, a diagnosis or a result, so that none can be printed."""

    route: str
    driver: str
    vehicle: str = ""
    instructions: tuple[str, ...] = ()
    stops: tuple[PackageStop, ...]


def render_package_list(route: PackageList) -> bytes:
    """Return the driver's list as a PDF; a stop stays on one page with its lines to sign.

    Refuses a missing text and a character that cannot be printed (`CannotPrint`) and a text without room
    (`DoesNotFit`), naming the field. Minimum necessary: 45 CFR 164.502(b).
    """
    route = finished(route)
    return render(
        Sheet(
            document=route,
            title="Package list",
            identity=" · ".join(filter(None, (route.route, route.driver, route.vehicle))),
            blocks=(
                Prose("instructions", route.instructions, mark="•"),
                *(Kept(_stop(stop)) for stop in route.stops),
            ),
        )
    )


def _stop(stop: PackageStop) -> tuple[Block, ...]:
    titles = ("Received by (printed name)", "Relationship", "Signature", "Date and time")
    return (
        Heading(f"{stop.stop}: {stop.name}"),
        Facts(
            (
                ("Address", stop.address),
                ("Phone", stop.phone),
                ("Window", stop.window),
                ("Instructions", stop.instructions),
            ),
            columns=4,
        ),
        Table(
            "packages",
            (
                Column("Handed over", 0.8),
                Column("Package", 1.4),
                Column("Number", 1.6),
                Column("Handling", 2.2),
            ),
            tuple((Tick(), one.package, Code(one.number), one.handling) for one in stop.packages),
        ),
        Table("receipt", tuple(map(Column, titles)), ((Line(WRITING),) * len(titles),)),
    )
