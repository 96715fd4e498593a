"""Words with soft hyphens, Hebrew points or Arabic vowel signs are found without them."""

from typing import Any

from django.db import migrations


def write_words_anew(apps: Any, schema_editor: Any) -> None:
    apps.get_model("search", "IndexedEntry").objects.update(language="")  # waits for the worker


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(write_words_anew, migrations.RunPython.noop, elidable=True)]
