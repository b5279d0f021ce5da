"""Puts a checkpoint's directory in its place, whole or not at all. Needs no torch."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from irevla.config.errors import CheckpointError
from irevla.policies.manifest import FILE as MANIFEST_FILE


@contextmanager
def checkpoint_folder(folder: Path) -> Iterator[Path]:
    """Give a draft directory to fill; at the end it appears as ``folder``, every file on the disk.

    An older checkpoint there is replaced. Nothing appears if the body raises; raises CheckpointError if ``folder`` is
    something else.
    """
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.parent / f".{folder.name}.{os.getpid()}.tmp"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        yield draft
        for path in (*draft.iterdir(), draft):
            _sync(path)
        _put(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _put(draft: Path, folder: Path) -> None:
    if not folder.exists():
        draft.rename(folder)
    elif not (folder / MANIFEST_FILE).is_file():
        raise CheckpointError(f"{folder} exists and is no checkpoint; choose another place")
    else:
        old = folder.parent / f".{folder.name}.{os.getpid()}.old"
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
        draft.rename(folder)
        shutil.rmtree(old)
    _sync(folder.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
