"""The report's pictures, as self-contained data URIs: curves by matplotlib, clips as animated WebP."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image as Picture

from irevla.training.success_rate import SuccessRate

COLOURS = ("#4c72b0", "#dd8452", "#55a868")
WINDOW = 20  # episodes in the moving success rate


def success_bars(rates: dict[str, dict[str, SuccessRate]], stages: Sequence[str]) -> str:
    """Return bars of success by task and stage, with Wilson 95 % whiskers."""
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    axes = figure.subplots()
    for offset, (stage, colour) in enumerate(zip(stages, COLOURS, strict=True)):
        for index, by_stage in enumerate(rates.values()):
            if stage not in by_stage:
                continue
            rate = by_stage[stage]
            low, high = rate.interval
            x = index + (offset - 1) * 0.26
            axes.bar(x, rate.rate, width=0.24, color=colour, label=stage if index == 0 else None)
            axes.vlines(x, low, high, color="#333333", linewidth=1.2)
    axes.set_xticks(range(len(rates)), list(rates), rotation=12)
    axes.set_ylim(0, 1.02)
    axes.set_ylabel("success rate")
    figure.legend(frameon=False, ncols=3, loc="outside upper right")
    return _svg(figure)


def reinforcement_curve(labels: Sequence[bool], before: SuccessRate) -> str:
    """Return the moving success rate over online episodes, against the zero-shot rate."""
    figure = Figure(figsize=(9, 2.8), layout="constrained")
    axes = figure.subplots()
    results = np.asarray(labels, dtype=float)
    if len(results):
        moving = [results[max(0, i + 1 - WINDOW) : i + 1].mean() for i in range(len(results))]
        axes.plot(range(1, len(results) + 1), moving, color=COLOURS[1], label=f"mean of the last {WINDOW} (exploring)")
        axes.plot(range(1, len(results) + 1), results, ".", markersize=3, color="#999999")
    axes.axhline(before.rate, color=COLOURS[0], linestyle="--", label="stage 0, evaluated")
    axes.set_xlabel("online episode")
    axes.set_ylabel("success")
    axes.set_ylim(-0.03, 1.03)
    axes.legend(frameon=False, loc="lower right")
    return _svg(figure)


def line_chart(curves: dict[str, tuple[Sequence[float], Sequence[float]]], x_label: str, *, log: bool = False) -> str:
    """Return a small chart of one or more curves ``name -> (x, y)``."""
    figure = Figure(figsize=(4.4, 2.5), layout="constrained")
    axes = figure.subplots()
    for (name, (x, y)), colour in zip(curves.items(), COLOURS, strict=False):
        axes.plot(x, y, label=name, color=colour, linewidth=1.2)
    if log:
        axes.set_yscale("log")
    axes.set_xlabel(x_label)
    axes.legend(frameon=False)
    return _svg(figure)


def clip(views: Sequence[NDArray[np.uint8]], *, rate_hz: float, scale: int = 2) -> str:
    """Return an animated WebP of cameras side by side; each view is ``(T, H, W, 3)`` RGB."""
    frames = np.concatenate(list(views), axis=2)
    size = (frames.shape[2] * scale, frames.shape[1] * scale)
    pictures = [Picture.fromarray(frame).resize(size, Picture.Resampling.NEAREST) for frame in frames]
    data = io.BytesIO()
    pictures[0].save(
        data,
        format="WEBP",
        save_all=True,
        append_images=pictures[1:],
        duration=round(1000 / rate_hz),
        loop=0,
        quality=70,
    )
    return "data:image/webp;base64," + base64.b64encode(data.getvalue()).decode()


def _svg(figure: Figure) -> str:
    data = io.BytesIO()
    figure.savefig(data, format="svg", metadata={"Date": None})
    return "data:image/svg+xml;base64," + base64.b64encode(data.getvalue()).decode()
