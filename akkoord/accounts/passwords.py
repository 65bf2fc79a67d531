"""What a password must be, in sentences of our own: Django's change, and then nobody reads them."""

from django.contrib.auth import password_validation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class LongEnough(password_validation.MinimumLengthValidator):
    """Refuses a short password."""

    def get_error_message(self) -> str:
        """What is wrong, and what to do."""
        return ngettext(
            "This password is too short. Take at least {n} character, for example a sentence.",
            "This password is too short. Take at least {n} characters, for example a sentence.",
            self.min_length,
        ).format(n=self.min_length)

    def get_help_text(self) -> str:
        """What is asked."""
        return ngettext(
            "At least {n} character.", "At least {n} characters.", self.min_length
        ).format(n=self.min_length)


class UnlikeYou(password_validation.UserAttributeSimilarityValidator):
    """Refuses a password that looks like the name or the address."""

    def get_error_message(self) -> str:
        """What is wrong."""
        return _("This password looks too much like your name or your mail address.")

    def get_help_text(self) -> str:
        """What is asked."""
        return _("Not your name or your mail address.")


class NotCommon(password_validation.CommonPasswordValidator):
    """Refuses a password that everybody tries first."""

    def get_error_message(self) -> str:
        """What is wrong."""
        return _("This password is used by many people. Take another one.")

    def get_help_text(self) -> str:
        """What is asked."""
        return _("Not a password that many people use.")
