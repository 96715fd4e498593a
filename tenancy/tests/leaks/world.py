"""Two weblogs with a marker in every kind of thing that they have, and the ids of these things."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import EmptyResultSet
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from wagtail.admin.models import EditingSession, FormState
from wagtail.log_actions import log
from wagtail.models import (
    Collection,
    Comment,
    GroupCollectionPermission,
    GroupPagePermission,
    ModelLogEntry,
    PageLogEntry,
    PageViewRestriction,
    Revision,
    Site,
    Task,
    TaskState,
    UploadedFile,
    Workflow,
    WorkflowPage,
    WorkflowState,
)

from blog.factories import make_entry, make_picture, picture_block
from blog.models import (
    Author,
    BlogEntryPage,
    BlogIndexPage,
    Category,
    EarlierSlug,
    InfoPage,
    Ingredient,
    Redirect,
    RenderedBody,
    Tag,
)
from library.models import Document, DocumentTag, Picture, PictureTag
from pages.models import BasePage
from portability.models import Imported
from search.models import IndexedEntry, IndexedWord
from tenancy.invitations import send_invitation
from tenancy.models import (
    Domain,
    HostAlias,
    Incoming,
    Invitation,
    ReleasedHost,
    Role,
    RoleName,
    Tenancy,
)
from tenancy.people import set_role
from tenancy.provisioning import create_weblog
from trash.files import throw_away_file
from trash.models import Trashed
from trash.pages import throw_away

# Models of ours without a row of their own here.
UNPLANTED = {
    "home.HomePage": "the platform's",
    "library.Rendition": "made of a picture whenever one is shown",
    "tenancy.Preview": "shown once to whoever has its key",
    "demo.DemoWeblog": "names a weblog and nothing else, to commands",
    "jobs.Heartbeat": "the worker's",
    "pagecache.Generation": "a number for each host",
}
COMMON = "Common"  # stands in every title, so that searches find both weblogs' things


@dataclass
class Planted:
    """A weblog, whose every thing bears `mark`, and what arguments of addresses may name there."""

    mark: str
    weblog: BlogIndexPage
    people: dict[str, Any] = field(default_factory=dict)
    pages: dict[str, BasePage] = field(default_factory=dict)
    ids: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def tenancy(self) -> Tenancy:
        return Tenancy.objects.get(weblog=self.weblog)

    def rows(self) -> dict[str, str]:
        """Return a digest of all that the weblog owns in each table."""
        return {name: _digest(rows) for name, rows in self.owned().items()}

    def owned(self) -> dict[str, QuerySet]:
        tenancy, path = self.tenancy, self.weblog.path
        pages = list(
            BasePage._base_manager.filter(path__startswith=path).values_list("pk", flat=True)
        )
        as_text = [str(pk) for pk in pages]
        groups = list(tenancy.roles.values_list("group_id", flat=True))
        people = [person.pk for person in self.people.values()]
        of = {
            BasePage: Q(pk__in=pages),
            BlogIndexPage: Q(pk__in=pages),
            BlogEntryPage: Q(pk__in=pages),
            InfoPage: Q(pk__in=pages),
            Revision: Q(object_id__in=as_text),
            Comment: Q(page__in=pages),
            PageViewRestriction: Q(page__in=pages),
            PageLogEntry: Q(page_id__in=pages),
            WorkflowState: Q(object_id__in=as_text),
            TaskState: Q(workflow_state__object_id__in=as_text),
            Workflow: Q(pk=tenancy.workflow_id),
            WorkflowPage: Q(page__in=pages),
            Task: Q(workflow_tasks__workflow=tenancy.workflow_id),
            Tag: Q(weblog__in=pages),
            Category: Q(weblog__in=pages),
            Author: Q(weblog__in=pages),
            Redirect: Q(weblog__in=pages),
            EarlierSlug: Q(weblog__in=pages),
            ModelLogEntry: Q(label__contains=self.mark),
            IndexedEntry: Q(weblog__in=pages),
            IndexedWord: Q(weblog__in=pages),
            RenderedBody: Q(page__in=pages),
            Ingredient: Q(body__page__in=pages),
            Picture: Q(collection=tenancy.collection_id),
            PictureTag: Q(content_object__collection=tenancy.collection_id),
            Document: Q(collection=tenancy.collection_id),
            DocumentTag: Q(content_object__collection=tenancy.collection_id),
            Collection: Q(pk=tenancy.collection_id),
            Site: Q(root_page=self.weblog.pk),
            HostAlias: Q(page=self.weblog.pk),
            Domain: Q(weblog=self.weblog.pk),
            ReleasedHost: Q(was_of=self.weblog.pk),
            Tenancy: Q(pk=tenancy.pk),
            Role: Q(tenancy=tenancy.pk),
            Incoming: Q(tenancy=tenancy.pk),
            Invitation: Q(tenancy=tenancy.pk),
            Group: Q(pk__in=groups),
            GroupPagePermission: Q(page__in=pages) | Q(group__in=groups),
            GroupCollectionPermission: Q(collection=tenancy.collection_id) | Q(group__in=groups),
            get_user_model(): Q(pk__in=people),
            get_user_model().groups.through: Q(group_id__in=groups),
            FormState: Q(user__in=people),
            Trashed: Q(weblog__in=pages),
            Imported: Q(weblog__in=pages),
            UploadedFile: Q(uploaded_by_user__in=people),
        }
        owned = {}
        for model, condition in of.items():
            owned[model._meta.label] = rows = model._base_manager.filter(condition)
            for relation in model._meta.local_many_to_many:
                through = relation.remote_field.through
                if through._meta.auto_created:
                    own = {f"{relation.m2m_field_name()}__in": rows.values("pk")}
                    owned[through._meta.label] = through._base_manager.filter(**own)
        return owned


def _digest(rows: QuerySet[Model]) -> str:
    # As the database gives them: this is asked ten thousand times, and making objects takes long.
    with connection.cursor() as cursor, suppress(EmptyResultSet):
        cursor.execute(*rows.order_by("pk").query.sql_with_params())
        return hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return ""


def plant(mark: str) -> Planted:
    """Make a weblog and put the mark into everything that it has."""
    weblog = create_weblog(
        f"{COMMON} {mark}weblog", host=f"{mark}.localhost", tagline=f"{mark}tagline"
    )
    tenancy = weblog.tenancy
    planted = Planted(mark, weblog)
    for name in RoleName:
        user = get_user_model().objects.create_user(
            username=f"{mark}{name}",
            email=f"{mark}{name}@example.org",
            first_name=f"{COMMON} {mark}first",
            last_name=f"{mark}last",
        )
        set_role(tenancy, user, name)
        planted.people[name] = user
    _name_what_belongs(planted, tenancy)
    files = _files(planted, tenancy)
    _pages(planted, files)
    _labels_and_addresses(planted)
    _under_review(planted)
    _thrown_away(planted, tenancy)
    _ids(planted, tenancy)
    return planted


def _name_what_belongs(planted: Planted, tenancy: Tenancy) -> None:
    mark = planted.mark
    tenancy.collection.name = f"{mark}collection"
    tenancy.collection.save()
    Tenancy.objects.filter(pk=tenancy.pk).update(reason=f"{mark}reason")
    for role in tenancy.roles.all():
        Group.objects.filter(pk=role.group_id).update(name=f"{mark}group{role.name}")
    Workflow.objects.filter(pk=tenancy.workflow_id).update(name=f"{mark}workflow")
    Task.objects.filter(workflow_tasks__workflow=tenancy.workflow_id).update(name=f"{mark}task")
    HostAlias.objects.create(hostname=f"{mark}alias.localhost", page=planted.weblog)
    Domain.objects.create(hostname=f"{mark}waiting.example", weblog=planted.weblog, token=mark)
    ReleasedHost.objects.create(hostname=f"{mark}released.example", was_of=planted.weblog.pk)
    tenancy.incoming.create(size=1)
    send_invitation(tenancy, f"{mark}invited@example.org", RoleName.AUTHOR)


def _files(planted: Planted, tenancy: Tenancy) -> tuple[Picture, Document]:
    mark, owner = planted.mark, planted.people["owner"]
    picture = make_picture(planted.weblog, f"{COMMON} {mark}picture")
    picture.description, picture.uploaded_by_user = f"{mark}description", owner
    picture.save()
    picture.tags.add(f"{COMMON} {mark}picturetag")
    document = Document.objects.create(
        title=f"{COMMON} {mark}document",
        file=ContentFile(mark.encode(), f"{mark}file.txt"),
        collection=tenancy.collection,
        uploaded_by_user=owner,
    )
    document.tags.add(f"{COMMON} {mark}documenttag")
    return picture, document


def _pages(planted: Planted, files: tuple[Picture, Document]) -> None:
    mark, owner, weblog = planted.mark, planted.people["owner"], planted.weblog
    picture, document = files
    soon = timezone.now() + timedelta(days=9)
    states: dict[str, dict] = {
        "published": {},
        "draft": {"live": False},
        "private": {"visibility": "private"},
        "scheduled": {"live": False, "go_live_at": soon},
    }
    for state, fields in states.items():
        planted.pages[state] = make_entry(
            weblog,
            f"{COMMON} {mark}{state}",
            owner=owner,
            summary=f"{mark}summary{state}",
            cover=picture,
            body=[
                (
                    "paragraph",
                    f'<p>{mark}words <a linktype="document" id="{document.pk}">x</a></p>',
                ),
                picture_block(picture, f"{mark}alt"),
            ],
            tags=(f"{COMMON} {mark}tag{state}",),
            categories=(f"{mark}category{state}",),
            authors=(f"{mark}author{state}",),
            **fields,
        )
    planted.pages["scheduled"].save_revision(approved_go_live_at=soon)
    about = InfoPage(title=f"{COMMON} {mark}about", owner=owner, locked=True, locked_by=owner)
    weblog.add_child(instance=about)
    about.save_revision(user=owner).publish()
    planted.pages |= {"about": about, "root": weblog}
    published = planted.pages["published"]
    published.title = f"{COMMON} {mark}unpublished change"
    published.save_revision(user=owner)
    for thing in (published, picture, document):
        log(thing, "wagtail.edit", user=owner)
    Comment.objects.create(
        page=published, user=owner, text=f"{COMMON} {mark}comment", contentpath="title"
    )
    PageViewRestriction.objects.create(
        page=planted.pages["private"], restriction_type="password", password=f"{mark}password"
    )


def _link(document: Document) -> str:
    return f'<a linktype="document" id="{document.pk}">x</a>'


def _labels_and_addresses(planted: Planted) -> None:
    published = planted.pages["published"]
    Redirect.leave(planted.weblog, f"{planted.mark}-redirect", published)
    for label in (published.tags.get(), published.categories.get(), published.authors.get()):
        EarlierSlug.leave(label, f"{planted.mark}-earlier", f"{planted.mark} earlier")
    rendered = RenderedBody.objects.create(
        page=published, html=f"{planted.mark}html", feed_html=f"{planted.mark}feedhtml"
    )
    Ingredient.objects.create(body=rendered, kind="page", thing_id=published.pk)
    Imported.objects.create(weblog=planted.weblog, source=f"{planted.mark}.md", page=published)


def _under_review(planted: Planted) -> None:
    contributor, mark = planted.people["contributor"], planted.mark
    entry = make_entry(planted.weblog, f"{COMMON} {mark}submitted", live=False, owner=contributor)
    state = planted.tenancy.workflow.start(entry, contributor)
    state.current_task_state.comment = f"{mark}reviewcomment"
    state.current_task_state.save()
    planted.pages["submitted"] = entry
    planted.ids["workflow_state"] = [state.pk]
    planted.ids["task_state"] = [state.current_task_state.pk]


def _thrown_away(planted: Planted, tenancy: Tenancy) -> None:
    mark, weblog, contributor = planted.mark, planted.weblog, planted.people["contributor"]
    picture = make_picture(weblog, f"{COMMON} {mark}trashedpicture")
    document = Document.objects.create(
        title=f"{COMMON} {mark}trasheddocument",
        file=ContentFile(mark.encode(), f"{mark}trashed.txt"),
        collection=tenancy.collection,
    )
    user = f"{COMMON} {mark}user of what was thrown away"
    make_entry(
        weblog, user, body=[picture_block(picture), ("paragraph", f"<p>{_link(document)}</p>")]
    )
    throw_away(make_entry(weblog, f"{COMMON} {mark}trashed"), by=contributor)
    for file in (document, picture):
        throw_away_file(file, weblog, by=contributor)


def _ids(planted: Planted, tenancy: Tenancy) -> None:
    owner, published = planted.people["owner"], planted.pages["published"]
    session = EditingSession.objects.create(
        user=owner, content_object=published, last_seen_at=timezone.now()
    )
    uploads = [
        UploadedFile.objects.create(
            uploaded_by_user=owner,
            for_content_type=ContentType.objects.get_for_model(model),
            file=ContentFile(b"x", f"{planted.mark}upload.txt"),
        )
        for model in (Picture, Document)
    ]
    FormState.objects.create(
        user=owner, content_object=planted.pages["draft"], data="title=x",
        last_updated_at=timezone.now(),
    )  # fmt: skip
    names = ("published", "draft", "root", "submitted", "private")
    planted.ids |= {
        "page": [planted.pages[name].pk for name in names],
        "revision": [published.latest_revision_id, planted.pages["draft"].latest_revision_id],
        "picture": _keys(Picture.objects.filter(collection=tenancy.collection)),
        "document": _keys(Document.objects.filter(collection=tenancy.collection)),
        "collection": [tenancy.collection_id],
        "workflow": [tenancy.workflow_id],
        "task": _keys(Task.objects.filter(workflow_tasks__workflow=tenancy.workflow_id)),
        "user": [person.pk for person in planted.people.values()],
        "group": list(tenancy.roles.values_list("group_id", flat=True)),
        "site": _keys(Site.objects.filter(root_page=planted.weblog)),
        "weblog": [planted.weblog.pk],
        "trashed": _keys(Trashed.objects.filter(weblog=planted.weblog)),  # the picture first
        "session": [session.pk],
        "upload": [upload.pk for upload in uploads],
        "invitation": _keys(tenancy.invitations.all()),
        "domain": _keys(Domain.objects.filter(weblog=planted.weblog)),
        "tag": _keys(Tag.objects.filter(weblog=planted.weblog)),
        "author": _keys(Author.objects.filter(weblog=planted.weblog)),
        "category": _keys(Category.objects.filter(weblog=planted.weblog)),
    }


def _keys(rows: QuerySet) -> list[int]:
    return list(rows.values_list("pk", flat=True))
