"""Pictures for letters: drawn anew, one address for everybody, words asked for, gone when asked."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.models import Campaign
from akkoord.composing.models import Picture
from akkoord.composing.pictures import (
    PictureWords,
    keep_picture,
    remove_picture,
    withdraw_picture,
)
from akkoord.composing.reading import LARGEST, PictureRefused, read_picture
from akkoord.composing.storing import content_of
from akkoord.datamap.attachments import sweep_orphans
from akkoord.messages.dispatch import start_dispatch
from akkoord.messages.tests.factories import (
    NOW,
    make_organisation,
    make_source,
    make_topic,
)
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

WORDS = PictureWords("Fiets", "Een rode fiets")


def png(size: tuple[int, int] = (900, 400), colour: Any = "#b5471b", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new(more.pop("mode", "RGB"), size, colour).save(out, "PNG", **more)
    return out.getvalue()


def keep(content: bytes | None = None, words: PictureWords = WORDS) -> Picture:
    return keep_picture(content or png(), words=words, at=NOW, actor=Actor.system())


def bomb() -> bytes:
    """A PNG of a few kB that says it is 60,000 by 60,000."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leeg"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 20 * 1024 * 1024, "20 MB"),
        (b"x" * (LARGEST + 1), "10 MB"),
        (b"<svg xmlns='x' onload='alert(1)'></svg>", "SVG"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><svg></svg>", "SVG"),
        (b"<!-- x --><svg><script>alert(1)</script></svg>", "SVG"),
        (b"\x00\x00\x00\x18ftypheic" + b"x" * 100, "HEIC"),
        (b"%PDF-1.7", "geen beeld"),
        (b"GIF89a" + b"\xff" * 40, "geen beeld"),
        (png()[:200], "geen beeld"),
        (bomb(), "te groot"),
        (png((3, 3)), "te klein"),
    ],
)
def test_what_is_no_picture_is_refused_with_the_reason(content: bytes, words: str) -> None:
    with pytest.raises(PictureRefused) as refusal:
        read_picture(content)
    assert words in refusal.value.sentence


def test_nothing_but_pixels_comes_along() -> None:
    info = PngInfo()
    info.add_text("Author", "anna@example.nl")
    assert b"anna@" not in read_picture(png(pnginfo=info)).content
    photo = Image.new("RGB", (640, 480), "#335577")
    exif = Image.Exif()
    exif[0x010F] = "Camera van Anna"
    exif[0x0112] = 6  # turned a quarter
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    photo.save(out, "JPEG", exif=exif, comment=b"Anna")
    drawn = read_picture(out.getvalue())
    assert (drawn.width, drawn.height) == (480, 640), "upright"
    assert b"Anna" not in drawn.content
    with Image.open(io.BytesIO(drawn.content)) as again:
        assert not again.getexif()
        assert "comment" not in again.info


def test_large_ones_become_as_wide_as_mail_needs() -> None:
    drawn = read_picture(png((3000, 2000)))
    assert (drawn.width, drawn.height) == (1200, 800)
    assert Image.open(io.BytesIO(drawn.small)).width <= 320


def test_what_shines_through_stays_and_webp_becomes_what_outlook_shows() -> None:
    assert read_picture(png(mode="RGBA", colour=(10, 20, 30, 90))).suffix == "png"
    out = io.BytesIO()
    Image.effect_noise((400, 300), 80).convert("RGB").save(out, "WEBP")
    assert read_picture(out.getvalue()).media_type == "image/jpeg"


def test_a_moving_picture_keeps_moving_and_a_long_one_is_refused() -> None:
    def gif(count: int) -> bytes:
        frames = [Image.new("RGB", (120, 90), (n * 2 % 255, 90, 60)) for n in range(count)]
        out = io.BytesIO()
        frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=80)
        return out.getvalue()

    drawn = read_picture(gif(6))
    with Image.open(io.BytesIO(drawn.content)) as again:
        assert again.n_frames == 6  # type: ignore[attr-defined]
    with pytest.raises(PictureRefused):
        read_picture(gif(140))


@pytest.mark.django_db(transaction=True)
class TestKept:
    """Pictures in the database and on disk."""

    def test_the_same_picture_twice_is_one(self) -> None:
        assert keep().id == keep(words=PictureWords("Anders", "Een fiets, rood")).id
        assert Picture.objects.get().alt == "Een fiets, rood"

    def test_words_or_said_to_be_an_ornament(self) -> None:
        for words in (PictureWords("x"), PictureWords("x", "  \n ")):
            with pytest.raises(PictureRefused) as refusal:
                keep(words=words)
            assert refusal.value.field == "alt"
        assert keep(words=PictureWords("x", "", is_ornament=True)).alt == ""
        with pytest.raises(IntegrityError), transaction.atomic():
            Picture.objects.update(is_ornament=False)

    def test_inv28_whoever_looks_leaves_no_trace(self, django_assert_num_queries: Any) -> None:
        picture = keep()
        before = Change.objects.count()
        with django_assert_num_queries(1):
            answer = Client().get(f"/beeld/{picture.name}?wie=anna@example.nl")
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/png"
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        assert Change.objects.count() == before
        assert Client().get("/beeld/" + "0" * 32 + ".png").status_code == 404
        assert Client().get("/beeld/../../etc/passwd").status_code == 404
        assert Client().post(f"/beeld/{picture.name}").status_code == 405

    def test_on_disk_it_is_sealed_and_not_swept_away(self, settings: Any) -> None:
        from datetime import timedelta

        from django.utils import timezone

        picture = keep()
        file = Path(settings.DATA_DIR) / picture.path
        assert file.read_bytes().startswith(b"akkoord-sealed")
        assert file.stat().st_mode & 0o777 == 0o600
        sweep_orphans(at=timezone.now() + timedelta(days=2))
        assert content_of(picture) is not None

    def test_removal_is_refused_while_a_letter_shows_it(self) -> None:
        make_organisation()
        topic = make_topic()
        picture = keep()
        facts = {"name": "Herfst", "purpose": topic, "subject": "x", "body": picture.name}
        campaign = Campaign.objects.create(**facts, created_at=NOW, updated_at=NOW)
        with pytest.raises(PictureRefused, match="Herfst"):
            remove_picture(picture_id=picture.id, at=NOW, actor=Actor.system())
        campaign.delete()
        source = make_source(body=f"Zie https://x.example.nl/beeld/{picture.name}")
        start_dispatch(purpose=topic, source=source, segment="", approved_by=None, at=NOW)
        with pytest.raises(PictureRefused, match="verstuurd"):
            remove_picture(picture_id=picture.id, at=NOW, actor=Actor.system())
        assert Client().get(f"/beeld/{picture.name}").status_code == 200

    def test_inv35_taken_out_for_good_it_is_gone_from_sent_letters_too(self, settings: Any) -> None:
        picture = keep()
        file = Path(settings.DATA_DIR) / picture.path
        withdraw_picture(picture_id=picture.id, at=NOW, actor=Actor.system())
        assert Client().get(f"/beeld/{picture.name}").status_code == 410
        assert not file.exists()
        picture.refresh_from_db()
        assert (picture.title, picture.alt, bytes(picture.small)) == ("", "", b"")
        with pytest.raises(PictureRefused, match="voorgoed"):
            keep()

    def test_away_with_one_that_nothing_shows(self, settings: Any) -> None:
        picture = keep()
        file = Path(settings.DATA_DIR) / picture.path
        remove_picture(picture_id=picture.id, at=NOW, actor=Actor.system())
        assert not Picture.objects.exists()
        assert not file.exists()

    def test_the_page_says_why_at_the_field(self) -> None:
        make_organisation()
        client = Client(headers={"accept-language": "nl"})
        client.force_login(
            make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        for content, words in ((b"<svg/>", "SVG"), (b"x" * (LARGEST + 5), "10 MB")):
            upload = SimpleUploadedFile("x.svg", content)
            page = client.post("/campagnes/beelden/", {"file": upload, "alt": "Iets"})
            assert words in " ".join(page.context["form"].errors["file"])
        assert not Picture.objects.exists()
        upload = SimpleUploadedFile("fiets.png", png())
        client.post("/campagnes/beelden/", {"file": upload, "alt": "Een fiets"})
        picture = Picture.objects.get()
        assert picture.title == "fiets.png"
        upload = SimpleUploadedFile("zwangere klanten.png", png(colour=(9, 9, 9)))
        client.post("/campagnes/beelden/", {"file": upload, "alt": "Een fiets"})
        assert set(Picture.objects.values_list("title", flat=True)) == {"fiets.png", "….png"}
        found = client.get("/campagnes/beelden/?q=fiets").content.decode()
        assert f"/campagnes/beelden/{picture.id}/" in found
        assert "Bij geen beeld" in client.get("/campagnes/beelden/?q=auto").content.decode()
        shown = client.get(f"/campagnes/beelden/{picture.id}/").content.decode()
        assert "Geen brief toont het." in shown

    def test_pages_go_by_key(self, django_assert_max_num_queries: Any) -> None:
        from akkoord.composing.queries import PAGE, pictures_page

        for number in range(PAGE + 3):
            keep(png((20, 20), (number, 9, 9)), PictureWords(f"Nr {number}", "Een vlak"))
        first = pictures_page()
        assert len(first.pictures) == PAGE
        with django_assert_max_num_queries(1):
            rest = pictures_page(after=first.next_key)
        assert len(rest.pictures) == 3
        assert rest.next_key == ""
        assert pictures_page(after="onzin").pictures == []
