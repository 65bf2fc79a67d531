"""What the codes of the trail are called, in plain words: acts and fields.

Only words; the codes are what is sealed. A new code without a word here fails a test.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from akkoord.datamap.column_words import COLUMN_WORDS

ACTION_WORDS: Mapping[str, Promise] = MappingProxyType(
    {
        "activity.enter": pgettext_lazy("act", "Processing activity written down"),
        "address.add": pgettext_lazy("act", "Address added"),
        "address.change-asked": pgettext_lazy("act", "Change of address asked"),
        "address.works": pgettext_lazy("act", "Address works again"),
        "apikey.create": pgettext_lazy("act", "Key for the API made"),
        "apikey.revoke": pgettext_lazy("act", "Key for the API withdrawn"),
        "archive.close": pgettext_lazy("act", "Archive closed"),
        "archive.open": pgettext_lazy("act", "Archive opened"),
        "archive.put-back": pgettext_lazy("act", "Letter put back in the archive"),
        "archive.take-out": pgettext_lazy("act", "Letter taken out of the archive"),
        "balancing.end": pgettext_lazy("act", "Weighing of letters without a yes ended"),
        "balancing.write": pgettext_lazy("act", "Letters without a yes weighed"),
        "backup.change-setting": pgettext_lazy("act", "Term of backups changed"),
        "backup.download": pgettext_lazy("act", "Backup taken away"),
        "backup.make": pgettext_lazy("act", "Backup made"),
        "backup.tried": pgettext_lazy("act", "Backup tried"),
        "campaign.ab-choose": pgettext_lazy("act", "Version for the others chosen"),
        "campaign.ab-decide": pgettext_lazy("act", "Two versions judged"),
        "campaign.ab-drop": pgettext_lazy("act", "Second version taken out"),
        "campaign.ab-set-up": pgettext_lazy("act", "Second version made"),
        "campaign.ab-start": pgettext_lazy("act", "Two versions sent to a part"),
        "campaign.ab-stop": pgettext_lazy("act", "Two versions stopped"),
        "campaign.create": pgettext_lazy("act", "Letter made"),
        "campaign.plan": pgettext_lazy("act", "Letter planned"),
        "campaign.plan-missed": pgettext_lazy("act", "Planned letter missed its moment"),
        "campaign.plan-stopped": pgettext_lazy("act", "Planned letter held back"),
        "campaign.read-refused": pgettext_lazy("act", "Looked who does not get a letter"),
        "campaign.remove-version": pgettext_lazy("act", "Version of a letter removed"),
        "campaign.revise": pgettext_lazy("act", "Letter changed"),
        "campaign.send": pgettext_lazy("act", "Letter sent"),
        "campaign.show-as": pgettext_lazy("act", "Letter looked at as somebody gets it"),
        "campaign.test": pgettext_lazy("act", "Test of a letter sent"),
        "campaign.unplan": pgettext_lazy("act", "Letter taken off the plan"),
        "demo.load": pgettext_lazy("act", "Example data loaded"),
        "device.link": pgettext_lazy("act", "Device joined to a person"),
        "dispatch.cancel": pgettext_lazy("act", "Sending stopped"),
        "dispatch.pause": pgettext_lazy("act", "Sending paused"),
        "dispatch.resume": pgettext_lazy("act", "Sending went on"),
        "dispatch.start": pgettext_lazy("act", "Sending begun"),
        "enquiry.answer": pgettext_lazy("act", "Question answered"),
        "enquiry.read": pgettext_lazy("act", "Question read"),
        "evidence.add": pgettext_lazy("act", "Evidence added"),
        "evidence.read": pgettext_lazy("act", "Evidence looked at"),
        "field.admit": pgettext_lazy("act", "Field allowed for a purpose"),
        "field.choices": pgettext_lazy("act", "Choices of a field changed"),
        "field.end": pgettext_lazy("act", "Field ended"),
        "field.make": pgettext_lazy("act", "Field made"),
        "field.release": pgettext_lazy("act", "Field no longer allowed for a purpose"),
        "form.close": pgettext_lazy("act", "Form closed"),
        "form.create": pgettext_lazy("act", "Form made"),
        "form.open": pgettext_lazy("act", "Form opened"),
        "form.publish": pgettext_lazy("act", "Form published"),
        "form.revise": pgettext_lazy("act", "Form changed"),
        "places.bring": pgettext_lazy("act", "Table of postcodes brought"),
        "group.create": pgettext_lazy("act", "Group made"),
        "group.end": pgettext_lazy("act", "Group ended"),
        "group.reopen": pgettext_lazy("act", "Group opened again"),
        "group.revise": pgettext_lazy("act", "Group changed"),
        "group.show-people": pgettext_lazy("act", "People of a group looked at"),
        "import.bring-in": pgettext_lazy("act", "File brought in"),
        "import.decide-column": pgettext_lazy("act", "Decided over a column of a file"),
        "import.declare-wording": pgettext_lazy("act", "Words beside a file declared"),
        "import.discard": pgettext_lazy("act", "File thrown away"),
        "import.look-through": pgettext_lazy("act", "File looked through"),
        "import.undo": pgettext_lazy("act", "Import undone"),
        "journal.go-on-without": pgettext_lazy("act", "Opened although the journal is lost"),
        "journal.settle": pgettext_lazy("act", "Journal done again after a backup"),
        "ledger.verify": pgettext_lazy("act", "Ledger checked"),
        "letter-style.change": pgettext_lazy("act", "Style of letters changed"),
        "letter-template.keep": pgettext_lazy("act", "Letter kept as a beginning"),
        "letter-template.remove": pgettext_lazy("act", "Beginning removed"),
        "list.match": pgettext_lazy("act", "List compared"),
        "trial.ask": pgettext_lazy("act", "Test address asked"),
        "trial.remove": pgettext_lazy("act", "Test address taken off"),
        "trial.yes": pgettext_lazy("act", "Test address agreed"),
        "mail-server.enter": pgettext_lazy("act", "Mail server written down"),
        "mail-server.key": pgettext_lazy("act", "Key of a mail server changed"),
        "mail-server.own": pgettext_lazy("act", "Said that a mail server is ours"),
        "mail-server.provider": pgettext_lazy("act", "Provider of a mail server written down"),
        "mail-server.remove": pgettext_lazy("act", "Mail server removed"),
        "mail-server.whose": pgettext_lazy("act", "Said whose a mail server is"),
        "mail.handle": pgettext_lazy("act", "Incoming mail dealt with"),
        "mail-hook.make": pgettext_lazy("act", "Address for reports made"),
        "mail-hook.proof": pgettext_lazy("act", "Proof of reports written down"),
        "mail-hook.remove": pgettext_lazy("act", "Address for reports removed"),
        "mail-hook.set-up": pgettext_lazy("act", "Reports set up at a provider"),
        "organisation.change": pgettext_lazy("act", "Settings of the organisation changed"),
        "organisation.set-up": pgettext_lazy("act", "Organisation set up"),
        "permission.grant": pgettext_lazy("act", "Permission written down"),
        "permission.object": pgettext_lazy("act", "Objection written down"),
        "permission.withdraw": pgettext_lazy("act", "Permission withdrawn"),
        "person.add": pgettext_lazy("act", "Person added"),
        "person.age": pgettext_lazy("act", "Age answered"),
        "details.confirm": pgettext_lazy("act", "Details said to be right"),
        "details.not-me": pgettext_lazy("act", "Address said to be of somebody else"),
        "details.off": pgettext_lazy("act", "Yearly question about details stopped"),
        "details.on": pgettext_lazy("act", "Yearly question about details set"),
        "review.right": pgettext_lazy("act", "Said that it is right as it is"),
        "address.end": pgettext_lazy("act", "Address ended"),
        "pair.not-same": pgettext_lazy("act", "Two records said to be of two people"),
        "person.join": pgettext_lazy("act", "Two records joined"),
        "person.part": pgettext_lazy("act", "Joined records parted"),
        "person.correct": pgettext_lazy("act", "Data of a person corrected"),
        "person.export": pgettext_lazy("act", "Data of a person downloaded"),
        "person.forget": pgettext_lazy("act", "Person forgotten"),
        "person.lift-restriction": pgettext_lazy("act", "Record of a person used again"),
        "person.read": pgettext_lazy("act", "Data of a person looked at"),
        "person.reduce": pgettext_lazy("act", "Data of a person reduced"),
        "person.restrict": pgettext_lazy("act", "Record of a person frozen"),
        "picture.add": pgettext_lazy("act", "Picture added"),
        "picture.describe": pgettext_lazy("act", "Words of a picture changed"),
        "picture.remove": pgettext_lazy("act", "Picture removed"),
        "picture.withdraw": pgettext_lazy("act", "Picture withdrawn"),
        "letters.download": pgettext_lazy("act", "Letters on paper downloaded"),
        "letters.download-addresses": pgettext_lazy("act", "Addresses of letters downloaded"),
        "letters.hand-over": pgettext_lazy("act", "Letters on paper handed over"),
        "letters.make-anew": pgettext_lazy("act", "Letters on paper made anew"),
        "letters.throw-away": pgettext_lazy("act", "Letters on paper thrown away"),
        "place.close": pgettext_lazy("act", "Place for collecting closed"),
        "place.end-showing": pgettext_lazy("act", "Words of a place ended"),
        "place.open": pgettext_lazy("act", "Place for collecting opened"),
        "place.show": pgettext_lazy("act", "Words shown at a place"),
        "processor.end": pgettext_lazy("act", "Processor ended"),
        "processor.enter": pgettext_lazy("act", "Processor written down"),
        "post-check.note": pgettext_lazy("act", "Check of bought addresses noted"),
        "product-group.change": pgettext_lazy("act", "Kind of product changed"),
        "product-group.enter": pgettext_lazy("act", "Kind of product written down"),
        "proof.export": pgettext_lazy("act", "Proof downloaded"),
        "referrals.reward": pgettext_lazy("act", "Reward given"),
        "referrals.save": pgettext_lazy("act", "Giving tips changed"),
        "referrals.use": pgettext_lazy("act", "Card used"),
        "relation.end": pgettext_lazy("act", "Relation ended"),
        "request.close": pgettext_lazy("act", "Request answered"),
        "agreement.record": pgettext_lazy("act", "Agreement written down"),
        "agreement.call-off": pgettext_lazy("act", "Agreement called off"),
        "request.deliver": pgettext_lazy("act", "Answer to a request delivered"),
        "request.lift": pgettext_lazy("act", "Freeze of a request ended"),
        "request.extend": pgettext_lazy("act", "Term of a request made longer"),
        "use.end": pgettext_lazy("act", "Use ended after an objection"),
        "person.disclose": pgettext_lazy("act", "Handed to a recipient"),
        "recipient.way": pgettext_lazy("act", "Way to a recipient chosen"),
        "recipient.acknowledge": pgettext_lazy("act", "Recipient answered"),
        "checkup.answer": pgettext_lazy("act", "Question of the check-up answered"),
        "checkup.done": pgettext_lazy("act", "Task of the check-up done"),
        "checkup.plan": pgettext_lazy("act", "Task of the check-up planned"),
        "policy.publish": pgettext_lazy("act", "Privacy policy published"),
        "policy.tell": pgettext_lazy("act", "People told of a new privacy policy"),
        "policy.words": pgettext_lazy("act", "Words in the privacy policy changed"),
        "request.open": pgettext_lazy("act", "Request written down"),
        "request.refuse": pgettext_lazy("act", "Request refused"),
        "retention.agree": pgettext_lazy("act", "Cleaning up agreed to"),
        "retention.fields": pgettext_lazy("act", "Data past its term emptied"),
        "retention.hold": pgettext_lazy("act", "Held for a claim"),
        "retention.lift": pgettext_lazy("act", "Hold lifted"),
        "retention.people": pgettext_lazy("act", "Looked at who is past a term"),
        "retention.rule": pgettext_lazy("act", "Term changed"),
        "retention.rule-end": pgettext_lazy("act", "Exception of a term ended"),
        "retention.run": pgettext_lazy("act", "Clean-up begun"),
        "sale.record": pgettext_lazy("act", "Sale written down"),
        "sales.place": pgettext_lazy("act", "Where sales come from changed"),
        "script.keep": pgettext_lazy("act", "Text of a conversation kept"),
        "sending.cap": pgettext_lazy("act", "Most letters per person changed"),
        "sending.pace": pgettext_lazy("act", "Pace of sending changed"),
        "service.show-as": pgettext_lazy(
            "act", "Message about a purchase looked at as somebody gets it"
        ),
        "service.start": pgettext_lazy("act", "Messages about a purchase sent"),
        "service.template": pgettext_lazy("act", "Text about a purchase changed"),
        "service.template-end": pgettext_lazy("act", "Text about a purchase put away"),
        "staff.change-role": pgettext_lazy("act", "Role of a member of staff changed"),
        "staff.create": pgettext_lazy("act", "Member of staff added"),
        "staff.switch-off": pgettext_lazy("act", "Member of staff switched off"),
        "standing.rebuild": pgettext_lazy("act", "What may be sent counted anew"),
        "suppression.add": pgettext_lazy("act", "Address blocked"),
        "suppression.lift": pgettext_lazy("act", "Block of an address lifted"),
        "tablet.start": pgettext_lazy("act", "Tablet started"),
        "topic.channels": pgettext_lazy("act", "Ways of a topic changed"),
        "topic.create": pgettext_lazy("act", "Topic made"),
        "topic.customers": pgettext_lazy("act", "Topic for customers changed"),
        "topic.end": pgettext_lazy("act", "Topic ended"),
        "topic.life": pgettext_lazy("act", "Life of a yes changed"),
        "topic.revise": pgettext_lazy("act", "Words of a topic changed"),
        "wording.declare": pgettext_lazy("act", "Words declared"),
    }
)


def action_word(code: str) -> str:
    """What was done; a code without a word goes by itself."""
    return str(ACTION_WORDS.get(code, code))


def field_words(names: Iterable[str]) -> str:
    """Which fields it touched, as people call them."""
    return ", ".join(_field_word(each) for each in names)


def _field_word(name: str) -> str:
    word = COLUMN_WORDS.get(name) or _named_fields().get(name)
    return str(word) if word else name.replace("_", " ")


@cache
def _named_fields() -> dict[str, Promise]:
    """The columns that were given a name of their own, by the column."""
    return {
        field.name: field.verbose_name
        for model in apps.get_models()
        if model.__module__.startswith("akkoord.")
        for field in model._meta.concrete_fields
        if isinstance(field.verbose_name, Promise)
    }
