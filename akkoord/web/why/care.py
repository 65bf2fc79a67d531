"""Why these pages are there: requests, terms, leaks, the privacy policy and the check-up."""

from django.utils.translation import gettext_lazy as _

from akkoord.web.why.rows import Row, asks, shows

ROWS: tuple[Row, ...] = (
    shows(
        _("People may ask what you keep of them, and you have a month to answer."),
        "AVG 12(3), 15",
        "rights:index",
    ),
    asks(
        _("The month to answer begins on the day that the request came in, whichever way it came."),
        "AVG 12(3)",
        "rights:open",
    ),
    asks(
        _(
            "You answer within a month and in plain words, and for a no you need a reason "
            "from the law."
        ),
        "AVG 12(1), 12(3), 12(4)",
        "rights:request",
        "rights:attach",
        "rights:ask_more",
        "rights:assess",
        "rights:annotate",
        "rights:close",
        "rights:deliver",
        "rights:extend",
        "rights:extension_told",
        "rights:finish",
        "rights:letter",
        "rights:lift",
        "rights:refuse",
    ),
    shows(
        _("Somebody may see everything that you keep of them, and why."),
        "AVG 15",
        "rights:keep",
    ),
    asks(
        _("People may take their data along, and who else got them must hear of changes."),
        "AVG 19, 20",
        "rights:export",
    ),
    asks(
        _("Who asks to be forgotten is erased, except for what the law lets you keep."),
        "AVG 17",
        "rights:forget",
    ),
    shows(
        _("You must be able to show that you erased somebody, without keeping who it was."),
        "AVG 5(2), 17",
        "rights:certificate",
    ),
    asks(
        _("Who got data from you must hear it when they were corrected or must go."),
        "AVG 19",
        "rights:recipients",
        "rights:recipient_way",
        "rights:hand",
    ),
    asks(
        _("Erasing many people cannot be undone, so it stands fast who decided it and why."),
        "AVG 5(2), 17",
        "rights:lists",
        "rights:list",
        "rights:list_new",
    ),
    shows(
        _("Data stay no longer than needed: all of it has a term, and goes when it is over."),
        "AVG 5(1)(e)",
        "retention:index",
        "retention:clean",
        "retention:people",
        "retention:run",
    ),
    asks(
        _("You must be able to say how long you keep something, and people may read it."),
        "AVG 13(2)(a)",
        "retention:rule",
    ),
    shows(
        _("You can remove only what you know of, so every table and every file stands here."),
        "AVG 5(1)(e), 5(2)",
        "retention:stores",
        "retention:catalogue_all",
    ),
    shows(
        _("What you do not use you may not keep."),
        "AVG 5(1)(c)",
        "retention:catalogue",
        "retention:catalogue_field",
    ),
    asks(
        _("What you need for a dispute may stay until it is over, and no longer."),
        "AVG 17(3)(e)",
        "retention:holds",
        "retention:person",
    ),
    shows(
        _("People must be able to read beforehand, in plain words, what you do with their data."),
        "AVG 12(1), 13",
        "policy:index",
        "policy:publish",
        "policy:elsewhere",
    ),
    shows(
        _("You must be able to show what people could read, and when."),
        "AVG 5(2)",
        "policy:version",
    ),
    asks(
        _("What you add must be as plain and as true as the rest."),
        "AVG 12(1)",
        "policy:words",
    ),
    asks(
        _("You must keep to the rules, and be able to show that you do."),
        "AVG 5(2), 24",
        "checkup:index",
        "checkup:plan",
        "checkup:question",
    ),
    shows(
        _("Nobody else may mail in your name, so that people know that a mail is really yours."),
        "AVG 32",
        "checkup:mail",
    ),
    shows(
        _("Whoever works with data must know how to treat them."),
        "AVG 29, 32(4)",
        "checkup:course",
    ),
    asks(
        _("What can harm people much you think through before you begin."),
        "AVG 35",
        "checkup:dpia",
        "checkup:dpia_one",
        "checkup:dpia_screen",
        "checkup:dpia_step",
    ),
    shows(
        _("You write every data leak down, also one that you need not tell anybody."),
        "AVG 33(5)",
        "breaches:index",
        "breaches:breach",
        "breaches:history",
    ),
    asks(
        _(
            "Within 72 hours you decide whether the authority must know, so write down what "
            "you know and since when."
        ),
        "AVG 33(1)",
        "breaches:begin",
        "breaches:step",
    ),
    asks(
        _("Who has practised once finds the way within 72 hours."),
        "AVG 33(1)",
        "breaches:drill",
    ),
    asks(
        _(
            "The authority asks how many people are affected, and sometimes they must hear it "
            "themselves."
        ),
        "AVG 33(3)(a), 34",
        "breaches:who",
        "breaches:scope_add",
        "breaches:person_add",
        "breaches:people",
    ),
    asks(
        _("How great the risk for people is says who must know, and you write down why."),
        "AVG 33(1), 33(5), 34(1)",
        "breaches:decide",
    ),
    shows(
        _("This must stand in what you tell the authority."),
        "AVG 33(3)",
        "breaches:authority",
    ),
    asks(
        _(
            "When the risk is high, people must hear in plain words what happened and what "
            "they can do."
        ),
        "AVG 34(1), 34(2)",
        "breaches:letter",
        "breaches:post",
    ),
    asks(
        _("When you cannot reach people themselves, everybody must be able to read it."),
        "AVG 34(3)(c)",
        "breaches:public",
    ),
    shows(
        _("In 72 hours there is no time to find out who does what."),
        "AVG 33(1)",
        "breaches:protocol",
    ),
)
