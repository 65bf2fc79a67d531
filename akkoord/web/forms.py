"""The form renderer: every form of ours looks designed, wherever `{{ form }}` is written."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest


class AkkoordForms(DjangoTemplates):
    """Django's own widgets inside our own fields; `FORM_RENDERER` names this class."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        """Render a form, a field or a widget.

        A group of choices asks for `descriptions`; unknown, Django would leave the field out
        without a word.
        """
        return super().render(template_name, {"descriptions": None, **context}, request)
