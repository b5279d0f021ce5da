"""Widgets: they are told what to show and say what was asked for, and know nothing else."""
