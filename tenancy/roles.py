"""What each role may do in its weblog, in terms of Wagtail's rights."""

from django.contrib.auth.models import Group, Permission
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import (
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from tenancy.models import Role, RoleName, Tenancy

WRITING = ("add",)
PUBLISHING = ("add", "publish")
EDITING = ("add", "change", "publish", "lock", "unlock")
# With pages below the weblog's root. What goes beyond is said by `pages.permissions`.
RIGHTS_ON_PAGES = {
    RoleName.OWNER: EDITING,
    RoleName.EDITOR: EDITING,
    RoleName.AUTHOR: PUBLISHING,
    RoleName.CONTRIBUTOR: WRITING,
}
# With pictures and documents in the weblog's collection. Who may add may change what they added.
RIGHTS_ON_FILES = {
    RoleName.OWNER: ("add", "change", "choose"),
    RoleName.EDITOR: ("add", "change", "choose"),
    RoleName.AUTHOR: ("add", "choose"),
    RoleName.CONTRIBUTOR: ("add", "choose"),
}
REVIEWERS = (RoleName.OWNER, RoleName.EDITOR)


def ensure_roles(tenancy: Tenancy) -> None:
    """Give a weblog the groups, rights and workflow that it lacks; what is there stays."""
    existing = {role.name for role in tenancy.roles.all()}
    for name in RoleName:
        if name not in existing:
            group = Group.objects.create(name=f"{name.capitalize()}s of weblog {tenancy.weblog_id}")
            Role.objects.create(tenancy=tenancy, name=name, group=group)
            _grant(tenancy, name, group)
    if tenancy.workflow is None:
        tenancy.workflow = _make_workflow(tenancy)
        tenancy.save(update_fields=["workflow"])


def _grant(tenancy: Tenancy, name: RoleName, group: Group) -> None:
    """Give a new group its rights, a few statements for all: the roles of a weblog have 37."""
    group.permissions.set(_permissions("wagtailadmin", ["access_admin"]))
    on_pages = [f"{action}_basepage" for action in RIGHTS_ON_PAGES[name]]
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group=group, page_id=tenancy.weblog_id, permission=right)
        for right in _permissions("pages", on_pages)
    )
    # Wagtail asks for the rights of its own models, also where others stand in for them.
    for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document")):
        on_files = [f"{action}_{model}" for action in RIGHTS_ON_FILES[name]]
        GroupCollectionPermission.objects.bulk_create(
            GroupCollectionPermission(group=group, collection=tenancy.collection, permission=right)
            for right in _permissions(app, on_files)
        )


def _permissions(app: str, codenames: list[str]) -> list[Permission]:
    """Return an app's permissions, in the order of their names.

    Raises:
        KeyError: there is none of a name.
    """
    found = Permission.objects.filter(content_type__app_label=app, codename__in=codenames)
    by_name = {permission.codename: permission for permission in found}
    return [by_name[codename] for codename in codenames]


def _make_workflow(tenancy: Tenancy) -> Workflow:
    """Make the way of a contributor's entry: one review, by an owner or an editor.

    A task that weblogs share would let the people of one reject what was sent to another.
    """
    with translation.override(tenancy.weblog.content_language):  # not that of whoever made it
        name = _("Review")
    task = GroupApprovalTask.objects.create(name=name)
    task.groups.set(Group.objects.filter(role__tenancy=tenancy, role__name__in=REVIEWERS))
    workflow = Workflow.objects.create(name=name)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page_id=tenancy.weblog_id)
    return workflow
