"""Django settings, from a typed reading of the environment (`akkoord.config.environment`)."""

from importlib.util import find_spec

from django.utils.translation import gettext_lazy as _

from akkoord.config.environment import environment

env = environment()

DATA_DIR = env.data_dir
SECRET_KEY = env.secret_key
DEBUG = False
ALLOWED_HOSTS = env.allowed_hosts
BASE_URL = env.base_url
SMTP_URL = env.smtp_url
CSRF_TRUSTED_ORIGINS = [env.base_url] if env.base_url.startswith("https://") else []

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
    "segments",
    "campaigns",
    "imports",
    "rights",
    "retention",
    "insight",
]
INSTALLED_APPS = [
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
    *(f"akkoord.{room}" for room in ROOMS),
    "akkoord.config.apps.ConfigConfig",
]
MIDDLEWARE = [
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
    "axes.middleware.AxesMiddleware",
]
# While the rooms are being built: leave out what does not exist yet.
MIDDLEWARE = [
    each
    for each in MIDDLEWARE
    if not each.startswith("akkoord.") or find_spec(each.rpartition(".")[0])
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
                *(["akkoord.web.context.frame"] if find_spec("akkoord.web.context") else []),
            ],
        },
    }
]
DATABASES = {"default": env.database}
AUTH_USER_MODEL = "accounts.Staff" if find_spec("akkoord.accounts.models") else "auth.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
