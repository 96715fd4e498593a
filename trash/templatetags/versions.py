"""Who is offered to erase earlier versions."""

from django import template

from trash.versions import may_erase

register = template.Library()
register.simple_tag(may_erase)
