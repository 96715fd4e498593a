import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill_in_weblog(apps, schema_editor):
    entries = apps.get_model("blog", "BlogEntryPage").objects
    pages = apps.get_model("pages", "BasePage").objects
    weblog = pages.filter(pk=OuterRef("pk")).values("weblog_id")[:1]
    entries.update(in_weblog=Subquery(weblog))


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0006_index_entries"),
        ("pages", "0004_trashed_at"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RenderedBody",
            fields=[
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="rendered",
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                ("key", models.CharField(max_length=32)),
                ("html", models.TextField()),
                ("feed_html", models.TextField()),
                ("contents", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="Ingredient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("thing_id", models.BigIntegerField()),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ingredients",
                        to="blog.renderedbody",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["kind", "thing_id"], name="used_in")]},
        ),
        migrations.AddField(
            model_name="blogentrypage",
            name="in_weblog",
            field=models.PositiveBigIntegerField(editable=False, null=True),
        ),
        migrations.RunPython(fill_in_weblog, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="blogentrypage",
            index=models.Index(fields=["in_weblog", "-date", "-basepage_ptr"], name="in_order"),
        ),
        # Django makes the table itself and knows no way to give it an index.
        migrations.RunSQL(
            "CREATE INDEX newest_of_tag ON blog_blogentrypage_tags (tag_id, blogentrypage_id)",
            "DROP INDEX newest_of_tag",
        ),
    ]
