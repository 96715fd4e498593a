from typing import Any

from django.db import migrations, models


def copy_numbers(apps: Any, schema_editor: Any) -> None:
    generations = apps.get_model("pagecache", "Generation").objects
    former = apps.get_model("pagecache", "Former").objects
    for row in former.values("weblog_id", "number", "purges"):
        generations.create(**row)


class Migration(migrations.Migration):
    dependencies = [("pagecache", "0001_initial")]

    operations = [
        migrations.RenameModel("Generation", "Former"),
        migrations.CreateModel(
            name="Generation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("weblog_id", models.BigIntegerField()),
                ("number", models.BigIntegerField(default=0)),
                ("purges", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.RunPython(copy_numbers, migrations.RunPython.noop),
        migrations.DeleteModel("Former"),
    ]
