"""What the compiler says, in the reader's language: what is wrong, where, what to do."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from akkoord.messages.compile import CompileWarning
from akkoord.messages.letter_checks import Remark
from akkoord.messages.template import CompileError

_SENTENCES = {
    "empty-subject": gettext_lazy("Fill in a subject."),
    "empty-body": gettext_lazy("Write a text."),
    "unknown-field": gettext_lazy("There is no field “{field}”. Look at the list beside the text."),
    "field-not-here": gettext_lazy("The field “{field}” cannot stand here."),
    "expression-not-allowed": gettext_lazy(
        "Only a field with a fallback can stand between braces, such as "
        '{{{{ first_name | default: "reader" }}}}.'
    ),
    "tag-not-allowed": gettext_lazy("Loops and conditions cannot stand in a letter."),
    "comment-not-allowed": gettext_lazy("Take the comment out of the text."),
    "filter-not-allowed": gettext_lazy("This filter is not known. Use “default”, for example."),
    "filter-arguments": gettext_lazy('This filter misses its value, such as default: "reader".'),
    "html-not-allowed": gettext_lazy("There is something in the text that a mail may not hold."),
    "html-not-closed": gettext_lazy(
        "Each tag must close, in order: look at <{field}>. What stays open would take the lines "
        "with your address and the link to unsubscribe inside it."
    ),
    "html-frame": gettext_lazy(
        "Begin with the content alone, or with one whole page: <html>, then <body>."
    ),
    "mjml": gettext_lazy("This MJML cannot be read."),
    "mjml-not-wrapped": gettext_lazy("MJML begins with <mjml> and ends with </mjml>."),
    "mjml-without-body": gettext_lazy("MJML needs an <mj-body>."),
    "unknown-tag": gettext_lazy("MJML does not know this element."),
    "tracking-pixel": gettext_lazy(
        "There is an image in it that tells who opens the mail. That needs a separate consent "
        "(art. 11.7a Telecommunicatiewet). Take it out."
    ),
    "image-without-words": gettext_lazy(
        "An image has no words for people who cannot see it. Add them."
    ),
    "style-not-allowed": gettext_lazy(
        "A style in <{field}> could reach the lines with your address and the link to "
        "unsubscribe. Give the element itself a colour, size or margin instead."
    ),
    "style-fetches": gettext_lazy("A style may not fetch something from another site."),
    "way-out-hidden": gettext_lazy("The link to unsubscribe must stay visible."),
    "unknown-format": gettext_lazy("The text must be simple mark-up or MJML."),
    "syntax": gettext_lazy("The braces of a field do not close, or something odd stands in them."),
    "field-in-attribute": gettext_lazy(
        "The field “{field}” stands in a link or a style. Put it in the text."
    ),
    "content-changed": gettext_lazy("The letter was changed after it was approved."),
    "too-many-links": gettext_lazy("There are more than 500 links in this text. Take some out."),
    "too-long": gettext_lazy("This text is too long for a mail."),
    "too-much-markup": gettext_lazy(
        "There is too much mark-up in this text: thousands of fields, tags, links or table cells. "
        "Make it simpler."
    ),
    "bad-address": gettext_lazy(
        "The sender's address is no e-mail address. Change it in the settings."
    ),
    "no-reply-sender": gettext_lazy(
        "People must be able to answer. Choose a sender's address that is read, in the settings."
    ),
    "sender-incomplete": gettext_lazy("The sender has no name yet. Fill it in, in the settings."),
    "footer-incomplete": gettext_lazy(
        "Your name, postal address or contact is missing. Fill them in, in the settings."
    ),
    "nothing-left": gettext_lazy(
        "Every block has a condition, so some people would get an empty letter. Give at least one "
        "block without a condition."
    ),
    "too-many-conditions": gettext_lazy(
        "At most 20 blocks of a letter can have a condition. Make the letter simpler."
    ),
    "promotion": gettext_lazy(
        "This sells: “{field}”. A message about a purchase that sells is advertising (art. 11.7 "
        "Telecommunicatiewet), and may go only to people who chose it. Take these words out, or "
        "write a letter on a topic instead."
    ),
    "service-plain": gettext_lazy(
        "A service message is plain text with simple mark-up: no blocks, no conditions."
    ),
    "push-too-long": gettext_lazy("This is too long for a push message: people would not see it."),
    "push-no-fields": gettext_lazy(
        "A push message is the same for everybody: we may not know who gets it, and it stands on "
        "a locked screen."
    ),
    "push-one-line": gettext_lazy("Write it on one line."),
    "letter-too-long": gettext_lazy("This letter is too long: it would take more than four pages."),
    "letter-mark-up": gettext_lazy(
        "A letter on paper has words, headings and lists. Take out pictures, lines and code."
    ),
    "no-postal-address": gettext_lazy(
        "Fill in your name and postal address in the settings: they stand on each letter."
    ),
    "push-link": gettext_lazy("Fill in a link that begins with https://."),
}
_WARNINGS = {
    "no-fallback": gettext_lazy(
        "“{field}” is empty for some people. Say what stands there then, such as "
        '{{{{ {field} | default: "reader" }}}}.'
    ),
    "long-subject": gettext_lazy("The subject is long. Phones show about 40 characters."),
    "clipped": gettext_lazy(
        "The letter is so long that Gmail cuts it off, the link to unsubscribe with it."
    ),
    "image-without-tls": gettext_lazy("An image comes from an address without https."),
    "image-without-words": gettext_lazy(
        "An image has no words for people who cannot see it. Add them."
    ),
}


_REMARKS = {
    "shouts": gettext_lazy(
        "The subject shouts: capitals and exclamation marks make filters and people suspicious."
    ),
    "spam-word": gettext_lazy("Spam filters weigh these words: {about}."),
    "no-preheader": gettext_lazy(
        "There is no preview line. Mail programs then show the first words of the letter."
    ),
    "preheader-repeats": gettext_lazy(
        "The preview line says the same as the subject. Use it to say more."
    ),
    "long-preheader": gettext_lazy(
        "The preview line has {about} letters. Mail programs show 35 to 110 of them."
    ),
    "pictures-only": gettext_lazy(
        "The letter is nearly all picture. Who does not load pictures reads nothing: say it in "
        "words too."
    ),
    "hard-to-read": gettext_lazy(
        "The letter is hard to read (LIX {about}; 40 is good). Write shorter sentences and words."
    ),
    "low-contrast": gettext_lazy("This text hardly shows on its background: “{about}”."),
    "image-elsewhere": gettext_lazy(
        "An image comes from {about}. Who runs that site sees who opens your letter, and when: "
        "that is tracking without consent (art. 11.7a Telecommunicatiewet). Put the image among "
        "your own pictures, and use that one."
    ),
    "link-without-tls": gettext_lazy("This link has no https: {about}"),
}


def compile_sentence(problem: CompileError) -> str:
    """What is wrong, with its line; for a field outside the purpose, the binding's own words."""
    if problem.explanation:
        sentence = problem.explanation
    else:
        template = str(_SENTENCES.get(problem.code, gettext_lazy("This text cannot be sent.")))
        sentence = template.format(field=problem.field)
    if problem.block:
        return _("Block {number}: {sentence}").format(number=problem.block, sentence=sentence)
    if problem.line:
        return _("Line {line}: {sentence}").format(line=problem.line, sentence=sentence)
    return sentence


def warning_sentence(found: CompileWarning) -> str:
    """What the author should look at; the letter may go without."""
    template = _WARNINGS.get(found.code)
    return str(template).format(field=found.field) if template else found.code


def remark_sentence(found: Remark) -> str:
    """What an editor would say; the letter may go as it is."""
    return str(_REMARKS[found.code]).format(about=found.about)


def empty_sentence(name: str, number: int) -> str:
    """For how many people who get the letter a field without a fallback is empty."""
    return ngettext(
        "“%(field)s” is empty for %(count)d person. Say what stands there then, such as "
        '{{ %(field)s | default: "reader" }}.',
        "“%(field)s” is empty for %(count)d people. Say what stands there then, such as "
        '{{ %(field)s | default: "reader" }}.',
        number,
    ) % {"field": name, "count": number}
