"""For every test: a slow example is no failure, for the machine is shared and pytest's own time limit holds anyway."""

from hypothesis import settings

settings.register_profile("irevla", deadline=None)
settings.load_profile("irevla")
