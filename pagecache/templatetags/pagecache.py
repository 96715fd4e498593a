"""Parts of pages that are the same for all requests of a generation."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from pagecache.memory import remembered

register = template.Library()


class Lasting(template.Node):
    def __init__(self, weblog: FilterExpression, on: list[FilterExpression], nodelist: NodeList):
        self.weblog, self.on, self.nodelist = weblog, on, nodelist

    def render(self, context: template.Context) -> SafeString:
        weblog, request = self.weblog.resolve(context), context.get("request")
        if not weblog or request is None or getattr(request, "is_preview", False):
            return self.nodelist.render(context)
        assert self.token
        place: Any = (self.origin.name, self.token.lineno, self.token.position)
        site = getattr(getattr(request, "_wagtail_site", None), "pk", None)
        on = tuple(expression.resolve(context) for expression in self.on)
        key = ("part", place, site, get_language(), on)
        return remembered(weblog.pk, key, lambda: self.nodelist.render(context))


@register.tag
def lasting(parser: Parser, token: Token) -> Lasting:
    """Render what stands between once for a weblog, until one of its pages changes.

    ``{% lasting weblog is_home %}...{% endlasting %}``: beside the weblog, its language and the
    request's site, what is between may hang on the values that are named (plain ones), and on
    nothing else. A preview, and a page outside of weblogs, is rendered each time.
    """
    _, weblog, *on = token.split_contents()
    nodelist = parser.parse(("endlasting",))
    parser.delete_first_token()
    compiled = [parser.compile_filter(name) for name in on]
    return Lasting(parser.compile_filter(weblog), compiled, nodelist)
