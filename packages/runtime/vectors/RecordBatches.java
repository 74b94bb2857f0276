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
  static final StringJoiner cases = new StringJoiner(",", "[", "]");

  public static void main(String[] args) {
    for (CompressionType type : CompressionType.values())
      print(type.name, builder(Compression.of(type).build(), TimestampType.CREATE_TIME, 4711, 2, 7, false), orders(1_768_000_000_000L));
    print("timestamps far apart", builder(Compression.NONE, TimestampType.CREATE_TIME, -1, -1, -1, false),
        List.of(record(4_000_000_000_000L), record(0), record(3_999_999_999_999L)));
    print("LogAppendTime", builder(Compression.NONE, TimestampType.LOG_APPEND_TIME, -1, -1, -1, false), orders(5));
    print("transactional", builder(Compression.NONE, TimestampType.CREATE_TIME, 4711, 2, 7, true), orders(1_768_000_000_000L));
    print("a control batch that aborts", MemoryRecords.withEndTransactionMarker(42, 1_768_000_000_000L, 3, 4711, (short) 2,
        new EndTransactionMarker(ControlRecordType.ABORT, 9)));
    MemoryRecordsBuilder compacted = builder(Compression.NONE, TimestampType.CREATE_TIME, -1, -1, -1, false);
    long far = 1L << 53;
    compacted.appendWithOffset(far, record(1_768_000_000_000L));
    compacted.appendWithOffset(far + 3, record(1_768_000_000_001L));
    compacted.appendWithOffset(far + 1_000_000, record(1_768_000_000_002L));
    print("compacted, offsets beyond 2^53", compacted.build());
    ByteBuffer empty = ByteBuffer.allocate(61);
    DefaultRecordBatch.writeEmptyHeader(empty, V2, 4711, (short) 2, 7, 42, 44, 3, TimestampType.CREATE_TIME, 1_768_000_000_000L, false, false);
    empty.flip();
    print("compacted, no record left", MemoryRecords.readableRecords(empty));
    System.out.println(cases);
  }

  static MemoryRecordsBuilder builder(Compression compression, TimestampType type, long id, int epoch, int sequence, boolean transactional) {
    return new MemoryRecordsBuilder(ByteBuffer.allocate(4096), V2, compression, type, transactional ? 1L << 52 : 1L << 53, 1_768_000_009_999L,
        id, (short) epoch, sequence, transactional, false, 0, 4096);
  }

  static SimpleRecord record(long timestamp, Header... headers) {
    return new SimpleRecord(timestamp, "{\"order_id\": \"1\"}".getBytes(), new byte[] {3, 5, 0, 1}, headers);
  }

  static List<SimpleRecord> orders(long first) {
    List<SimpleRecord> records = new ArrayList<>();
    records.add(record(first, new RecordHeader("traceparent", "00-0af7".getBytes()), new RecordHeader("content-type", "avro/binary".getBytes())));
    records.add(new SimpleRecord(first + 1, null, new byte[300]));
    records.add(new SimpleRecord(first + 1, new byte[0], null, new Header[] {new RecordHeader("none", null), new RecordHeader("Größe", new byte[0])}));
    records.add(record(first + 70, new RecordHeader("same", "1".getBytes()), new RecordHeader("same", null), new RecordHeader("same", "3".getBytes())));
    records.add(record(first + 70, new RecordHeader("__proto__", "1".getBytes()), new RecordHeader("constructor", "2".getBytes())));
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
      for (Header header : record.headers()) headers.add("[\"" + header.key() + "\"," + hex(header.value()) + "]");
      records.add(String.format("{\"offset\":\"%d\",\"timestamp\":\"%d\",\"key\":%s,\"value\":%s,\"headers\":%s}",
          record.offset(), record.timestamp(), hex(bytes(record.key())), hex(bytes(record.value())), headers));
    }
    cases.add(String.format("{\"title\":\"%s\",\"batch\":%s,\"records\":%s}", title, hex(bytes(batches.buffer())), records));
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
