"""The four ways in which scripted leads answer a check-in: in the DM's thread by numbers or in plain words, in the
board's thread, or in the form. They act only as people can; what comes of it is held against the script in `answering`.
"""

from dataclasses import dataclass

from rituals.okrs.load import Member
from sandbox.checks import Checks
from sandbox.leads import Report, Script, line, numbered, plain_words, value_text
from sandbox.people import Person
from sandbox.records import Message, View
from sandbox.stage import Stage
from storage import outbox
from storage.tables import CheckinRound


@dataclass(frozen=True)
class Replying:
    """What leads do with the prompt of a round."""

    stage: Stage
    script: Script
    checks: Checks

    def update(self, member: Member, report: Report) -> None:
        """What was reported between two rounds goes by the command."""
        kr = self.script.history.key_results[report.key]
        self.stage.person(member.slack or "").types(f"/okr update {line(kr, report)}")
        self.stage.settle()

    def reply(self, style: str, member: Member, row: CheckinRound, prompt: Message, reports: list[Report]) -> None:
        """Answer the prompt, or under the round's board, in one of `leads.STYLES`."""
        if style == "form" and reports:
            self._by_form(member, prompt, reports)
        else:
            self._by_message(style, member, self.board(row), prompt, reports)
        self.stage.settle()

    def _by_message(
        self, style: str, member: Member, board: Message | None, prompt: Message, reports: list[Report]
    ) -> None:
        person = self.stage.person(member.slack or "")
        krs = self.script.history.key_results
        lines = [f"{line(krs[r.key], r)} {'' if r.blocked else r.note}".strip() for r in reports]
        under = board if board and style == "channel" else None
        text = (plain_words if style == "plain" else numbered)(lines, _blocker(reports), "")
        person.says(under.channel if under else "dm", text, thread_ts=under.ts if under else prompt.ts)

    def _by_form(self, member: Member, prompt: Message, reports: list[Report]) -> None:
        person = self.stage.person(member.slack or "")
        person.clicks(prompt, label="Answer")
        self.stage.settle()
        if person.view is None:
            self.checks.expect(False, f"the form opens for {member.name}")
            return
        view = self._whole_form(person, person.view, reports)
        person.fills(view, {name: said for name, said in self._typed(reports).items() if said})
        sent = person.submits(view)
        self.checks.expect(not sent.errors, f"the form of {member.name} is taken ({sent.errors})")

    def _typed(self, reports: list[Report]) -> dict[str, str]:
        """What stands in the form's fields, "" for what is left as it is."""
        values = {"question:2": _blocker(reports) or "no", "question:3": "no"}
        for report in reports:
            kr = self.script.history.key_results[report.key]
            values[f"kr_value:{report.key}"] = "" if report.value is None else value_text(kr, report.value)
            values[f"kr_confidence:{report.key}"] = "" if report.confidence is None else str(report.confidence)
            values[f"kr_note:{report.key}"] = report.note
        return values

    def _whole_form(self, person: Person, view: View, reports: list[Report]) -> View:
        """The form with everything that is reported: what is on pace stands behind a button."""
        if all(f"kr_value:{report.key}" in str(view.blocks) for report in reports):
            return view
        person.clicks(view, action_id="form_all")
        self.stage.settle()
        return person.view or view

    def settle_guesses(self, row: CheckinRound, member: Member, reports: list[Report]) -> None:
        """Where the bot asks back, the lead picks what they meant."""
        person = self.stage.person(member.slack or "")
        board = self.board(row)
        for message in [*person.dm, *(self.stage.messages(board.channel) if board else [])]:
            if not message.bot or "guess_pick" not in str(message.blocks):
                continue
            for action_id in _meant(message, reports):
                person.clicks(message, action_id=action_id)
                self.stage.settle()

    def board(self, row: CheckinRound) -> Message | None:
        """The board of a round, where it has one."""
        with self.stage.db.transaction(readonly=True) as session:
            sent = outbox.find(session, self.stage.team, f"board:{row.id}")
        found = [m for m in self.stage.messages(sent.channel or "") if m.ts == sent.ts] if sent else []
        return found[0] if found else None


def _blocker(reports: list[Report]) -> str:
    return " ".join(report.note for report in reports if report.blocked)


def _meant(message: Message, reports: list[Report]) -> list[str]:
    """The buttons of a message's guesses that say what was reported, the first of each guess."""
    found = []
    for about, choices in zip(message.blocks, message.blocks[1:], strict=False):
        if choices["type"] != "actions" or "guess_pick" not in str(choices):
            continue
        asked = str(about["text"]["text"])
        report = next((r for r in reports if asked.startswith(f"{r.key}:")), None)
        wanted = report and (report.confidence if "confidence" in asked else report.value)
        labels = {str(e["text"]["text"]): str(e["action_id"]) for e in choices["elements"]}
        fits = [action for label, action in labels.items() if wanted is not None and label.split()[0] == str(wanted)]
        found.extend(fits[:1])
    return found
