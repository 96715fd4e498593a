"""Wherever the operator has it serve, the platform answers there or says why it can't."""

import socket
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command

from blogsite.management.commands.serve import refuse_busy_port


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_port_is_tried_where_it_would_be_served(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family)) as other:
        try:
            other.bind((host, 0))
        except OSError:
            pytest.skip("This machine has no IPv6.")
        port = other.getsockname()[1]
        other.listen()
        with pytest.raises(CommandError, match="is busy"):
            refuse_busy_port(host, port)
    refuse_busy_port(host, port)


def test_an_address_of_another_machine_is_no_busy_port() -> None:
    with pytest.raises(CommandError, match="isn't an address of this machine"):
        refuse_busy_port("::1%nowhere", 8000)


def test_a_number_of_workers_that_cannot_be_is_refused() -> None:
    with pytest.raises(CommandError, match="argument --workers: 0 isn't a number"):
        call_command("serve", "--workers=0")
