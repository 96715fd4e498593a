"""Hosts, and what belongs to whom: the only place that touches Wagtail's Site and Collection and
Django's Group."""
