"""What is due once a day is done once, and again when it failed."""

from unittest.mock import Mock

from django.db import OperationalError
from django.test import SimpleTestCase

from jobs.daily import once_a_day


class OnceADay(SimpleTestCase):
    def test_what_failed_is_tried_in_the_next_round(self) -> None:
        work = Mock(side_effect=[OperationalError, None], __module__="m", __qualname__="w")
        do = once_a_day(work)
        with self.assertRaises(OperationalError):
            do()
        for _round in range(3):
            do()
        self.assertEqual(work.call_count, 2)
