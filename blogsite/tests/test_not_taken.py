"""What is sent where nothing can be sent, or with a form that is too old."""

from django.test import Client

from tenancy.testing import TwoWeblogs


class NotTaken(TwoWeblogs):
    def send(self, path: str, host: str) -> str:
        client = Client(enforce_csrf_checks=True, headers={"host": host})
        response = client.post(path, {"comment": "Buy"})
        self.assertEqual(response.status_code, 403)
        self.assertNotIn("Set-Cookie", response.headers)
        page = response.content.decode()
        self.assertNotIn("CSRF", page)
        self.assertNotIn("Buy", page)
        return page

    def test_a_page_for_readers_says_so_in_its_language(self) -> None:
        self.amelie.language = "fr"
        self.amelie.save_revision().publish()
        for path in ("/", "/nothing/"):
            self.assertIn("rien ne peut leur être envoyé", self.send(path, "amelie.localhost"))
        self.assertIn("nothing can be sent to them", self.send("/", "localhost"))

    def test_a_writer_hears_what_to_do(self) -> None:
        self.assertIn(
            "reload the page and send it once more", self.send("/admin/login/", "localhost")
        )
