"""What a provider's hook must prove: in the data folder beside the keys, 0600; never in the
database or its backup. Of the secret address only the hash is kept, so that it is shown once."""

import contextlib
import hashlib
import hmac
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class HookSecret:
    """`digest`: of the secret in the address; `proof`: what the provider signs with (a topic, a
    public key, a signing key; several topics parted by blanks). `also`: of another secret that is
    answered, while a provider is told of it."""

    digest: str
    proof: str = ""
    also: str = ""

    def fits(self, secret: str) -> bool:
        """Whether this is the secret; takes as long for any other."""
        said = digest_of(secret)
        is_first = hmac.compare_digest(self.digest, said)
        return hmac.compare_digest(self.also, said) or is_first


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _path(provider: str) -> Path:
    return Path(settings.DATA_DIR) / "keys" / f"mail-hook-{provider}"


def hook_secret(provider: str) -> HookSecret | None:
    """What was kept for a provider; None: it has no hook, or another machine has the folder."""
    try:
        found = json.loads(_path(provider).read_text(encoding="utf-8"))
        proof, also = str(found.get("proof", "")), str(found.get("also", ""))
        return HookSecret(str(found["digest"]), proof, also)
    except (FileNotFoundError, ValueError, KeyError):
        return None


def keep_hook_secret(provider: str, secret: HookSecret) -> None:
    """Write it into the data folder, readable by Akkoord alone."""
    path = _path(provider)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")  # mode 0600
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"digest": secret.digest, "proof": secret.proof, "also": secret.also}, file)
    Path(draft).replace(path)


def drop_hook_secret(provider: str) -> None:
    """Remove it: the address no longer answers."""
    with contextlib.suppress(FileNotFoundError):
        _path(provider).unlink()
