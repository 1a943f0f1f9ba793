"""When the last download ended, as who installs and goes on at once has felt it."""

import os
import time

from deploy.local import fetching


def downloading(cache, tell):
    tell("fetching")
    return cache / "jars"


def test_a_download_just_now_counts_also_for_the_next_command(tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "kafka_jars", downloading)
    assert fetching.since_the_download(tmp_path) is None
    fetching.fetched(tmp_path, lambda _: None)
    assert 0 <= fetching.since_the_download(tmp_path) < 60


def test_an_old_download_and_none_do_not_count(tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "kafka_jars", lambda cache, tell: cache / "jars")
    fetching.fetched(tmp_path, lambda _: None)
    assert fetching.since_the_download(tmp_path) is None
    mark = tmp_path / fetching.MARK
    mark.touch()
    long_ago = time.time() - 2 * fetching.AT_ONCE_SECONDS
    os.utime(mark, (long_ago, long_ago))
    assert fetching.since_the_download(tmp_path) is None
