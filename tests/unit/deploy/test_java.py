"""What Java is told by the environment: its own variable, and nothing that would change what runs."""

from deploy.local.kafka import surroundings


def test_java_hears_its_own_variable_and_no_other(monkeypatch):
    monkeypatch.setenv("CLASSPATH", "/elsewhere")
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-agentlib:x")
    monkeypatch.delenv("JDK_JAVA_OPTIONS", raising=False)
    assert surroundings() == {"LC_ALL": "C.UTF-8"}
    monkeypatch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")
    assert surroundings() == {"LC_ALL": "C.UTF-8", "JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1"}
