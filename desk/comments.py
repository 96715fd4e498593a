"""Writing with others: who hears of comments."""

from django.conf import settings
from django.utils import translation
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import PageSubscription

from scope.current import Scope, use_scope
from tenancy.mail import people_to_tell


class CommentedEditView(EditView):
    def send_commenting_notifications(self, changes: dict) -> None:
        """Tell the weblog's people alone: who left it may have subscribed or replied before."""
        weblog = self.page.weblog_id
        people = people_to_tell(weblog).values("pk")
        PageSubscription.objects.filter(page=self.page).exclude(user__in=people).delete()
        with (
            use_scope(Scope(weblog_ids=frozenset({weblog}), people=people)),
            translation.override(settings.LANGUAGE_CODE),
        ):
            super().send_commenting_notifications(changes)
