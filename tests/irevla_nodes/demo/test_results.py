"""results.json has the published layout, and the table the same numbers."""

import json
from pathlib import Path

from rich.console import Console

from irevla.training.success_rate import SuccessRate
from irevla_nodes.demo.results import Results

RESULTS = Results(
    roles={"pick_red_block": "expert", "pick_eggplant": "rl"},
    rates={
        "pick_red_block": {"stage0": SuccessRate(48, 50)},
        "pick_eggplant": {"stage0": SuccessRate(20, 50), "stage1": SuccessRate(30, 50), "stage2": SuccessRate(45, 50)},
    },
    wall_s=61.23,
    seed=3,
)


def test_results_json_has_the_published_layout(tmp_path: Path) -> None:
    RESULTS.write(tmp_path / "results.json")
    found = json.loads((tmp_path / "results.json").read_text())
    assert found["seed"] == 3
    assert found["wall_s"] == 61.2
    assert found["tasks"]["pick_eggplant"] == {
        "role": "rl",
        "stage0": {"success": 0.4, "n": 50, "low": 0.2761, "high": 0.5382},
        "stage1": {"success": 0.6, "n": 50, "low": 0.4618, "high": 0.7239},
        "stage2": {"success": 0.9, "n": 50, "low": 0.7864, "high": 0.9565},
    }


def test_the_table_says_what_was_not_measured() -> None:
    console = Console(width=160, record=True, file=None, quiet=False)
    with console.capture() as capture:
        console.print(RESULTS.table())
    text = capture.get()
    assert "0.90 [0.79, 0.96] n=50" in text
    assert "–" in text
