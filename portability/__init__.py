"""Bringing a weblog's content in from elsewhere."""
