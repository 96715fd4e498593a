"""What the library tells whoever wants to hear."""

from django.dispatch import Signal

picture_rendered = Signal()  # all sizes of a picture (`instance`) are there, AVIF among them
