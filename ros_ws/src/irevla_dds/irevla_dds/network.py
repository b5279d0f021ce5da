"""Where the graph may be seen: this machine only, unless it is opened on purpose."""

from __future__ import annotations

from collections.abc import Mapping

from irevla.config.errors import UserError

DEFAULT_DOMAIN = 0
# A participant that says nothing for this long is dead: its publishers and servers vanish from the graph.
LEASE_S = 4
# A process that was stopped for longer than its lease is found again at its next announcement, by default after up to
# half a minute.
ANNOUNCE_S = 1
# Participants that one machine may hold in one domain; each is looked for at a port of its own.
MAX_PARTICIPANTS = 60
# How long closing a writer waits for readers that have not acknowledged; a dead one must not delay the end.
LINGER = "100ms"
# Unacknowledged bytes before a writer waits; above a few camera pictures, so that a stopped reader stops nobody.
WRITER_CACHE = "64MB"

LOOPBACK = """
  <General>
    <Interfaces><NetworkInterface address="127.0.0.1" multicast="false"/></Interfaces>
    <AllowMulticast>false</AllowMulticast>
    <MaxMessageSize>65500B</MaxMessageSize>
    <FragmentSize>60000B</FragmentSize>
  </General>
  <Discovery>
    <ParticipantIndex>auto</ParticipantIndex>
    <MaxAutoParticipantIndex>{participants}</MaxAutoParticipantIndex>
    <Peers><Peer address="127.0.0.1"/></Peers>
    <LeaseDuration>{lease}s</LeaseDuration>
    <SPDPInterval>{announce}s</SPDPInterval>
  </Discovery>"""
LAN = """
  <Discovery>
    <ParticipantIndex>auto</ParticipantIndex>
    <MaxAutoParticipantIndex>{participants}</MaxAutoParticipantIndex>
    <LeaseDuration>{lease}s</LeaseDuration>
    <SPDPInterval>{announce}s</SPDPInterval>
  </Discovery>"""


def cyclone_configuration(environment: Mapping[str, str]) -> str:
    """Return Cyclone's XML for ``IREVLA_NETWORK`` (loopback, the default, or lan); "" if CYCLONEDDS_URI is set."""
    if environment.get("CYCLONEDDS_URI"):
        return ""
    network = environment.get("IREVLA_NETWORK", "loopback")
    bodies = {"loopback": LOOPBACK, "lan": LAN}
    if network not in bodies:
        raise UserError(f"IREVLA_NETWORK: expected loopback or lan, got {network!r}")
    body = bodies[network].format(participants=MAX_PARTICIPANTS, lease=LEASE_S, announce=ANNOUNCE_S)
    internal = f"<WriterLingerDuration>{LINGER}</WriterLingerDuration>"
    internal += f"<Watermarks><WhcHigh>{WRITER_CACHE}</WhcHigh></Watermarks>"
    return f'<CycloneDDS><Domain id="any">{body}\n  <Internal>{internal}</Internal>\n</Domain></CycloneDDS>'


def domain_id(environment: Mapping[str, str]) -> int:
    """Return ``ROS_DOMAIN_ID`` (0 to 232), by default 0."""
    text = environment.get("ROS_DOMAIN_ID", "") or str(DEFAULT_DOMAIN)
    if not text.isdigit() or not 0 <= int(text) <= 232:
        raise UserError(f"ROS_DOMAIN_ID: expected a number from 0 to 232, got {text!r}")
    return int(text)
