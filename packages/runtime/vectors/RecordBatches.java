import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.*;
import org.apache.kafka.common.record.internal.*;

/** Prints record-batches.json: batches that Kafka's own classes encode, and what these classes read from them. */
public class RecordBatches {
  static final byte V2 = RecordBatch.MAGIC_VALUE_V2;
  static final long TIME = 1_768_000_000_000L;
  static final StringJoiner cases = new StringJoiner(",", "[", "]");

  public static void main(String[] args) {
    for (CompressionType type : CompressionType.values())
      print(type.name, idempotent(Compression.of(type).build(), false), orders(TIME));
    print("timestamps far apart", builder(TimestampType.CREATE_TIME),
        List.of(record(4_000_000_000_000L), record(0), record(3_999_999_999_999L)));
    print("LogAppendTime", builder(TimestampType.LOG_APPEND_TIME), orders(5));
    print("transactional", idempotent(Compression.NONE, true), orders(TIME));
    EndTransactionMarker abort = new EndTransactionMarker(ControlRecordType.ABORT, 9);
    print("a control batch that aborts",
        MemoryRecords.withEndTransactionMarker(42, TIME, 3, 4711, (short) 2, abort));
    MemoryRecordsBuilder compacted = builder(TimestampType.CREATE_TIME);
    long far = 1L << 53;
    compacted.appendWithOffset(far, record(TIME));
    compacted.appendWithOffset(far + 3, record(TIME + 1));
    compacted.appendWithOffset(far + 1_000_000, record(TIME + 2));
    print("compacted, offsets beyond 2^53", compacted.build());
    ByteBuffer empty = ByteBuffer.allocate(61);
    DefaultRecordBatch.writeEmptyHeader(
        empty, V2, 4711, (short) 2, 7, 42, 44, 3, TimestampType.CREATE_TIME, TIME, false, false);
    empty.flip();
    print("compacted, no record left", MemoryRecords.readableRecords(empty));
    System.out.println(cases);
  }

  static MemoryRecordsBuilder builder(TimestampType type) {
    return builder(Compression.NONE, type, 1L << 53, -1, -1, -1, false);
  }

  static MemoryRecordsBuilder idempotent(Compression compression, boolean transactional) {
    long offset = transactional ? 1L << 52 : 1L << 53;
    return builder(compression, TimestampType.CREATE_TIME, offset, 4711, 2, 7, transactional);
  }

  static MemoryRecordsBuilder builder(Compression compression, TimestampType type, long offset, long id, int epoch,
      int sequence, boolean transactional) {
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    return new MemoryRecordsBuilder(buffer, V2, compression, type, offset, TIME + 9_999, id, (short) epoch, sequence,
        transactional, false, 0, 4096);
  }

  static SimpleRecord record(long timestamp, Header... headers) {
    return new SimpleRecord(timestamp, "{\"order_id\": \"1\"}".getBytes(), new byte[] {3, 5, 0, 1}, headers);
  }

  static Header header(String name, String value) {
    return new RecordHeader(name, value == null ? null : value.getBytes());
  }

  static List<SimpleRecord> orders(long first) {
    List<SimpleRecord> records = new ArrayList<>();
    records.add(record(first, header("traceparent", "00-0af7"), header("content-type", "avro/binary")));
    records.add(new SimpleRecord(first + 1, null, new byte[300]));
    Header[] empty = {header("none", null), header("Größe", "")};
    records.add(new SimpleRecord(first + 1, new byte[0], null, empty));
    records.add(record(first + 70, header("same", "1"), header("same", null), header("same", "3")));
    records.add(record(first + 70, header("__proto__", "1"), header("constructor", "2")));
    return records;
  }

  static void print(String title, MemoryRecordsBuilder builder, List<SimpleRecord> records) {
    records.forEach(builder::append);
    print(title, builder.build());
  }

  static void print(String title, MemoryRecords batches) {
    StringJoiner records = new StringJoiner(",", "[", "]");
    for (org.apache.kafka.common.record.internal.Record record : batches.records()) {
      StringJoiner headers = new StringJoiner(",", "[", "]");
      for (Header header : record.headers())
        headers.add("[\"" + header.key() + "\"," + hex(header.value()) + "]");
      records.add(String.format("{\"offset\":\"%d\",\"timestamp\":\"%d\",\"key\":%s,\"value\":%s,\"headers\":%s}",
          record.offset(), record.timestamp(), hex(bytes(record.key())), hex(bytes(record.value())), headers));
    }
    String batch = hex(bytes(batches.buffer()));
    cases.add(String.format("{\"title\":\"%s\",\"batch\":%s,\"records\":%s}", title, batch, records));
  }

  static byte[] bytes(ByteBuffer buffer) {
    if (buffer == null) return null;
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  static String hex(byte[] bytes) {
    return bytes == null ? "null" : "\"" + HexFormat.of().formatHex(bytes) + "\"";
  }
}
