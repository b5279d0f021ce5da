"""`irevla episodes`, as a user types it."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from irevla.config.errors import StoreError, UnknownNameError, WrongStateError
from irevla.training.commands.episodes import app
from irevla.training.store.episode import EpisodeMeta, Step
from irevla.training.store.episode_store import EpisodeStore


def meta(episode_id: str, kind: str = "rl") -> EpisodeMeta:
    return EpisodeMeta(
        episode_id=episode_id,
        task="open_drawer",
        instruction="open the drawer [/red]",
        kind=kind,  # type: ignore[arg-type]
        mode="policy",
        seed=1,
        created_ns=1_700_000_000_000_000_000 + int(episode_id[-1]),
        max_steps=60,
    )


def step(number: int) -> Step:
    return Step(
        step=number,
        stamp_ns=number * 100_000_000,
        state=np.full(7, 0.5, np.float32),
        action=np.full(7, -0.25, np.float32),
        source=1,
        intervention=number == 1,
        limited=1 + 8,
        images={"front": np.full((8, 10, 3), 60 * number, np.uint8), "wrist": np.zeros((16, 20, 3), np.uint8)},
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    store = EpisodeStore(tmp_path / "store")
    for episode_id, kind, label in (("e0", "demo", "success"), ("e1", "rl", "failure"), ("e2", "rl", "")):
        with store.open(meta(episode_id, kind)) as writer:
            for number in range(3):
                writer.append(step(number))
            writer.close(terminated=False, truncated=True, reset_s=8.0, run_s=6.25)
        if label:
            store.label(episode_id, label, "ann", 1.5)
    return store.root


def run(root: Path, *words: str, status: int = 0) -> str:
    result = CliRunner(env={"COLUMNS": "160"}).invoke(app, [*words, "--store", str(root)], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result.output


def test_list_filters_and_counts(root: Path) -> None:
    text = run(root, "list")
    assert "3 episodes, 1 successes, 1 awaiting a label" in text
    assert text.count("6.2 s") == 3 and text.count(" ann ") == 2
    assert [row["episode_id"] for row in json.loads(run(root, "list", "--json"))] == ["e0", "e1", "e2"]
    assert [row["episode_id"] for row in json.loads(run(root, "list", "--json", "--kind", "rl"))] == ["e1", "e2"]
    assert [row["label"] for row in json.loads(run(root, "list", "--json", "--label", "failure"))] == ["failure"]
    assert [row["episode_id"] for row in json.loads(run(root, "list", "--json", "--label", "none"))] == ["e2"]
    assert json.loads(run(root, "list", "--json", "--task", "route_cable")) == []


def test_show_prints_meta_history_and_steps_and_writes_a_clip(root: Path, tmp_path: Path) -> None:
    text = run(root, "show", "e0", "--gif", str(tmp_path / "clip.gif"))
    assert "open the drawer [/red]" in text
    assert "ann" in text
    assert "took over" in text
    assert "1.5 s" in text, "how long after its end it was labelled"
    with Image.open(tmp_path / "clip.gif") as clip:
        assert (clip.size, clip.n_frames) == ((20, 8), 3)
    shown = json.loads(run(root, "show", "e0", "--json"))
    assert shown["labels"][0]["new"] == "success"
    assert (shown["reset_s"], shown["run_s"], shown["label_delay_s"], shown["label_by"]) == (8.0, 6.25, 1.5, "ann")
    assert shown["rows"][1] == {
        "step": 1,
        "time_s": 0.1,
        "who": "policy (took over)",
        "tool_m": [0.5, 0.5, 0.5],
        "action": [-0.25] * 7,
        "limited": ["workspace", "speed"],
        "q": None,
        "reward": 0.0,
    }


def test_a_clip_needs_pictures_and_a_place(root: Path, tmp_path: Path) -> None:
    with EpisodeStore(root).open(meta("e9")) as writer:
        writer.close(terminated=False, truncated=True)
    with pytest.raises(WrongStateError, match="no pictures"):
        run(root, "show", "e9", "--gif", str(tmp_path / "clip.gif"))
    with pytest.raises(StoreError, match="cannot be written"):
        run(root, "show", "e0", "--gif", str(tmp_path / "no" / "clip.gif"))
    assert "no closed step" in run(root, "show", "e9")


def test_relabel_and_undo(root: Path) -> None:
    assert "e0: success → failure by bob" in run(root, "relabel", "e0", "failure", "--who", "bob")
    assert json.loads(run(root, "relabel", "e0", "undo", "--json"))["label"] == "success"
    assert len(EpisodeStore(root).labels("e0")) == 3
    with pytest.raises(UnknownNameError, match="did you mean 'success'"):
        run(root, "relabel", "e0", "succes")
    with pytest.raises(UnknownNameError, match="e0"):
        run(root, "show", "e7")


def test_verify_fails_until_repair_has_mended(root: Path) -> None:
    assert "every episode is whole" in run(root, "verify")
    (root / "episodes" / "notes.txt").write_text("[bold]")
    assert "1 problems" in run(root, "verify", status=1)
    assert json.loads(run(root, "verify", "--json", status=1))[0]["kind"] == "foreign"
    assert "moved to" in run(root, "repair")
    assert json.loads(run(root, "verify", "--json")) == []
    assert "nothing to repair" in run(root, "repair")


def test_a_folder_that_is_no_store_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no episode store here"):
        run(tmp_path / "nothing", "list")
