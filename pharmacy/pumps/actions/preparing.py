"""Prepare a sheet: from the order in force and the bags actually made to a pump's own settings, or say no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import begin_life, record
from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.compounding.queries import get_labelled_version, list_bags_for
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.findings import Finding, Severity, Verdict, find_verdict
from pharmacy.domain.formatting import moment, quantity
from pharmacy.domain.frequency import parse_frequency
from pharmacy.domain.lifecycle import say
from pharmacy.domain.local_time import to_local
from pharmacy.domain.pump_calendar import InfusionPlan
from pharmacy.domain.pump_numbers import DeliveryBasis, ProgramRequest
from pharmacy.domain.pump_profiles import Mode, PumpProfile
from pharmacy.domain.pump_program import PumpProgram, program_pump
from pharmacy.domain.pump_working import working
from pharmacy.domain.quantities import round_half_up
from pharmacy.domain.routes import Route
from pharmacy.domain.statuses import SheetStatus
from pharmacy.formulary.queries import (
    AdoptedKind,
    adopted_pump_profile,
    adopted_subcutaneous_limits,
    get_adopted,
)
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.queries import ensure_in_force
from pharmacy.pumps.actions.readiness import (
    ensure_maintained,
    ensure_pump_may_go,
    ensure_reference_in_review,
)
from pharmacy.pumps.actions.replacing import replace
from pharmacy.pumps.models import ProgramSheet, Pump
from pharmacy.pumps.queries import (
    STARTED,
    SheetProgram,
    describe_numbers,
    describe_sheet,
    list_sheets_of_order,
    next_version,
    plan_calendar,
    write_calendar,
    write_program,
)


@dataclass(frozen=True, slots=True)
class _Draft:
    """Hold a program that nothing refuses, with its calendar and all that was found."""

    profile: PumpProfile
    request: ProgramRequest
    program: PumpProgram
    plan: InfusionPlan
    findings: tuple[Finding, ...]


def prepare_sheet(
    session: Session,
    version: OrderVersion,
    *,
    worksheet: Worksheet,
    pump: Pump,
    mode: str,
    flag_reason: str | None,
    by: Person,
    at: datetime,
) -> ProgramSheet:
    """Prepare the programming sheet of a pump from an order in force and the bags made on a worksheet.

    Content and concentration are the worksheet's, prime and residual the formula's, limits and pump profile
    those that the site adopted. A finding that refuses gives no sheet; a flag needs `flag_reason`. Drafts of
    the order are replaced at once, a verified sheet when this one is verified.
    """
    ensure_may(by.role, Permission.PREPARE_PUMP_SHEETS)
    ensure_in_force(session, version, at=at)
    _ensure_made_for(session, version, worksheet, at=at)
    _ensure_ordered_kind(version, pump)
    ensure_pump_may_go(session, pump, version.order.patient)
    ensure_reference_in_review(session, pump, version.drug, at=at)
    draft = _draft(session, version, worksheet, pump, mode=mode, at=at)
    ensure_maintained(pump, last_infusion=_last_day(version, draft.plan))
    reason = _ensure_answered(draft.findings, flag_reason)
    earlier = list_sheets_of_order(session, version.order_id)
    sheet = ProgramSheet(
        site_id=by.site_id,
        order_id=version.order_id,
        order_version=version,
        patient=version.order.patient,
        worksheet=worksheet,
        pump=pump,
        version=next_version(session, version.order_id),
        status=SheetStatus.DRAFT,
        replaces=earlier[0] if earlier else None,
        mode=draft.request.mode.value,
        volume_ml=round_half_up(draft.program.numbers.volume_ml, 6),
        rate_ml_per_h=draft.program.rate_ml_per_h,
        verdict=find_verdict(draft.findings).value,
        program=write_program(_describe(session, version, worksheet, pump, draft)),
        calendar=write_calendar(draft.plan, zone=version.order.patient.time_zone),
        flag_reason=reason,
        prepared_by=by,
        prepared_at=at,
    )
    session.add(sheet)
    begin_life(session, sheet, by=by, at=at)
    record(session, sheet, "prepared a pump sheet", by=by, at=at, reason=reason,
           rx=version.order.rx_number, version=sheet.version, worksheet=worksheet.serial,
           pump=pump.asset_number, program=sheet.program, calendar=sheet.calendar)  # fmt: skip
    for older in earlier:
        if older.status is SheetStatus.DRAFT:
            replace(session, older, because=f"version {sheet.version} was prepared", by=by, at=at)
    return sheet


def _ensure_made_for(session: Session, version: OrderVersion, worksheet: Worksheet, *, at: datetime) -> None:
    """Refuse a worksheet of another order, of another bag than this version asks for, or not begun."""
    name = f"Worksheet {worksheet.serial}"
    bags = list_bags_for(worksheet, version.order_id)
    if not bags:
        raise Refusal(f"{name} is of another prescription.", field="worksheet")
    if worksheet.status not in STARTED:
        raise Refusal(
            f"{name} is {say(worksheet.status)}. A sheet is made from the bags actually made, once their"
            " preparation has started.",
            field="worksheet",
        )
    for made_for in {bag.get_order_version() for bag in bags}:
        get_labelled_version(session, made_for, at=at)


def _ensure_ordered_kind(version: OrderVersion, pump: Pump) -> None:
    """Refuse another kind of pump than was ordered: the label has the rate of the ordered one."""
    if pump.profile != version.device:
        raise Refusal(
            f"Pump {pump.asset_number} is a {pump.model}; the order and the labels are for another kind.",
            field="pump",
        )


def _draft(
    session: Session, version: OrderVersion, worksheet: Worksheet, pump: Pump, *, mode: str, at: datetime
) -> _Draft:
    site_id = version.order.site_id
    profile = adopted_pump_profile(session, pump.profile, site_id=site_id)
    limits = adopted_subcutaneous_limits(session, version.drug, site_id=site_id)
    request = _make_request(version, worksheet, _read_mode(mode))
    program = program_pump(request, profile=profile, limits=limits)
    bags = list_bags_for(worksheet, version.order_id)
    _ensure_no_refusal([*program.findings, *_check_label(program, bags)])
    plan = plan_calendar(
        session, version, worksheet, run_hours=program.numbers.runs_hours or Fraction(0), at=at
    )
    findings = (*program.findings, *_check_calendar(version, worksheet, plan))
    _ensure_no_refusal(findings)
    return _Draft(profile, request, program, plan, findings)


def _read_mode(mode: str) -> Mode:
    try:
        return Mode(mode)
    except ValueError:
        raise InvalidInput("Choose the mode of the pump.", field="mode") from None


def _make_request(version: OrderVersion, worksheet: Worksheet, mode: Mode) -> ProgramRequest:
    formula = worksheet.formula
    basis = DeliveryBasis(formula.delivery_basis)
    whole = basis is DeliveryBasis.WHOLE_BAG
    return ProgramRequest(
        mode=mode,
        volume_ml=worksheet.deliverable_ml if whole else formula.diluent.volume_ml,
        infusion_hours=version.infusion_hours,
        frequency=parse_frequency(version.frequency),
        route=Route(version.route),
        sites=version.sites,
        mg_per_ml=worksheet.mg_per_ml,
        content_ml=worksheet.total_ml,
        prime_ml=formula.prime_ml,
        residual_ml=formula.residual_ml,
        prime_by_pump=formula.prime_by_pump,
        kvo_ml_per_h=Decimal(0),
        mosm_per_l=worksheet.mosm_per_l,
        dose_mg=version.dose_mg,
        delivery_basis=basis,
    )


def _check_label(program: PumpProgram, bags: Sequence[Bag]) -> list[Finding]:
    """Refuse a rate that is not the one on the labels: the patient reads both."""
    rate = program.numbers.rate
    rates = {bag.get_rate() for bag in bags}
    if rate is None or rates == {round_half_up(rate, 6)}:
        return []
    said = " and ".join(quantity(one, "mL/h", 6) for one in sorted(rates))
    message = f"The pump would run at {quantity(rate, 'mL/h', 6)} and the bags' labels say {said}."
    return [Finding("label", Severity.REFUSE, message)]


def _check_calendar(version: OrderVersion, worksheet: Worksheet, plan: InfusionPlan) -> list[Finding]:
    """Check every start against its bag (R19) and say which day has none."""
    zone = ZoneInfo(version.order.patient.time_zone)
    bags = list_bags_for(worksheet, version.order_id)
    planned = {bag.serial for bag in bags if bag.planned_dose_at is not None}
    if not plan.infusions:
        message = "None of the bags can be started for a dose ahead, so there is no day to infuse on."
        return [Finding("R19", Severity.REFUSE, message)]
    found = [
        Finding("R19", Severity.FLAG, f"Bag {serial} has no day: it cannot be started for a dose ahead.")
        for serial in plan.unused
        if serial in planned
    ]
    without = [moment(one.starts, zone) for one in plan.infusions if one.bag is None]
    if without:
        message = f"No bag is there for {', '.join(without)}."
        found.append(Finding("R21", Severity.FLAG, message))
    return found


def _ensure_no_refusal(findings: Sequence[Finding]) -> None:
    refused = [one.message for one in findings if one.severity is Severity.REFUSE]
    if refused:
        raise Refusal(f"No sheet can be made. {' '.join(refused)}")


def _ensure_answered(findings: Sequence[Finding], flag_reason: str | None) -> str | None:
    if find_verdict(findings) is not Verdict.FLAG:
        return None
    reason = (flag_reason or "").strip()
    if not reason:
        flags = " ".join(one.message for one in findings if one.severity is Severity.FLAG)
        raise InvalidInput(f"Give the reason for going on: {flags}", field="flag_reason")
    return reason


def _last_day(version: OrderVersion, plan: InfusionPlan) -> date:
    return to_local(plan.infusions[-1].starts, ZoneInfo(version.order.patient.time_zone)).date()


def _describe(
    session: Session, version: OrderVersion, worksheet: Worksheet, pump: Pump, draft: _Draft
) -> SheetProgram:
    adopted = get_adopted(session, AdoptedKind.PUMP_PROFILE, pump.profile, site_id=pump.site_id)
    return SheetProgram(
        settings=draft.program.settings,
        findings=draft.findings,
        working=tuple(working(draft.program, request=draft.request, profile=draft.profile)),
        numbers=describe_numbers(draft.program, request=draft.request),
        facts=describe_sheet(session, version, worksheet, pump, draft.plan),
        profile={
            "name": draft.profile.name,
            "version": str(adopted.version),
            "digest": adopted.digest,
            "source": adopted.source,
        },
        profile_verified=draft.program.profile_verified,
    )
