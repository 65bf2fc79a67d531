"""`akkoord demo`: load the made-up shop, or take it out."""

import click
from django.utils import timezone

from akkoord.cli.output import answer, json_option, refuse, say
from akkoord.insight.demo import DemoRefused, load_demo, remove_demo


@click.command()
@click.option("--contacts", default=2000, show_default=True, type=click.IntRange(40, 200_000))
@click.option("--seed", default=1, show_default=True, help="Another number, another story.")
@click.option("--remove", is_flag=True, help="Take the demo out, with everything in it.")
@click.option("--with-added", is_flag=True, help="With --remove: also people added since.")
@json_option
def command(contacts: int, seed: int, remove: bool, with_added: bool) -> None:
    """Load a believable made-up bicycle shop, or take it out with --remove."""
    try:
        if remove:
            counts = remove_demo(including_added=with_added)
            answer({"removed": sum(counts.values()), "tables": len(counts)})
            return
        report = load_demo(contacts=contacts, seed=seed, at=timezone.now())
    except DemoRefused as refusal:
        hint = " Add --with-added to take them out too." if refusal.code == "people-added" else ""
        refuse(refusal.sentence + hint, {"reason": refusal.code})
    say(f"Log in as {report.email} with the password {report.password}")
    answer(report.counts)
