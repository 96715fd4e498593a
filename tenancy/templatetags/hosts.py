"""Hosts as people read them."""

from django import template

from tenancy.hostnames import shown_address

register = template.Library()
register.filter("shown", shown_address)
