"""Undoing deletion: what is deleted lies in its weblog's trash for 30 days."""
