"""MCAP byte by byte: append records that survive a kill, read whatever is whole, seal with an index.

Records are written unchunked (https://mcap.dev/spec), so a torn tail costs the last record and nothing else.
"""

from __future__ import annotations

import errno
import io
import shutil
import struct
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from mcap.data_stream import ReadDataStream, RecordBuilder
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import (
    Channel,
    DataEnd,
    Footer,
    Header,
    McapRecord,
    Message,
    Metadata,
    MetadataIndex,
    Schema,
    Statistics,
    SummaryOffset,
)

from irevla.config.errors import StoreError
from irevla.training.store.message_types import schema_text

MAGIC = b"\x89MCAP0\r\n"
PREFIX = struct.Struct("<BQ")  # opcode, length of the body
MESSAGE = struct.Struct("<HIQQ")  # channel, sequence, log time, publish time
TAIL = 9 + 20 + len(MAGIC)  # the footer record and the closing magic
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class MessageAt:
    """One message of a file: whose it is and which bytes hold it."""

    topic: str
    sequence: int
    begin: int  # of the CDR data
    end: int  # of the record


@dataclass(frozen=True)
class McapContent:
    """The whole records of a file's data section; a torn last record is not among them."""

    schemas: dict[int, Schema] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    metadata: dict[str, tuple[dict[str, str], int, int]] = field(default_factory=dict)  # values, begin, end of record
    messages: list[MessageAt] = field(default_factory=list)
    times_ns: list[int] = field(default_factory=list)
    is_sealed: bool = False

    def schema_of(self, topic: str) -> Schema:
        """Return the schema of a topic's messages."""
        return next(self.schemas[channel.schema_id] for channel in self.channels.values() if channel.topic == topic)


def parse(data: bytes, path: Path) -> McapContent:
    """Return all whole records of ``data``; raises StoreError if it is no MCAP, or not one of ours."""
    if data[: len(MAGIC)] != MAGIC[: len(data)]:
        raise StoreError(f"{path}: not an MCAP file: it begins with {data[:8]!r}")
    content = McapContent(is_sealed=_is_sealed(data))
    position = len(MAGIC)
    while position + PREFIX.size <= len(data):
        opcode, length = PREFIX.unpack_from(data, position)
        begin, end = position + PREFIX.size, position + PREFIX.size + length
        if end > len(data) or opcode == Opcode.DATA_END:
            break
        try:
            _keep(content, opcode, data, begin, end)
        except (struct.error, UnicodeDecodeError, KeyError, McapError):
            break  # zeros after a power cut, or records that the store never writes
        position = end
    return content


def _keep(content: McapContent, opcode: int, data: bytes, begin: int, end: int) -> None:
    if opcode == Opcode.MESSAGE:
        channel, sequence, time_ns, _ = MESSAGE.unpack_from(data[begin : begin + MESSAGE.size])
        content.messages.append(MessageAt(content.channels[channel].topic, sequence, begin + MESSAGE.size, end))
        content.times_ns.append(time_ns)
        return
    stream = ReadDataStream(BytesIO(data[begin:end]))
    if opcode == Opcode.SCHEMA:
        schema = Schema.read(stream)
        content.schemas[schema.id] = schema
    elif opcode == Opcode.CHANNEL:
        entry = Channel.read(stream)
        content.channels[entry.id] = entry
    elif opcode == Opcode.METADATA:
        record = Metadata.read(stream)
        content.metadata[record.name] = (record.metadata, begin - PREFIX.size, end)
    elif opcode != Opcode.HEADER:
        raise KeyError(opcode)


def _is_sealed(data: bytes) -> bool:
    if len(data) < 2 * len(MAGIC) + TAIL or not data.endswith(MAGIC):
        return False
    return PREFIX.unpack_from(data, len(data) - TAIL) == (Opcode.FOOTER, 20)


class McapFile:
    """Appends to one open MCAP file; each commit is wholly in the file, or undone."""

    def __init__(self, file: io.FileIO, path: Path) -> None:
        self._file = file
        self._path = path
        self._builder = RecordBuilder()
        self._channels: dict[str, int] = {}
        self._staged_channels: dict[str, int] = {}
        self._size = 0

    def begin(self, metadata: str, values: dict[str, str]) -> None:
        """Write the head of a new file and its metadata record."""
        self._builder.write(MAGIC)
        Header(profile="ros2", library="irevla").write(self._builder)
        self.add_metadata(metadata, values)
        self.commit()

    def add_metadata(self, name: str, values: dict[str, str]) -> None:
        """Stage a metadata record."""
        Metadata(name=name, metadata=values).write(self._builder)

    def add_message(self, topic: str, message_type: str, data: bytes, *, sequence: int, time_ns: int) -> None:
        """Stage a message, with its channel and schema when they are new; negative times count as zero."""
        channel = (
            self._channels.get(topic) or self._staged_channels.get(topic) or self._add_channel(topic, message_type)
        )
        time_ns = max(0, time_ns)
        Message(channel_id=channel, sequence=sequence, log_time=time_ns, publish_time=time_ns, data=data).write(
            self._builder
        )

    def _add_channel(self, topic: str, message_type: str) -> int:
        number = len(self._channels) + len(self._staged_channels) + 1
        # One schema a channel: a repeated text is small and keeps every channel readable on its own.
        text = schema_text(message_type).encode()
        Schema(id=number, name=message_type, encoding="ros2msg", data=text).write(self._builder)
        Channel(
            id=number, topic=topic, message_encoding="cdr", metadata={"offered_qos_profiles": ""}, schema_id=number
        ).write(self._builder)
        self._staged_channels[topic] = number
        return number

    def commit(self) -> None:
        """Hand all that is staged to the operating system; raises StoreError and leaves the file as it was."""
        data = memoryview(_taken(self._builder))
        needed = len(data)
        try:
            while data:
                data = data[self._file.write(data) or 0 :]
        except OSError as error:
            self._staged_channels = {}
            self.cut(self._size)
            raise StoreError(_explain(error, self._path, needed)) from error
        self._size += needed
        self._channels |= self._staged_channels
        self._staged_channels = {}

    def cut(self, end: int) -> None:
        """Go on with an existing file after byte ``end``; what follows it is dropped."""
        self._size = end
        self._file.truncate(end)
        self._file.seek(end)

    def seal(self) -> bytes:
        """Append the summary that tools read first; return the whole file's bytes."""
        self._file.seek(0)
        data = self._file.readall()
        summary = _summary(parse(data, self._path), data)
        self._builder.write(summary)
        self.commit()
        return data + summary


def _summary(content: McapContent, data: bytes) -> bytes:
    """Return what follows the data section: its end, the summary that tools read first, and the footer."""
    end = RecordBuilder()
    DataEnd(zlib.crc32(data)).write(end)
    data_end = _taken(end)
    start = len(data) + len(data_end)
    topics = {channel.topic: number for number, channel in content.channels.items()}
    counts = Counter(topics[message.topic] for message in content.messages)
    statistics = Statistics(
        attachment_count=0,
        channel_count=len(content.channels),
        channel_message_counts=dict(counts),
        chunk_count=0,
        message_count=len(content.messages),
        message_end_time=max(content.times_ns, default=0),
        message_start_time=min(content.times_ns, default=0),
        metadata_count=len(content.metadata),
        schema_count=len(content.schemas),
    )
    indexes = [
        MetadataIndex(name=name, offset=begin, length=end - begin) for name, (_, begin, end) in content.metadata.items()
    ]
    groups: list[tuple[Opcode, Sequence[McapRecord]]] = [
        (Opcode.SCHEMA, list(content.schemas.values())),
        (Opcode.CHANNEL, list(content.channels.values())),
        (Opcode.STATISTICS, [statistics]),
        (Opcode.METADATA_INDEX, indexes),
    ]
    builder, offsets = RecordBuilder(), []
    for opcode, records in groups:
        begin = builder.count
        for record in records:
            record.write(builder)
        offsets.append(
            SummaryOffset(group_opcode=opcode, group_start=start + begin, group_length=builder.count - begin)
        )
    offset_start = start + builder.count
    for offset in offsets:
        offset.write(builder)
    summary = _taken(builder)
    # The CRC covers the summary and the footer up to the CRC itself.
    crc = zlib.crc32(struct.pack("<BQQQ", Opcode.FOOTER, 20, start, offset_start), zlib.crc32(summary))
    Footer(summary_start=start, summary_offset_start=offset_start, summary_crc=crc).write(builder)
    return data_end + summary + _taken(builder) + MAGIC


def _taken(builder: RecordBuilder) -> bytes:
    """Return and forget what was built; mcap leaves this method without types."""
    data: bytes = builder.end()  # type: ignore[no-untyped-call]
    return data


def _explain(error: OSError, path: Path, needed: int) -> str:
    if error.errno not in FULL:
        return f"{path}: cannot be written: {error}; what was recorded before stays readable"
    free_mb = shutil.disk_usage(path.parent).free / 1e6
    return (
        f"{path}: no room for {needed / 1e6:.3f} MB ({error.strerror}; {free_mb:.1f} MB free on the disk); "
        "free some space; what was recorded before stays readable"
    )
