"""What a team's service is put together from: nginx's file, secrets, licences. The service itself is tests/team.py."""

import json
import stat
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy import audit, licences
from deploy import team as service
from deploy.team import AGAIN_S, ASK_S, HUNG_S, Replica, Team, put, secret


@pytest.fixture
def team(tmp_path):
    """A service of two processes of which none was started."""
    replicas = [SimpleNamespace(port=port, ready=True) for port in (9001, 9002)]
    return Team("127.0.0.1:9000", replicas, tmp_path)


def configuration(team: Team) -> str:
    team._write()
    return (team.folder / "nginx.conf").read_text()


def test_each_process_is_first_for_its_own_and_stands_in_for_the_other(team):
    text = configuration(team)
    assert "@" not in text
    assert text.count("{") == text.count("}")
    own = text.partition("upstream replica_9001")[2].partition("}")[0]
    assert "server 127.0.0.1:9001 max_fails=1 fail_timeout=2s;" in own
    assert "server 127.0.0.1:9002 max_fails=1 fail_timeout=2s backup;" in own
    assert "listen 127.0.0.1:9000;" in text


def test_nginx_is_told_of_those_that_are_ready_alone(team):
    team.replicas[0].ready = False
    text = configuration(team)
    assert "9001" not in text
    assert "9002" in text


def test_a_secret_is_kept_and_nobody_elses(tmp_path):
    file = tmp_path / "secret"
    assert secret(file) == secret(file)
    assert len(secret(file)) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_who_is_stopped_while_writing_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    file = tmp_path / "pid"
    put(file, "1")
    monkeypatch.setattr(Path, "replace", lambda *_: pytest.fail("the power went"))
    with pytest.raises(pytest.fail.Exception):
        put(file, "2")
    assert file.read_text() == "1"


@pytest.fixture
def watched(tmp_path, monkeypatch):
    """A service of one process that nothing is of: its clock, how it ended, whether it answers, and its starts."""
    now = SimpleNamespace(clock=1000.0, code=None, lives=True, starts=0, kills=0)

    def popen(*_args, **_more):
        now.starts += 1
        now.code = None
        return SimpleNamespace(pid=now.starts, poll=lambda: now.code, kill=lambda: setattr(now, "code", -9))

    monkeypatch.setattr(service.subprocess, "Popen", popen)
    monkeypatch.setattr(service.time, "monotonic", lambda: now.clock)
    monkeypatch.setattr(Replica, "answers", lambda self, path="": now.lives)
    monkeypatch.setattr(Team, "_tell", lambda self: None)
    now.team = Team("", [Replica(9001, {}, tmp_path)], tmp_path)
    return now


def test_a_process_that_cannot_start_is_started_again_but_not_all_the_time(watched):
    for _ in range(40):  # looks, four a second
        watched.code = 1
        watched.team.look()
        assert not watched.team.replicas[0].ready
        watched.clock += 0.25
    assert watched.starts == 2, "the first, and one after five seconds"


def test_a_process_that_ends_after_a_while_is_started_at_once(watched):
    watched.clock += AGAIN_S
    watched.code = -9
    watched.team.look()
    assert watched.starts == 2


def test_a_process_that_does_not_answer_any_more_is_started_anew_and_one_that_is_late_is_not(watched):
    def passes(seconds: float) -> None:
        for _ in range(int(seconds / ASK_S)):
            watched.clock += ASK_S
            watched.team.look()

    passes(60)
    watched.lives = False
    passes(HUNG_S - 2 * ASK_S)
    watched.lives = True
    passes(60)
    assert watched.starts == 1
    watched.lives = False
    passes(HUNG_S + ASK_S)
    assert watched.starts == 2


BILL = {"components": [
    {"name": "one", "version": "1", "licenses": [{"license": {"id": "MIT"}}]},
    {"name": "two", "version": "2", "licenses": [{"expression": "LGPL-3.0-only"}]},
    {"name": "protobuf", "version": "3"},
]}  # fmt: skip


@pytest.mark.parametrize(("more", "code"), [
    ([], 0), ([{"name": "x", "licenses": [{"license": {"name": "GNU General Public License v3"}}]}], 1),
    ([{"name": "x", "licenses": [{"license": {"id": "AGPL-3.0-only"}}]}], 1), ([{"name": "nothing said"}], 1),
])  # fmt: skip
def test_a_bill_is_completed_and_what_binds_or_says_nothing_is_told(tmp_path, capsys, more, code):
    file = tmp_path / "bill.json"
    file.write_text(json.dumps({"components": BILL["components"] + more}))
    assert licences.main([str(file)]) == code
    told = capsys.readouterr().out
    assert "MIT: one 1" in told
    assert "BSD-3-Clause: protobuf 3" in told
    assert json.loads(file.read_text())["components"][2]["licenses"] == [{"license": {"id": "BSD-3-Clause"}}]


KNOWN = [{"name": "pyyaml", "version": "5.3", "vulns": [{"id": "CVE-2020-14343", "fix_versions": ["5.4"]}]}]
CLEAN = {"name": "one", "version": "1", "vulns": []}
SKIPPED = {"name": "two", "skip_reason": "not found"}


@pytest.mark.parametrize(("control", "found", "code", "says"), [
    ([], [CLEAN], 0, "No database"),  # cannot be asked
    ([SKIPPED], [CLEAN], 0, "No database"),  # has not even heard of the package
    ([{**KNOWN[0], "vulns": []}], [CLEAN], 0, "No database"),  # an index without vulnerabilities
    (KNOWN, [CLEAN], 0, "0 known vulnerabilities of 1 packages."),
    (KNOWN, [CLEAN, *KNOWN], 1, "pyyaml 5.3: CVE-2020-14343, mended in 5.4."),
    (KNOWN, [CLEAN, SKIPPED], 1, "Not looked up: two."),
    (KNOWN, [], 1, "Nothing was looked up."),
])  # fmt: skip
def test_none_are_told_only_of_what_was_looked_up_where_some_are_known(control, found, code, says):
    sentences, told = audit.told(control, found)
    assert told == code
    assert says in " ".join(sentences)


def test_the_audit_asks_its_tool_about_the_control_first(tmp_path, capsys):
    tool, wanted = tmp_path / "tool", tmp_path / "wanted.txt"
    wanted.write_text("one==1")
    answers = {audit.CONTROL: {"dependencies": KNOWN}, "one==1": {"dependencies": [CLEAN]}}
    tool.write_text(f"#!{sys.executable}\nimport json, sys\n"
                    f"print(json.dumps({answers!r}[open(sys.argv[-1]).read().strip()]))\n")  # fmt: skip
    tool.chmod(0o755)
    assert audit.main([str(tool), str(wanted)]) == 0
    assert "0 known vulnerabilities of 1" in capsys.readouterr().out
    tool.write_text("#!/bin/sh\nexit 1\n")
    assert audit.main([str(tool), str(wanted)]) == 0
    assert "No database" in capsys.readouterr().out
