"""What readers are told while the database is away, and what keeps it from being so."""

from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from tenancy.testing import TwoWeblogs


class DatabaseAway(TwoWeblogs):
    def answer(self, error: type[Exception]) -> Any:
        def away(*call: Any) -> Any:
            raise error("connection refused")

        client = Client(raise_request_exception=False, headers={"host": "amelie.localhost"})
        with connection.execute_wrapper(away), self.assertLogs("django.request"):
            return client.get("/nothing-remembered/")

    def test_readers_are_asked_to_come_again(self) -> None:
        self.text("/")
        for error in (OperationalError, InterfaceError):
            response = self.answer(error)
            self.assertContains(response, "<h1>Back in a moment</h1>", status_code=503)
            self.assertEqual(response["Retry-After"], "30")
            self.assertEqual(response["Cache-Control"], "no-store")

    def test_a_mistake_of_ours_is_not_called_the_databases(self) -> None:
        response = self.answer(ValueError)
        self.assertContains(response, "<h1>Out of order</h1>", status_code=500)
        self.assertNotIn("Retry-After", response)

    def test_nothing_below_the_address_of_static_files_asks_it(self) -> None:
        self.text("/")
        for host in ("amelie.localhost", "localhost"):
            with self.assertNumQueries(0):
                answer = self.read("/static/themes/none.css", host)
            self.assertContains(answer, "No such file.", status_code=404)
            self.assertEqual(answer["Cache-Control"], "no-store")

    @pytest.mark.only_on("embedded", "it is SQLite's.")
    def test_a_full_temporary_directory_refuses_no_save(self) -> None:
        with connection.cursor() as cursor:
            (place,) = cursor.execute("PRAGMA temp_store").fetchone()
        self.assertEqual(place, 2)  # memory
