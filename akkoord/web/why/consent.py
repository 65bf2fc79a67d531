"""Why these pages are there: forms, topics, collecting places, and the proof."""

from django.utils.translation import gettext_lazy as _

from akkoord.web.why.rows import Row, asks, shows

ROWS: tuple[Row, ...] = (
    shows(
        _("Where people say yes, what they saw is kept, because you must be able to show it."),
        "AVG 7(1)",
        "consent:forms",
        "consent:form",
        "consent:form_version",
    ),
    asks(
        _(
            "A yes counts only when it is asked apart, in plain words, for one thing, in an "
            "empty box."
        ),
        "AVG 4(11), 7(2)",
        "consent:form_create",
        "consent:form_edit",
    ),
    shows(
        _(
            "In every place people read the same words beside the box, and what you do with "
            "their data."
        ),
        "AVG 13",
        "consent:form_place",
    ),
    asks(
        _("Who fills in a form at the counter may not see data of others."),
        "AVG 32",
        "consent:tablet_start",
    ),
    asks(
        _("Who asks you something gets an answer, and advertising only after a yes."),
        "AVG 5(1)(b)",
        "consent:enquiries",
        "consent:enquiry",
        "consent:enquiry_read",
    ),
    asks(
        _(
            "A push message needs a yes of its own, and people must know for what before "
            "their browser asks."
        ),
        "Tw 11.7",
        "consent:push_create",
        "consent:push_edit",
        "consent:push_page",
    ),
    shows(
        _("People may take a yes back at any time, so here stands what holds now."),
        "AVG 7(3)",
        "consent:overview",
    ),
    asks(
        _("Who said no stays out, also when a file brings them back."),
        "AVG 21(3)",
        "consent:suppressions",
    ),
    asks(
        _("A no in an answer to a mail counts as much as a press on the link."),
        "AVG 7(3), 21(2)",
        "consent:incoming",
    ),
    asks(
        _("You must be able to show which words people said yes to."),
        "AVG 7(1)",
        "consent:wordings",
        "consent:wording_create",
        "consent:script_create",
    ),
    asks(
        _("A signature proves a yes only if you know whose it is and what it stands under."),
        "AVG 7(1)",
        "consent:list_create",
    ),
    asks(
        _(
            "You may mail a customer without a yes only if they could say no where they gave "
            "their address."
        ),
        "Tw 11.7",
        "consent:collecting_places",
        "consent:collecting_place",
        "consent:collecting_end",
    ),
    shows(
        _("A yes holds for one purpose, so people choose per topic."),
        "AVG 6(1)(a)",
        "register:topics",
        "register:topic_detail",
    ),
    asks(
        _("People must know what they say yes to: what they get and how often."),
        "AVG 4(11)",
        "register:topic_create",
        "register:topic_revise",
    ),
    asks(
        _("Data stay no longer than needed, and an old yes proves little."),
        "AVG 5(1)(e), 7(1)",
        "register:topic_life",
    ),
    asks(
        _("A yes to mail is no yes to a call or an SMS: each way needs its own."),
        "Tw 11.7",
        "register:topic_channels",
    ),
    asks(
        _(
            "Without a yes a customer may get mail only about something like what they bought "
            "from you."
        ),
        "Tw 11.7",
        "register:topic_customers",
        "register:products",
        "register:product_change",
    ),
    asks(
        _("When a purpose ends, what you kept for it alone must go."),
        "AVG 5(1)(e)",
        "register:topic_end",
    ),
    asks(
        _(
            "A friend of a customer did not say yes to you: they get one mail, from somebody "
            "they know, and you keep nothing."
        ),
        "Tw 11.7",
        "referrals:index",
        "referrals:use_card",
    ),
    shows(
        _("You must be able to show what people said yes to, so nobody can change it unnoticed."),
        "AVG 5(2), 7(1)",
        "trail:index",
        "trail:check",
        "trail:event",
        "trail:proof_file",
    ),
    shows(
        _("You must be able to find out who read or changed data, for instance after a data leak."),
        "AVG 5(2), 32",
        "trail:changes",
    ),
)
