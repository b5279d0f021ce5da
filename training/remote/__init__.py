"""Supervised rounds on another machine: what is sent, who trains there, and what comes back."""
