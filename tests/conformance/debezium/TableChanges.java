import com.amazonaws.services.schemaregistry.kafkaconnect.AWSKafkaAvroConverter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.debezium.config.CommonConnectorConfig.EventConvertingFailureHandlingMode;
import io.debezium.jdbc.JdbcValueConverters;
import io.debezium.relational.Column;
import io.debezium.relational.ColumnEditor;
import io.debezium.relational.CustomConverterRegistry;
import io.debezium.relational.DefaultValueConverter;
import io.debezium.relational.Table;
import io.debezium.relational.TableEditor;
import io.debezium.relational.TableId;
import io.debezium.relational.TableSchema;
import io.debezium.relational.TableSchemaBuilder;
import io.debezium.schema.DefaultTopicNamingStrategy;
import io.debezium.schema.FieldNameSelector;
import io.debezium.schema.SchemaNameAdjuster;
import io.debezium.spi.schema.DataCollectionId;
import io.debezium.spi.topic.TopicNamingStrategy;
import io.debezium.transforms.ExtractNewRecordState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Makes the change event of a row that is inserted into a table with the columns of the request: Debezium's own schemas
 * and envelope, on request flattened by its ExtractNewRecordState, written by the Glue converter. Requests and answers
 * are as in GlueSerde.
 */
public final class TableChanges {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant AT = Instant.ofEpochMilli(1_680_745_813_045L);
  private static final Schema SOURCE =
      SchemaBuilder.struct()
          .name("io.debezium.connector.mysql.Source")
          .field("ts_ms", Schema.INT64_SCHEMA)
          .field("db", Schema.STRING_SCHEMA)
          .field("table", Schema.STRING_SCHEMA)
          .build();

  public static void main(String[] arguments) throws IOException {
    // One converter for all rows, as in a task.
    AWSKafkaAvroConverter converter = converter(arguments[0], arguments[1]);
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      ObjectNode answer = JSON.createObjectNode();
      try {
        JsonNode request = JSON.readTree(line);
        SourceRecord event = insert(request);
        if (request.get("isFlat").asBoolean()) event = flatten(event);
        answer.put("topic", event.topic());
        answer.put("value", converter.fromConnectData(event.topic(), event.valueSchema(), event.value()));
      } catch (Throwable failure) {
        StringBuilder text = new StringBuilder(failure.toString());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
          text.append(" <- ").append(cause);
        }
        answer.put("error", text.toString());
      }
      answers.println(JSON.writeValueAsString(answer));
    }
  }

  private static AWSKafkaAvroConverter converter(String endpoint, String registry) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("region", "us-east-1");
    settings.put("endpoint", endpoint);
    settings.put("registry.name", registry);
    settings.put("schemaAutoRegistrationEnabled", true);
    settings.put("avroRecordType", "GENERIC_RECORD");
    AWSKafkaAvroConverter converter = new AWSKafkaAvroConverter();
    converter.configure(settings, false);
    return converter;
  }

  private static SourceRecord insert(JsonNode request) {
    TableId id = new TableId("test_db", null, request.get("table").asText());
    TableEditor editor = Table.editor().tableId(id);
    List<Object> row = new ArrayList<>();
    for (JsonNode column : request.get("columns")) {
      editor.addColumn(column(column));
      row.add(value(column));
    }
    Table table = editor.setPrimaryKeyNames("id").create();
    Properties naming = new Properties();
    naming.put("topic.prefix", "fullfillment");
    TopicNamingStrategy<DataCollectionId> topics = new DefaultTopicNamingStrategy(naming);
    TableSchema schema = schemas().create(topics, table, null, null, null);
    Struct source =
        new Struct(SOURCE)
            .put("ts_ms", AT.toEpochMilli())
            .put("db", "test_db")
            .put("table", id.table());
    Struct key = schema.keyFromColumnData(row.toArray());
    Struct after = schema.valueFromColumnData(row.toArray());
    Struct event = schema.getEnvelopeSchema().create(after, source, AT);
    String topic = topics.dataChangeTopic(id);
    return new SourceRecord(
        Map.of(), Map.of(), topic, key.schema(), key, schema.getEnvelopeSchema().schema(), event);
  }

  private static TableSchemaBuilder schemas() {
    return new TableSchemaBuilder(
        new JdbcValueConverters(),
        DefaultValueConverter.passthrough(),
        SchemaNameAdjuster.AVRO,
        new CustomConverterRegistry(List.of()),
        SOURCE,
        FieldNameSelector.defaultSelector(SchemaNameAdjuster.NO_OP),
        false,
        EventConvertingFailureHandlingMode.FAIL);
  }

  /** A column as the catalog of the database describes it. */
  private static Column column(JsonNode column) {
    String type = column.get("type").asText();
    ColumnEditor editor =
        Column.editor()
            .name(column.get("name").asText())
            .type(type)
            .optional(column.get("isNullable").asBoolean());
    if (column.has("default")) editor.defaultValueExpression(column.get("default").asText());
    switch (type) {
      case "INT":
        return editor.jdbcType(Types.INTEGER).create();
      case "BIGINT":
        return editor.jdbcType(Types.BIGINT).create();
      case "DECIMAL":
        return editor.jdbcType(Types.DECIMAL).length(10).scale(2).create();
      default:
        return editor.jdbcType(Types.VARCHAR).length(100).create();
    }
  }

  private static Object value(JsonNode column) {
    JsonNode value = column.get("value");
    if (value == null || value.isNull()) return null;
    switch (column.get("type").asText()) {
      case "INT":
        return value.asInt();
      case "BIGINT":
        return value.asLong();
      case "DECIMAL":
        return new BigDecimal(value.asText());
      default:
        return value.asText();
    }
  }

  private static SourceRecord flatten(SourceRecord event) {
    try (ExtractNewRecordState<SourceRecord> unwrap = new ExtractNewRecordState<>()) {
      unwrap.configure(Map.of("add.fields", "op,source.ts_ms"));
      return unwrap.apply(event);
    }
  }
}
