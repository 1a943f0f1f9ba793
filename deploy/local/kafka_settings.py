"""The files that a one-node Kafka reads at start. It runs in their folder: paths are relative."""

from pathlib import Path

from deploy.local.ports import LOOPBACK

SERVER = "server.properties"
LOGGING = "log4j2.properties"
DATA = "data"
LOG = "kafka.log"

SERVER_TEXT = """\
# Written at every start.
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller}
listeners=PLAINTEXT://{host}:{broker},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{broker}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
# After a SIGKILL the node waits this long for its former self; the default is 9 s.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
"""

LOGGING_TEXT = """\
# Written at every start.
status=warn
# Kafka logs while it shuts down; without this its last words are lost.
shutdownHook=disable
appender.file.type=RollingFile
appender.file.name=file
appender.file.fileName={log}
appender.file.filePattern={log}.%i
appender.file.layout.type=PatternLayout
appender.file.layout.pattern=%d{{ISO8601}}{{UTC}}Z %p %m (%c)%n
appender.file.policies.type=Policies
appender.file.policies.size.type=SizeBasedTriggeringPolicy
appender.file.policies.size.size=16MB
appender.file.strategy.type=DefaultRolloverStrategy
appender.file.strategy.max=3
rootLogger.level=info
rootLogger.appenderRef.file.ref=file
"""


def write_settings(folder: Path, broker: int, controller: int) -> None:
    """Write both files for a broker and a controller on these ports."""
    server = SERVER_TEXT.format(host=LOOPBACK, broker=broker, controller=controller, data=DATA)
    (folder / SERVER).write_text(server, encoding="ascii")
    (folder / LOGGING).write_text(LOGGING_TEXT.format(log=LOG), encoding="ascii")
