"""Fields of what writers put together from blocks."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField

from library.models import Document

ADDRESS = re.compile(r"/documents/(\d{1,18})/", re.ASCII)
References = Iterator[tuple[type[Model], str, str, str]]


class AddressedStreamField(StreamField):
    """Also refers to the weblog's documents that its words link by their plain addresses."""

    def value_from_object(self, obj: Any) -> StreamValue:
        value = super().value_from_object(obj)
        value.weblog_id = obj.weblog_id
        return value

    def extract_references(self, value: StreamValue) -> References:
        yield from super().extract_references(value)
        named = [(place, set(ADDRESS.findall(words))) for place, words in _words(value)]
        if keys := set().union(*(found for _place, found in named)):
            # What stands in another weblog is its own affair, whoever links it.
            own = Document._base_manager.filter(collection__tenancy__weblog=value.weblog_id)
            own_keys = {str(pk) for pk in own.filter(pk__in=keys).values_list("pk", flat=True)}
            for place, found in named:
                for key in found & own_keys:
                    yield Document, key, *place

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "wagtail.fields.StreamField", args, kwargs


def _words(value: StreamValue) -> Iterator[tuple[tuple[str, str], str]]:
    """Give each block's path among the kinds of blocks, its path among ids, and what it holds."""
    for child in value:
        if isinstance(child.value, StreamValue):
            for (kinds, ids), words in _words(child.value):
                yield (f"{child.block_type}.{kinds}", f"{child.id}.{ids}"), words
        else:
            stored = child.block.get_prep_value(child.value)
            yield (child.block_type, str(child.id)), json.dumps(stored, cls=DjangoJSONEncoder)
