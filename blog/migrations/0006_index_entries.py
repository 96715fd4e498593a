"""Let the worker write down the words that existing entries are found by."""

from itertools import islice

from django.db import migrations

AT_ONCE = 1000


def let_wait(apps, schema_editor):
    entries = apps.get_model("blog", "BlogEntryPage")._base_manager
    indexed = apps.get_model("search", "IndexedEntry")._base_manager
    rows = entries.filter(live=True, visibility="public", weblog__isnull=False)
    rows = rows.values_list("pk", "weblog_id").iterator(chunk_size=AT_ONCE)
    for chunk in iter(lambda: list(islice(rows, AT_ONCE)), []):
        indexed.bulk_create(
            [indexed.model(entry_id=pk, weblog_id=weblog) for pk, weblog in chunk],
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [("blog", "0005_metadata"), ("search", "0001_initial")]

    operations = [migrations.RunPython(let_wait, migrations.RunPython.noop)]
