"""Print what was measured, each figure beside its target."""

from __future__ import annotations


def print_figure(name: str, value: float, unit: str, target: str = "") -> None:
    """Print one figure beside its target."""
    print(f"{name:<46}{value:>14,.3f} {unit:<16}{target}", flush=True)
