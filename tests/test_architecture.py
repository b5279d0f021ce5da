"""The house rules that a linter for imports cannot see: sizes, names, and where heavy libraries may appear."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TRACKED = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
FILES = sorted(ROOT / line for line in TRACKED.splitlines() if (ROOT / line).is_file())
SOURCES = [path for path in FILES if path.relative_to(ROOT).parts[0] != "tests"]
FORBIDDEN_NAMES = {"utils.py", "util.py", "common.py", "helpers.py", "helper.py", "misc.py"}
NODES = "ros_ws/src/irevla/irevla_nodes"


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> set[str]:
    """Top-level names a file imports, at any depth of its syntax tree."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def top_level(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", FILES, ids=label)
def test_a_module_has_at_most_400_lines_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 400
    assert ast.get_docstring(ast.parse(text)), f"{label(path)} has no docstring"
    assert path.name not in FORBIDDEN_NAMES


@pytest.mark.parametrize("path", SOURCES, ids=label)
def test_a_function_has_at_most_60_lines(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 60, f"{label(path)}:{node.lineno} {node.name} has {length} lines"


@pytest.mark.parametrize("path", SOURCES, ids=label)
def test_heavy_libraries_stay_where_the_table_allows(path: Path) -> None:
    place, names = label(path), top_level(path)
    if {"torch", "transformers", "peft"} & names:
        learns = place.startswith(("policies/", "training/")) and not place.startswith("training/store")
        assert learns or place.startswith((f"{NODES}/policy_node", f"{NODES}/learner_node", f"{NODES}/bench/"))
    if "PyQt6" in names:
        assert place.startswith("app/")
    if "rclpy" in names:
        assert place.startswith((NODES, "ros_ws/src/irevla_dds", "launch/", "app/"))
    if "pickle" in names:
        pytest.fail(f"{place} imports pickle")


@pytest.mark.parametrize(
    "core", ["arbiter", "session", "library", "graph", "sim", "teleop", "cameras", "robot", "learner", "lineage"]
)
def test_cores_are_free_of_ros(core: str) -> None:
    for path in SOURCES:
        if label(path).startswith(f"{NODES}/{core}/"):
            assert "rclpy" not in top_level(path), f"{label(path)} imports rclpy"


def test_folders_stay_small() -> None:
    mirrors_rclpy = ROOT / "ros_ws/src/irevla_dds/irevla_dds/rclpy"  # its modules are rclpy's, one for one
    for folder in {path.parent for path in SOURCES} - {mirrors_rclpy}:
        modules = [path for path in SOURCES if path.parent == folder]
        assert len(modules) <= 20, f"{label(folder)} holds {len(modules)} modules"


def test_launch_is_no_package() -> None:
    assert not (ROOT / "launch" / "__init__.py").exists(), "it would shadow ROS's own launch"
