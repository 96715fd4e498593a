"""Two who delete or restore the same page at the same moment: nothing of it is lost."""

from functools import partial

import pytest

from blog.factories import make_entry
from blog.models import BlogEntryPage
from pages.models import BasePage
from tenancy.provisioning import create_weblog, ensure_platform
from tenancy.tests.test_at_once import at_once
from trash.models import Trashed
from trash.pages import remove, restore, throw_away

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def entry() -> BlogEntryPage:
    ensure_platform()
    return make_entry(create_weblog("Amelie", slug="amelie", owner="ann@example.org"), "Missed")


def test_two_who_delete_a_page_make_one_thing_in_the_trash(entry: BlogEntryPage) -> None:
    first, second = at_once(*[partial(throw_away, entry)] * 2)
    assert first == second == Trashed.objects.get()
    restore(first)
    assert BasePage.objects.get(pk=entry.pk).live


def test_a_page_is_restored_or_removed_and_never_half_of_each(entry: BlogEntryPage) -> None:
    trashed = throw_away(entry)

    def tell(act) -> bool:
        try:
            act(Trashed.objects.select_related("page").get(pk=trashed.pk))
        except Trashed.DoesNotExist:
            return False
        return True

    is_restored, is_removed = at_once(partial(tell, restore), partial(tell, remove))
    assert is_restored != is_removed
    assert BasePage.objects.filter(pk=entry.pk, live=True).exists() == is_restored
