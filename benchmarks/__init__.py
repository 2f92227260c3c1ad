"""Measurements, run by hand: see README.md. They judge nothing but what must never happen (lost, doubled)."""
