"""`push` and `pull`: copies of the edition that is served, for other machines and for safety."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click

from linkeddata.catalogue import manifest_of
from linkeddata.cli.common import Progress, amount, catalogue, copied
from linkeddata.cli.invocation import Invocation
from linkeddata.errors import ConfigurationError
from linkeddata.replication import open_source, open_target, rehearse_pull, rehearse_push
from linkeddata.replication import pull as pull_from
from linkeddata.replication import push as push_to
from linkeddata.vocabulary.uris import Uris


@click.command()
@click.argument("location", metavar="LOCATION")
@click.option("--keep", type=click.IntRange(min=1), metavar="N", help="How many editions stay there (store.keep).")
@click.option("--dry-run", is_flag=True, help="Tell what would be sent, write nothing.")
@click.pass_obj
def push(invocation: Invocation, location: str, keep: int | None, dry_run: bool) -> None:
    """Copy the edition that is served to LOCATION: a folder, or s3://BUCKET/PREFIX.

    Only files that are not there yet are sent; those who pull from it serve this edition from then on.
    """
    settings = invocation.settings()
    target, served = open_target(location, os.environ), catalogue(settings).current()
    progress = Progress(quiet=invocation.quiet, words=copied)
    manifest = manifest_of(served.folder, progress)
    progress.begin_again()
    keeping = keep or settings.whole("store.keep")
    if dry_run:
        done = rehearse_push(manifest, target, keep=keeping)
    else:
        done = push_to(served.folder, manifest, target, keep=keeping, progress=progress)
    progress.end()
    did, sent, there = ("would push", "send", "then") if dry_run else ("pushed", "sent", "now")
    invocation.say(
        f"{did} edition {done.edition} to {target.shown}: {sent} {done.files} files, {amount(done.sent)} of "
        f"{amount(done.size)}; there {there}: {', '.join(map(str, done.kept))}"
    )


@click.command()
@click.argument("location", metavar="LOCATION")
@click.option("--dry-run", is_flag=True, help="Tell what would be fetched and served, write nothing.")
@click.pass_obj
def pull(invocation: Invocation, location: str, dry_run: bool) -> None:
    """Copy the edition that was pushed last to LOCATION from there, and serve it.

    LOCATION is a folder, http://…, https://… or s3://BUCKET/PREFIX. Only files that are not here yet are fetched.
    """
    settings = invocation.settings()
    if settings.text("store.endpoint"):
        raise ConfigurationError("store.endpoint is set: the graph is in a SPARQL server, and no copy of it is served")
    progress = Progress(quiet=invocation.quiet, words=copied)
    source = open_source(location, os.environ)
    here = catalogue(settings), Uris(settings.base_uri), source
    done = rehearse_pull(*here) if dry_run else pull_from(*here, now=_now, progress=progress)
    progress.end()
    if done.was_served:
        invocation.say(f"edition {done.edition} of {source.shown} is served already")
    else:
        did, fetched = ("would serve", "fetch") if dry_run else ("serving", "fetched")
        told = f"{fetched} {done.files} files, {amount(done.fetched)} of {amount(done.size)}"
        invocation.say(f"{did} edition {done.edition} of {source.shown}: {told}")


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


COMMANDS = (push, pull)
