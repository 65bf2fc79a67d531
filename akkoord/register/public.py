"""Public pages of the register: the logo."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from akkoord.register.logo_models import Logo
from akkoord.register.queries import organisation


@require_safe
@cache_control(public=True, max_age=30 * 24 * 3600, immutable=True)
def logo(_request: HttpRequest, name: str) -> HttpResponse:
    """The logo; it gets a new name with each new picture, so that no browser shows an old one."""
    house, found = organisation(), Logo.objects.filter(id=1).first()
    if house is None or found is None or name not in house.logo:
        raise Http404
    return HttpResponse(bytes(found.picture), content_type="image/png")
