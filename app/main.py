"""The `irevla` command: gathers every package's sub-commands and prints errors without a traceback."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points

import typer

from irevla.config.errors import IrevlaError


def build() -> typer.Typer:
    """Return the command line with every installed sub-command (entry points `irevla.commands`)."""
    cli = typer.Typer(
        name="irevla",
        help="Improve a vision-language-action policy on a Franka arm (iRe-VLA).",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    for entry in sorted(entry_points(group="irevla.commands"), key=lambda entry: entry.name):
        cli.add_typer(entry.load(), name=entry.name)
    return cli


def main() -> None:
    """Run the command line; exit status 2 means the caller can mend it, 1 that the world or learning failed."""
    try:
        build()()
    except KeyboardInterrupt:
        sys.stderr.write("irevla: interrupted\n")
        raise SystemExit(130) from None
    except IrevlaError as error:
        sys.stderr.write(f"irevla: {error}\n")
        raise SystemExit(error.exit_status) from None
