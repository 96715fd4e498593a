from django.db import migrations, models

STATES = [
    ("active", "Active"),
    ("suspended", "Suspended"),
    ("archived", "Archived"),
    ("trashed", "In the trash"),
]


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0010_invitations_go_with_who_sent_them")]

    operations = [
        migrations.AddField(
            model_name="tenancy",
            name="state_before",
            field=models.CharField(choices=STATES, default="active", max_length=12),
        ),
        migrations.AddField(
            model_name="tenancy",
            name="reason_before",
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
