"""The compiled loops of a look-up, loaded before anybody waits for them."""

from deploy.matching.lists import name_tables, read_model
from hub.matching.candidates import GLANCED_FROM, Matcher
from hub.matching.index.people import Index
from hub.matching.matcher import decide
from hub.matching.normal.person import Name, Person
from hub.matching.normal.record import compared


def warm_up() -> None:
    """One look-up, thrown away, among so many of one name that each loop is called.

    Where the compiled loops were not kept by an earlier process it takes half a minute, else about a second.
    """
    tables = name_tables()
    record = compared(Person(names=(Name(given="Ada", family="Marsh"),), born="1931-02-03"), tables)
    index = Index.of(tables, ((str(each), record) for each in range(GLANCED_FROM)))
    decide(record, index, Matcher(read_model(), tables))
