"""What a change makes of worksheets, bags at the pharmacy, labels and papers (change_impact_pharmacy.py)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pharmacy.domain.change_impact import (
    Becomes,
    Change,
    Consequence,
    OpenWorksheet,
    Paper,
    PrintedLabel,
    Subject,
)
from tests.circulation import (
    CONTENT,
    EMPTY,
    about,
    at,
    begun,
    consequences,
    needing,
    planned,
    released,
)


class TestWorksheets:
    def sheets(self, change: Change, *sheets: OpenWorksheet, needs: int) -> list[Consequence]:
        plan = needing(needs)
        return consequences(change, replace(EMPTY, worksheets=sheets), before=plan, after=plan)

    @pytest.mark.parametrize(
        ("needs", "kind", "action"),
        [
            (0, Becomes.NOT_NEEDED, "Cancel it."),
            (6, Becomes.TOO_MANY, "Reduce it to 6 bags: cancel it and open a new one under the new order."),
            (
                7,
                Becomes.CHECK_AGAIN,
                "Cancel it and open a new one under the new order, which is checked again.",
            ),
            (
                8,
                Becomes.CHECK_AGAIN,
                "Cancel it and open a new one under the new order, which is checked again.",
            ),
        ],
    )
    def test_one_not_started(self, needs: int, kind: Becomes, action: str) -> None:
        (found,) = self.sheets(Change.FREQUENCY, planned(21, 7), needs=needs)

        assert (found.kind, found.action, found.blocks) == (kind, action, True)

    @pytest.mark.parametrize(
        ("made", "brought", "kinds", "action"),
        [
            pytest.param(7, 7, [Becomes.CHECK_AGAIN], "", id="all made, all needed"),
            pytest.param(
                7,
                6,
                [Becomes.TOO_MANY, Becomes.CHECK_AGAIN],
                "Of those made, reject and destroy 1 bag.",
                id="all made, one too many",
            ),
            pytest.param(
                7, 0, [Becomes.NOT_NEEDED], "Of those made, reject and destroy 7 bags.", id="none needed"
            ),
            pytest.param(
                5,
                5,
                [Becomes.TOO_MANY, Becomes.CHECK_AGAIN],
                "Give up the bags that are not made yet: under the old order no more are made.",
                id="two not made yet",
            ),
            pytest.param(
                5,
                4,
                [Becomes.TOO_MANY, Becomes.CHECK_AGAIN],
                "Give up the bags that are not made yet: under the old order no more are made."
                " Of those made, reject and destroy 1 bag.",
                id="two not made yet, one too many",
            ),
            pytest.param(0, 0, [Becomes.NOT_NEEDED], "Cancel it.", id="none made yet"),
        ],
    )
    def test_one_started(self, made: int, brought: int, kinds: list[Becomes], action: str) -> None:
        found = self.sheets(Change.FREQUENCY, begun(21, 7, made=made, brought=brought), needs=7)

        assert [one.kind for one in found] == kinds
        assert all(one.blocks for one in found)
        assert [one.action for one in found if one.kind is not Becomes.CHECK_AGAIN] == [action][
            : bool(action)
        ]

    def test_the_sentence_names_both_numbers(self) -> None:
        assert self.sheets(Change.FREQUENCY, planned(21, 7), needs=5)[0].sentence == (
            "Worksheet W-21 is for 7 bags; the delivery of Tue 17 Nov 2026 12:00 EST needs 5 of them."
        )
        assert self.sheets(Change.FREQUENCY, begun(21, 7, made=6, brought=5), needs=5)[0].sentence == (
            "Worksheet W-21 is for 7 bags, 6 of them made; the delivery of Tue 17 Nov 2026 12:00 EST needs 5"
            " of these."
        )
        assert self.sheets(Change.FREQUENCY, begun(21, 7, made=0, brought=0), needs=5)[0].sentence == (
            "Worksheet W-21 is for 7 bags, none of them made."
        )

    def test_bags_made_count_before_begun_and_begun_before_planned(self) -> None:
        out = replace(
            EMPTY,
            worksheets=[planned(21, 3), begun(22, 3, made=3, brought=2)],
            bags_at_pharmacy=[released(31, packed=False), released(32)],
        )

        found = consequences(Change.FREQUENCY, out, before=needing(5), after=needing(5))

        assert about(found, Subject.BAG, 31) == about(found, Subject.BAG, 32) == [Becomes.OLD_DIRECTIONS]
        assert about(found, Subject.WORKSHEET, 22) == [Becomes.TOO_MANY, Becomes.CHECK_AGAIN]
        (left,) = [one for one in found if one.subject_id == 21]
        assert left.action.startswith("Reduce it to 1 bag:")

    def test_a_change_of_rate_leaves_the_number_of_bags(self) -> None:
        assert about(self.sheets(Change.RATE, planned(21, 9), needs=7), Subject.WORKSHEET, 21) == [
            Becomes.CHECK_AGAIN
        ]
        assert about(
            self.sheets(Change.RATE, begun(21, 9, made=9, brought=7), needs=7), Subject.WORKSHEET, 21
        ) == [Becomes.CHECK_AGAIN]

    def test_a_resumed_order_goes_on_with_a_worksheet_that_is_begun(self) -> None:
        assert self.sheets(Change.RESUME, begun(21, 7, made=5, brought=5), needs=7) == []

    @pytest.mark.parametrize("change", CONTENT)
    def test_a_changed_bag_needs_a_new_worksheet(self, change: Change) -> None:
        (found,) = self.sheets(change, planned(21, 7), needs=7)

        assert found.action == "Cancel it. Open a new one under the new order."

    @pytest.mark.parametrize(
        ("change", "started", "action"),
        [
            (Change.HOLD, False, "Cancel it."),
            (Change.HOLD, True, "Stop it. Put the bags already made in quarantine."),
            (Change.STOP, False, "Cancel it."),
            (Change.STOP, True, "Stop it. Destroy the bags already made."),
        ],
    )
    def test_hold_and_stop(self, change: Change, started: bool, action: str) -> None:
        sheet = begun(21, 7, made=7, brought=0) if started else planned(21, 7)

        (found,) = consequences(change, replace(EMPTY, worksheets=[sheet]), before=needing(), after=needing())

        assert found.action == action


class TestBagsAtThePharmacy:
    def test_packed_bags_too_many_are_taken_out(self) -> None:
        bags = [released(n, packed=n != 1) for n in range(1, 8)]

        found = consequences(
            Change.FREQUENCY, replace(EMPTY, bags_at_pharmacy=bags), before=needing(5), after=needing(5)
        )

        too_many = {one.subject_id: one.action for one in found if one.kind is Becomes.TOO_MANY}
        assert list(too_many) == [7, 1]
        assert too_many[7].startswith("Take it out of the packed delivery. Keep it")
        assert too_many[1].startswith("Keep it")
        assert sum(one.kind is Becomes.OLD_DIRECTIONS for one in found) == 5

    def test_a_delivery_that_is_gone_needs_none(self) -> None:
        bag = released(1, arrives=at(5))

        assert about(
            consequences(Change.FREQUENCY, replace(EMPTY, bags_at_pharmacy=[bag])), Subject.BAG, 1
        ) == [Becomes.TOO_MANY]

    def test_a_bag_that_the_new_plan_cannot_use_is_too_many_and_takes_no_place(self) -> None:
        """Its beyond-use date comes before every dose that the delivery still serves."""
        bags = [released(1, brought=False), released(2)]

        found = consequences(
            Change.FREQUENCY, replace(EMPTY, bags_at_pharmacy=bags), before=needing(1), after=needing(1)
        )

        assert about(found, Subject.BAG, 1) == [Becomes.TOO_MANY]
        assert about(found, Subject.BAG, 2) == [Becomes.OLD_DIRECTIONS]

    @pytest.mark.parametrize("change", [*CONTENT, Change.STOP])
    def test_a_wrong_bag_is_taken_out_and_destroyed(self, change: Change) -> None:
        bag = released(1)

        found = consequences(change, replace(EMPTY, bags_at_pharmacy=[bag]))

        (action,) = [one.action for one in found if one.subject_kind is Subject.BAG]
        assert action == "Take it out of the packed delivery. Put it in quarantine and destroy it."

    @pytest.mark.parametrize("packed", [True, False])
    def test_a_bag_that_goes_on_gets_a_new_label_and_waits_for_the_new_plan(self, packed: bool) -> None:
        (found,) = consequences(Change.RATE, replace(EMPTY, bags_at_pharmacy=[released(1, packed=packed)]))

        assert found.action.startswith("Take it out of the packed delivery. ") is packed
        assert "Put a label with the new directions on it" in found.action
        assert found.blocks


class TestPaper:
    def test_a_label_is_quoted(self) -> None:
        label = PrintedLabel(41, "L-41", "Infuse 1 bag every day")

        (found,) = consequences(Change.FREQUENCY, replace(EMPTY, labels=[label]))

        assert found.sentence.startswith(
            "Label L-41 (“Infuse 1 bag every day”) is void, because from Thu 12 Nov"
        )
        assert found.action == "Destroy it and print one with the new directions."

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (Change.FREQUENCY, "program the pump by it"),
            (Change.RATE, "program the pump by it"),
            (Change.HOLD, "start no infusion until the pharmacy calls"),
            (Change.STOP, "have the pump sent back"),
        ],
    )
    def test_pump_sheets(self, change: Change, words: str) -> None:
        found = consequences(change, replace(EMPTY, pump_sheets=[Paper(51, "PS-51")]))

        (sheet,) = [one for one in found if one.subject_kind is Subject.PUMP_SHEET]
        assert words in sheet.action
        assert sheet.blocks

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (Change.FREQUENCY, "Make a new calendar"),
            (Change.HOLD, "no infusion"),
            (Change.STOP, "no infusion"),
        ],
    )
    def test_calendars(self, change: Change, words: str) -> None:
        found = consequences(change, replace(EMPTY, calendars=[Paper(61, "C-61")]))

        assert [words in one.action for one in found if one.subject_kind is Subject.CALENDAR] == [True]

    @pytest.mark.parametrize("change", [Change.HOLD, Change.STOP])
    def test_nothing_new_is_printed_on_hold_or_after_a_stop(self, change: Change) -> None:
        found = consequences(change, replace(EMPTY, labels=[PrintedLabel(41, "L-41", "daily")]))

        assert [one.action for one in found if one.subject_kind is Subject.LABEL] == ["Destroy it."]
