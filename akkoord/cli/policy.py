"""`akkoord policy`: the privacy policy from the register."""

from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from akkoord.cli.output import answer, json_option, refuse
from akkoord.law.policy_rules import ARTICLES
from akkoord.policy import queries
from akkoord.policy.actions import PolicyRefused, publish
from akkoord.policy.documents import as_pdf
from akkoord.policy.renderings import as_markdown, as_snippet, stamp
from akkoord.trail.actions import Actor

_KINDS = ("md", "html", "pdf")


@click.group()
def command() -> None:
    """The privacy policy, made from the register."""


@command.command()
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="A .md, .html or .pdf file."
)
@click.option("--publish", "do_publish", is_flag=True, help="Publish it as a new version.")
@click.option("--reason-nl", default="", help="What changes for people, in Dutch.")
@click.option("--reason-en", default="", help="The same in English.")
@json_option
def build(
    language: str, output: Path | None, do_publish: bool, reason_nl: str, reason_en: str
) -> None:
    """Make it, say what is missing or different, write it to a file, and publish it when asked."""
    kind = output.suffix.lstrip(".").lower() if output else "md"
    if kind not in _KINDS:
        raise click.BadParameter(
            "Use a name that ends in .md, .html or .pdf.", param_hint="--output"
        )
    found = queries.draft()
    published = found.current
    if do_publish:
        try:
            published = publish(
                matters=bool(reason_nl or reason_en),
                reason_nl=reason_nl,
                reason_en=reason_en,
                at=timezone.now(),
                actor=Actor.system(),
            )
        except PolicyRefused as refusal:
            refuse(refusal.sentence, {"reason": refusal.reason, "missing": _missing(found)})
    is_current = do_publish or found.is_published
    stamped = stamp(published if is_current else None, language)
    content = found.content(language)
    text = as_snippet(content, stamped) if kind == "html" else as_markdown(content, stamped)
    if output:
        output.write_bytes(as_pdf(content, stamped) if kind == "pdf" else text.encode())
    answer(
        {
            "version": published.number if published else None,
            "published": is_current,
            "missing": _missing(found),
            "changes": [
                {"about": each.key, "gone": list(each.gone), "came": list(each.came)}
                for each in found.changes(language)
            ],
            "file": str(output) if output else None,
        },
        f"Written to {output}." if output else text,
    )


def _missing(found: queries.Draft) -> list[dict[str, Any]]:
    return [
        {"element": str(gap.element), "about": gap.about, "article": ARTICLES[gap.element]}
        for gap in found.gaps
    ]
