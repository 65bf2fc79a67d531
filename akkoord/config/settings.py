"""Django settings, from a typed reading of the environment (`akkoord.config.environment`)."""

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from akkoord.config.environment import environment
from akkoord.config.logs import LOGGING as LOGGING

env = environment()

DATA_DIR = env.data_dir
SECRET_KEY = env.secret_key
DEBUG = False
ALLOWED_HOSTS = env.allowed_hosts
BASE_URL = env.base_url
SMTP_URL = env.smtp_url
IMAP_URL = env.imap_url
POP_URL = env.pop_url
JOURNAL_COPY = env.journal_copy
DKIM_KEY_FILE = env.dkim_key
DKIM_SELECTOR = env.dkim_selector
CHECK_DNS = env.check_dns
PUSH_LOOPBACK = env.push_loopback
HTTPS = env.base_url.startswith("https://")

# ---- what Akkoord is made of ----
ROOMS = [
    "datamap",
    "trail",
    "accounts",
    "delivery",
    "web",
    "register",
    "people",
    "consent",
    "permission",
    "messages",
    "composing",
    "segments",
    "campaigns",
    "imports",
    "referrals",
    "rights",
    "retention",
    "policy",
    "checkup",
    "breaches",
    "insight",
    "api",
]
INSTALLED_APPS = [
    *(f"akkoord.{room}" for room in ROOMS),
    "akkoord.config.apps.ConfigConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "akkoord.config.apps.FlashMessages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    # First: after it nothing can see, store or log a visitor's full IP address.
    "akkoord.config.visitors.CutAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "akkoord.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "akkoord.config.access.AccessMiddleware",
    "akkoord.config.locked.LockedMiddleware",
    "akkoord.config.errors.NulMiddleware",
    "akkoord.config.errors.RetryAfterMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "akkoord.config.urls"
WSGI_APPLICATION = "akkoord.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "akkoord.web.context.frame",
            ],
            "builtins": ["akkoord.web.templatetags.fitting_dates"],
        },
    }
]

# ---- data ----
DATABASES = {"default": env.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
MEDIA_ROOT = env.data_dir / "uploads"
# A big upload waits on disk; in the data folder, not in a folder that others can list.
FILE_UPLOAD_TEMP_DIR = env.uploads_waiting_dir
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# ---- staff: e-mail and password, second factor, lock-out ----
AUTH_USER_MODEL = "accounts.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "akkoord.accounts.passwords.UnlikeYou",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {
        "NAME": "akkoord.accounts.passwords.LongEnough",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "akkoord.accounts.passwords.NotCommon"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "akkoord.config.log_in.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"  # staff are added by staff
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to somebody who is not staff
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_ADAPTER = "akkoord.config.log_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Akkoord"
# The lock-out is in the database, for all processes alike; allauth's own is per process.
ACCOUNT_RATE_LIMITS = {"login_failed": "100/m/ip"}
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "akkoord.config.log_in.client_ip"
AXES_USERNAME_CALLABLE = "akkoord.config.log_in.hashed_log_in"
AXES_CLIENT_STR_CALLABLE = "akkoord.config.log_in.nobody"
AXES_LOCKOUT_CALLABLE = "akkoord.config.errors.locked_out"
AXES_SENSITIVE_PARAMETERS = ["login", "email", "username", "ip_address", "password", "next"]

# ---- what a browser is told ----
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "frame-src": [SELF],  # previews of mails: sandboxed documents with their own policy
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"  # a token in an address goes nowhere else
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# granian speaks http; with a https address there is a proxy in front, which says what it spoke.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if HTTPS else 0
CSRF_TRUSTED_ORIGINS = [env.base_url] if HTTPS else []
CSRF_FAILURE_VIEW = "akkoord.config.errors.csrf_failure"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "akkoord_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True  # pages carry the token themselves
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-akkoord" if HTTPS else "akkoord_session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
LANGUAGE_COOKIE_NAME = "akkoord_language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # served from the package: nothing to collect
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
WHITENOISE_IMMUTABLE_FILE_TEST = r"/dist/.+-[0-9A-Z]{8}\.\w+$"  # the hash is in the name

# ---- words and time ----
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

# Mail never leaves by Django's own ways; `delivery` hands over.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
FORMS_URLFIELD_ASSUME_HTTPS = True  # Django 6 does so by itself; drop this line then
FORM_RENDERER = "akkoord.web.forms.AkkoordForms"
LOGGING_CONFIG = "logging.config.dictConfig"
