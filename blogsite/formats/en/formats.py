"""Short dates that can be read one way only: Django's English ones put the month first."""

SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
