"""Advice on objectives and key results by rules. It stops nobody."""
