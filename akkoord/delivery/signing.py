"""The DKIM signer of this installation, when a key is set."""

from __future__ import annotations

import functools

from django.conf import settings

from akkoord.delivery.dkim import DkimSigner


@functools.lru_cache(maxsize=8)
def signer_for(domain: str) -> DkimSigner | None:
    """The signer for mail from this domain; None without `AKKOORD_DKIM_KEY`.

    Raises DkimKeyError when the key cannot sign: mail without the promised signature is worse
    than none, for it teaches receivers to trust unsigned mail in our name.
    """
    path = getattr(settings, "DKIM_KEY_FILE", None)
    if path is None:
        return None
    return DkimSigner.from_file(path, domain=domain, selector=settings.DKIM_SELECTOR)
