"""House rules of pages, held by Django's checks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, register
from django.core.exceptions import EmptyResultSet
from django.db.models import Model
from wagtail.blocks import Block, ChooserBlock
from wagtail.fields import StreamField

from pages.chosen import ChosenBlock
from pages.models import BasePage
from scope.current import Scope, use_scope

# No form or chooser points at these; each is read in ways that a scope would break.
UNSCOPED = {
    "tenancy.Tenancy": "what people's scopes are made of",
    "tenancy.HostAlias": "a name that another weblog has is refused",
    "blog.RenderedBody": "kept for readers, whoever saves a page",
    "demo.DemoWeblog": "read by commands alone",
}


@register("pages")
def check_choosers(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Find blocks that would quietly drop what somebody chose and may not see."""
    pages = [model for model in apps.get_models() if issubclass(model, BasePage)]
    fields = [
        field for page in pages for field in page._meta.fields if isinstance(field, StreamField)
    ]
    return [
        Error(
            f"The block “{block.name}” doesn't say so when what was chosen isn't there.",
            hint="Derive its class from pages.chosen.ChosenBlock too.",
            obj=field,
            id="pages.E001",
        )
        for field in fields
        for block in choosers_in(field.stream_block)
        if not isinstance(block, ChosenBlock)
    ]


@register("pages")
def check_managers(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Find models whose rows are a weblog's, and which show everybody the rows of all."""
    return [
        Error(
            "Everybody who writes can choose other weblogs' rows of this model.",
            hint="Give it objects = OfWeblogManager(), or, for a page, derive its manager from "
            "pages.querysets.BasePageManager; or say in pages.checks.UNSCOPED why not.",
            obj=model,
            id="pages.E002",
        )
        for model in own_models()
        if is_of_a_weblog(model) and not is_scoped(model) and model._meta.label not in UNSCOPED
    ]


def own_models() -> list[type[Model]]:
    root = Path(settings.BASE_DIR)
    return [
        model
        for model in apps.get_models()
        if Path(apps.get_app_config(model._meta.app_label).path).parent == root
    ]


def is_of_a_weblog(model: type[Model]) -> bool:
    keys = [field.related_model for field in model._meta.concrete_fields]
    return any(isinstance(key, type) and issubclass(key, BasePage) for key in keys)


def is_scoped(model: type[Model]) -> bool:
    """Tell whether the model shows nothing to somebody who writes nowhere."""
    with use_scope(Scope()):
        try:
            str(model._default_manager.all().query)
        except EmptyResultSet:
            return True
    return False


def choosers_in(block: Block) -> Iterator[ChooserBlock]:
    if isinstance(block, ChooserBlock):
        yield block
    children = getattr(block, "child_blocks", {}).values()
    for child in (*children, *filter(None, [getattr(block, "child_block", None)])):
        yield from choosers_in(child)
