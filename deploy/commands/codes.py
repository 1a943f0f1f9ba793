"""`hub codes`: the lists of codes that say who is a carer."""

import typer

from deploy.commands.options import Config, Json, configured
from deploy.output import aside, data, data_as_json

codes = typer.Typer(
    help="The lists of codes that say who is a carer, and who is none.", no_args_is_help=True
)


@codes.command(name="show")
def show(json: Json = False) -> None:
    """Show the version of the lists, how many codes they hold, and each of them.

    Example: hub codes show
    """
    from dataclasses import asdict

    from deploy.code_lists import carer_codes, listed_codes

    lists, listed = carer_codes(), listed_codes()
    counts = {
        "carer": len(lists.carer),
        "not_carer": len(lists.not_carer),
        "left_out": len(lists.left_out),
    }
    if json:
        codes_as_json = [asdict(each) for each in listed]
        data_as_json({"version": lists.version, **counts, "codes": codes_as_json})
        return
    data(f"Version {lists.version}: " + ", ".join(f"{each} {n}" for each, n in counts.items()))
    for each in listed:
        data(f"{each.means}  {each.code}  {each.term}")


@codes.command(name="apply")
def apply(config: Config = None) -> None:
    """Decide anew who is a carer, in every region, by the lists as they are now. Pictures that differ are published.

    Run it once after the lists, or a sender's own list, have changed and every role was started again: gateways, which
    leave out what their lists do not know, workers, projections, extracts. What was left out has to be sent again.

    Example: hub codes apply
    """
    import asyncio

    from deploy.code_lists import carer_codes
    from deploy.composition import places_from
    from deploy.operating import command_of, say
    from processors.carer_matching.redecided import COMMAND

    configuration, here = configured(config)
    places = places_from(configuration, here)
    version = carer_codes().version
    for region in range(len(configuration.regions)):
        asyncio.run(say(places.kafka, command_of(COMMAND, version, region)))
    aside(f"Asked in {len(configuration.regions)} regions, by version {version}.")
