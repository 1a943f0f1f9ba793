"""`hub`: the command line.

Data on standard output, the rest on standard error, `--json` for programs, and the exit codes of
`deploy.exit_codes`. A command imports what it needs when it runs, so that `hub --help` is quick.
"""

import contextlib
import sys
from typing import Annotated

import typer

from deploy import output
from deploy.commands.bench import bench
from deploy.commands.codes import codes
from deploy.commands.convert import convert
from deploy.commands.dead_letters import dead_letters
from deploy.commands.demo import demo
from deploy.commands.doctor import doctor
from deploy.commands.explain import explain
from deploy.commands.generate import generate
from deploy.commands.match import match
from deploy.commands.roles import extracts, gateway, make_ready, projections, up, worker
from deploy.commands.send import send
from deploy.commands.token import token
from deploy.commands.topics import topics
from deploy.commands.trying import try_files
from deploy.commands.version import version, version_option
from deploy.exit_codes import MEANINGS, ExitCode, code_for
from deploy.settings import settings

EPILOG = "Exit codes: " + "; ".join(f"{code.value} {text}" for code, text in MEANINGS.items()) + "."

app = typer.Typer(
    name="hub",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EPILOG,
)


@app.callback()
def hub(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=version_option, is_eager=True, help="The version."),
    ] = False,
) -> None:
    """Hear who is in hospital, know who looks after them, tell those who can help.

    Example: hub doctor
    """


app.command()(up)
app.command(hidden=True)(make_ready)
app.command()(demo)
app.command()(gateway)
app.command()(worker)
app.command()(projections)
app.command()(extracts)
app.command(name="try")(try_files)
app.command()(convert)
app.add_typer(match, name="match")
app.command()(explain)
app.add_typer(send, name="send")
app.add_typer(topics, name="topics")
app.add_typer(dead_letters, name="dead-letters")
app.add_typer(codes, name="codes")
app.add_typer(token, name="token")
app.command()(bench)
app.command()(generate)
app.command()(doctor)
app.command()(version)


def main() -> None:
    """Run a command; an expected error is one line and a code, never a trace."""
    output.make_safe()
    try:
        app()
    except Exception as error:
        code = code_for(error)
        if code is None:
            leave(f"a fault of the hub ({type(error).__name__}); its trace stands in the log.")
            raise
        if str(error):
            output.aside(str(error))
            leave(str(error))
        sys.exit(code)
    except SystemExit as ended:
        if not isinstance(ended.code, str):
            raise
        output.aside(ended.code)
        leave(ended.code)
        sys.exit(ExitCode.DEPENDENCY_DOWN)


def leave(words: str) -> None:
    """Leave to `hub up` why this role ends."""
    file = settings().last_words
    if file is not None:
        with contextlib.suppress(OSError):
            file.write_text(words, encoding="utf-8")


if __name__ == "__main__":
    main()
