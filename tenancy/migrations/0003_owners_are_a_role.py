from django.db import migrations


class Migration(migrations.Migration):
    # A table can't be altered in the transaction that has just filled rows that refer to it.
    dependencies = [("tenancy", "0002_roles")]

    operations = [migrations.RemoveField(model_name="tenancy", name="owners")]
