"""`hub send`: senders for trying a feed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands.options import Config, Json, configured
from deploy.exit_codes import ExitCode, Stopped
from deploy.output import aside, data, data_as_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy.sending.lines import SentLine
    from deploy.trying.files import Piece

send = typer.Typer(
    help="Send messages to try a feed: only to where you say, one line for each.",
    no_args_is_help=True,
)

Paths = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="Files or folders.", exists=True)
]
Rate = Annotated[float | None, typer.Option(min=0.01, max=10_000, help="So many a second at most.")]
Attempts = Annotated[
    int, typer.Option(min=1, max=100, help="How often one message is sent at most.")
]
Really = Annotated[
    bool,
    typer.Option("--really", help="Send personal data to another machine, as you have said."),
]
TIMES = 6


@send.command()
def mllp(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    target: Annotated[str, typer.Argument(metavar="HOST:PORT", help="Where it listens.")],
    paths: Paths,
    rate: Rate = None,
    attempts: Attempts = TIMES,
    really: Really = False,
    json: Json = False,
    ca: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Speak TLS; PEM of who signed the hub's certificate."),
    ] = None,
    cert: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Speak TLS and show this certificate (PEM)."),
    ] = None,
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Key of --cert, if it is not in it (PEM).")
    ] = None,
) -> None:
    """Send HL7 v2 over MLLP and say what was answered. AE is sent again after a growing delay.

    It goes unencrypted unless --ca or --cert is given. Then HOST must be a name or address in the hub's certificate.

    Example: hub send mllp localhost:2575 admission.hl7 --ca ca.pem --cert ward.pem --key ward.key
    """
    from deploy.sending.mllp import MllpSender
    from deploy.sending.pace import Pace
    from deploy.sending.targets import host_and_port, refuse_elsewhere, tls_for
    from hub.testing.mllp_client import MllpClient

    host, port = host_and_port(target)
    refuse_elsewhere(host, really=really)
    tls = tls_for(ca, cert, key) if ca or cert or key else None
    sender = MllpSender(lambda: MllpClient(host, port, tls=tls), Pace(attempts, rate))
    told(sender.lines(pieces_in(paths)), json=json)


@send.command()
def fhir(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    url: Annotated[str, typer.Argument(metavar="URL", help="Base, such as …/fhir/R4.")],
    paths: Paths,
    token_env: Annotated[
        str | None, typer.Option(metavar="NAME", help="Variable that holds the token.")
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File that holds the token.")
    ] = None,
    rate: Rate = None,
    attempts: Attempts = TIMES,
    really: Really = False,
    json: Json = False,
) -> None:
    """Post FHIR R4 as JSON and say what was answered. 503 and 429 are sent again after a growing delay.

    Example: hub send fhir http://127.0.0.1:8480/fhir/R4 flag.json --token-env TOKEN
    """
    from deploy.sending.fhir import FhirPoster, client_for
    from deploy.sending.pace import Pace
    from deploy.sending.targets import http_host, refuse_elsewhere
    from deploy.settings import settings

    refuse_elsewhere(http_host(url), really=really)
    token = token_from(token_env, token_file, settings().environment)
    with client_for(token) as client:
        poster = FhirPoster(url.rstrip("/"), client, Pace(attempts, rate))
        told(poster.lines(pieces_in(paths)), json=json)


@send.command()
def csv(
    sender: Annotated[str, typer.Argument(metavar="SENDER", help="Its name in `senders`.")],
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="Extracts; whole or not at all.", exists=True, dir_okay=False
        ),
    ],
    config: Config = None,
    json: Json = False,
) -> None:
    """Read extracts of carer flags into the configured hub, as if the sender had handed them in.

    Example: hub send csv c82904-csv carers.csv
    """
    import asyncio

    from deploy.commands.progress import progress
    from deploy.composition import places_from
    from deploy.roles.logs import set_up_logs
    from deploy.sending.extracts import Feed, csv_sender, read_into

    configuration, here = configured(config)
    settings = csv_sender(configuration, sender)
    set_up_logs("error")
    feed = Feed(settings, places_from(configuration, here))
    done = progress("events", aside)
    refused: list[SentLine] = []

    def say(line: "SentLine") -> None:
        show(line, json=json)
        refused.extend([] if line.accepted else [line])

    asyncio.run(read_into(feed, files, say, lambda _published, _all: done.step()))
    end(len(refused))


@send.command()
def notices(
    sender: Annotated[str, typer.Argument(metavar="SENDER", help="Its name in `senders`.")],
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="CloudEvents as JSON: one, an array, or one on each line.",
            exists=True,
        ),
    ],
    config: Config = None,
    json: Json = False,
) -> None:
    """Read notices of the national services into the configured hub, as if the sender had posted them.

    Example: hub send notices mns notices.ndjson
    """
    import asyncio

    from deploy.composition import places_from
    from deploy.roles.logs import set_up_logs
    from deploy.sending.notices import NoticeFeed, national_sender, take_into

    configuration, here = configured(config)
    feed = NoticeFeed(national_sender(configuration, sender), places_from(configuration, here))
    set_up_logs("error")
    refused: list[SentLine] = []

    def say(line: "SentLine") -> None:
        show(line, json=json)
        refused.extend([] if line.accepted else [line])

    asyncio.run(take_into(feed, pieces_in(files), say))
    end(len(refused))


def pieces_in(paths: list[Path]) -> "Iterator[Piece]":
    """Everything in files and folders, in the order given."""
    from deploy.trying.files import files_in, pieces_of

    for file in files_in(paths):
        yield from pieces_of(file)


def token_from(name: str | None, file: Path | None, environment: "Mapping[str, str]") -> str:
    """The token, from where it was said to be; empty when nothing was said.

    Raises:
        Stopped: It is not there.
    """
    if name is not None and file is not None:
        raise Stopped(ExitCode.USAGE, "Give --token-env or --token-file, not both.")
    if name is not None:
        token = environment.get(name, "").strip()
        return checked(token, f"The variable {name} is empty.")
    if file is None:
        return ""
    try:
        token = file.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        token = ""
    return checked(token, f"{file} holds no token.")


def checked(token: str, otherwise: str) -> str:
    """A token that a header can carry.

    Raises:
        Stopped: It is none.
    """
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise Stopped(ExitCode.USAGE, otherwise)
    return token


def told(lines: "Iterable[SentLine]", *, json: bool) -> None:
    """Show each line as it comes, and end with 5 when something was not accepted."""
    from deploy.commands.progress import progress

    done = progress("messages", aside)
    refused = 0
    for line in lines:
        show(line, json=json)
        refused += not line.accepted
        done.step()
    aside(
        f"{done.done} messages, {refused} of them not accepted"
        if refused
        else f"{done.done} messages, all accepted"
    )
    end(refused)


def show(line: "SentLine", *, json: bool) -> None:
    """One line, for a program or for a person."""
    if json:
        data_as_json(line.as_json())
    else:
        data(str(line))


def end(refused: int) -> None:
    """End well, or partly done.

    Raises:
        Stopped: Something was not accepted.
    """
    if refused:
        raise Stopped(ExitCode.PARTLY_DONE)
