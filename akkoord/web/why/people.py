"""Why these pages are there: people, and what comes in from files."""

from django.utils.translation import gettext_lazy as _

from akkoord.web.why.rows import Row, asks, shows

ROWS: tuple[Row, ...] = (
    shows(
        _("You keep people only with a reason, and each of them may ask what you know."),
        "AVG 6, 15",
        "people:index",
    ),
    shows(
        _(
            "All that you know of somebody stands in one place: they may see it, have it "
            "corrected or have it removed."
        ),
        "AVG 15, 16, 17",
        "people:person",
    ),
    asks(
        _("What you keep must be right, and people may have it corrected."),
        "AVG 16",
        "people:person_correct",
    ),
    asks(
        _("Who is here twice gets everything twice, and a no must hold for both."),
        "AVG 5(1)(d)",
        "people:duplicates",
        "people:duplicate",
        "people:same",
    ),
    asks(
        _("What you keep must be right, and you mend or remove what is not."),
        "AVG 5(1)(d)",
        "people:review",
    ),
    asks(
        _("What you keep must stay right, and people know best themselves whether it is."),
        "AVG 5(1)(d)",
        "consent:details",
    ),
    asks(
        _(
            "You may keep somebody only if you can show why, so who it is and the proof "
            "belong together."
        ),
        "AVG 5(2), 6",
        "consent:person_add",
    ),
    asks(
        _("You must be able to show who said yes, to what, when and how."),
        "AVG 7(1)",
        "consent:person_grant",
    ),
    asks(
        _(
            "A company that published an address for such mail may get just that, when you can "
            "show where it stood."
        ),
        "AVG 6(1)(f), Tw 11.7",
        "consent:person_published",
        "register:topic_published",
    ),
    asks(
        _("A no works at once, and saying no must be as easy as saying yes."),
        "AVG 7(3), 21(3)",
        "consent:person_stop",
    ),
    asks(
        _("For somebody under 16 a parent says yes, and more than that you need not know."),
        "AVG 8, UAVG 5",
        "consent:person_age",
    ),
    asks(
        _(
            "You may keep sensitive data only when the law allows it, and only who needs them "
            "sees them."
        ),
        "AVG 9(2)",
        "consent:person_special",
    ),
    asks(
        _(
            "You may use people from a file only if you know where their data come from and "
            "can show that it is allowed."
        ),
        "AVG 6, 14(2)(f)",
        "imports:index",
        "imports:detail",
    ),
    asks(
        _("Each column needs a purpose, and what you do not need you leave out."),
        "AVG 5(1)(b), 5(1)(c)",
        "imports:columns",
    ),
    shows(
        _("What came in by mistake may not stay."),
        "AVG 5(1)(d)",
        "imports:undo",
    ),
    asks(
        _(
            "You may mail a customer without a yes if you can show two things: the purchase, "
            "and that they could say no at it."
        ),
        "Tw 11.7",
        "imports:sales",
        "imports:sales_detail",
        "imports:placeless",
        "imports:sale_by_hand",
    ),
)
