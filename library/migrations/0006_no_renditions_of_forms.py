from typing import Any

from django.db import migrations

OF_FORMS = ("original", "max-800x600", "max-150x150")


def unmake(apps: Any, schema_editor: Any) -> None:
    """Delete what Wagtail's forms had made of pictures, the originals among it, with the files."""
    renditions = apps.get_model("library", "Rendition").objects.filter(filter_spec__in=OF_FORMS)
    for rendition in renditions.iterator():
        rendition.file.delete(save=False)
        rendition.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0005_documents_in_collections"),
    ]

    operations = [migrations.RunPython(unmake, migrations.RunPython.noop, elidable=True)]
