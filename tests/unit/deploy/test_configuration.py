"""The configuration: what is read, what is refused, and where the refusal points."""

import json
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.configuration.connections import (
    configured_topics,
    copies,
    database_url,
    kafka_connection,
    region_names,
)
from deploy.configuration.document import LARGEST_BYTES, document_from
from deploy.configuration.errors import ConfigurationError
from deploy.configuration.load import DEMO, chosen, configuration_from, load
from deploy.configuration.model import Configuration
from deploy.configuration.secret import LITERAL
from processors.carer_matching.policy import MatchingPolicy
from processors.discharge_involvement.policy import AlertPolicy

SMALL = """\
regions:
  - {name: llr}
  - {name: leeds}
organisations:
  - {ods_code: RWE, kind: trust, name: A trust, regions: [llr]}
  - {ods_code: C82901, kind: practice, name: A practice, regions: [llr, leeds]}
  - {ods_code: SVC1, kind: service, name: A service, regions: [llr]}
"""
HUNTER = "hunter2"
WARD = "senders:\n  - {name: rwe-adt, connector: ward_mllp, organisation: RWE, regions: [llr]}\n"


def loaded(tmp_path: Path, text: str, environment: dict[str, str] | None = None) -> Configuration:
    file = tmp_path / "hub.yaml"
    file.write_text(text, encoding="utf-8")
    return load(file, environment or {})


def refusals(tmp_path: Path, text: str, environment: dict[str, str] | None = None) -> list[str]:
    """The lines of a refusal, without the folder."""
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, text, environment)
    return str(caught.value).replace(f"{tmp_path}/hub.yaml:", "").splitlines()


def test_the_demonstration_area_is_complete_and_valid():
    demo = load(DEMO, {})
    assert region_names(demo) == ("llr", "leeds")
    assert {each.ods_code for each in demo.organisations} >= {"RWE", "RR8"}
    assert {each.connector for each in demo.senders} == {"ward_mllp", "fhir_api", "gp_csv"}
    assert demo.test_numbers == "accept"
    areas = {
        (area, band) for each in demo.services for area in each.areas for band in each.age_bands
    }
    codes = ("E06000016", "E10000018", "E06000017", "E08000035")
    bands = ("adult", "young_adult", "young_carer")
    assert areas >= {(code, band) for code in codes for band in bands}


def test_the_demonstration_holds_no_secret_and_no_token():
    demo = load(DEMO, {})
    assert demo.database.url is None
    assert demo.kafka.sasl is None
    assert not [each for each in demo.organisations if each.tokens]


def test_a_small_file_gets_safe_defaults(tmp_path):
    configuration = loaded(tmp_path, SMALL + WARD)
    assert configuration.test_numbers == "refuse"
    assert configuration.http.host == configuration.mllp.host == "127.0.0.1"
    (sender,) = configuration.senders
    assert sender.connector == "ward_mllp"
    assert (sender.on_reject, sender.nk1_rule, sender.visit_number) == (
        "ar",
        "replace-by-event",
        "visit",
    )


def test_the_file_given_wins_over_the_environment_and_that_over_the_demonstration():
    assert chosen(Path("a"), Path("b")) == Path("a")
    assert chosen(None, Path("b")) == Path("b")
    assert chosen(None, None) == DEMO


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (SMALL + "colour: red\n", "8: colour: is no key of this section; remove it. Its keys: "),
        (
            SMALL + "log_levle: info\n",
            "8: log_levle: is no key of this section; did you mean `log_level`?",
        ),
        (SMALL.replace("name: llr", "nam: llr"), "2: regions[0].name: is missing; add it"),
        ("regions: [{name: llr}]\n", "1: organisations: is missing; add it"),
        (
            SMALL + "log_level: loud\n",
            "8: log_level: must be 'debug', 'info', 'warning' or 'error'",
        ),
        (SMALL + "http:\n  port: eighty\n", "9: http.port: must be a valid integer"),
        (SMALL + "http: {port: 70000}\n", "8: http.port: must be less than or equal to 65535"),
        (SMALL + "http: 80\n", "8: http: must be a section with keys of its own"),
        (
            SMALL.replace("RWE", "509"),
            "5: organisations[0].ods_code: must be text; put it in quotes",
        ),
        (SMALL.replace("RWE", "rwe"), "5: organisations[0].ods_code: must be an ODS code"),
        (
            SMALL + WARD.replace("ward_mllp", "telex"),
            "9: senders[0]: `connector` must be ward_mllp, ",
        ),
        (
            SMALL + WARD.replace("connector: ward_mllp, ", ""),
            "9: senders[0]: needs `connector`: ward_mllp, ",
        ),
        (
            SMALL + WARD.replace("regions: [llr]", "regions: [llr, leeds]"),
            "9: senders[0].regions: ",
        ),
        (
            SMALL + WARD.replace("]}", "], charset: utf-7}"),
            "9: senders[0].charset: must be 'utf-8', ",
        ),
        (
            SMALL + WARD.replace("]}", "], tokens: []}"),
            "9: senders[0].tokens: is no key of this section; ",
        ),
        (
            SMALL + "policy:\n  discharge_involvement:\n    board_round: noon\n",
            '10: policy.discharge_involvement.board_round: must be a time of day such as "10:00"',
        ),
        (SMALL + "regions: []\n", "8: regions: is given twice, first on line 1; remove one"),
        ("regions: []\norganisations: []\n", "1: regions: must not be an empty list"),
    ],
)
def test_a_problem_is_one_line_with_file_line_and_key(tmp_path, text, line):
    assert [each for each in refusals(tmp_path, text) if each.startswith(line)]


@pytest.mark.parametrize(
    ("more", "line"),
    [
        (
            "senders:\n  - {name: a-kafka, connector: kafka_in, organisation: SVC1, regions: [llr]}\n",
            "9: senders[0].organisation: SVC1 is no practice or council with `kafka` among its `channels`",
        ),
        (
            WARD.replace("[llr]", "[leds]"),
            "9: senders[0].regions[0]: there is no region leds; known: llr, leeds",
        ),
        (
            WARD.replace("RWE", "RR8"),
            "9: senders[0].organisation: RR8 is not among `organisations`; add it there",
        ),
        (
            WARD.replace("RWE", "SVC1"),
            "9: senders[0].organisation: SVC1 is no trust; only a trust has wards",
        ),
        (
            WARD + WARD.splitlines()[1] + "\n",
            "10: senders[1].name: rwe-adt is already taken; give each its own",
        ),
        (
            WARD + WARD.splitlines()[1].replace("rwe-adt", "two") + "\n",
            "10: senders[1]: cannot be told apart from rwe-adt: ",
        ),
        (
            WARD.replace("regions", "silent_after_minutes: 5, expected_to: '20:00Z', regions"),
            "9: senders[0].expected_to: takes no zone; it is always Europe/London",
        ),
        (
            WARD.replace("regions", "expected_from: '07:00', regions"),
            "9: senders[0].expected_from: means nothing without `silent_after_minutes`",
        ),
        (
            WARD.replace("regions", "certificate_name: adt.rwe.nhs.uk, regions"),
            "9: senders[0].certificate_name: needs `mllp.tls.client_ca`: without it nobody is ",
        ),
        (
            WARD + "mllp: {tls: {cert: c.pem, key: k.pem, client_ca: ca.pem}}\n",
            "9: senders[0].certificate_name: is missing: `mllp.tls.client_ca` asks for certificates",
        ),
        (
            "services:\n  - {ods_code: RWE, areas: [E06000016], age_bands: [adult]}\n",
            "9: services[0].ods_code: RWE is neither a service nor a council",
        ),
        (
            "services:\n  - {ods_code: NONE, areas: [E06000016], age_bands: [adult]}\n",
            "9: services[0].ods_code: NONE is not among `organisations`; add it there",
        ),
        ("http: {port: 2575}\n", "8: http.port: is the port of `mllp` too; choose another"),
        ("mllp: {port: 8480}\n", "8: mllp.port: is the port of `http` too; choose another"),
        (
            "http:\n  host: 0.0.0.0\n",
            "9: http.host: listens beyond this machine without TLS; add `tls`, or say ",
        ),
        (
            "mllp:\n  host: 10.0.0.7\n",
            "9: mllp.host: listens beyond this machine without TLS; add `tls`, or say ",
        ),
        *(
            (
                f"{role}:\n  host: 0.0.0.0\n",
                f"9: {role}.host: listens beyond this machine without TLS; add `tls`, or say ",
            )
            for role in ("worker", "projections", "extracts")
        ),
        ("extracts: {port: 8480}\n", "8: extracts.port: is the port of `http` too; choose another"),
        ("worker: {port: 8492}\n", "8: worker.port: is the port of `extracts` too; choose another"),
        (
            "mllp:\n  host: ward-hub.example\n",
            "9: mllp.host: listens beyond this machine without TLS; ",
        ),
        (
            "kafka:\n  bootstrap_servers: ['kafka:9092']\n  security_protocol: PLAINTEXT\n",
            "9: kafka.bootstrap_servers[0]: goes over the network without TLS",
        ),
        (
            "kafka: {bootstrap_servers: ['a:9092'], security_protocol: SASL_SSL}\n",
            "8: kafka: SASL_SSL needs the section `sasl`",
        ),
        (
            "kafka: {bootstrap_servers: ['a']}\n",
            "8: kafka.bootstrap_servers[0]: must be `host:port`",
        ),
        ("kafka: {tls: {cert: a.pem}}\n", "8: kafka.tls: `cert` and `key` go together"),
        (
            "policy: {discharge_involvement: {late_discharge: '18:00'}}\n",
            "8: policy.discharge_involvement.late_discharge: must not be after `closing_time`",
        ),
        (
            "policy: {discharge_involvement: {board_round: '10:00Z'}}\n",
            "8: policy.discharge_involvement.board_round: takes no zone",
        ),
        (
            "policy: {discharge_involvement: {young_adult_up_to: 17}}\n",
            "8: policy.discharge_involvement.young_adult_up_to: must not be under ",
        ),
    ],
)
def test_sections_must_fit_together(tmp_path, more, line):
    assert [each for each in refusals(tmp_path, SMALL + more) if each.startswith(line)]


def test_two_wards_on_one_port_are_told_apart_by_what_they_call_themselves(tmp_path):
    second = (
        WARD.splitlines()[1].replace("rwe-adt", "two").replace("]}", "], sending_facilities: [B]}")
    )
    first = WARD.replace("]}", "], sending_facilities: [A]}")
    assert len(loaded(tmp_path, f"{SMALL}{first}{second}\n").senders) == 2


def test_all_problems_of_a_kind_are_told_at_once_in_the_order_of_the_file(tmp_path):
    lines = refusals(tmp_path, "regions:\n  - {nme: llr}\norganisations: 3\nlog_level: loud\n")
    assert [line.split(": ")[0] for line in lines] == [
        "2",
        "2",
        "3",
        "4",
    ]


@pytest.mark.parametrize("visible", ["true"])
def test_plaintext_beyond_this_machine_needs_the_visible_word(tmp_path, visible):
    more = f"mllp: {{host: 0.0.0.0, insecure_plaintext: {visible}}}\n"
    assert loaded(tmp_path, SMALL + more).mllp.insecure_plaintext


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_needs_no_tls(tmp_path, host):
    assert loaded(tmp_path, SMALL + f"http: {{host: '{host}'}}\n").http.host == host


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (b"a: &x 1\nb: *x\n", ":1: anchors and aliases are not used here"),
        (b"a: 1\nb: *x\n", ":2: anchors and aliases are not used here"),
        (b"a: !!python/object/apply:os.system [ls]\n", ":1: a: tags (`!...`) are not used here"),
        (b"a: !!int x\n", ":1: a: tags (`!...`) are not used here"),
        (b"a: [" * 40 + b"]" * 40, ":1: is nested more than 12 levels deep"),
        (b"a: 1\na: 2\n", ":2: a: is given twice, first on line 1; remove one"),
        (b"a: {b: 1,\n b: 2}\n", ":2: a.b: is given twice, first on line 1; remove one"),
        (b"a: [\n", ":2: is not YAML here: "),
        (b"\tb: 1\n", ":1: is not YAML here: "),
        (b"a: 1\n---\na: 2\n", ":2: is not YAML here: "),
        (b"a: 1\nb: \xff\n", ":2: is not UTF-8; save the file as UTF-8"),
        (b"a: 1\nb: \x07\n", ":2: holds a control character; remove it"),
        (b"- a\n", ":1: must hold keys and values, such as `regions:`"),
        (b"", ":1: must hold keys and values, such as `regions:`"),
        (b"1: a\n", ":1: a key must be a plain word"),
        (b"? [a]\n: b\n", ":1: a key must be a plain word"),
        (b"a" * (LARGEST_BYTES + 1), ": is larger than 1000000 bytes: is this the right file?"),
    ],
)
def test_yaml_that_a_configuration_does_not_need_is_refused(text, what):
    with pytest.raises(ConfigurationError) as caught:
        document_from(text, "hub.yaml")
    assert str(caught.value).startswith(f"hub.yaml{what}")


def test_values_are_those_of_yaml_1_2():
    document = document_from(
        b"a: [10:00, yes, on, 2027-01-31, 0x10, 1e3, <<, 1_0, 017, true, 12, -1.5, ~]\n", "f"
    )
    texts, others = document.value["a"][:7], document.value["a"][7:]
    assert texts == ["10:00", "yes", "on", "2027-01-31", "0x10", "1e3", "<<"]
    assert others == ["1_0", 17, True, 12, -1.5, None]


@given(
    st.binary(max_size=400)
    | st.text(alphabet="ab:-[]{}&*!? \n'\"|>#~<", max_size=200).map(str.encode)
)
def test_any_bytes_are_read_or_refused_with_a_line(content):
    try:
        document_from(content, "hub.yaml")
    except ConfigurationError as error:
        (problem,) = error.problems
        assert str(problem).startswith("hub.yaml")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text("abc xyz", max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text("abcdef", min_size=1), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_any_values_are_refused_with_a_line(value):
    document = document_from(
        json.dumps({"regions": value, "organisations": value, "http": value}).encode(), "f"
    )
    with pytest.raises(ConfigurationError) as caught:
        configuration_from(document, Path())
    assert all(each.line == 1 and each.key for each in caught.value.problems)


def test_a_file_that_is_not_there_says_how_to_name_another(tmp_path):
    with pytest.raises(
        ConfigurationError, match=r"cannot be read: No such file.*--config or HUB_CONFIG"
    ):
        load(tmp_path / "none.yaml", {})


class TestSecrets:
    KAFKA = (
        "kafka:\n  bootstrap_servers: ['k1:9093', 'k2:9093']\n  security_protocol: SASL_SSL\n"
        "  sasl:\n    user: hub\n    password: {secret}\n"
    )

    def kafka(self, secret: str) -> str:
        return SMALL + self.KAFKA.replace("{secret}", secret)

    @pytest.mark.parametrize("literal", ["hunter2", "'{env: X}'", "12345", "[a]"])
    def test_a_secret_in_the_file_is_refused_by_its_key_and_never_repeated(self, tmp_path, literal):
        lines = refusals(tmp_path, self.kafka(literal))
        assert lines == [f"13: kafka.sasl.password: {LITERAL}"]

    @pytest.mark.parametrize("reference", ["{}", "{env: A, file: b}", "{name: x}", "{env: lower}"])
    def test_a_reference_is_either_a_variable_or_a_file(self, tmp_path, reference):
        assert refusals(tmp_path, self.kafka(reference))[0].startswith("13: kafka.sasl.password")

    def test_a_secret_from_the_environment(self, tmp_path):
        environment = {"KAFKA_PASSWORD": "hunter2"}
        configuration = loaded(tmp_path, self.kafka("{env: KAFKA_PASSWORD}"), environment)
        connection = kafka_connection(configuration, environment)
        assert connection.sasl_password == HUNTER
        assert "hunter2" not in repr(connection)
        assert "hunter2" not in repr(configuration)

    @pytest.mark.parametrize("environment", [{}, {"KAFKA_PASSWORD": ""}])
    def test_a_variable_that_is_not_set(self, tmp_path, environment):
        assert refusals(tmp_path, self.kafka("{env: KAFKA_PASSWORD}"), environment) == [
            "13: kafka.sasl.password: the environment variable KAFKA_PASSWORD is not set; set it"
        ]

    def test_a_secret_from_a_file_beside_the_configuration(self, tmp_path):
        (tmp_path / "password").write_text("hunter2\n")
        (tmp_path / "password").chmod(0o640)
        configuration = loaded(tmp_path, self.kafka("{file: password}"))
        assert kafka_connection(configuration, {}).sasl_password == HUNTER

    @pytest.mark.parametrize("mode", [0o644, 0o604, 0o602, 0o601])
    def test_a_secret_that_others_may_use_is_refused(self, tmp_path, mode):
        (tmp_path / "password").write_text("hunter2")
        (tmp_path / "password").chmod(mode)
        (line,) = refusals(tmp_path, self.kafka("{file: password}"))
        assert "everybody on this machine may use the file" in line
        assert "chmod o=" in line
        assert "hunter2" not in line

    def test_a_key_that_others_may_read_is_refused(self, tmp_path):
        (tmp_path / "key.pem").write_text("key")
        (tmp_path / "key.pem").chmod(0o644)
        (line,) = refusals(tmp_path, SMALL + "mllp:\n  tls: {cert: cert.pem, key: key.pem}\n")
        assert line.startswith("9: mllp.tls.key: everybody on this machine")

    @pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"x" * 70_000])
    def test_a_file_that_holds_no_secret(self, tmp_path, content):
        (tmp_path / "password").write_bytes(content)
        (tmp_path / "password").chmod(0o600)
        assert len(refusals(tmp_path, self.kafka("{file: password}"))) == 1

    @pytest.mark.parametrize("place", ["none", "."])
    def test_a_secret_file_that_is_none(self, tmp_path, place):
        assert "kafka.sasl.password" in refusals(tmp_path, self.kafka(f"{{file: {place}}}"))[0]

    @pytest.mark.parametrize(
        "address",
        [
            "postgresql://hub:hunter2@db.example/hub",
            "postgresql://hub:hunter2@db.example:5432/hub?sslmode=prefer",
            "postgresql://hub:hunter2@127.0.0.1,db.example/hub",
            "mysql://hub:hunter2@127.0.0.1/hub",
            "postgresql://hub:hunter2@127.0.0.1",
            "hunter2",
        ],
    )
    def test_an_address_of_the_database_that_will_not_do_is_never_repeated(self, tmp_path, address):
        (line,) = refusals(tmp_path, SMALL + "database: {url: {env: DB}}\n", {"DB": address})
        assert line.startswith("8: database.url: the address that this names ")
        assert "hunter2" not in line
        assert "db.example" not in line

    @pytest.mark.parametrize(
        "address",
        [
            "postgresql://hub:p@db.example/hub?sslmode=verify-full",
            "postgresql://hub:p@127.0.0.1:5432/hub",
            "postgresql://hub:p@[::1]:5432/hub",
            "postgresql://hub:p@localhost/hub",
        ],
    )
    def test_an_address_of_the_database_that_will_do(self, tmp_path, address):
        environment = {"DB": address}
        configuration = loaded(tmp_path, SMALL + "database: {url: {env: DB}}\n", environment)
        assert database_url(configuration, environment) == address


def test_settings_become_the_processors_policies(tmp_path):
    configuration = loaded(
        tmp_path,
        SMALL + "policy:\n  discharge_involvement: {board_round: '09:30', adult_age: 16}\n",
    )
    policy = configuration.policy
    assert policy.discharge_involvement.policy() == AlertPolicy(
        board_round=time(9, 30), adult_age=16
    )
    assert policy.carer_matching.policy("accept") == MatchingPolicy(test_numbers="accept")


def test_only_organisations_with_the_channel_get_topics_of_their_own(tmp_path):
    text = SMALL.replace(
        "A service, regions: [llr]", "A service, regions: [llr], channels: [kafka]"
    )
    names = {topic.name for topic in configured_topics(loaded(tmp_path, text))}
    assert {name for name in names if name.startswith(("to.", "from."))} == {
        "to.svc1.referral.v1",
        "from.svc1.outcome.v1",
    }


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ("", 1),
        ("kafka: {bootstrap_servers: ['k:9093']}\n", 3),
        ("kafka: {bootstrap_servers: ['k:9093'], replication_factor: 2}\n", 2),
    ],
)
def test_copies_of_topics(tmp_path, more, wanted):
    assert copies(loaded(tmp_path, SMALL + more)) == wanted


def test_a_region_is_its_place_in_the_list(tmp_path):
    configuration = loaded(tmp_path, SMALL)
    assert [configuration.partition_of(name) for name in ("llr", "leeds")] == [0, 1]
    with pytest.raises(LookupError):
        configuration.partition_of("none")
