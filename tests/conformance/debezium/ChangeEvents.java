import com.amazonaws.services.schemaregistry.kafkaconnect.AWSKafkaAvroConverter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.debezium.data.Envelope;
import io.debezium.transforms.ExtractNewRecordState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.Converter;

/**
 * Makes the change events of a row that is inserted, updated and deleted: Debezium's envelope, flattened by its own
 * ExtractNewRecordState, written by the Glue converter or as JSON. Requests and answers are as in GlueSerde.
 */
public final class ChangeEvents {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant AT = Instant.ofEpochMilli(1_680_745_813_045L);

  public static void main(String[] arguments) throws IOException {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      ObjectNode answer = JSON.createObjectNode();
      try {
        answer.set("records", events(JSON.readTree(line), arguments[0]));
      } catch (Throwable failure) {
        answer.put("error", failure + " <- " + failure.getCause());
      }
      answers.println(JSON.writeValueAsString(answer));
    }
  }

  private static ArrayNode events(JsonNode request, String endpoint) {
    String topic = request.get("topic").asText();
    boolean isMySql = request.get("connector").asText().equals("mysql");
    boolean isJson = request.get("converter").asText().equals("json");
    Converter keys = isJson ? json(true) : glue(request, endpoint, "-key", true);
    Converter values = isJson ? json(false) : glue(request, endpoint, "-value", false);
    ArrayNode records = JSON.createArrayNode();
    try (ExtractNewRecordState<SourceRecord> unwrap = new ExtractNewRecordState<>()) {
      unwrap.configure(
          Map.of(
              // Debezium 2 and older: drop.tombstones=false, delete.handling.mode=rewrite.
              "delete.tombstone.handling.mode", "rewrite-with-tombstone",
              "add.fields", isMySql ? "op,db,table,source.ts_ms" : "op,db,table,schema,lsn,source.ts_ms"));
      for (SourceRecord event : changes(topic, isMySql)) {
        SourceRecord flat = unwrap.apply(event);
        if (flat == null) continue;
        ObjectNode record = records.addObject();
        record.put("key", keys.fromConnectData(topic, flat.keySchema(), flat.key()));
        record.put("value", values.fromConnectData(topic, flat.valueSchema(), flat.value()));
      }
    }
    return records;
  }

  private static Converter json(boolean isKey) {
    JsonConverter converter = new JsonConverter();
    converter.configure(Map.of("schemas.enable", "false"), isKey);
    return converter;
  }

  private static Converter glue(JsonNode request, String endpoint, String suffix, boolean isKey) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("region", "us-east-1");
    settings.put("endpoint", endpoint);
    settings.put("registry.name", request.get("registry").asText());
    settings.put("schemaAutoRegistrationEnabled", true);
    settings.put("avroRecordType", "GENERIC_RECORD");
    // Key and value need two names. The value has the topic's name, the converter's default.
    if (isKey) settings.put("schemaName", request.get("topic").asText() + suffix);
    AWSKafkaAvroConverter converter = new AWSKafkaAvroConverter();
    converter.configure(settings, isKey);
    return converter;
  }

  /** What a connector sends: an insert, an update, and a delete with the tombstone that follows it. */
  private static List<SourceRecord> changes(String topic, boolean isMySql) {
    Schema key = SchemaBuilder.struct().name(topic + ".Key").field("id", Schema.INT32_SCHEMA).build();
    Schema row =
        SchemaBuilder.struct()
            .optional()
            .name(topic + ".Value")
            .field("id", Schema.INT32_SCHEMA)
            .field("big", Schema.INT64_SCHEMA)
            .field("name", Schema.OPTIONAL_STRING_SCHEMA)
            .field("price", Decimal.builder(2).parameter("connect.decimal.precision", "10").build())
            .field("born", io.debezium.time.Date.builder().optional().build())
            .field("changed", io.debezium.time.Timestamp.builder().optional().build())
            .field("seen", io.debezium.time.ZonedTimestamp.builder().optional().build())
            .field("state", io.debezium.data.Enum.builder("new,paid").optional().build())
            .field("extra", io.debezium.data.Json.builder().optional().build())
            .build();
    String connector = isMySql ? "mysql" : "postgresql";
    SchemaBuilder position =
        SchemaBuilder.struct()
            .name("io.debezium.connector." + connector + ".Source")
            .field("ts_ms", Schema.INT64_SCHEMA)
            .field("db", Schema.STRING_SCHEMA)
            .field("table", Schema.STRING_SCHEMA);
    if (!isMySql) {
      position.field("schema", Schema.STRING_SCHEMA).field("lsn", Schema.OPTIONAL_INT64_SCHEMA);
    }
    Schema source = position.build();
    Envelope envelope =
        Envelope.defineSchema()
            .withName(topic + ".Envelope")
            .withRecord(row)
            .withSource(source)
            .build();
    Struct id = new Struct(key).put("id", 1);
    Struct from =
        new Struct(source)
            .put("ts_ms", AT.toEpochMilli())
            .put("db", "devdb")
            .put("table", "cdc_events");
    if (!isMySql) from.put("schema", "ods").put("lsn", 24_023_128L);
    Struct before =
        new Struct(row)
            .put("id", 1)
            .put("big", Long.MAX_VALUE)
            .put("name", "Žluťoučký")
            .put("price", new BigDecimal("-12.30"))
            .put("born", 19_453)
            .put("changed", AT.toEpochMilli())
            .put("seen", "2023-04-06T01:50:13.045Z")
            .put("state", "new")
            .put("extra", "{\"a\":1}");
    Struct after = new Struct(row).put("id", 1).put("big", 0L).put("price", new BigDecimal("0.00"));
    return List.of(
        event(topic, id, envelope.schema(), envelope.create(before, from, AT)),
        event(topic, id, envelope.schema(), envelope.update(before, after, from, AT)),
        event(topic, id, envelope.schema(), envelope.delete(after, from, AT)),
        event(topic, id, null, null));
  }

  private static SourceRecord event(String topic, Struct key, Schema schema, Struct value) {
    return new SourceRecord(Map.of(), Map.of(), topic, key.schema(), key, schema, value);
  }
}
