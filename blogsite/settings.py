"""Every setting, decided by environment variables alone (the README lists them)."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured

from blogsite import environment as env
from blogsite.formats.en import formats
from blogsite.media_storage import storage_at
from blogsite.secret import kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")

# --- where this installation answers -------------------------------------------------------
PORT = env.port("PORT", 8000)
PLATFORM_HOST = env.host("PLATFORM_HOST", f"localhost:{PORT}")
PLATFORM_HOSTNAME, _, _port = PLATFORM_HOST.partition(":")
AT_HOME = PLATFORM_HOSTNAME == "localhost" or PLATFORM_HOSTNAME.endswith(".localhost")
PUBLIC_PORT = int(_port or (80 if AT_HOME else 443))
PUBLIC_SCHEME = "http" if AT_HOME else "https"
ADMIN_HOST = env.host("ADMIN_HOST", PLATFORM_HOST)
ADMIN_HOSTNAME = ADMIN_HOST.partition(":")[0]
# Names of this machine that mean the platform's front page at home.
PLATFORM_ALIASES = ["127.0.0.1", "[::1]"] if AT_HOME else []
# Addresses of proxies whose X-Forwarded-Host, -Proto and -For are believed.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")

# What owners point their domains at, besides the platform's host, which no apex can be a CNAME of.
PLATFORM_ADDRESSES = env.addresses("PLATFORM_ADDRESSES")
# Who is asked whether a domain is proven (`192.0.2.1`, `192.0.2.1:5353`); the system's if empty.
DNS_SERVERS = env.name_servers("DNS_SERVERS")
# What programs must know that ask for metrics, or for which hosts a certificate may be had.
MACHINE_TOKEN = env.text("MACHINE_TOKEN")

DEBUG = env.truth("DEBUG", default=False)
SHORTEST_KEY = 50  # characters, as Django's own check wants
if not AT_HOME and DEBUG:
    raise ImproperlyConfigured(
        f"DEBUG is on, and {PLATFORM_HOST} is a public host: its errors would show everybody what "
        "the environment holds. Take DEBUG out of it."
    )
if not AT_HOME and len(env.text("SECRET_KEY")) < SHORTEST_KEY:
    what_is_wrong = "too short" if env.text("SECRET_KEY") else "not set"
    raise ImproperlyConfigured(
        f"SECRET_KEY is {what_is_wrong}. {PLATFORM_HOST} is a public host, so the key that signs "
        f"sessions must come from the environment: {SHORTEST_KEY} or more random characters, kept "
        "secret. One that was in use goes into SECRET_KEY_FALLBACKS, so that all stay signed in."
    )
if not AT_HOME and not env.text("DATABASE_URL"):
    raise ImproperlyConfigured(
        f"DATABASE_URL is not set. {PLATFORM_HOST} is a public host; name its database, for "
        "instance postgres://user:password@host/blogs (or sqlite:////data/blogs.sqlite3)."
    )
SECRET_KEY = env.text("SECRET_KEY") or kept_secret(DATA_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.several("SECRET_KEY_FALLBACKS")
# Which hosts exist is data: tenancy's middleware runs first and answers 421 to all others.
ALLOWED_HOSTS = ["*"]

# --- what is installed ---------------------------------------------------------------------
INSTALLED_APPS = [
    "blogsite",
    "demo",
    "desk",
    "portability",
    "trash",
    "tenancy",
    "home",
    "blog",
    "search",
    "jobs",
    "pages",
    "themes",
    "library",
    "users",
    "pagecache",
    "wagtail.contrib.typed_table_block",
    "wagtail.contrib.routable_page",
    "wagtail.embeds",
    "wagtail.sites",
    "tenancy.apps.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # its widgets' templates, after those that stand in for them
]

MIDDLEWARE = [
    "tenancy.middleware.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "blogsite.middleware.ContentPolicyMiddleware",
    "blogsite.middleware.StaticFilesMiddleware",
    "blogsite.middleware.ReaderValidatorMiddleware",
    "blogsite.middleware.ReaderCompressionMiddleware",
    "blogsite.middleware.PatienceMiddleware",
    "blogsite.middleware.AdminLanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "blog.middleware.OldAddressMiddleware",
    "blog.editing.middleware.SentByScriptMiddleware",
    "blogsite.middleware.SmallBodiesMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenancy.firewall.middleware.FirewallMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "blogsite.middleware.WholeWritesMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "blogsite.urls"
WSGI_APPLICATION = "blogsite.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # A theme's own templates stand in its folder.
        "DIRS": [BASE_DIR / "themes"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- what keeps the data -------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers queue instead of failing, and readers never wait for them. What a statement writes
    # aside stays in memory: a full temporary directory would refuse every save.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
        ),
        **DATABASES["default"].get("OPTIONS", {}),
    }
    # A file, as in use: a database in memory has no write-ahead log.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # A server that is gone is noticed in seconds, and a lock isn't waited for without end. One that
    # is merely busy takes more than a second for a connection, and readers shouldn't notice.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
        # What the address asks for, as `?sslmode=verify-full`.
        **DATABASES["default"].get("OPTIONS", {}),
    }

REDIS_URL = env.redis("REDIS_URL")
CACHES: dict[str, dict[str, Any]]
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {
                # Cached values are shared between processes: nothing in them may run.
                "SERIALIZER": "django_redis.serializers.json.JSONSerializer",
                "IGNORE_EXCEPTIONS": True,
                "SOCKET_CONNECT_TIMEOUT": 0.2,
                "SOCKET_TIMEOUT": 0.2,
            },
        },
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Renditions are models, so they are kept in the process that loaded them.
CACHES["renditions"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "renditions",
}

# What a weblog may store, unless the operator gave it another quota; 0 is no limit.
STORAGE_QUOTA = env.size("STORAGE_QUOTA", "2 GB")
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
STATIC_URL = "/static/"
STORAGES = {
    "default": storage_at(env.text("MEDIA_STORAGE_URL")),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "themes.finders.ThemeFinder",
]
SHARED_STYLES = BASE_DIR / "blogsite" / "styles"
WHITENOISE_USE_FINDERS = DEBUG
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20

# --- the models that stand in for Wagtail's and Django's own ---------------------------------
AUTH_USER_MODEL = "users.User"
WAGTAIL_PAGE_MODEL = "pages.BasePage"
WAGTAILIMAGES_IMAGE_MODEL = "library.Picture"
WAGTAILDOCS_DOCUMENT_MODEL = "library.Document"
WAGTAILIMAGES_IMAGE_FORM_BASE = "tenancy.uploads.WeblogPictureForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "tenancy.uploads.WeblogDocumentForm"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- language and time; a weblog's own settings override both for its pages -------------------
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
# Wagtail would offer "localtime", which is this machine's, and "Factory", which is a clock's that
# nobody has set: they say nothing to anybody.
WAGTAIL_USER_TIME_ZONES = sorted(available_timezones() - {"Factory", "localtime"})
FORMAT_MODULE_PATH = ["blogsite.formats"]
# For a language of which it knows none, Django would take the month for the first number, too.
DATE_INPUT_FORMATS = formats.DATE_INPUT_FORMATS
DATETIME_INPUT_FORMATS = formats.DATETIME_INPUT_FORMATS

# --- Wagtail -------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Blogs for Everybody"
WAGTAILADMIN_BASE_URL = f"{PUBLIC_SCHEME}://{ADMIN_HOST}"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# An address is what invitations and new passwords are sent to, so nobody claims another's.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Operators aren't told of every entry that is sent to be reviewed; a weblog's people are.
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
# Milliseconds that a change waits before it is saved; noticing it takes up to a second more.
WAGTAIL_AUTOSAVE_INTERVAL = 500
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "blog.editing.rich_text.RichTextArea"}}
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "heic", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 2**20
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILDOCS_EXTENSIONS = [
    *("csv", "docx", "epub", "odt", "pdf", "pptx", "txt", "xlsx", "zip"),
    *("m4a", "mp3", "mp4", "ogg", "opus", "vtt", "wav", "webm"),
]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backends"}}

# --- signing in ----------------------------------------------------------------------------
LOGIN_URL = "wagtailadmin_login"
WAGTAILADMIN_USER_LOGIN_FORM = "users.signing_in.SignInForm"
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "users.signing_in.ResetForm"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_HANDLER = "users.signing_in.Failures"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]  # in the handler's order
AXES_FAILURE_LIMIT = 5  # for one name from one network, each within the following of the last
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "users.signing_in.name_typed"
AXES_CLIENT_IP_CALLABLE = "users.signing_in.network_of"
AXES_LOCKOUT_CALLABLE = "users.signing_in.too_often"
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["username"]  # into which a password slips now and then
AXES_VERBOSE = False
CSRF_FAILURE_VIEW = "blogsite.views.not_taken"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "session", "csrf"
if not AT_HOME:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [WAGTAILADMIN_BASE_URL]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.truth("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^-/"]
    SECURE_HSTS_SECONDS = 31_536_000
    SILENCED_SYSTEM_CHECKS = [
        "security.W005",  # an owner's other subdomains are not ours to force to HTTPS
        "security.W021",  # nor is their domain ours to put on browsers' lists
        "security.W019",  # the admin shows previews in a frame of its own origin
    ]

# --- what a browser may do on a page for readers, and in the admin ----------------------------
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "media-src": ["'self'"],
        # Players that a reader has asked for; nothing is loaded from them before.
        "frame-src": ["https://www.youtube-nocookie.com", "https://player.vimeo.com"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'self'"],
    },
}
ADMIN_SECURITY_POLICY = {
    "default-src": ["'self'"],
    # No script stands in a page, so none needs a nonce (`tenancy/scripts.py`).
    "script-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    # Pictures that are about to be sent, and those that Wagtail's styles hold.
    "img-src": ["'self'", "data:", "blob:"],
    "frame-src": ["'self'"],  # and the host of the weblog that a form previews
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
    "frame-ancestors": ["'self'"],
}
X_FRAME_OPTIONS = "SAMEORIGIN"

# --- the page cache --------------------------------------------------------------------------
PAGE_CACHE = env.truth("PAGE_CACHE", default=True)
PAGE_CACHE_MB = env.number("PAGE_CACHE_MB", 64)  # for each process
PAGE_CACHE_SECONDS = 300  # until a page is made anew though nothing is known to have changed
# Caches that are told what changed, in the words of Wagtail's documentation of frontend caches.
WAGTAILFRONTENDCACHE = env.table("FRONTEND_CACHE")
if WAGTAILFRONTENDCACHE:
    INSTALLED_APPS.append("wagtail.contrib.frontend_cache")
# A proxy may send what it has for a second (for a minute, where it is told what changed), and go on
# with it for an hour while we are away.
READER_CACHE_CONTROL = (
    f"public, max-age=0, s-maxage={60 if WAGTAILFRONTENDCACHE else 1}, stale-while-revalidate=1, "
    "stale-if-error=3600"
)

# --- work behind the requests ----------------------------------------------------------------
WORK_IN_APP = env.truth("WORK_IN_APP", default=True)

# --- mail and logs -------------------------------------------------------------------------
# Links that open accounts are for the log of nobody's server.
vars().update(env.mail("EMAIL_URL", "consolemail://" if AT_HOME else "dummymail://"))
MAIL_BACKEND, EMAIL_BACKEND = vars()["EMAIL_BACKEND"], "jobs.mail.AfterCommit"
EMAIL_TIMEOUT = 5  # seconds
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"blogs@{PLATFORM_HOSTNAME}")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"away": {"()": "blogsite.logs.AwayInALine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["away"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},
}

# --- the demo ------------------------------------------------------------------------------
DEMO = env.text("DEMO", "demo" if AT_HOME else "none")
DEMO_DATA = env.text("DEMO_DATA")
