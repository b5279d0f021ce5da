"""What a round needs from this machine, by content: episodes with their labels, and the parent checkpoint."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from irevla.policies.manifest import FILE as MANIFEST_FILE
from irevla.policies.manifest import Manifest
from irevla.training.round_data import success_records
from irevla.training.round_spec import RoundSpec
from irevla.training.store.episode_store import EpisodeStore


@dataclass(frozen=True)
class RoundFile:
    """One file, and where the round wants it in its folder."""

    place: str
    """Relative path in the round's folder, e.g. ``store/episodes/demo0.mcap``."""
    sha256: str
    size: int
    """Bytes."""


@dataclass(frozen=True)
class Label:
    """The label of one episode and who gave it."""

    episode_id: str
    label: str
    who: str


@dataclass(frozen=True)
class RoundPackage:
    """A round as the other machine gets it; the files themselves follow, those that it lacks."""

    key: str
    """Name of the round's folder there; decided by spec, parent and data, so that a resumed round finds its own."""
    spec: str
    """RoundSpec as JSON; its places are this machine's, the other one puts its own."""
    files: tuple[RoundFile, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class RoundSources:
    """A package, and where its files lie on this machine."""

    package: RoundPackage
    parent_hash: str
    data_hash: str
    paths: dict[str, Path]
    """By sha256."""

    @classmethod
    def gather(cls, spec: RoundSpec, store: EpisodeStore) -> RoundSources:
        """Look up what ``spec`` needs; no file but the parent's manifest is read.

        Raises UserError for an episode that is no success, UnknownNameError for one that does not exist, and
        CheckpointError for a parent that is none.
        """
        files, labels, paths = [], [], {}
        for record in success_records(store, [*spec.expert_episodes, *spec.online_episodes]):
            files.append(_file(f"store/episodes/{record.path.name}", record.sha256, record.path))
            labels.append(Label(record.episode_id, record.label, record.label_by))
            paths[record.sha256] = record.path
        parent_hash = ""
        if spec.parent:
            folder = Path(spec.parent)
            manifest, parent_hash = Manifest.read(folder)
            for name, sha256 in {**manifest.files, MANIFEST_FILE: parent_hash}.items():
                files.append(_file(f"parent/{name}", sha256, folder / name))
                paths[sha256] = folder / name
        data_hash = store.data_hash([*spec.expert_episodes, *spec.online_episodes])
        identity = hashlib.sha256(f"{spec.hash()} {parent_hash} {data_hash}".encode()).hexdigest()
        package = RoundPackage(f"{spec.round_id}-{identity[:16]}", _sent(spec), tuple(files), tuple(labels))
        return cls(package, parent_hash, data_hash, paths)


def _file(place: str, sha256: str, path: Path) -> RoundFile:
    return RoundFile(place, sha256, path.stat().st_size if path.is_file() else 0)


def _sent(spec: RoundSpec) -> str:
    rounds = spec.rounds.model_copy(update={"threads": spec.rounds.remote.num_cpus})
    policy = spec.policy.model_copy(update={"device": "auto" if spec.rounds.remote.num_gpus else "cpu"})
    return spec.model_copy(update={"rounds": rounds, "policy": policy}).model_dump_json()
