"""`irevla episodes`: look at the store, relabel, verify and repair."""

from __future__ import annotations

import getpass
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from irevla.config.session import SessionSettings
from irevla.training.store.clip import write_gif
from irevla.training.store.episode import Episode
from irevla.training.store.episode_record import EpisodeRecord
from irevla.training.store.episode_store import EpisodeStore

app = typer.Typer(help="The episode store: list, show, relabel, verify, repair.", no_args_is_help=True)

SOURCES = ("hold", "policy", "teleop", "reset", "expert")  # Action.SOURCE_*
LIMITS = ("workspace", "orientation", "step", "speed", "range")  # MotionCommand.LIMIT_*, lowest bit first
COLOURS = {"success": "green", "failure": "red", "discard": "yellow"}

Store = Annotated[Path, typer.Option("--store", help="Folder of the episode store.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
EpisodeId = Annotated[str, typer.Argument(help="Episode id, as `list` prints it.")]
DEFAULT_STORE = Path(SessionSettings().store)


@app.command("list")
def list_episodes(
    store: Store = DEFAULT_STORE,
    task: Annotated[str | None, typer.Option(help="Only this task.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only demo, zero_shot, rl or eval.")] = None,
    label: Annotated[
        str | None, typer.Option(help="Only success, failure, discard, or none: awaiting a label.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List episodes in the order they were recorded."""
    records = _store(store).records(task=task, kind=kind, label="" if label == "none" else label)
    if as_json:
        typer.echo(json.dumps([record.as_dict() for record in records], indent=2))
        return
    table = _table("episode", "task", "kind", "mode", "label", "by", "steps", "ran", "end", "head", "recorded")
    for record in records:
        meta = record.meta
        steps = "…" if record.state == "open" else str(record.steps)
        cells = meta.episode_id, escape(meta.task), meta.kind, meta.mode, _label(record), escape(record.label_by)
        table.add_row(
            *cells, steps, _seconds(record.run_s), _end(record), f"v{meta.weights_version}", _time(meta.created_ns)
        )
    Console().print(table)
    successes = sum(record.label == "success" and record.state == "closed" for record in records)
    waiting = sum(record.label == "" and record.state == "closed" for record in records)
    typer.echo(f"{len(records)} episodes, {successes} successes, {waiting} awaiting a label")


@app.command()
def show(
    episode_id: EpisodeId,
    store: Store = DEFAULT_STORE,
    gif: Annotated[Path | None, typer.Option(help="Write the pictures as an animated GIF.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print an episode's description, its label history and its steps."""
    episodes = _store(store)
    record, history = episodes.record(episode_id), episodes.labels(episode_id)
    episode = episodes.read(episode_id, images=gif is not None)
    if gif is not None:
        write_gif(episode, gif)
    if as_json:
        described = {**record.as_dict(), "labels": [asdict(change) for change in history], "rows": _rows(episode)}
        typer.echo(json.dumps(described, indent=2))
        return
    console = Console()
    meta = _table("field", "value")
    for name, value in record.as_dict().items():
        meta.add_row(name, escape(_cell(value)))
    console.print(meta)
    log = _table("change", "when", "who", "old", "new", "after the end")
    for change in history:
        labels = change.old or "–", change.new or "–"
        log.add_row(str(change.change), _time(change.when_ns), escape(change.who), *labels, _seconds(change.delay_s))
    console.print(log if history else "no label yet")
    steps = _table(*(_rows(episode)[0] if episode.steps else ("no closed step",)))
    for row in _rows(episode):
        steps.add_row(*(_cell(value) for value in row.values()))
    console.print(steps)
    if gif is not None:
        typer.echo(f"clip: {gif}")


@app.command()
def relabel(
    episode_id: EpisodeId,
    label: Annotated[str, typer.Argument(help="success, failure or discard; undo brings back the label before.")],
    store: Store = DEFAULT_STORE,
    who: Annotated[str, typer.Option(help="Who judges; stands in the label log. Default: the user.")] = "",
    as_json: AsJson = False,
) -> None:
    """Label or relabel an episode; a running learner sees it at once, the log keeps the old one."""
    episodes = _store(store)
    name = who or getpass.getuser()
    before = episodes.record(episode_id)
    after = episodes.undo_label(episode_id, name) if label == "undo" else episodes.label(episode_id, label, name)
    if as_json:
        typer.echo(json.dumps(after.as_dict(), indent=2))
    else:
        typer.echo(f"{episode_id}: {before.label or 'no label'} → {after.label or 'no label'} by {name}")


@app.command()
def verify(store: Store = DEFAULT_STORE, as_json: AsJson = False) -> None:
    """Compare every file with the index and change nothing; exit status 1 when something is wrong."""
    problems = _store(store).verify()
    if as_json:
        rows = [{**asdict(problem), "path": str(problem.path)} for problem in problems]
        typer.echo(json.dumps(rows, indent=2))
    elif problems:
        table = _table("problem", "file", "what")
        for problem in problems:
            table.add_row(problem.kind, escape(problem.path.name), escape(problem.detail))
        Console().print(table)
        typer.echo(f"{len(problems)} problems; `irevla episodes repair --store {store}` mends what can be mended")
    else:
        typer.echo("every episode is whole and as the index says")
    if problems:
        raise typer.Exit(1)


@app.command()
def repair(store: Store = DEFAULT_STORE, as_json: AsJson = False) -> None:
    """Close torn episodes, index lost files, move foreign ones aside; keeps every closed step, deletes nothing."""
    done = _store(store).repair()
    if as_json:
        typer.echo(json.dumps(done, indent=2))
        return
    for sentence in done or ["nothing to repair"]:
        typer.echo(sentence)


def _store(root: Path) -> EpisodeStore:
    return EpisodeStore(root, create=False)


def _rows(episode: Episode) -> list[dict[str, Any]]:
    """One row a step, in words and rounded numbers."""
    since_s = (episode.stamps_ns - episode.stamps_ns[:1]) / 1e9
    return [
        {
            "step": int(episode.numbers[k]),
            "time_s": round(float(since_s[k]), 3),
            "who": _source(int(episode.sources[k])) + (" (took over)" if episode.interventions[k] else ""),
            "tool_m": [round(float(value), 3) for value in episode.states[k, :3]],
            "action": [round(float(value), 2) for value in episode.actions[k]],
            "limited": [name for bit, name in enumerate(LIMITS) if int(episode.limited[k]) >> bit & 1],
            "q": None if np.isnan(episode.q_values[k]) else round(float(episode.q_values[k]), 3),
            "reward": float(episode.rewards[k]),
        }
        for k in range(episode.steps)
    ]


def _cell(value: object) -> str:
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    return "–" if value is None else str(value)


def _seconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.1f} s"


def _source(number: int) -> str:
    return SOURCES[number] if number < len(SOURCES) else f"source {number}"


def _label(record: EpisodeRecord) -> str:
    if record.state != "closed":
        return f"[yellow]{record.state}[/]"
    return f"[{COLOURS[record.label]}]{record.label}[/]" if record.label else "awaiting"


def _end(record: EpisodeRecord) -> str:
    return "terminated" if record.terminated else "truncated" if record.truncated else ""


def _time(stamp_ns: int) -> str:
    return datetime.fromtimestamp(stamp_ns / 1e9).strftime("%m-%d %H:%M:%S")


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 1))
    for number, column in enumerate(columns):
        table.add_column(column, no_wrap=number == 0, overflow="fold")
    return table
