"""Cards in social networks: Open Graph (ogp.me), Twitter cards and the Fediverse's author."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import to_locale

from blog.excerpts import CONTROL
from blog.metadata.dates import iso
from blog.metadata.subject import Subject

# Open Graph wants a territory with each language: that of most of its speakers.
LOCALES = dict(
    locale.partition("_")[::2]
    for locale in (
        "af_ZA ar_AR az_AZ be_BY bg_BG bn_IN bs_BA ca_ES cs_CZ cy_GB da_DK de_DE el_GR en_US eo_EO "
        "es_ES et_EE eu_ES fa_IR fi_FI fr_FR ga_IE gl_ES he_IL hi_IN hr_HR hu_HU hy_AM id_ID is_IS "
        "it_IT ja_JP ka_GE kk_KZ km_KH kn_IN ko_KR ky_KG lt_LT lv_LV mk_MK ml_IN mn_MN mr_IN ms_MY "
        "my_MM nb_NO ne_NP nl_NL nn_NO pa_IN pl_PL pt_PT ro_RO ru_RU sk_SK sl_SI sq_AL sr_RS sv_SE "
        "sw_KE ta_IN te_IN tg_TJ th_TH tk_TM tr_TR tt_RU ug_CN uk_UA ur_PK uz_UZ vi_VN"
    ).split()
)
SCRIPTS = {"zh_Hans": "zh_CN", "zh_Hant": "zh_TW", "sr_Latn": "sr_RS"}


class Tag(NamedTuple):
    """One ``<meta>``: Open Graph's have a ``property``, all others a ``name``."""

    attribute: str
    name: str
    content: str


def tags_of(subject: Subject) -> list[Tag]:
    kind = "article" if subject.entry else "profile" if subject.is_author else "website"
    creator = subject.weblog.fediverse_creator if subject.weblog else ""
    picture = subject.picture
    tags = [
        Tag("name", "description", subject.description or subject.title),
        Tag("property", "og:type", kind),
        Tag("property", "og:title", subject.title),
        Tag("property", "og:url", subject.url),
        Tag("property", "og:description", subject.description),
        Tag("property", "og:site_name", subject.site_name),
        Tag("property", "og:locale", locale_of(subject)),
        Tag("property", "og:image", picture.url),
        Tag("property", "og:image:width", str(picture.width)),
        Tag("property", "og:image:height", str(picture.height)),
        Tag("property", "og:image:alt", picture.alt),
        *_article(subject),
        Tag("name", "twitter:card", "summary_large_image"),
        Tag("name", "fediverse:creator", f"@{creator.removeprefix('@')}" if creator else ""),
    ]
    readable = [tag._replace(content=CONTROL.sub("", tag.content)) for tag in tags]
    return [tag for tag in readable if tag.content]


def _article(subject: Subject) -> list[Tag]:
    entry = subject.entry
    if not entry:
        return []
    filing = entry.filing
    authors = [f"author/{author.slug}/" for author in filing.authors if author.slug]
    values = [
        ("published_time", iso(entry.date)),
        ("modified_time", iso(entry.updated)),
        *(("author", subject.address(author)) for author in authors),
        *(("section", category.name) for category in filing.categories[:1]),
        *(("tag", tag.name) for tag in filing.tags),
    ]
    return [Tag("property", f"article:{name}", value) for name, value in values]


def locale_of(subject: Subject) -> str:
    """Return the language as Open Graph writes it: ``en_US``."""
    locale = to_locale(subject.page.content_language)
    if territory := LOCALES.get(locale):
        return f"{locale}_{territory}"
    return SCRIPTS.get(locale, locale)
