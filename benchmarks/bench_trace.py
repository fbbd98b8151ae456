"""What tracing a lot costs among a million bags; the floor is the bare indexed join by sqlite3."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import Enum, event
from timing import report, seconds

from pharmacy.all_models import Base
from pharmacy.config import Settings
from pharmacy.database import Database
from pharmacy.database_cli import upgrade_database
from pharmacy.trace.queries import find_lots, trace_lots

BAGS, PATIENTS, PER_LOT, PER_SHEET, PER_STOP = 1_000_000, 2_000, 250, 10, 10
# The lots that are traced, with the bags that each of them reached.
TRACED = {"TRACED-10": 10, "TRACED-1000": 1000}
ROUNDS = 20
JOIN = """
    SELECT bag.id, bag.serial, bag.status, bag.beyond_use_at, patient.family_name, patient.phone,
           worksheet.serial, sum(bag_component.volume_ml), delivery_stop.position,
           delivery_stop.status, delivery_batch.serial
    FROM bag_component JOIN bag ON bag.id = bag_component.bag_id JOIN patient ON patient.id = bag.patient_id
    JOIN worksheet ON worksheet.id = bag.worksheet_id
    LEFT JOIN packed_bag ON packed_bag.bag_id = bag.id AND packed_bag.taken_out_at IS NULL
    LEFT JOIN delivery_stop ON delivery_stop.id = packed_bag.stop_id
    LEFT JOIN delivery_batch ON delivery_batch.id = delivery_stop.batch_id
    WHERE bag_component.lot_id = (SELECT id FROM lot WHERE number = ?) GROUP BY bag.id ORDER BY bag.id
"""
_OF_TYPE = {"DATETIME": "2026-11-09 14:00:00.000000", "DATE": "2026-11-09", "VARCHAR": "x", "BLOB": b""}


def fill(connection: sqlite3.Connection) -> None:
    """Fill the tables of a trace with plain rows; what the trace does not read is a filler."""
    for setting in ("ignore_check_constraints = ON", "synchronous = OFF", "cache_size = -500000"):
        connection.execute(f"PRAGMA {setting}")
    # The guards of the tables ask for each new row whether it was there before.
    for (guard,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {guard}")
    add(connection, "site", [{"id": 1, "name": "Bench", "time_zone": "America/New_York"}])
    add(connection, "person", [{"id": 1, "site_id": 1, "name": "Dan", "role": "driver", "username": "dan"}])
    add(connection, "product", [{"id": 1, "site_id": 1, "kind": "additive"}])
    people = ({"id": one, "site_id": 1, "record_number": f"P-{one}"} for one in range(1, PATIENTS + 1))
    add(connection, "patient", people)
    lots = BAGS // PER_LOT
    names = [*(f"LOT{one}" for one in range(1, lots + 1)), *TRACED]
    add(
        connection,
        "lot",
        ({"id": one, "number": name, "status": "available"} for one, name in enumerate(names, 1)),
    )
    sheets = range(1, BAGS // PER_SHEET + 1)
    add(connection, "worksheet", ({"id": one, "serial": f"W-{one}", "status": "closed"} for one in sheets))
    stops = range(1, BAGS // PER_STOP + 1)
    add(connection, "delivery_batch", [{"id": 1, "serial": "M-1", "status": "closed"}])
    add(
        connection,
        "delivery_stop",
        ({"id": one, "position": one, "batch_id": 1, "status": "delivered"} for one in stops),
    )
    all_bags = range(1, BAGS + 1)
    add(connection, "bag", (a_bag(one) for one in all_bags))
    add(
        connection,
        "packed_bag",
        ({"id": one, "bag_id": one, "stop_id": (one - 1) // PER_STOP + 1} for one in all_bags),
    )
    add(
        connection,
        "bag_component",
        (
            {"id": one, "bag_id": one, "lot_id": (one - 1) // PER_LOT + 1, "volume_ml": 4_000_000}
            for one in all_bags
        ),
    )
    add(connection, "bag_component", a_traced_lot(lots))
    connection.commit()
    connection.execute("ANALYZE")
    connection.commit()


def a_bag(number: int) -> dict[str, Any]:
    """Describe one bag."""
    return {
        "id": number,
        "serial": f"B-{number}",
        "worksheet_id": (number - 1) // PER_SHEET + 1,
        "position": (number - 1) % PER_SHEET + 1,
        "patient_id": number % PATIENTS + 1,
        "status": "delivered",
    }


def a_traced_lot(lots: int) -> Iterable[dict[str, Any]]:
    """Describe what the traced lots put into bags that lie all over the table."""
    row = BAGS
    for lot, bags in enumerate(TRACED.values(), lots + 1):
        for bag in range(1, bags + 1):
            row += 1
            yield {"id": row, "bag_id": bag * (BAGS // bags), "lot_id": lot, "volume_ml": 4_000_000}


def add(connection: sqlite3.Connection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add rows; one that must hold something and is not given holds a filler."""
    columns = list(connection.execute(f'PRAGMA table_info("{table}")'))
    model = Base.metadata.tables[table].columns
    filler = {
        name: model[name].type.enums[0]
        if isinstance(model[name].type, Enum)
        else _OF_TYPE.get(kind.split("(")[0], 1)
        for _, name, kind, full, _, _ in columns
        if full
    }
    names = list(filler | next(iter(given := list(rows))))
    marks = ", ".join("?" * len(names))
    values = (tuple((filler | row).values()) for row in given)
    connection.executemany(f'INSERT INTO "{table}" ({", ".join(names)}) VALUES ({marks})', values)


def trace(database: Database, number: str) -> int:
    """Trace a lot as the page does, with every bag; returns how many bags it reached."""
    with database.reading() as session:
        [found] = trace_lots(session, find_lots(session, number, site_id=1))
        return len(found.bags)


def main(folder: str) -> None:
    """Trace a lot with few bags and one with many, and compare with the bare join."""
    file = f"{folder}/bench.db"
    database = Database(Settings(f"sqlite:///{file}", "k" * 32, "a" * 32, password_cost="cheapest"))
    upgrade_database(database)
    connection = sqlite3.connect(file)
    fill(connection)
    for number, bags in TRACED.items():
        counted: list[str] = []
        event.listen(
            database.engine, "before_cursor_execute", note := lambda *a, seen=counted: seen.append(a[2])
        )
        if trace(database, number) != bags or len(connection.execute(JOIN, (number,)).fetchall()) != bags:
            raise SystemExit(f"lot {number} did not reach {bags} bags")
        event.remove(database.engine, "before_cursor_execute", note)
        floor = seconds(
            lambda number=number: [connection.execute(JOIN, (number,)).fetchall() for _ in range(ROUNDS)]
        )
        work = seconds(lambda number=number: [trace(database, number) for _ in range(ROUNDS)])
        report(f"trace of a lot with {bags:,} of {BAGS:,} bags", floor="the bare join by sqlite3",
               floor_s=floor / ROUNDS, work_s=work / ROUNDS, statements=len(counted))  # fmt: skip
    connection.close()
    database.engine.dispose()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        main(place)
