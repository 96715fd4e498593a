"""What the editor's modules say; a name in curly brackets is filled in by them."""

from django.utils.translation import gettext as _


def sentences() -> dict[str, str]:
    return {
        "dismiss": _("Dismiss"),
        # --- pasting
        "pasting": _("Splitting the text into blocks …"),
        "pasted": _("The text was split into {count} blocks."),
        "keepAsText": _("Keep as one text"),
        "pasteTooLong": _(
            "This text is too long to be pasted at once: {length} characters of at most {most}. "
            "Nothing was changed. Paste it in parts."
        ),
        "pasteFailed": _("The text couldn’t be split into blocks, so it was pasted as it is."),
        "picturesNotTaken": _("Pictures that didn’t come along: {count}. Add them yourself."),
        # --- deleting
        "deleted": _("Deleted."),
        "undo": _("Undo"),
        "back": _("It is back."),
        # --- pictures
        "uploading": _("Uploading “{name}” …"),
        "uploadFailed": _("“{name}” wasn’t added: {reason}"),
        "noConnection": _("the server can’t be reached. Try again when you are online."),
        "signedOutReason": _("you are signed out. Sign in again and retry."),
        "leftReason": _("you no longer belong to this weblog."),
        "notAllowed": _("you may not add pictures to this weblog."),
        "tooLarge": _("the file is too large."),
        "refused": _("the server couldn’t take it."),
        "notAPicture": _("it isn’t a picture."),
        "retry": _("Try again"),
        "describe": _("What does the picture show, for those who can’t see it?"),
        # --- saving
        "notSaved": _("Not saved on the server; kept in this browser."),
        "notKept": _("Not saved on the server. Keep this page open."),
        "signedOut": _("You are signed out. Your text is kept in this browser."),
        "signedOutNotKept": _("You are signed out. Keep this page open."),
        "signIn": _("Sign in again"),
        "somebodyElse": _(
            "Somebody else is signed in here now. Your text is kept in this browser for you."
        ),
        "left": _(
            "You no longer belong to “{weblog}”, so nothing more is saved there. What was saved "
            "before stays; what you typed since is kept in this browser."
        ),
        "leftNotKept": _(
            "You no longer belong to “{weblog}”, so nothing more is saved there. What was saved "
            "before stays. Copy what you typed since."
        ),
        "barred": _(
            "You may no longer change this, so nothing more is saved. What was saved before stays; "
            "what you typed since is kept in this browser."
        ),
        "barredNotKept": _(
            "You may no longer change this, so nothing more is saved. What was saved before stays. "
            "Copy what you typed since."
        ),
        "savedAgain": _("Saved on the server."),
        "savedUndone": _("Saved on the server. The button did nothing yet: press it once more."),
        "arrived": _("Your text has arrived at the server."),
        "goOn": _("Go on"),
        "gone": _(
            "This page was deleted meanwhile, so nothing more is saved. What you typed is kept in "
            "this browser; restore the page from the trash to go on with it."
        ),
        "goneNotKept": _(
            "This page was deleted meanwhile, so nothing more is saved. Copy what you typed, or "
            "restore the page from the trash to go on with it."
        ),
        "unsaved": _("Text from {time} that didn’t reach the server: “{title}”"),
        "untitled": _("Untitled"),
        "restore": _("Restore"),
        "discard": _("Discard"),
        # --- what fills itself
        "summaryItself": _("Left empty, the first words of the text: {words}"),
        "sharedCover": _("Without one of its own, the cover is shown:"),
        "sharedFirst": _("Without one of its own, the first picture of the text is shown:"),
    }
