"""Whose things are visible now: a context variable and the managers that obey it.

Outside the admin nothing is set and everything is visible; inside it, the scope of a person who is
not an operator narrows the default manager of every model that a form can point at. Wagtail
resolves ids through those managers, so what is out of scope does not exist for choosers, forms,
filters and bulk actions alike.
"""
