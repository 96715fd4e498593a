"""What the library tells whoever wants to hear."""

from django.dispatch import Signal

picture_rendered = Signal()  # sizes of a picture (`instance`) are there, all but AVIF or all
