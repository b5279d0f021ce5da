"""Which irevla this is: a round goes only to a machine that runs the same."""

from __future__ import annotations

import hashlib
from pathlib import Path

from irevla import config, policies, training


def code_hash() -> str:
    """Return one sha256 over the Python files that decide what a round computes."""
    digest = hashlib.sha256()
    for package in (config, policies, training):
        folder = Path(str(package.__file__)).parent
        for path in sorted(folder.rglob("*.py")):
            digest.update(f"{package.__name__} {path.relative_to(folder)}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
