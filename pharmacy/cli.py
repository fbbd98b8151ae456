"""The console script `pharmacy`: a group that loads each subcommand only when it is called."""

from __future__ import annotations

from importlib import import_module

import click

# Where each subcommand lives; `calc` must start without Flask or SQLAlchemy (calculators.md).
_COMMANDS = {
    "audit": ("pharmacy.audit.cli", "Check the audit record."),
    "calc": ("pharmacy.calculators.cli", "Answer one of the pharmacy's rules."),
    "db": ("pharmacy.database_cli", "Bring the database to the newest version."),
    "sample": ("pharmacy.sample.cli", "Load the sample pharmacy."),
    "site": ("pharmacy.accounts.cli", "Add the licensed sites."),
    "trace": ("pharmacy.trace.cli", "Trace a lot or a bag both ways."),
    "user": ("pharmacy.accounts.cli", "Add the people who sign in."),
}


class LazyGroup(click.Group):
    """Find a subcommand by name and import its module only then."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the subcommands by name."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the subcommand asked for."""
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(_COMMANDS[cmd_name][0]), cmd_name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Describe the subcommands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name][1]) for name in sorted(_COMMANDS)])


@click.command(cls=LazyGroup)
def main() -> None:
    """Run the home infusion pharmacy."""


if __name__ == "__main__":
    main()
