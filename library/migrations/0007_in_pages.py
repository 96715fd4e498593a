from typing import Any

from django.db import migrations, models
from django.db.models.functions import Cast


def note(apps: Any, schema_editor: Any) -> None:
    """Note of the documents that pages have now that pages have had them."""
    uses = apps.get_model("wagtailcore", "ReferenceIndex").objects.filter(
        base_content_type__app_label="pages",
        to_content_type__app_label="library",
        to_content_type__model="document",
    )
    keys = uses.annotate(key=Cast("to_object_id", models.BigIntegerField())).values("key")
    apps.get_model("library", "Document").objects.filter(pk__in=keys).update(in_pages=True)


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("library", "0006_no_renditions_of_forms"),
        ("wagtailcore", "0078_referenceindex"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="in_pages",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(note, migrations.RunPython.noop, elidable=True),
    ]
