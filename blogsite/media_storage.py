"""Where files are stored, read from one address."""

import re
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ON_DISK = {"BACKEND": "library.storages.FilesOnDisk"}
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")  # Amazon's rules for general buckets
REGION = re.compile(r"^s3[.-](?P<region>[a-z]+-[a-z0-9-]+)\.")
OPTIONS = {"region", "tls"}
EXAMPLE = "s3://KEY:SECRET@s3.eu-central-1.amazonaws.com/BUCKET"


def storage_at(url: str) -> dict[str, Any]:
    """Return Django's storage for `s3://KEY:SECRET@HOST/BUCKET/FOLDER?region=REGION&tls=false`.

    The key, the folder and the options may be left out. "" means files on disk.

    Raises:
        ImproperlyConfigured: it is nothing of the kind; the sentence doesn't tell the secret.
    """
    if not url:
        return ON_DISK
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # which would tell the secret
        raise _refused("can't be read; in a secret / # ? and % are %2F %23 %3F and %25") from None
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if problem := _problem_of(parts, options):
        raise _refused(problem)
    bucket, _, folder = unquote(parts.path).strip("/").partition("/")
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else str(parts.hostname)
    found = REGION.match(host)
    scheme = "http" if options.get("tls") == "false" else "https"
    return {
        "BACKEND": "library.storages.FilesInObjectStore",
        "OPTIONS": {
            "endpoint_url": f"{scheme}://{host}" + (f":{port}" if port else ""),
            "region_name": options.get("region") or (found["region"] if found else "us-east-1"),
            "access_key": unquote(parts.username) if parts.username else None,
            "secret_key": unquote(parts.password) if parts.password else None,
            "bucket_name": bucket,
            "location": folder.strip("/"),
        },
    }


def _problem_of(parts: SplitResult, options: dict[str, str]) -> str:
    bucket = unquote(parts.path).strip("/").partition("/")[0]
    if parts.scheme != "s3":
        return "doesn't begin with s3://"
    if not parts.hostname:
        return "names no host"
    if bool(parts.username) != bool(parts.password):
        return "has a key without a secret, or a secret without a key"
    if not bucket:
        return "names no bucket after the host"
    if not BUCKET.fullmatch(bucket):
        return f"names “{bucket}”, which no bucket can be called"
    if parts.fragment:
        return "has a #; in a secret it is written %23"
    if unknown := sorted(options.keys() - OPTIONS):
        return f"has the option “{unknown[0]}”; there are region and tls"
    if options.get("tls", "true") not in ("true", "false"):
        return "has a tls that is neither true nor false"
    return ""


def _refused(problem: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(
        f"MEDIA_STORAGE_URL {problem}. Write {EXAMPLE}, or leave it out for files on disk."
    )
