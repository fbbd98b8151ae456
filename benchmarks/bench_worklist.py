"""What the worklist costs in statements, whatever the tables hold: the ratio of many orders to one is 1."""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import event

from pharmacy.accounts.queries import find_person
from pharmacy.config import Settings
from pharmacy.database import Database
from pharmacy.database_cli import upgrade_database
from pharmacy.sample.load import load_sample
from pharmacy.worklist.queries import list_waiting
from tests.therapy.orders import entered_order

AT = datetime(2026, 11, 9, 14, 0, tzinfo=UTC)


def count_statements(database: Database) -> int:
    """Count the statements of one worklist."""
    counted = [0]

    def count(*_: object) -> None:
        counted[0] += 1

    with database.reading() as session:
        person = find_person(session, "paula")
        event.listen(database.engine, "before_cursor_execute", count)
        list_waiting(session, person=person, at=AT)
        event.remove(database.engine, "before_cursor_execute", count)
    return counted[0]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        database = Database(Settings(url, "k" * 32, "a" * 32, password_cost="cheapest"))
        upgrade_database(database)
        with database.transaction() as session:
            load_sample(session, at=AT, cost="cheapest")
        found = []
        for more in (1, 100):
            with database.transaction() as session:
                for _ in range(more):
                    entered_order(session, lambda name: find_person(session, name), at=AT)
            found.append(count_statements(database))
        database.engine.dispose()
    print(json.dumps({"benchmark": "worklist statements", "one_order": found[0], "hundred_orders": found[1],
                      "ratio": round(found[1] / found[0], 2)}))  # fmt: skip
