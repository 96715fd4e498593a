"""Bringing a weblog's content in from elsewhere, and taking it out again."""
