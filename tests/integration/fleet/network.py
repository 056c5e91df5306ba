"""Machines on a switch, in network namespaces: a link that is cut loses every packet, and nobody is told.

No FIN and no RST comes, no address is refused, no neighbour is missing: a switch that died, or a firewall that forgot.
Needs util-linux and iproute2, and either root or unprivileged user namespaces. Nothing of it outlives its process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence

_NET = "10.77.0"


class Network:
    """A switch of its own and the machines on it. Raises NoNetwork where none can be made."""

    def __init__(self) -> None:
        if missing := [tool for tool in ("unshare", "nsenter", "ip") if shutil.which(tool) is None]:
            raise NoNetwork(f"no {', '.join(missing)} (util-linux, iproute2)")
        self._is_root = os.geteuid() == 0
        self.machines: dict[str, Machine] = {}
        own = [] if self._is_root else ["--user", "--map-root-user"]
        self._holder = _held(["unshare", *own, "--net"])
        self.ip("link", "add", "switch", "type", "bridge")
        self.ip("link", "set", "switch", "up")

    def add(self, name: str) -> Machine:
        """One more machine, which every other one reaches."""
        machine = self.machines[name] = Machine(self, name, len(self.machines) + 1)
        for other in self.machines.values():
            other.knows(machine)
            machine.knows(other)
        return machine

    def ip(self, *words: str, within: int | None = None) -> None:
        """Runs `ip` on the switch, or in the namespace of a process."""
        done = subprocess.run(self.entered(within, ["ip", *words]), capture_output=True, text=True)
        if done.returncode:
            raise NoNetwork(f"ip {' '.join(words)}: {done.stderr.strip()}")

    def entered(self, pid: int | None, words: Sequence[str]) -> list[str]:
        """The words of a command that runs in the namespace of a process, or on the switch."""
        user = [] if self._is_root else [f"--user=/proc/{self._holder.pid}/ns/user", "--preserve-credentials"]
        return ["nsenter", *user, f"--net=/proc/{pid or self._holder.pid}/ns/net", "--", *words]

    def close(self) -> None:
        """Ends it; whoever still runs in it is left without any link."""
        for machine in self.machines.values():
            machine.close()
        _let_go(self._holder)


class Machine:
    """A network namespace with one link and one address."""

    def __init__(self, network: Network, name: str, number: int) -> None:
        self._network, self.name = network, name
        self.address, self._card = f"{_NET}.{number}", f"02:00:00:00:00:{number:02x}"
        self._holder = _held(network.entered(None, ["unshare", "--net"]))
        pid = self._holder.pid
        network.ip("link", "add", "name", name, "type", "veth", "peer", "name", "eth0", "netns", str(pid))
        for words in (
            ("link", "set", "lo", "up"),
            ("link", "set", "eth0", "address", self._card),
            ("link", "set", "eth0", "up"),
            ("address", "add", f"{self.address}/24", "dev", "eth0"),
        ):
            network.ip(*words, within=pid)
        network.ip("link", "set", "dev", name, "up")
        self.mend()

    def command(self, *words: str) -> list[str]:
        """The words of a command that runs on this machine."""
        return self._network.entered(self._holder.pid, words)

    def knows(self, other: Machine, *, lost: bool = False) -> None:
        """Where another is, for good: a neighbour that is asked for and does not answer would be an error at once.

        What goes to one that is `lost` vanishes, and so do the answers to what the other sends.
        """
        card = "02:00:00:00:ff:ff" if lost else other._card
        words = ("neigh", "replace", other.address, "lladdr", card, "dev", "eth0", "nud", "permanent")
        self._network.ip(*words, within=self._holder.pid)

    def cut(self) -> None:
        """The switch forgets this machine: what either side sends is lost, and both links stay up."""
        self._network.ip("link", "set", "dev", self.name, "nomaster")

    def mend(self) -> None:
        """The link is there again."""
        self._network.ip("link", "set", "dev", self.name, "master", "switch")

    def close(self) -> None:
        """Lets the namespace go."""
        _let_go(self._holder)


class NoNetwork(Exception):
    """None can be made on this machine; the words say why."""


def _held(words: Sequence[str]) -> subprocess.Popen[bytes]:
    """A process that keeps a namespace for as long as we live, and is in it by now."""
    holder = subprocess.Popen([*words, "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert holder.stdin is not None and holder.stdout is not None and holder.stderr is not None
    try:
        holder.stdin.write(b"\n")
        holder.stdin.flush()
        there = holder.stdout.read(1)
    except BrokenPipeError:
        there = b""
    if not there:
        holder.wait()
        raise NoNetwork(f"no network namespaces are allowed here: {holder.stderr.read().decode().strip()}")
    return holder


def _let_go(holder: subprocess.Popen[bytes]) -> None:
    for pipe in (holder.stdin, holder.stdout, holder.stderr):
        assert pipe is not None
        pipe.close()
    holder.wait()
