"""Sound and film from the weblog's own documents."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock, TextBlock
from wagtail.blocks.struct_block import StructBlockValidationError

from blog.blocks.known import KnownDocumentBlock
from library.recordings import AUDIO, CAPTIONS, VIDEO


class RecordingBlock(StructBlock):
    kinds: dict[str, dict[str, str]]  # by the name of a child: extension to media type

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors = {
            name: ValidationError(_("Choose one of these: %s.") % ", ".join(sorted(kinds)))
            for name, kinds in self.kinds.items()
            if (document := cleaned[name]) and document.file_extension.lower() not in kinds
        }
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        context = super().get_context(value, parent_context=parent_context)
        if document := value["file"]:
            context["media_type"] = self.kinds["file"].get(document.file_extension.lower(), "")
        return context


class AudioBlock(RecordingBlock):
    kinds = {"file": AUDIO}

    file = KnownDocumentBlock(label=_("Sound"))
    title = CharBlock(label=_("Title"), max_length=255)
    transcript = TextBlock(
        label=_("Transcript"), required=False, rows=4, help_text=_("For those who can't hear it")
    )

    class Meta:
        icon = "sound"
        label = _("Sound")
        group = _("Pictures and sound")
        template = "blog/blocks/audio.html"
        preview_template = "blog/blocks/previews/audio.html"
        description = _("A recording to listen to")


class VideoBlock(RecordingBlock):
    kinds = {"file": VIDEO, "captions": CAPTIONS}

    file = KnownDocumentBlock(label=_("Film"))
    title = CharBlock(label=_("Title"), max_length=255)
    captions = KnownDocumentBlock(
        label=_("Captions"),
        required=False,
        help_text=_("What is said, as WebVTT (.vtt); a film with speech needs it."),
    )
    transcript = TextBlock(
        label=_("Transcript"), required=False, rows=4, help_text=_("For those who can't watch it")
    )

    class Meta:
        icon = "media"
        label = _("Film")
        group = _("Pictures and sound")
        template = "blog/blocks/video.html"
        preview_template = "blog/blocks/previews/video.html"
        description = _("A film from your own documents")
