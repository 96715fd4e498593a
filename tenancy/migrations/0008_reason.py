from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0007_operators_decision")]

    operations = [
        migrations.AddField(
            model_name="tenancy",
            name="reason",
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
