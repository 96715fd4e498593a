"""Asking the domain name system, with an end to waiting. Never done while a reader waits."""

from urllib.parse import urlsplit

import dns.exception
import dns.nameserver
import dns.resolver
from django.conf import settings

LONGEST = 3.0  # seconds for a question, whatever servers and retries it takes


class NoAnswer(Exception):
    """Nobody who must know answered, so that nothing is known."""


def text_records(name: str) -> set[str]:
    """Return the values of a name's TXT records; none if the name doesn't exist (RFC 1035).

    Raises:
        NoAnswer: the servers are away, or don't know either.
    """
    try:
        answer = _resolver().resolve(name, "TXT", lifetime=LONGEST, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return set()
    except (dns.exception.DNSException, OSError) as error:
        raise NoAnswer(str(error)) from error
    joined = (b"".join(record.strings).decode(errors="replace") for record in answer)
    # Some forms of registrars keep the quotes that were pasted with the value.
    return {value.strip().strip('"').strip() for value in joined}


def _resolver() -> dns.resolver.Resolver:
    if not settings.DNS_SERVERS:
        return dns.resolver.Resolver()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [_server(place) for place in settings.DNS_SERVERS]
    return resolver


def _server(place: str) -> dns.nameserver.Nameserver:
    """Read `192.0.2.1`, `192.0.2.1:5353` or `[2001:db8::1]:53`."""
    parts = urlsplit(f"//{place}")
    return dns.nameserver.Do53Nameserver(parts.hostname or "", parts.port or 53)
