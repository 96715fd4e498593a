"""One of several words."""

from typing import Any

from wagtail.blocks import ChoiceBlock


class WordChoiceBlock(ChoiceBlock):
    """Keeps the key of one of the choices, which is text.

    Wagtail compares what it reads with the key of every choice, in case a number was meant. For
    source code, which has hundreds of languages, that took more time than colouring it.
    """

    def normalize_choice(self, value: Any) -> Any:
        return value
