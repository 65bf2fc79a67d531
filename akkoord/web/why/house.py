"""Why these pages are there: start, insight, the accounts and the settings."""

from django.utils.translation import gettext_lazy as _

from akkoord.web.why.rows import Row, asks, shows

ROWS: tuple[Row, ...] = (
    shows(
        _(
            "Here stands what needs you, because you must be able to show that you keep to "
            "the rules."
        ),
        "AVG 5(2)",
        "insight:start",
    ),
    shows(
        _("Made-up people go before real ones come, so that what you keep is right."),
        "AVG 5(1)(d)",
        "insight:demo_remove",
    ),
    shows(
        _("Figures show what works, and who did not say yes to it is not followed."),
        "Tw 11.7a",
        "insight:overview",
        "insight:results",
        "insight:compare",
        "insight:trends",
    ),
    shows(
        _("Figures about groups are enough to learn from, so nobody has to be recognised in them."),
        "AVG 5(1)(c)",
        "insight:choices",
    ),
    asks(
        _(
            "Whoever reads data of people must be known by name, with a password that nobody "
            "else has."
        ),
        "AVG 32",
        "accounts:profile",
        "account_change_password",
    ),
    asks(
        _("Data of people must be safe, and a stolen password alone may open nothing."),
        "AVG 32",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
    ),
    asks(
        _("Only who needs data for the work may see them, and does with them what you asked."),
        "AVG 29, 32(4)",
        "accounts:staff",
        "accounts:staff_create",
        "accounts:staff_role",
        "accounts:staff_off",
    ),
    asks(
        _(
            "Another system gets no more data than it needs, and you can take its key back at "
            "any time."
        ),
        "AVG 25(2), 32",
        "accounts:keys",
        "accounts:key_create",
    ),
    shows(
        _("Here you read mail that reached nobody, so that no data goes to the wrong person."),
        "AVG 32",
        "delivery:index",
        "delivery:mail",
    ),
    asks(
        _(
            "People must be able to read who you are and how to reach you, on every form and "
            "in every letter."
        ),
        "AVG 13(1)(a)",
        "register:settings",
    ),
    shows(
        _(
            "What works the same everywhere is easy to understand, and so must be what you "
            "tell people."
        ),
        "AVG 12(1)",
        "web:style",
    ),
    asks(
        _("Data may not get lost, and you must be able to put them back in time."),
        "AVG 32(1)(c)",
        "backups:index",
        "backups:setting",
        "backups:tried",
    ),
)
