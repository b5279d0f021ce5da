"""One picture of a whole suite: every task with several of its start states, so that a reader sees how they differ."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from irevla.training.suites.suite import Suite
from irevla.training.suites.task import Kind, SuiteTask

_KINDS: dict[Kind, tuple[str, str]] = {
    "expert": ("demonstrated", "#2f6db3"),
    "rl": ("learnt online", "#2c8a4b"),
    "unseen": ("never trained", "#b3392f"),
}
_COLUMNS = 4
_GAP, _TEXT = 12, 40  # between cards, height of a card's two lines [px]


def contact_sheet(
    suite: Suite, image_px: int = 128, starts: int = 3, report: Callable[[str], None] = lambda _: None
) -> Image.Image:
    """Return the sheet; ``report`` hears the name of each task that is drawn. Raises DeviceError without OpenGL."""
    cards = []
    for name in suite.tasks:
        report(name)
        cards.append(_card(suite.task(name), _starts(suite, name, image_px, starts)))
    width, height = (max(size) for size in zip(*(card.size for card in cards), strict=True))
    rows = -(-len(cards) // _COLUMNS)
    sheet = Image.new("RGB", (_GAP + _COLUMNS * (width + _GAP), _GAP + rows * (height + _GAP)), "white")
    for index, card in enumerate(cards):
        row, column = divmod(index, _COLUMNS)
        sheet.paste(card, (_GAP + column * (width + _GAP), _GAP + row * (height + _GAP)))
    return sheet


def _starts(suite: Suite, name: str, image_px: int, starts: int) -> NDArray[np.uint8]:
    env = suite.env(name, image_px)
    pictures = []
    for seed in range(starts):
        env.reset(seed=seed)
        pictures.append(env.render())
    env.close()
    return np.hstack(pictures)


def _card(task: SuiteTask, pictures: NDArray[np.uint8]) -> Image.Image:
    picture = Image.fromarray(pictures)
    meaning, color = _KINDS[task.kind]
    card = Image.new("RGB", (picture.width, picture.height + _TEXT), "white")
    card.paste(picture, (0, _TEXT))
    draw = ImageDraw.Draw(card)
    draw.text((0, 0), f"{task.name}  ({meaning})", fill=color, font=ImageFont.load_default(15))
    draw.text((0, 20), f"“{task.instruction}”", fill="#333333", font=ImageFont.load_default(13))
    return card
