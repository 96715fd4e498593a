"""What happens to weblogs that apps above this one listen to."""

from django.dispatch import Signal

state_left = Signal()  # a tenancy (`instance`) is in another state than `before`, its one `since`
