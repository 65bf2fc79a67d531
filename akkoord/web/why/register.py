"""Why these pages are there: the register, and what may be kept."""

from django.utils.translation import gettext_lazy as _

from akkoord.web.why.rows import Row, asks, shows

ROWS: tuple[Row, ...] = (
    shows(
        _(
            "The law asks you to keep a list of what you do with data of people, and the "
            "authority may see it."
        ),
        "AVG 30(1), 30(4)",
        "register:index",
    ),
    asks(
        _(
            "Of all that you do with data the law asks why, of whom, what, who gets it, how "
            "long and how safe."
        ),
        "AVG 30(1)",
        "register:start",
        "register:step",
        "register:activity",
    ),
    shows(
        _("You must be able to show how you did it before, too."),
        "AVG 5(2)",
        "register:history",
        "register:house_history",
        "register:company_history",
    ),
    asks(
        _("The register begins with who answers for the data, and how to reach them."),
        "AVG 30(1)(a)",
        "register:house",
    ),
    asks(
        _(
            "A company that works for you with data needs a contract, and outside Europe a "
            "ground as well."
        ),
        "AVG 28(3), 44",
        "register:companies",
        "register:company",
        "register:company_new",
    ),
    asks(
        _("You must keep data safe, and the register says how."),
        "AVG 30(1)(g), 32",
        "register:measures",
    ),
    asks(
        _("The authority may see your register, and needs no data of customers for that."),
        "AVG 30(4)",
        "register:inspectors",
    ),
    asks(
        _("A register that you have already counts too, when every part is in it."),
        "AVG 30(1)",
        "register:bring",
    ),
    asks(
        _(
            "Without a yes you weigh what you want against what it means for people, and "
            "write that down."
        ),
        "AVG 6(1)(f)",
        "register:balancing",
    ),
    asks(
        _("What somebody gave for one thing you may not simply use for another."),
        "AVG 5(1)(b), 6(4)",
        "register:activity_fields",
    ),
    asks(
        _("You may ask only what you need, and you must be able to say why."),
        "AVG 5(1)(c)",
        "register:fields",
        "register:field_create",
        "register:field_choices",
    ),
    asks(
        _(
            "Data on health, faith and the like, on offences, and the citizen service number are "
            "forbidden, unless an exception in the law allows them."
        ),
        "AVG 9, 10, UAVG 46",
        "register:exceptions",
        "register:exception",
        "register:exception_create",
    ),
)
