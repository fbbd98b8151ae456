"""What the sheet and the calendar say in plain language: the program in words, the days, when to call."""

from __future__ import annotations

from labels.pump_sheet import PatientSection
from pharmacy.domain.formatting import NBSP, counted, quantity
from pharmacy.domain.frequency import DaysOfCycle, Frequency, needs_calendar, parse_frequency, say
from pharmacy.domain.pump_profiles import Mode
from pharmacy.domain.pump_settings import Setting
from pharmacy.domain.wording import spell_number
from pharmacy.pumps.models import ProgramSheet

_SEE_CALENDAR = ": see your calendar"
# Units as a pump shows them, and as they are spelled out.
_SPELLED_UNITS = {"mL/hr": "mL per hour", "mL/h": "mL per hour", "mL/24 hrs": "mL per 24 hours"}


def say_rule(sheet: ProgramSheet) -> str:
    """Say what the program does, and that the pump does not know the days (pumps.md 1.4)."""
    hours = quantity(sheet.order_version.infusion_hours, "h")
    bag = f"ONE bag ({quantity(sheet.volume_ml, 'mL')} over {hours})"
    if sheet.mode != Mode.CONTINUOUS:
        return f"Program delivers {bag} and starts the next one by itself when its cycle is over."
    return (
        f"Program delivers {bag} each time it is started. The pump does not know the infusion days."
        " Start it only on the dates of the calendar. Rest day: pump stopped, no bag connected."
    )


def list_reminders(frequency: Frequency) -> tuple[str, ...]:
    """List what to keep in mind on every day of a schedule."""
    found = ["The pump does not know your infusion days. Start it only on the days marked Infuse."]
    if isinstance(frequency, DaysOfCycle) and frequency.on > 1:
        found.append(f"Never infuse on {frequency.on + 1} days in a row.")
    if not isinstance(frequency, DaysOfCycle) or frequency.cycle > 1:
        found.append("Rest day: no bag, pump stopped.")
    found.append("You missed a day, or are not sure which day it is? Call us before you infuse.")
    return tuple(found)


def say_schedule(frequency: Frequency) -> str:
    """Say a frequency for a page that is the calendar itself."""
    words = say(frequency).removesuffix(_SEE_CALENDAR)
    days = (
        ", on the days marked below" if needs_calendar(frequency) or _SEE_CALENDAR in say(frequency) else ""
    )
    return f"Infuse one bag {words}{days}."


def list_patient_sections(sheet: ProgramSheet, *, clocks: str) -> tuple[PatientSection, ...]:
    """List the parts of the patient's page: to start, on a rest day, when it alarms, when to call."""
    frequency = parse_frequency(sheet.order_version.frequency)
    hours = quantity(sheet.order_version.infusion_hours, "h")
    return (
        PatientSection(
            title="To start",
            sentences=(
                f"Look at your calendar. Is today a day to infuse? Start at {clocks}.",
                "Take the bag whose number stands on that day. Its label must have your name and a"
                " start-before time that has not passed.",
                "Look through the bag: start it only if it is clear, without particles, and does not leak.",
                f"Check that the pump shows {quantity(sheet.volume_ml, 'mL')} and"
                f" {quantity(sheet.rate_ml_per_h, 'mL/h')}. Something else? Do not start: call us.",
                f"One bag runs for {hours}. When it is empty, stop the pump and take out the needle.",
            ),
        ),
        PatientSection(title="Every day", sentences=list_reminders(frequency)),
        PatientSection(
            title="When the pump alarms",
            sentences=(
                "Read what the screen says. Look for a closed clamp, a bent tube, or an empty bag.",
                "It alarms again? Stop the pump and call us. Do not change its settings.",
            ),
        ),
        PatientSection(
            title="Stop the pump and call at once",
            sentences=(
                "You feel drowsy, weak, flushed or dizzy, your heart beats slowly, or you breathe slowly.",
                "The skin at the needle is very red, hot, hard or painful, or fluid leaks there.",
                "You cannot stay awake or cannot breathe well: call 911 first.",
            ),
        ),
    )


def say_value(setting: Setting) -> str:
    """Write a value by the pharmacy's own rule for numbers, its unit in words.

    >>> say_value(Setting("Infusion Rate", "10.5", "mL/hr", True, "10.5"))
    '10.5 mL per hour'
    """
    if ":" in setting.value:
        return setting.value
    return f"{setting.value} {_SPELLED_UNITS.get(setting.unit, setting.unit)}".strip()


def spell_setting(setting: Setting) -> str:
    """Spell out what stands on the pump's screen, so that no digit is misread (pumps.md 2.4).

    >>> spell_setting(Setting("Infusion Rate", "10.5", "mL/hr", True, "10.5"))
    'ten point five mL per hour'
    >>> spell_setting(Setting("Infusion Time", "10:05", "h:mm", False, "10:05"))
    'ten hours five minutes'
    """
    unit = _SPELLED_UNITS.get(setting.unit, setting.unit)
    if ":" in setting.shown:
        hours, minutes = (int(part) for part in setting.shown.split(":"))
        return (
            f"{spell_number(str(hours))} {counted(hours, 'hour').split(' ')[1]}"
            f" {spell_number(str(minutes))} {counted(minutes, 'minute').split(' ')[1]}"
        )
    if not setting.shown.replace(".", "").isdigit():
        return f"as it reads: {setting.shown}"
    return f"{spell_number(setting.shown)} {unit}".strip()


def show_setting(setting: Setting) -> str:
    """Write what stands on the pump's screen with its unit."""
    if ":" in setting.shown or not setting.unit:
        return setting.shown
    return f"{setting.shown}{NBSP}{setting.unit}"
