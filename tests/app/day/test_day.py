"""A working day at the real window: keys and mouse of a real screen, a real graph, the simulated arm."""

from typing import Any


def test_hold_stops_the_arm_and_resume_takes_two_presses(day: Any) -> None:
    window = day.window
    window.says("phase", "idle")
    window.key("Escape")
    window.says("hold_reason", "held")
    window.click("resume_button")
    window.says("resume_button", "press again")
    window.says("hold_reason", "held")
    window.click("resume_button")
    window.until("hold_reason", lambda seen: not seen["is_visible"])
    window.click("hold_button")
    window.says("hold_reason", "held")
