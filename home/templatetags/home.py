"""What every page of a front page has."""

from django import template

from home.info_pages import info_pages

register = template.Library()
register.simple_tag(info_pages)
