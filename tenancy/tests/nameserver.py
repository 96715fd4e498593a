"""A small name server on the loopback, which knows the TXT records that a test writes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from django.test import override_settings


class NameServer:
    """Answers by UDP: with records, NXDOMAIN, a failure, or not at all."""

    def __init__(self) -> None:
        self.records: dict[str, list[str]] = {}
        self.aliases: dict[str, str] = {}
        self.asked: list[str] = []
        self.is_failing = self.is_silent = False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.place = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        while True:
            data, sender = self.socket.recvfrom(4096)
            if data == b"stop":
                return
            if not self.is_silent:
                self.socket.sendto(self._answer(data), sender)

    def _answer(self, data: bytes) -> bytes:
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text(omit_final_dot=True)
        self.asked.append(name)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if self.is_failing:
            answer.set_rcode(dns.rcode.SERVFAIL)
            return answer.to_wire()
        if target := self.aliases.get(name):
            answer.answer.append(dns.rrset.from_text(f"{name}.", 1, "IN", "CNAME", f"{target}."))
            name = target
        if name not in self.records:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif self.records[name]:
            quoted = [" ".join(f'"{part}"' for part in value.split("|"))
                      for value in self.records[name]]  # fmt: skip
            answer.answer.append(dns.rrset.from_text_list(f"{name}.", 1, "IN", "TXT", quoted))
        return answer.to_wire()

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as knock:
            knock.sendto(b"stop", self.socket.getsockname())
        self.thread.join()
        self.socket.close()


@contextmanager
def name_server() -> Iterator[NameServer]:
    """Run a name server and let the platform ask it."""
    server = NameServer()
    server.thread.start()
    try:
        with override_settings(DNS_SERVERS=[server.place]):
            yield server
    finally:
        server.stop()
