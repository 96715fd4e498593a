from django.conf import settings
from django.db import migrations

OF_ACCOUNTS = ("weblog.role", "weblog.person_removed")
OF_INVITATIONS = ("weblog.invitation", "weblog.invitation_revoked")


def forget_addresses(apps, schema_editor):
    """Keep the ids of accounts in the place of their names, and no address of who was invited."""
    users = apps.get_model("users", "User")._base_manager
    entries = apps.get_model("wagtailcore", "PageLogEntry")._base_manager
    for entry in entries.filter(action__in=OF_ACCOUNTS + OF_INVITATIONS).iterator():
        if name := entry.data.pop("person", None):
            if entry.action in OF_ACCOUNTS:
                named = users.filter(username=name).values_list("pk", flat=True)
                entry.data["user"] = named.first()
            entries.filter(pk=entry.pk).update(data=entry.data)
    _forget_names_of_the_deleted(apps, users)


def _forget_names_of_the_deleted(apps, users):
    kinds = apps.get_model("contenttypes", "ContentType")._base_manager
    kind = kinds.filter(app_label="users", model="user").first()
    logged = apps.get_model("wagtailcore", "ModelLogEntry")._base_manager
    ids = {str(pk) for pk in users.values_list("pk", flat=True).iterator()}
    of_accounts = logged.filter(content_type=kind) if kind else logged.none()
    for pk in of_accounts.order_by().values_list("object_id", flat=True).distinct():
        if pk not in ids:
            of_accounts.filter(object_id=pk).update(label=f"user {pk} (deleted)")


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0012_writers_of_previews"),
        ("wagtailcore", "0098_apitoken"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(forget_addresses, migrations.RunPython.noop, elidable=True),
    ]
