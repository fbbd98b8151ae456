"""Every table of the pharmacy, for the migrations and their tests."""

from pharmacy.accounts import models as accounts
from pharmacy.attachments import models as attachments
from pharmacy.audit import models as audit
from pharmacy.changes import models as changes
from pharmacy.compounding import models as compounding
from pharmacy.database import Base
from pharmacy.delivery import models as delivery
from pharmacy.dispensing import models as dispensing
from pharmacy.facility import models as facility
from pharmacy.formulary import models as formulary
from pharmacy.inventory import models as inventory
from pharmacy.patients import models as patients
from pharmacy.prescriptions import models as prescriptions
from pharmacy.printing import models as printing
from pharmacy.pumps import models as pumps
from pharmacy.trace import models as trace

FEATURES = (
    accounts,
    audit,
    printing,
    attachments,
    formulary,
    facility,
    patients,
    prescriptions,
    inventory,
    compounding,
    dispensing,
    pumps,
    delivery,
    changes,
    trace,
)

__all__ = ["FEATURES", "Base"]
