import com.amazonaws.services.schemaregistry.kafkaconnect.AWSKafkaAvroConverter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apicurio.registry.utils.converter.avro.AvroData;
import io.debezium.connector.AbstractSourceInfo;
import io.debezium.connector.AbstractSourceInfoStructMaker;
import io.debezium.data.Bits;
import io.debezium.data.Envelope;
import io.debezium.data.VariableScaleDecimal;
import io.debezium.data.geometry.Point;
import io.debezium.transforms.ExtractNewRecordState;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.Converter;

/**
 * Makes the change events that a request lists, of a table with the columns that it lists: Debezium's types, source and
 * envelope, on request flattened by its ExtractNewRecordState. They are written by the Glue converter, by Apicurio's
 * Avro with Confluent's frame, or as JSON. Requests and answers are as in GlueSerde.
 */
public final class RowEvents {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant AT = Instant.ofEpochMilli(1_680_745_813_045L);
  /** Those with Confluent's frame; the id is the index and one. */
  private static final List<String> DEFINITIONS = new ArrayList<>();

  private interface Written {
    byte[] write(Schema schema, Object value) throws IOException;
  }

  public static void main(String[] arguments) throws IOException {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      ObjectNode answer = JSON.createObjectNode();
      try {
        answer.set("records", records(JSON.readTree(line), arguments[0]));
        ArrayNode definitions = answer.putArray("definitions");
        DEFINITIONS.forEach(definitions::add);
      } catch (Throwable failure) {
        answer.put("error", failure + " <- " + failure.getCause());
      }
      answers.println(JSON.writeValueAsString(answer));
    }
  }

  private static ArrayNode records(JsonNode request, String endpoint) throws IOException {
    String topic = request.get("topic").asText();
    Written keys = written(request, endpoint, true);
    Written values = written(request, endpoint, false);
    ArrayNode records = JSON.createArrayNode();
    try (ExtractNewRecordState<SourceRecord> unwrap = new ExtractNewRecordState<>()) {
      unwrap.configure(
          Map.of(
              "delete.tombstone.handling.mode", "rewrite-with-tombstone",
              "add.fields", "op,db,table,source.ts_ms"));
      for (SourceRecord event : events(request, topic)) {
        SourceRecord sent = request.get("isFlat").asBoolean() ? unwrap.apply(event) : event;
        if (sent == null) continue;
        ObjectNode record = records.addObject();
        record.put("key", sent.key() == null ? null : keys.write(sent.keySchema(), sent.key()));
        record.put("value", sent.value() == null ? null : values.write(sent.valueSchema(), sent.value()));
      }
    }
    return records;
  }

  private static Written written(JsonNode request, String endpoint, boolean isKey) {
    String topic = request.get("topic").asText();
    switch (request.get("converter").asText()) {
      case "glue":
        Converter glue = glue(request, endpoint, isKey);
        return (schema, value) -> glue.fromConnectData(topic, schema, value);
      case "confluent":
        AvroData avro = new AvroData(100);
        return (schema, value) -> confluent(avro, schema, value);
      default:
        boolean hasSchemas = request.get("converter").asText().equals("json-with-schemas");
        JsonConverter json = new JsonConverter();
        JsonNode format = request.get("decimalFormat");
        json.configure(
            Map.of(
                "schemas.enable", hasSchemas,
                "decimal.format", format == null ? "BASE64" : format.asText()),
            isKey);
        return (schema, value) -> json.fromConnectData(topic, schema, value);
    }
  }

  private static Converter glue(JsonNode request, String endpoint, boolean isKey) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("region", "us-east-1");
    settings.put("endpoint", endpoint);
    settings.put("registry.name", request.get("registry").asText());
    settings.put("schemaAutoRegistrationEnabled", true);
    settings.put("avroRecordType", "GENERIC_RECORD");
    // Key and value need two names. The value has the topic's name, the converter's default.
    if (isKey) settings.put("schemaName", request.get("topic").asText() + "-key");
    AWSKafkaAvroConverter converter = new AWSKafkaAvroConverter();
    converter.configure(settings, isKey);
    return converter;
  }

  private static byte[] confluent(AvroData avro, Schema schema, Object value) throws IOException {
    org.apache.avro.Schema writer = avro.fromConnectSchema(schema);
    String definition = writer.toString();
    if (!DEFINITIONS.contains(definition)) DEFINITIONS.add(definition);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0);
    bytes.write(ByteBuffer.allocate(4).putInt(DEFINITIONS.indexOf(definition) + 1).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<Object>(writer, new GenericData()).write(avro.fromConnectData(schema, value), encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static List<SourceRecord> events(JsonNode request, String topic) {
    Map<String, SchemaBuilder> columns = new LinkedHashMap<>();
    SchemaBuilder row = SchemaBuilder.struct().optional().name(topic + ".Value");
    for (JsonNode column : request.get("columns")) {
      SchemaBuilder type = type(column.get("type").asText());
      boolean isNullable = column.has("isNullable") && column.get("isNullable").asBoolean();
      // Debezium's own schemas are optional or not already.
      if (!type.isOptional() && isNullable) type.optional();
      row.field(column.get("name").asText(), type.build());
    }
    Schema rows = row.build();
    SchemaBuilder key = SchemaBuilder.struct().name(topic + ".Key");
    for (JsonNode name : request.get("key")) key.field(name.asText(), rows.field(name.asText()).schema());
    Schema keys = key.build();
    Schema sources = new SourceSchema().schema();
    Envelope envelope =
        Envelope.defineSchema()
            .withName(topic + ".Envelope")
            .withRecord(rows)
            .withSource(sources)
            .build();
    Struct source = source(sources);
    List<SourceRecord> events = new ArrayList<>();
    for (JsonNode event : request.get("events")) {
      Struct before = struct(rows, event.get("before"));
      Struct after = struct(rows, event.get("after"));
      JsonNode values = event.hasNonNull("after") ? event.get("after") : event.get("before");
      Struct id = struct(keys, event.has("key") ? event.get("key") : values);
      Schema schema = envelope.schema();
      switch (event.get("op").asText()) {
        case "c":
          events.add(event(topic, id, schema, envelope.create(after, source, AT)));
          break;
        case "r":
          events.add(event(topic, id, schema, envelope.read(after, source, AT)));
          break;
        case "u":
          events.add(event(topic, id, schema, envelope.update(before, after, source, AT)));
          break;
        case "d":
          events.add(event(topic, id, schema, envelope.delete(before, source, AT)));
          break;
        case "t":
          events.add(event(topic, null, schema, envelope.truncate(source, AT)));
          break;
        default:
          events.add(event(topic, id, null, null));
      }
    }
    return events;
  }

  private static SourceRecord event(String topic, Struct key, Schema schema, Struct value) {
    return new SourceRecord(
        Map.of(), Map.of(), topic, key == null ? null : key.schema(), key, schema, value);
  }

  private static Struct struct(Schema schema, JsonNode values) {
    if (values == null || values.isNull()) return null;
    Struct struct = new Struct(schema);
    for (Field field : schema.fields()) {
      JsonNode value = values.get(field.name());
      struct.put(field, value == null || value.isNull() ? null : value(field.schema(), value));
    }
    return struct;
  }

  private static SchemaBuilder type(String name) {
    switch (name) {
      case "io.debezium.time.Date":
        return io.debezium.time.Date.builder();
      case "io.debezium.time.Time":
        return io.debezium.time.Time.builder();
      case "io.debezium.time.MicroTime":
        return io.debezium.time.MicroTime.builder();
      case "io.debezium.time.NanoTime":
        return io.debezium.time.NanoTime.builder();
      case "io.debezium.time.Timestamp":
        return io.debezium.time.Timestamp.builder();
      case "io.debezium.time.MicroTimestamp":
        return io.debezium.time.MicroTimestamp.builder();
      case "io.debezium.time.NanoTimestamp":
        return io.debezium.time.NanoTimestamp.builder();
      case "io.debezium.time.ZonedTimestamp":
        return io.debezium.time.ZonedTimestamp.builder();
      case "io.debezium.time.ZonedTime":
        return io.debezium.time.ZonedTime.builder();
      case "io.debezium.time.Year":
        return io.debezium.time.Year.builder();
      case "io.debezium.time.Interval":
        return io.debezium.time.Interval.builder();
      case "io.debezium.time.MicroDuration":
        return io.debezium.time.MicroDuration.builder();
      case "io.debezium.time.NanoDuration":
        return io.debezium.time.NanoDuration.builder();
      case "io.debezium.time.IsoDate":
        return io.debezium.time.IsoDate.builder();
      case "io.debezium.time.IsoTime":
        return io.debezium.time.IsoTime.builder();
      case "io.debezium.time.IsoTimestamp":
        return io.debezium.time.IsoTimestamp.builder();
      case "io.debezium.data.Json":
        return io.debezium.data.Json.builder();
      case "io.debezium.data.Enum":
        return io.debezium.data.Enum.builder("new,paid");
      case "io.debezium.data.EnumSet":
        return io.debezium.data.EnumSet.builder("a,b");
      case "io.debezium.data.Uuid":
        return io.debezium.data.Uuid.builder();
      case "io.debezium.data.Xml":
        return io.debezium.data.Xml.builder();
      case "io.debezium.data.Tsvector":
        return io.debezium.data.TsVector.builder();
      case "io.debezium.data.Bits":
        return Bits.builder(10);
      case "io.debezium.data.VariableScaleDecimal":
        return VariableScaleDecimal.builder();
      case "io.debezium.data.geometry.Point":
        return Point.builder();
      case "io.debezium.data.DoubleVector":
        return io.debezium.data.vector.DoubleVector.builder();
      case "io.debezium.data.SparseDoubleVector":
        return io.debezium.data.vector.SparseDoubleVector.builder();
      case "org.apache.kafka.connect.data.Decimal":
        return Decimal.builder(2).parameter("connect.decimal.precision", "30");
      case "org.apache.kafka.connect.data.Date":
        return org.apache.kafka.connect.data.Date.builder();
      case "org.apache.kafka.connect.data.Time":
        return org.apache.kafka.connect.data.Time.builder();
      case "org.apache.kafka.connect.data.Timestamp":
        return org.apache.kafka.connect.data.Timestamp.builder();
      case "int16":
        return SchemaBuilder.int16();
      case "int32":
        return SchemaBuilder.int32();
      case "int64":
        return SchemaBuilder.int64();
      case "float32":
        return SchemaBuilder.float32();
      case "float64":
        return SchemaBuilder.float64();
      case "boolean":
        return SchemaBuilder.bool();
      case "bytes":
        return SchemaBuilder.bytes();
      case "string":
        return SchemaBuilder.string();
      case "text[]":
        return SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA);
      case "timestamp[]":
        return SchemaBuilder.array(io.debezium.time.MicroTimestamp.builder().optional().build());
      case "hstore":
        return SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.OPTIONAL_STRING_SCHEMA);
      default:
        throw new IllegalArgumentException(name);
    }
  }

  private static Object value(Schema schema, JsonNode value) {
    String name = schema.name() == null ? "" : schema.name();
    switch (name) {
      case Decimal.LOGICAL_NAME:
        return new BigDecimal(value.asText());
      case VariableScaleDecimal.LOGICAL_NAME:
        return VariableScaleDecimal.fromLogical(schema, new BigDecimal(value.asText()));
      case Point.LOGICAL_NAME:
        return Point.createValue(schema, value.get(0).asDouble(), value.get(1).asDouble());
      case "io.debezium.data.SparseDoubleVector":
        return io.debezium.data.vector.SparseDoubleVector.fromLogical(schema, value.asText());
      case "org.apache.kafka.connect.data.Date":
      case "org.apache.kafka.connect.data.Time":
      case "org.apache.kafka.connect.data.Timestamp":
        return new java.util.Date(value.asLong());
      default:
        break;
    }
    switch (schema.type()) {
      case INT16:
        return (short) value.asInt();
      case INT32:
        return value.asInt();
      case INT64:
        return value.asLong();
      case FLOAT32:
        return (float) value.asDouble();
      case FLOAT64:
        return value.asDouble();
      case BOOLEAN:
        return value.asBoolean();
      case BYTES:
        try {
          return value.binaryValue();
        } catch (IOException failure) {
          throw new IllegalArgumentException(failure);
        }
      case ARRAY:
        List<Object> items = new ArrayList<>();
        for (JsonNode item : value) items.add(item.isNull() ? null : value(schema.valueSchema(), item));
        return items;
      case MAP:
        Map<Object, Object> entries = new LinkedHashMap<>();
        value.fields().forEachRemaining(
            entry -> entries.put(entry.getKey(), entry.getValue().isNull() ? null : entry.getValue().asText()));
        return entries;
      default:
        return value.asText();
    }
  }

  /** Where a change is from: the fields that all connectors have, by Debezium, and those of PostgreSQL. */
  private static final class SourceSchema extends AbstractSourceInfoStructMaker<AbstractSourceInfo> {
    @Override
    public Schema schema() {
      return commonSchemaBuilder()
          .name("io.debezium.connector.postgresql.Source")
          .field("schema", Schema.STRING_SCHEMA)
          .field("table", Schema.STRING_SCHEMA)
          .field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
          .build();
    }

    @Override
    public Struct struct(AbstractSourceInfo source) {
      throw new UnsupportedOperationException();
    }
  }

  private static Struct source(Schema schema) {
    return new Struct(schema)
        .put("version", "3.6.1.Final")
        .put("connector", "postgresql")
        .put("name", "ord")
        .put("ts_ms", AT.toEpochMilli())
        .put("db", "devdb")
        .put("schema", "ods")
        .put("table", "cdc_events")
        .put("lsn", 24_023_128L);
  }
}
