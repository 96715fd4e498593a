"""Parts of pages that are rendered once for many requests."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from django import template
from django.conf import settings
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from pagecache.memory import part, remembered

register = template.Library()
_places = itertools.count()


class Once(template.Node):
    """What is between two tags, rendered once for all that it hangs on."""

    def __init__(self, thing: FilterExpression, on: list[FilterExpression], nodelist: NodeList):
        self.thing, self.on, self.nodelist = thing, on, nodelist
        self.place = next(_places)  # lines are no place: two tags may share one

    def render(self, context: template.Context) -> SafeString:
        thing, request = self.thing.resolve(context), context.get("request")
        if not thing or request is None or getattr(request, "is_preview", False):
            return self.nodelist.render(context)
        site = getattr(getattr(request, "_wagtail_site", None), "pk", None)
        on = tuple(expression.resolve(context) for expression in self.on)
        key = ("part", self.place, site, get_language(), get_current_timezone_name(), on)
        return self.find(thing, key, lambda: self.nodelist.render(context))

    def find(self, thing: Any, key: tuple, make: Callable[[], SafeString]) -> SafeString:
        raise NotImplementedError


class Lasting(Once):
    def find(self, thing: Any, key: tuple, make: Callable[[], SafeString]) -> SafeString:
        return remembered(thing.pk, key, make)


class Unchanged(Once):
    def find(self, thing: Any, key: tuple, make: Callable[[], SafeString]) -> SafeString:
        fingerprint = getattr(thing, "fingerprint", None)
        # Templates are being written while DEBUG is on.
        if fingerprint is None or settings.DEBUG:
            return make()
        return part((*key, fingerprint), make)  # type: ignore[return-value]


@register.tag
def lasting(parser: Parser, token: Token) -> Lasting:
    """Render what stands between once for a weblog, until one of its pages changes.

    ``{% lasting weblog is_home %}...{% endlasting %}``: beside the weblog, the language, the
    time zone and the request's site, what is between may hang on the values that are named (plain
    ones), and on nothing else. A preview, and a page outside of weblogs, is rendered each time.
    """
    return Lasting(*_parsed(parser, token, "endlasting"))


@register.tag
def unchanged(parser: Parser, token: Token) -> Unchanged:
    """Render what stands between once for an entry, until the entry changes.

    ``{% unchanged entry lead %}...{% endunchanged %}``: beside the entry's own columns, its
    pictures, what it is filed under and the columns of its weblog, the language, the time zone and
    the request's site, what is between may hang on the values that are named, and on nothing else:
    not on the body, the menu or other entries. Anything without a ``fingerprint`` is rendered each
    time.
    """
    return Unchanged(*_parsed(parser, token, "endunchanged"))


def _parsed(
    parser: Parser, token: Token, end: str
) -> tuple[FilterExpression, list[FilterExpression], NodeList]:
    _, thing, *on = token.split_contents()
    nodelist = parser.parse((end,))
    parser.delete_first_token()
    compiled = [parser.compile_filter(name) for name in on]
    return parser.compile_filter(thing), compiled, nodelist
