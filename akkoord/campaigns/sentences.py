"""What the compiler says, in the reader's language: what is wrong, where, what to do."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from akkoord.messages.compile import CompileError

_SENTENCES = {
    "empty-subject": _lazy("Fill in a subject."),
    "empty-body": _lazy("Write a text."),
    "unknown-field": _lazy("There is no field “{field}”. Look at the list beside the text."),
    "field-not-here": _lazy("The field “{field}” cannot stand here."),
    "expression-not-allowed": _lazy(
        "Only a field with a fallback can stand between braces, such as "
        '{{{{ first_name | default: "reader" }}}}.'
    ),
    "tag-not-allowed": _lazy("Loops and conditions cannot stand in a letter."),
    "comment-not-allowed": _lazy("Take the comment out of the text."),
    "filter-not-allowed": _lazy("This filter is not known. Use “default”, for example."),
    "filter-arguments": _lazy('This filter misses its value, such as default: "reader".'),
    "html-not-allowed": _lazy("There is something in the text that a mail may not hold."),
    "mjml": _lazy("This MJML cannot be read."),
    "mjml-not-wrapped": _lazy("MJML begins with <mjml> and ends with </mjml>."),
    "mjml-without-body": _lazy("MJML needs an <mj-body>."),
    "unknown-tag": _lazy("MJML does not know this element."),
    "tracking-pixel": _lazy(
        "There is an image in it that tells who opens the mail. That needs a separate consent "
        "(art. 11.7a Telecommunicatiewet). Take it out."
    ),
    "style-fetches": _lazy("A style may not fetch something from another site."),
    "way-out-hidden": _lazy("The link to unsubscribe must stay visible."),
    "too-long": _lazy("This text is too long for a mail."),
    "bad-address": _lazy("The sender's address is no e-mail address. Change it in the settings."),
    "no-reply-sender": _lazy(
        "People must be able to answer. Choose a sender's address that is read, in the settings."
    ),
    "sender-incomplete": _lazy("The sender has no name yet. Fill it in, in the settings."),
    "footer-incomplete": _lazy(
        "Your name, postal address or contact is missing. Fill them in, in the settings."
    ),
}


def compile_sentence(problem: CompileError) -> str:
    """What is wrong, with its line; for a field outside the purpose, the binding's own words."""
    if problem.explanation:
        sentence = problem.explanation
    else:
        template = str(_SENTENCES.get(problem.code, _lazy("This text cannot be sent.")))
        sentence = template.format(field=problem.field)
    if problem.line:
        return _("Line {line}: {sentence}").format(line=problem.line, sentence=sentence)
    return sentence
