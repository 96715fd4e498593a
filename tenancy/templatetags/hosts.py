"""Hosts as people read them."""

from django import template
from django.conf import settings

from blog.menu import MenuItem
from home.info_pages import info_pages
from tenancy.hostnames import shown_address
from tenancy.hosts import host_table

register = template.Library()
register.filter("shown", shown_address)


@register.simple_tag
def platform_info_pages() -> list[MenuItem]:
    """Return links to the info pages of the platform, on whichever host the admin is."""
    platform = host_table().hosts.get(settings.PLATFORM_HOSTNAME)
    return info_pages(platform.site.root_page if platform else None)
