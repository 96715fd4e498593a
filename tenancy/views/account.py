"""What people change of their own account."""

from wagtail.admin.views import account


class AccountView(account.AccountView):
    """Wagtail's, without a picture: its file would be in no quota, uncleaned, and sent to nobody.

    Stands at the address of Wagtail's own view, which takes panels and leaves none out.
    """

    def get_panels(self) -> list[account.BaseSettingsPanel]:
        panels = super().get_panels()
        return [panel for panel in panels if not isinstance(panel, account.AvatarSettingsPanel)]
