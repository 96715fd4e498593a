"""Write the quotation marks in names the typographic way, as new ones are: slugs have neither."""

import re

from django.apps.registry import Apps
from django.db import migrations


def write_typographically(apps: Apps, schema_editor: object) -> None:
    for model in ("Tag", "Author", "Category"):
        labels = apps.get_model("blog", model)._base_manager.filter(name__contains='"')
        for label in labels.iterator():
            label.name = re.sub(r'\B"\b', "“", label.name).replace('"', "”")
            label.save(update_fields=["name"])


class Migration(migrations.Migration):
    dependencies = [("blog", "0009_dates_itself")]

    operations = [
        migrations.RunPython(write_typographically, migrations.RunPython.noop, elidable=True)
    ]
