"""A process reads what pages are made of before it answers, with or without a database."""

from contextlib import closing
from unittest.mock import patch

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.template import engines
from django.urls import get_callable, get_resolver

from blogsite import ready
from pagecache import generations
from tenancy.hosts import forget_hosts, host_table
from tenancy.testing import TwoWeblogs


@patch("blogsite.ready.connection.close", new=lambda: None)  # it is the test's own
class Ready(TwoWeblogs):
    def test_templates_are_read(self) -> None:
        loader = engines["django"].engine.template_loaders[0]
        loader.reset()
        ready.make_ready()
        known = {str(key) for key in loader.get_template_cache}
        for name in ("blog/blog_entry_page.html", "blog/entry_card.html", "base.html"):
            self.assertIn(name, known)

    def test_nothing_is_imported_only_when_a_page_is_not_found(self) -> None:
        get_callable.cache_clear()
        ready.make_ready()
        imported = get_callable.cache_info().currsize
        for name in ready.URL_MAPS:
            get_resolver(name).resolve_error_handler(404)
        self.assertEqual(get_callable.cache_info().currsize, imported)

    def test_hosts_are_read_once(self) -> None:
        generations.forget(generations.HOSTS)
        generations.reset()
        forget_hosts()
        ready.make_ready()
        table = host_table()
        generations.refresh()
        self.assertIs(host_table(), table)

    def test_a_database_that_is_away_keeps_no_process_from_starting(self) -> None:
        with (
            patch("blogsite.ready.host_table", side_effect=DatabaseError("away")),
            self.assertLogs("blogsite.ready", "WARNING"),
        ):
            ready.make_ready()


@pytest.mark.only_on("full", "SQLite gives nothing up.")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_no_answer_waits_for_a_statement_without_end() -> None:
    options = connection.settings_dict["OPTIONS"]
    with patch.dict(options), patch("blogsite.ready.LONGEST_STATEMENT", "50ms"):
        ready.bound_statements()
        with (
            closing(connection.copy()) as other,
            other.cursor() as cursor,
            pytest.raises(OperationalError, match="statement timeout"),
        ):
            cursor.execute("SELECT pg_sleep(20)")
