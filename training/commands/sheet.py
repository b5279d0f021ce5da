"""`irevla bench sheet`: draw a suite's tasks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from irevla.config.benchmark.scales import SUITES
from irevla.config.errors import UserError


def sheet(
    name: Annotated[str, typer.Argument(metavar="SUITE", help=f"{' or '.join(SUITES)}.")],
    out: Annotated[Path | None, typer.Option(help="PNG or WebP file; <suite>.webp if not given.")] = None,
    image_px: Annotated[int, typer.Option(min=32, max=640, help="Side of each picture.")] = 128,
    starts: Annotated[int, typer.Option(min=1, max=8, help="Start states of each task.")] = 3,
) -> None:
    """Draw every task of a suite, with several start states, into one picture."""
    from irevla.training.suites.contact_sheet import contact_sheet
    from irevla.training.suites.suite import suite

    path = out or Path(f"{name}.webp")
    if path.suffix not in (".png", ".webp"):
        raise UserError(f"{path}: expected a name that ends in .png or .webp")
    drawn = contact_sheet(suite(name), image_px, starts, lambda task: typer.echo(f"drawing {task}", err=True))
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn.save(path)
    typer.echo(f"{path}: {len(suite(name).tasks)} tasks, {drawn.width} x {drawn.height} px")
