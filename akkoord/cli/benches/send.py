"""`akkoord bench send`: a campaign through the whole pipeline, to a server that keeps nothing."""

import resource
import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

from akkoord.campaigns.actions import CampaignText, create_campaign
from akkoord.campaigns.source import source_of
from akkoord.cli.benches.filling import Ground, analyse, fill, lay_ground
from akkoord.cli.benches.results import Result, faster, seconds, within
from akkoord.cli.benches.second import Second, second_worker, stop_after
from akkoord.cli.benches.sinks import has_postfix, sink, source_seconds
from akkoord.delivery.signing import signer_for
from akkoord.delivery.smtp import SmtpPool
from akkoord.messages.compile import Preview
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import compile_for, start_dispatch
from akkoord.messages.fan_out import fan_out
from akkoord.messages.models import Message
from akkoord.messages.values import sample_values
from akkoord.messages.ways import SESSIONS
from akkoord.trail.seal import seal

SMALL = 10_000
SIGNED = 8_000
DJANGO_MESSAGES = 1_500
ROUNDS = 3
_PARAGRAPH = (
    "De ketting, de remmen en de verlichting: in een half uur kijken wij uw fiets helemaal na. "
    "Kom langs, of maak een afspraak aan de balie. Wij staan voor u klaar met raad en koffie. "
)
BODY = 'Dag {{ first_name | default: "fietser" }} {{ last_name | default: "" }},\n\n' + "\n\n".join(
    [_PARAGRAPH * 2] * 3
)


def bench(people: int, *, at: datetime) -> list[Result]:
    """Ten thousand first, then everybody: the rate, and whether a message costs more."""
    ground = lay_ground(at=at)
    with sink() as port, second_worker(url := f"smtp://127.0.0.1:{port}") as second:
        results: list[Result] = []
        rates: dict[int, float] = {}
        memory: dict[int, int] = {}
        filled = 0
        for size in sorted({min(SMALL, people), min(100_000, people), people}):
            fill(ground, first=filled + 1, last=size, at=at)
            seal(at=at)
            analyse()
            filled = size
            rates[size] = _best_rate(ground, url, second, ROUNDS if size <= SMALL else 1)
            memory[size] = _peak(second)
            results += _against_others(ground, size, rates[size], port)
        results += _growth(rates, memory)
        results += _signed(ground, url, second)
    return results


def _peak(second: Second | None) -> int:
    """The memory of both processes at their largest, in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + (second.memory if second else 0)


def _best_rate(ground: Ground, url: str, second: Second | None, rounds: int) -> float:
    """Messages a second of the middle round."""
    found = sorted(_rate(ground, url, second) for _ in range(rounds))
    return found[len(found) // 2]


def _rate(
    ground: Ground, url: str, second: Second | None = None, *, limit: int | None = None
) -> float:
    """One campaign: fan-out, claims, gate, hand-over, outcomes; only what was sent counts.

    Two processes share its connections, as the workers of `akkoord serve` do on two cores.

    With a limit the fan-out, which is for everybody, counts for the part that was sent.
    """
    now = timezone.now()
    text = CampaignText(name="Bench", subject="Tijd voor een beurt", body=BODY)
    campaign = create_campaign(purpose=ground.topic, text=text, at=now, actor=ground.actor)
    dispatch = start_dispatch(
        purpose=ground.topic,
        source=source_of(campaign),
        segment="",
        approved_by=ground.owner.pk,
        at=now,
    )
    share = SESSIONS // 2 if second else SESSIONS
    transport = SmtpPool(url, connections=share)
    until = stop_after(dispatch.id, limit)
    spread = 0.0
    if limit is not None:
        spread = (
            seconds(lambda: fan_out(dispatch.id))
            / Message.objects.filter(dispatch=dispatch).count()
        )

    def work() -> None:
        if second:
            second.begin(dispatch.id, limit=limit, connections=share)
        run_dispatch(dispatch.id, worker_id=uuid4(), transport=transport, until=until)
        if second:
            second.finish()

    try:
        took = seconds(work)
    finally:
        transport.close()
    sent = Message.objects.filter(dispatch=dispatch, state=Message.State.SENT).count()
    took += spread * sent
    left = Message.objects.filter(dispatch=dispatch, state__in=["due", "claimed"]).count()
    if not sent or (limit is None and left):
        raise AssertionError(f"{sent} sent, {left} left")
    return sent / took


def _against_others(ground: Ground, size: int, rate: float, port: int) -> list[Result]:
    """The same server, the same minute."""
    results = []
    if has_postfix():
        messages = 20_000
        source = sorted(messages / source_seconds(port, messages) for _ in range(3))[1]
        results.append(
            faster(
                f"send: {size:,} people, against smtp-source",
                rate,
                source,
                good=1.0,
                aim=1.25,
                unit="messages per second",
            )
        )
    results.append(
        faster(
            f"send: {size:,} people, against Django send_messages",
            rate,
            _django_rate(ground, port),
            good=20,
            aim=30,
            unit="messages per second",
        )
    )
    return results


def _django_rate(ground: Ground, port: int) -> float:
    """Django's own mail classes over one connection, the same text and parts."""
    shown = _shown(ground)

    def send() -> None:
        backend = EmailBackend(host="127.0.0.1", port=port, fail_silently=False)
        backend.send_messages([_mail(shown, n) for n in range(DJANGO_MESSAGES)])

    return DJANGO_MESSAGES / seconds(send)


def _shown(ground: Ground) -> Preview:
    """The bench's letter, filled for somebody."""
    text = CampaignText(name="Bench", subject="Tijd voor een beurt", body=BODY)
    now = timezone.now()
    campaign = create_campaign(purpose=ground.topic, text=text, at=now, actor=ground.actor)
    compiled = compile_for(ground.topic, source_of(campaign))
    return compiled.preview(sample_values(compiled.slots))


def _mail(shown: Preview, number: int) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=shown.subject,
        body=shown.text.replace("Dag ", f"Dag {number} "),
        from_email="bench@example.nl",
        to=[f"mens{number}@example.nl"],
        headers={"List-Unsubscribe": f"<https://example.nl/u/{number}>"},
    )
    mail.attach_alternative(shown.html.replace("Dag ", f"Dag {number} "), "text/html")
    return mail


def _growth(rates: dict[int, float], memory: dict[int, int]) -> list[Result]:
    """Cost per message and memory of the largest run, against the smallest."""
    small, large = min(rates), max(rates)
    if small == large:
        return []
    results = [
        within(
            f"send: cost of a message at {size:,} people, against {small:,}",
            1 / rates[size],
            1 / rates[small],
            good=1.3,
            aim=1.1,
        )
        for size in sorted(rates)
        if size != small
    ]
    results.append(
        within(
            f"send: peak memory at {large:,} people, against {small:,}",
            memory[large] / 1024,
            memory[small] / 1024,
            good=1.3,
            aim=1.1,
            unit="megabytes",
        )
    )
    return results


def _signed(ground: Ground, url: str, second: Second | None) -> list[Result]:
    """One RSA-2048 signature on each, against what OpenSSL can sign on a core."""
    openssl = _openssl_signs()
    if openssl is None:
        return []
    with tempfile.TemporaryDirectory(prefix="akkoord-bench-") as folder:
        path = Path(folder) / "dkim.pem"
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        path.chmod(0o600)
        before = settings.DKIM_KEY_FILE
        settings.DKIM_KEY_FILE = path
        signer_for.cache_clear()
        try:
            rate = _rate(ground, url, second, limit=SIGNED)
        finally:
            settings.DKIM_KEY_FILE = before
            signer_for.cache_clear()
    return [
        faster(
            "send: each with an RSA-2048 signature, against openssl on one core",
            rate,
            openssl,
            good=0.75,
            aim=0.9,
            unit="messages per second",
        )
    ]


def _openssl_signs() -> float | None:
    """RSA-2048 signatures a second by OpenSSL; None where it is not installed."""
    if shutil.which("openssl") is None:
        return None
    answer = subprocess.run(
        ["openssl", "speed", "-seconds", "2", "rsa2048"],
        check=False,
        capture_output=True,
        text=True,
    )
    for line in answer.stdout.splitlines():
        words = line.split()
        if line.startswith("rsa 2048") and len(words) >= 6:
            return float(words[5])
    return None
