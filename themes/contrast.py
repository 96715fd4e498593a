"""How well two colours can be told apart."""


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours given as "#rrggbb": 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(c * share for c, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
