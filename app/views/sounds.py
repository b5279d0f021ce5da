"""Tones that confirm: heard by somebody who looks at the arm and not at the screen."""

from __future__ import annotations

import struct
import wave
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import numpy as np
from PyQt6.QtCore import QUrl
from PyQt6.QtMultimedia import QMediaDevices, QSoundEffect
from PyQt6.QtWidgets import QApplication

RATE_HZ = 22_050
TONES: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {"good": (660.0, 880.0), "bad": (220.0, 165.0), "info": (440.0,)}
)
NOTE_S = 0.09


class Sounds:
    """Plays a tone; where there is no loudspeaker the system's own bell is rung."""

    def __init__(self, *, is_on: bool) -> None:
        self._is_on = is_on
        self._folder = TemporaryDirectory(prefix="irevla-tones-")
        has_speaker = is_on and not QMediaDevices.defaultAudioOutput().isNull()
        self._effects = {tone: self._effect(tone) for tone in TONES} if has_speaker else {}

    def play(self, tone: str) -> None:
        """Play "good", "bad" or "info"."""
        if tone in self._effects:
            self._effects[tone].play()
        elif self._is_on:
            QApplication.beep()

    def close(self) -> None:
        """Stop what plays and remove the files."""
        self._effects.clear()
        self._folder.cleanup()

    def _effect(self, tone: str) -> QSoundEffect:
        path = Path(self._folder.name) / f"{tone}.wav"
        write_tone(path, TONES[tone])
        effect = QSoundEffect()
        effect.setSource(QUrl.fromLocalFile(str(path)))
        return effect


def write_tone(path: Path, notes_hz: tuple[float, ...]) -> None:
    """Write the notes one after the other, faded so that they do not click."""
    count = round(NOTE_S * RATE_HZ)
    time_s = np.arange(count) / RATE_HZ
    fade = np.minimum(1.0, np.minimum(np.arange(count), count - 1 - np.arange(count)) / (0.01 * RATE_HZ))
    samples = np.concatenate([0.3 * fade * np.sin(2 * np.pi * hz * time_s) for hz in notes_hz])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(struct.pack(f"<{len(samples)}h", *(int(32767 * value) for value in samples)))
