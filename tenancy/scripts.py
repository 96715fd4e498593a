"""What starts the admin's widgets is told in data: its policy lets no script run that a page holds.

Those of dates and of rows in a form are told it in templates of the names that Wagtail's have.
"""

import re
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.widgets import BaseChooser

CALL = re.compile(r"(?:new )?(\w+)\((.*)\);", re.S)
# `start.js` reads it, and knows a few names: markup that was smuggled in could call anything else.
DATA = (
    '{}<template data-controller="start" data-start-name-value="{}"'
    ' data-start-arguments-value="[{}]"></template>'
)


def start_choosers_by_data() -> None:
    BaseChooser.render = render


def render(
    self: BaseChooser, name: str, value: Any, attrs: dict[str, Any], renderer: Any = None
) -> SafeString:
    """Return what Wagtail's own does, but for the script at its end."""
    told = self.get_value_data(value)
    html = self.render_html(name, told, attrs)
    script = self.render_js_init(attrs["id"], name, told)
    call = CALL.fullmatch(script)
    if call is None:
        raise ValueError(f"{type(self).__name__} is started in another way: {script}")
    return format_html(DATA, mark_safe(html), *call.groups())
