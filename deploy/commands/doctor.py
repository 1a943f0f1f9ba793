"""`hub doctor`: is everything there that a hub needs?"""

from deploy.commands.options import Config, Json


def doctor(config: Config = None, json: Json = False) -> None:
    """Look at configuration, machine, Kafka and PostgreSQL; say what is wrong and what to do.

    Example: hub doctor --config /etc/hub/hub.yaml
    """
    from deploy.doctor import examine, exit_code, lines
    from deploy.exit_codes import ExitCode, Stopped
    from deploy.output import data, data_as_json
    from deploy.settings import settings

    findings = examine(config, settings())
    if json:
        for each in findings:
            data_as_json(each.as_json())
    else:
        for line in lines(findings):
            data(line)
    code = exit_code(findings)
    if code is not ExitCode.OK:
        raise Stopped(code)
