"""How much one block holds. Whoever saves or shows a text waits for the whole of it to be read."""

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

LONGEST = 500_000  # characters; a long novel has two million


def check_length(text: str) -> None:
    """Refuse a text that is too long for one block.

    Raises:
        ValidationError: it is, and the sentence says by how much.
    """
    if len(text) > LONGEST:
        sentence = _(
            "This text is too long for one block: {length} characters of at most {most}. "
            "Divide it into several blocks."
        )
        length, most = (number_format(n, force_grouping=True) for n in (len(text), LONGEST))
        raise ValidationError(sentence.format(length=length, most=most))
