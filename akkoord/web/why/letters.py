"""Why these pages are there: letters of every kind, groups and pictures."""

from django.utils.translation import gettext_lazy as _

from akkoord.web.why.rows import Row, asks, shows

ROWS: tuple[Row, ...] = (
    shows(
        _("Before a letter leaves, Akkoord looks for each person whether it may."),
        "Tw 11.7, AVG 6",
        "campaigns:index",
    ),
    asks(
        _("In every letter people must see who writes and how they stop."),
        "Tw 11.7",
        "campaigns:create",
        "campaigns:revise",
        "campaigns:start_blocks",
        "campaigns:editor",
        "campaigns:draw",
    ),
    asks(
        _("Paper needs no yes beforehand, but people must be able to say no to it."),
        "AVG 21(2)",
        "campaigns:create_letter",
    ),
    asks(
        _("A push message goes only to who allowed it for this topic."),
        "Tw 11.7",
        "campaigns:create_push",
    ),
    shows(
        _("A letter goes only to people of whom you can show that it may."),
        "Tw 11.7, AVG 6",
        "campaigns:detail",
        "campaigns:check",
        "campaigns:refused",
    ),
    shows(
        _("You must be able to show what you sent, and to remove somebody who stands in it."),
        "AVG 5(2), 17",
        "campaigns:versions",
    ),
    asks(
        _("Who says no before a planned letter leaves does not get it."),
        "AVG 21(3)",
        "campaigns:when",
    ),
    asks(
        _(
            "Which letter does better is counted without following anybody who did not say "
            "yes to that."
        ),
        "Tw 11.7a",
        "campaigns:ab",
        "campaigns:ab_set_up",
    ),
    asks(
        _("In a letter that everybody may read stand no data of anybody."),
        "AVG 5(1)(c)",
        "campaigns:archive",
    ),
    asks(
        _(
            "A company that mails for you sees data of people, so you need a contract with it "
            "first."
        ),
        "AVG 28(3)",
        "campaigns:sending",
        "campaigns:sending_cap",
        "campaigns:sending_pace",
        "campaigns:server_add",
        "campaigns:account_add",
    ),
    asks(
        _("An address that no longer works must stop, and a complaint counts as a no."),
        "AVG 5(1)(d), 21(2)",
        "campaigns:hook_make",
        "campaigns:hook_proof",
    ),
    shows(
        _("A series looks again at each letter whether it may, so a no stops it at once."),
        "Tw 11.7, AVG 21(3)",
        "campaigns:series",
        "campaigns:series_flow",
    ),
    asks(
        _("What goes by itself must be fair: people know why they get it and can stop it."),
        "AVG 5(1)(a)",
        "campaigns:series_create",
        "campaigns:series_change",
        "campaigns:step_add",
        "campaigns:step_change",
    ),
    shows(
        _("When somebody asks why a letter came, you must be able to say it."),
        "AVG 15",
        "campaigns:series_people",
        "campaigns:series_person",
    ),
    asks(
        _(
            "News about a purchase or an agreement needs no yes, as long as there is no "
            "advertising in it."
        ),
        "AVG 6(1)(b), Tw 11.7",
        "campaigns:service",
        "campaigns:service_create",
        "campaigns:service_write",
        "campaigns:service_about",
        "campaigns:service_send",
        "campaigns:service_sent",
    ),
    asks(
        _("News without a yes rests on an agreement, so you must be able to show the agreement."),
        "AVG 6(1)(b)",
        "campaigns:agreements",
        "campaigns:agreement_file",
    ),
    asks(
        _("You may group people only by what they gave for this purpose, never by sensitive data."),
        "AVG 5(1)(b), 9",
        "segments:index",
        "segments:create",
        "segments:edit",
        "segments:people",
    ),
    asks(
        _("A postcode is enough to know who lives near, so you need no more than that."),
        "AVG 5(1)(c)",
        "segments:places",
    ),
    asks(
        _(
            "A photo can show people, and its file where it was made: what you do not need "
            "goes off."
        ),
        "AVG 5(1)(c)",
        "composing:pictures",
        "composing:picture",
    ),
    asks(
        _("What you tell people must be easy to read, also for who sees badly."),
        "AVG 12(1)",
        "composing:style",
    ),
)
