"""The WSGI entry point: settings from the environment, the real clock."""

import os
import sys
from datetime import UTC, datetime

from pharmacy.app import create_app
from pharmacy.config import WrongSettings, from_environment

try:
    _settings = from_environment(os.environ)
except WrongSettings as wrong:
    sys.exit("\n".join(wrong.problems))

app = create_app(_settings, lambda: datetime.now(UTC))
