"""A checkpoint's manifest: what each file must hash to, and where the model comes from. Needs no torch."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from irevla.config.errors import CheckpointError

FORMAT = "irevla-checkpoint-1"
FILE = "manifest.json"
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """Lineage and hashes of one checkpoint directory."""

    files: dict[str, str]
    """sha256 of every other file in the directory, by name."""
    latent_key: str
    """Key of the latents that this model makes."""
    stage: str
    """What made it, e.g. ``stage0``, ``stage1``, ``stage2`` or ``new``."""
    parent: str
    """model_hash of the checkpoint it was trained from; "" for none."""
    data_hash: str
    """Hash of the episodes it was trained on; "" for none."""
    settings: dict[str, Any]
    """The settings it was trained with."""
    created: str
    """UTC time, ISO 8601."""
    format: str = FORMAT

    def write(self, folder: Path) -> str:
        """Write manifest.json and return the model_hash, the sha256 of its bytes."""
        data = json.dumps(asdict(self), sort_keys=True, indent=1).encode()
        (folder / FILE).write_bytes(data)
        return hashlib.sha256(data).hexdigest()

    @classmethod
    def read(cls, folder: Path) -> tuple[Manifest, str]:
        """Return the manifest and the model_hash; raises CheckpointError if there is none that irevla wrote."""
        try:
            data = (folder / FILE).read_bytes()
            values = json.loads(data)
        except (OSError, ValueError, RecursionError) as error:
            raise CheckpointError(
                f"checkpoint {str(folder)!r}: expected a directory with a readable {FILE}, got: {error}"
            ) from None
        found = values.get("format") if isinstance(values, dict) else type(values).__name__
        if found != FORMAT:
            raise CheckpointError(f"checkpoint {folder}: expected format {FORMAT!r}, got {found!r}")
        names = {field.name for field in fields(cls)}
        if set(values) != names:
            raise CheckpointError(f"checkpoint {folder}: {FILE}: expected {sorted(names)}, got {sorted(values)}")
        for name in names - {"files", "settings"}:
            if not isinstance(values[name], str):
                raise CheckpointError(f"checkpoint {folder}: {FILE}: expected text for {name!r}, got {values[name]!r}")
        files = values["files"]
        if not isinstance(files, dict) or not all(
            isinstance(digest, str) and Path(name).name == name for name, digest in files.items()
        ):
            raise CheckpointError(f"checkpoint {folder}: {FILE}: expected plain file names and hashes, got {files!r}")
        return cls(**values), hashlib.sha256(data).hexdigest()

    def verified(self, folder: Path, name: str) -> Path:
        """Return the path of a file once its hash is right; raises CheckpointError if it is missing or changed."""
        expected = self.files.get(name)
        path = folder / name
        if expected is None:
            raise CheckpointError(f"checkpoint {folder}: no {name} in its manifest; it has {sorted(self.files)}")
        if not path.is_file():
            raise CheckpointError(f"checkpoint {folder}: {name} is missing; copy the whole directory again")
        got = file_hash(path)
        if got != expected:
            raise CheckpointError(
                f"checkpoint {folder}: {name} is truncated or changed: expected sha256 {expected[:16]}…, "
                f"got {got[:16]}… ({path.stat().st_size} bytes); copy it again"
            )
        return path


def file_hash(path: Path) -> str:
    """Return the sha256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
