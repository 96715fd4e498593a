"""How much one block holds. Whoever saves or shows a text waits for the whole of it to be read."""

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

LONGEST = 500_000  # characters of what is read again at each save: Markdown, HTML, code
LONGEST_WORDS = 3_000_000  # of rich text; a long novel has two million


def check_length(text: str, most: int = LONGEST) -> None:
    """Refuse a text that is too long for one block.

    Raises:
        ValidationError: it is, and the sentence says by how much.
    """
    if len(text) > most:
        sentence = _(
            "This text is too long for one block: {length} characters of at most {longest}. "
            "Divide it into several blocks."
        )
        length, longest = (number_format(n, force_grouping=True) for n in (len(text), most))
        raise ValidationError(sentence.format(length=length, longest=longest))
