"""Mail is handed on once everything is stored, so that nobody's writing waits for a mail server."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

log = logging.getLogger(__name__)
# What they are given nobody gets by mail.
NO_SERVER = {f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy")}


class AfterCommit(BaseEmailBackend):
    """Hands mails to the backend of ``EMAIL_URL``, after the commit where a transaction is open."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(bool(kwargs.pop("fail_silently", False)))
        self.kwargs = kwargs
        self.waiting: list[EmailMessage] = []
        self.opened: Any = None

    def open(self) -> bool:
        """Keep a connection for several mails, outside transactions."""
        if connection.in_atomic_block or self.opened:
            return False
        self.opened = self._server(self.fail_silently)
        return bool(self.opened.open())

    def close(self) -> None:
        if self.opened:
            self.opened.close()
        self.opened = None

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Return how many were sent, or wait for the commit."""
        if connection.in_atomic_block:
            self.waiting += email_messages
            # One connection for all of them: a silent server is waited for once.
            transaction.on_commit(self._send_waiting, robust=True)
            return len(email_messages)
        server = self.opened or self._server(self.fail_silently)
        sent = server.send_messages(email_messages) or 0
        return 0 if settings.MAIL_BACKEND in NO_SERVER else sent

    def _send_waiting(self) -> None:
        waiting, self.waiting = self.waiting, []
        if not waiting:
            return
        with self._server() as server:
            for message in waiting:
                try:
                    server.send_messages([message])
                except Exception:
                    log.exception("A mail to %s couldn't be sent.", ", ".join(message.recipients()))

    def _server(self, fail_silently: bool = False) -> Any:
        return get_connection(settings.MAIL_BACKEND, fail_silently=fail_silently, **self.kwargs)
