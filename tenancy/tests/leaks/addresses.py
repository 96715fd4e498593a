"""Every address of the admin with every id that it can name, of one's own weblog and of another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tenancy.tests.leaks.world import Planted

TYPES = [("blog", "blogentrypage"), ("blog", "infopage"), ("blog", "blogindexpage")]
BULK = [
    *(("pages", "basepage", act) for act in ("delete", "move", "publish", "unpublish")),
    *(("library", kind, act) for kind in ("picture", "document")
      for act in ("delete", "add_tags", "add_to_collection")),
    *(("users", "user", act) for act in ("delete", "assign_role", "set_active_state")),
]  # fmt: skip
# What an argument of that name is an id of; `pk` is told by the view's name.
KINDS = {
    "page_id": "page", "parent_page_id": "page", "page_to_move_id": "page", "page_pk": "page",
    "destination_id": "page", "revision_id": "revision", "revision_id_a": "revision",
    "revision_id_b": "revision", "task_state_id": "task_state", "task_id": "task",
    "workflow_state_id": "workflow_state", "workflow_pk": "workflow", "image_id": "picture",
    "document_id": "document", "doc_id": "document", "uploaded_file_id": "upload",
    "collection_id": "collection", "weblog_id": "weblog", "session_id": "session",
    "trashed_id": "trashed", "tag_id": "tag", "author_id": "author",
}  # fmt: skip
KINDS_OF_PK = {
    "wagtailadmin_api:images": "picture", "wagtailadmin_api:documents": "document",
    "wagtailadmin_api:pages": "page", "wagtailadmin_collections": "collection",
    "wagtailadmin_pages": "page", "wagtaildocs_chooser": "document",
    "wagtailimages_chooser": "picture", "wagtailsites": "site", "wagtailusers_users": "user",
    "wagtailusers_groups": "group",
}  # fmt: skip
TASKS = {"wagtailadmin_workflows:edit_task", "wagtailadmin_workflows:disable_task",
         "wagtailadmin_workflows:enable_task"}  # fmt: skip
# Arguments that name no row, with what they may be.
PLAIN = {
    "action_name": ["approve", "reject", "unpublish"], "action": ["delete"],
    "state": ["trashed"], "filter_spec": ["width-100"], "token": ["x"], "uidb64": ["MQ"],
    "app_name": ["taggit"],
}  # fmt: skip
# Addresses that aren't asked, each with its reason.
NOT_ASKED = {
    "wagtailadmin_logout": "ends the session that the others are asked with",
    "wagtailadmin_error_test": "fails on purpose",
}


def names() -> dict[str, set[str]]:
    """Return the name of every view of the admin with its arguments."""
    found: dict[str, set[str]] = {}
    for name, arguments in _walk(get_resolver("blogsite.urls"), ""):
        found.setdefault(name, set()).update(arguments)
    return found


def _walk(resolver: URLResolver, prefix: str, namespaces: tuple = ()) -> Iterator[tuple]:
    for pattern in resolver.url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern, address, inner)
        elif isinstance(pattern, URLPattern) and address.startswith("admin/") and pattern.name:
            yield ":".join([*namespaces, pattern.name]), set(pattern.pattern.regex.groupindex)


def addresses(
    name: str, mine: Planted, theirs: Planted, is_short: bool = False
) -> Iterator[tuple[str, bool]]:
    """Give the addresses of a view, and whether all that each names is one's own.

    The short form names at most three things of a kind: of pages one published, a draft, the root.
    """
    most = 3 if is_short else None
    for arguments in _signatures(name):
        ids = sorted(argument for argument in arguments if _kind(name, argument))
        plain = sorted(arguments - set(ids))
        for filled in _filled_plainly(name, plain):
            for owners in product((mine, theirs), repeat=len(ids)):
                choices = [
                    _ids(name, argument, owner)[:most]
                    for argument, owner in zip(ids, owners, strict=True)
                ]
                # Two ids together are tried in one pair each; one id in all its kinds.
                picked = product(*choices) if len(ids) < 2 else [[c[0] for c in choices]]
                for values in picked:
                    kwargs = filled | dict(zip(ids, values, strict=True))
                    yield reverse(name, "blogsite.urls", kwargs=kwargs), theirs not in owners


def _signatures(name: str) -> list[set[str]]:
    """Return the sets of arguments with which a view can be reversed."""
    if name == "wagtailadmin_workflows:remove":
        return [{"page_pk"}, {"page_pk", "workflow_pk"}]
    return [names()[name]]


def _kind(name: str, argument: str) -> str:
    if argument == "pk":
        if name in TASKS:
            return "task"
        kind = KINDS_OF_PK.get(name.rpartition(":")[0], "")
        return kind or ("workflow" if name.startswith("wagtailadmin_workflows") else "page")
    if argument == "object_id":
        return "page"
    return KINDS.get(argument, "")


def _ids(name: str, argument: str, owner: Planted) -> list[Any]:
    if argument == "page_id" and {"workflow_state_id", "task_state_id"} & names()[name]:
        return [owner.pages["submitted"].pk]
    return owner.ids[_kind(name, argument)]


def _filled_plainly(name: str, plain: list[str]) -> list[dict[str, Any]]:
    if not plain:
        return [{}]
    if name == "wagtail_bulk_action":
        return [{"app_label": a, "model_name": m, "action": act} for a, m, act in BULK]
    if {"content_type_app_name", "content_type_model_name"} <= set(plain):
        return [{"content_type_app_name": a, "content_type_model_name": m} for a, m in TYPES]
    if {"app_label", "model_name"} <= set(plain):
        return [{"app_label": a, "model_name": m} for a, m in [*TYPES, ("pages", "basepage")]]
    if {"app_name", "model_name"} <= set(plain):
        return [
            {"app_name": "taggit", "model_name": "tag"},
            {"app_name": "blog", "model_name": "tag"},
        ]
    return [
        dict(zip(plain, values, strict=True))
        for values in product(*(PLAIN[name] for name in plain))
    ]
