"""What somebody may change of their own account."""

from django.test import Client

from tenancy.invitations import account_of
from tenancy.testing import TwoWeblogs


class Account(TwoWeblogs):
    def test_nobody_claims_the_address_of_somebody_else(self) -> None:
        owner = self.amelie.tenancy.owners.user_set.get()
        client = Client(headers={"host": "localhost"})
        client.force_login(owner)
        for address in ("bob@example.org", "not-here-yet@example.org"):
            data = {"name_email-first_name": "Amelie", "name_email-last_name": "B"}
            response = client.post("/admin/account/", data | {"name_email-email": address})
            self.assertLess(response.status_code, 500)
            owner.refresh_from_db()
            self.assertEqual(owner.email, "amelie@example.org")
            self.assertNotEqual(account_of(address), owner)

    def test_time_zones_are_ones_that_have_a_name(self) -> None:
        client = Client(headers={"host": "localhost"})
        client.force_login(self.amelie.tenancy.owners.user_set.get())
        account = client.get("/admin/account/")
        self.assertContains(account, 'value="Europe/Lisbon"')
        self.assertNotContains(account, 'value="localtime"')
