"""Owning a key result together: asked, answered, followed, reminded of."""
