"""Spiders: they fetch and select, and touch no text."""
