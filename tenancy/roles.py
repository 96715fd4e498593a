"""What each role may do in its weblog, in terms of Wagtail's rights."""

from django.contrib.auth.models import Group, Permission
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
            group = Group.objects.create(name=f"{name.label}s of weblog {tenancy.weblog_id}")
            Role.objects.create(tenancy=tenancy, name=name, group=group)
            _grant(tenancy, name, group)
    if tenancy.workflow is None:
        tenancy.workflow = _make_workflow(tenancy)
        tenancy.save(update_fields=["workflow"])


def _grant(tenancy: Tenancy, name: RoleName, group: Group) -> None:
    group.permissions.set([_permission("wagtailadmin", "access_admin")])
    for action in RIGHTS_ON_PAGES[name]:
        right = _permission("pages", f"{action}_basepage")
        GroupPagePermission.objects.get_or_create(
            group=group, page_id=tenancy.weblog_id, permission=right
        )
    for action in RIGHTS_ON_FILES[name]:
        # Wagtail asks for the rights of its own models, also where others stand in for them.
        for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document")):
            right = _permission(app, f"{action}_{model}")
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=tenancy.collection, permission=right
            )


def _permission(app: str, codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def _make_workflow(tenancy: Tenancy) -> Workflow:
    """Make the way of a contributor's entry: one review, by an owner or an editor.

    A task that weblogs share would let the people of one reject what was sent to another.
    """
    task = GroupApprovalTask.objects.create(name=_("Review"))
    task.groups.set(Group.objects.filter(role__tenancy=tenancy, role__name__in=REVIEWERS))
    workflow = Workflow.objects.create(name=_("Review"))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page_id=tenancy.weblog_id)
    return workflow
