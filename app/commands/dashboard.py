"""`irevla dashboard`: the operator's window on a running graph, or with --demo on a made-up one."""

from __future__ import annotations

import getpass
import os
import signal
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from irevla.config.errors import DeviceError

app = typer.Typer(context_settings={"allow_interspersed_args": True})


@app.callback(invoke_without_command=True)
def dashboard(
    rig: Annotated[str, typer.Argument(help="rig: a shipped name, or a path to a YAML file")] = "sim",
    demo: Annotated[bool, typer.Option(help="a made-up graph: no arm, no simulator, no ROS")] = False,
    operator: Annotated[str, typer.Option(help="name in the label log [default: your login]")] = "",
    namespace: Annotated[str, typer.Option(help="the rig's namespace [default: graph.namespace]")] = "",
    domain: Annotated[int | None, typer.Option(min=0, max=232, help="DDS domain [default: graph.domain_id]")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="override: key.path=value (repeatable)")] = None,
    pictures: Annotated[Path | None, typer.Option(help="write a picture of every page here and end")] = None,
) -> None:
    """Open the operator's window; `irevla up RIG` or `ros2 launch` runs the graph it talks to."""
    from irevla.config.settings import load_settings

    settings = load_settings(rig, set_ or ())
    _require_screen()
    # Qt says at length which sound libraries it did not find; the tones are no reason to worry anybody.
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia.*=false")
    from PyQt6.QtCore import QSettings, QTimer
    from PyQt6.QtWidgets import QApplication

    from irevla.app.dashboard import Dashboard
    from irevla.app.graph.bridge import Bridge

    bridge: Bridge
    if demo:
        from irevla.app.graph.fake_world import make_fake_bridge

        bridge = make_fake_bridge(time.monotonic)
    else:
        import irevla_dds

        irevla_dds.activate()
        from irevla.app.graph.ros_bridge import make_ros_bridge

        bridge = make_ros_bridge(settings, namespace=namespace or settings.graph.namespace, domain=domain)
    application = QApplication(["irevla"])
    application.setDesktopFileName("irevla")
    signal.signal(signal.SIGINT, lambda *_: application.quit())
    memory = None if pictures else QSettings("irevla", "dashboard")
    with ExitStack() as stack:
        shifts = _made_up_morning(stack) if demo else Path(settings.session.store).parent / "shifts"
        opened = stack.enter_context(
            Dashboard(application, bridge, settings, operator or getpass.getuser(), memory=memory, shift_folder=shifts)
        )
        if pictures is not None:
            from irevla.app.views.portraits import Portraits

            portraits = Portraits(opened.window, pictures)
            QTimer.singleShot(0, portraits.begin)
        application.exec()


def _made_up_morning(stack: ExitStack) -> Path:
    """Return a folder with a shift that began hours ago; it is removed with ``stack``."""
    from irevla.app.models.shift.made_up import write_morning
    from irevla.app.models.shift.shift_log import ShiftLog

    folder = Path(stack.enter_context(TemporaryDirectory(prefix="irevla-shift-")))
    write_morning(ShiftLog(folder), time.time())
    return folder


def _require_screen() -> None:
    """Raise DeviceError where Qt would end the process: no display, and none asked for."""
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        raise DeviceError(
            "there is no screen (DISPLAY and WAYLAND_DISPLAY are empty): log in with `ssh -X`, start it in a desktop "
            "session, or set QT_QPA_PLATFORM=offscreen to see nothing"
        )
