"""The language of groups: `city is "Utrecht" and last_purchase within 90 days`.

    group      = all { "or" all }
    all        = one { "and" one }
    one        = "not" one | "(" group ")" | condition
    condition  = FIELD "is" [ "not" ] ( "empty" | value )
               | FIELD ( "contains" | "starts" "with" ) text
               | FIELD ( "before" | "after" ) DATE
               | FIELD "within" NUMBER "days"
               | FIELD ( "more" | "less" ) "than" NUMBER
               | FIELD "at" ( "least" | "most" ) NUMBER
               | FIELD ( ">" | "<" | ">=" | "<=" ) ( NUMBER | DATE )
               | FIELD "within" "next" NUMBER "days"
               | FIELD "anniversary" "within" NUMBER "days"
               | FIELD ( "exactly" | "at" "least" ) NUMBER "days" "ago"
               | "bought" "at" ( "least" | "most" ) NUMBER "times" "within" NUMBER "days"
               | "spent" "at" ( "least" | "most" ) NUMBER "within" NUMBER "days"
               | ( "opened" "letter" | "pressed" "link" ) "within" NUMBER ( "days" | "letters" )
               | "chose" "topic" text
               | "in" "group" text
    value      = text | NUMBER | DATE

Every word may also be said in Dutch, and mixed: `en of niet is bevat begint met voor na binnen
dagen meer minder dan minstens hoogstens leeg koos onderwerp komende verjaart precies geleden kocht
keer besteedde opende klikte brief brieven groep`; so may the fields (`stad`, `laatste
aankoop`: `datamap.field_words`; an own field of that name comes first). `writing.text_of`
writes either; letters keep the English.

A text stands in double quotes (`\\"` and `\\\\` inside it), a date is `2026-11-24`. `and` binds
stronger than `or`. `segment_condition` is what letters ask.
"""

from datetime import datetime

from django.db.models import Q

from akkoord.register.models import Purpose
from akkoord.segments.compile import compile_segment
from akkoord.segments.reader import MAX_CONDITIONS as MAX_CONDITIONS
from akkoord.segments.reader import MAX_DEPTH as MAX_DEPTH
from akkoord.segments.reader import parse as parse


def segment_condition(text: str, purpose: Purpose, at: datetime) -> Q:
    """The condition over contact points that a text stands for, for letters on this topic.

    Raises SegmentError with a code, a place and a sentence: the text cannot be read, or it uses a
    field outside the purpose. An empty text is everybody.
    """
    return compile_segment(parse(text), purpose, at) if text.strip() else Q()
