"""A fault of ours is never a unit's: with the canaries silent nothing is said of a site that does not answer."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from tests.integration.inspecting.conftest import Xuncha, lines


@contextmanager
def closed_port() -> Iterator[int]:
    """A port of loopback that is bound and refuses connections, because nobody listens on it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def _registry(site: int, canary: int) -> str:
    return (
        "units:\n  - code: a\n    name: 甲局\n    kind: department\n    sites:\n"
        f"      - {{name: 甲局网站, home_url: 'http://127.0.0.1:{site}/', kind: department, pace: {{interval: 0, connections: 8}}}}\n"
        f"canaries: ['http://127.0.0.1:{canary}/']\n"
    )


def test_silent_canaries_make_everything_undetermined(xuncha: Xuncha) -> None:
    with closed_port() as site, closed_port() as canary:
        (xuncha.folder / "r.yaml").write_text(_registry(site, canary), "utf-8")
        xuncha("inspect", "--registry", "r.yaml", "--allow-private", "--kind", "on-demand", "--out", "out")
    assert lines(xuncha.folder / "out/findings.jsonl") == []
    states = {row["state"] for row in lines(xuncha.folder / "out/results.jsonl") if row["target_kind"] == "site"}
    assert "undetermined" in states and states <= {"undetermined", "not-applicable"}
    (target,) = json.loads((xuncha.folder / "out/run.json").read_text("utf-8"))["targets"]
    assert target["exit_reason"] == "本机网络故障"


def test_a_silent_site_is_for_a_person_when_the_canaries_answer(xuncha: Xuncha) -> None:
    with socket.create_server(("127.0.0.1", 0)) as answering, closed_port() as site:
        import threading

        def answer() -> None:
            while True:
                try:
                    connection, _ = answering.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        (xuncha.folder / "r.yaml").write_text(_registry(site, answering.getsockname()[1]), "utf-8")
        xuncha("inspect", "--registry", "r.yaml", "--allow-private", "--out", "out")
    (finding,) = lines(xuncha.folder / "out/findings.jsonl")
    assert (finding["check"], finding["state"]) == ("availability.unreachable", "needs-review")
