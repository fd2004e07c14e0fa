"""Repair of damaged Chinese web text."""
