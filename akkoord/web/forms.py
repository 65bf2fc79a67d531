"""The form renderer: every form of ours looks designed, wherever `{{ form }}` is written."""

from django.forms.renderers import DjangoTemplates


class AkkoordForms(DjangoTemplates):
    """Django's own widgets inside our own fields; `FORM_RENDERER` names this class."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"
