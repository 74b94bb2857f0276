import com.amazonaws.services.schemaregistry.common.AWSSchemaRegistryClient;
import com.amazonaws.services.schemaregistry.common.configs.GlueSchemaRegistryConfiguration;
import com.amazonaws.services.schemaregistry.deserializers.GlueSchemaRegistryKafkaDeserializer;
import com.amazonaws.services.schemaregistry.serializers.GlueSchemaRegistryKafkaSerializer;
import com.amazonaws.services.schemaregistry.deserializers.protobuf.ProtobufSchemaParser;
import com.amazonaws.services.schemaregistry.serializers.json.JsonDataWithSchema;
import com.amazonaws.services.schemaregistry.serializers.json.JsonValidator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.JsonFormat;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** Calls the official Java library: reads one JSON request per line from stdin, writes one JSON answer per line to stdout. */
public final class GlueSerde {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, GlueSchemaRegistryKafkaSerializer> SERIALIZERS = new HashMap<>();
  private static final Map<String, Descriptors.FileDescriptor> FILES = new HashMap<>();
  private static final Map<String, GlueSchemaRegistryKafkaDeserializer> DESERIALIZERS = new HashMap<>();
  private static String endpoint;

  public static void main(String[] arguments) throws IOException {
    endpoint = arguments[0];
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      ObjectNode answer = JSON.createObjectNode();
      try {
        act(JSON.readTree(line), answer);
      } catch (Throwable failure) {
        answer.put("error", chain(failure));
      }
      answers.println(JSON.writeValueAsString(answer));
    }
  }

  private static void act(JsonNode request, ObjectNode answer) throws Exception {
    String topic = request.path("topic").asText();
    switch (request.get("do").asText()) {
      case "serialize":
        answer.put("bytes", serialize(topic, read(request), request));
        break;
      case "deserialize":
        print(deserialize(topic, request), answer);
        break;
      case "validate":
        new JsonValidator()
            .validateDataWithSchema(
                JSON.readTree(request.get("schema").asText()),
                JSON.readTree(request.get("value").asText()));
        break;
      case "echo":
        answer.put("bytes", serialize(topic, deserialize(topic, request), request));
        break;
      case "tags":
        answer.putPOJO(
            "tags",
            client(request)
                .querySchemaTags(request.get("schema").asText(), request.get("schemaName").asText())
                .tags());
        break;
      case "metadata":
        ObjectNode metadata = answer.putObject("metadata");
        client(request)
            .querySchemaVersionMetadata(UUID.fromString(request.get("version").asText()))
            .metadataInfoMap()
            .forEach((key, info) -> metadata.put(key, info.metadataValue()));
        break;
      default:
        throw new IllegalArgumentException("unknown request");
    }
  }

  private static String formatOf(JsonNode request) {
    return request.has("format") ? request.get("format").asText() : "AVRO";
  }

  /** The value of a request in the serializer's form. */
  private static Object read(JsonNode request) throws Exception {
    String schema = request.get("schema").asText();
    String value = request.get("value").asText();
    switch (formatOf(request)) {
      case "JSON":
        return JsonDataWithSchema.builder(schema, value).build();
      case "PROTOBUF": {
        Descriptors.FileDescriptor file = FILES.get(schema);
        if (file == null) {
          file = ProtobufSchemaParser.parse(schema, "file.proto");
          FILES.put(schema, file);
        }
        Iterator<String> path = List.of(request.get("message").asText().split("\\.")).iterator();
        Descriptors.Descriptor message = file.findMessageTypeByName(path.next());
        while (path.hasNext()) {
          message = message.findNestedTypeByName(path.next());
        }
        DynamicMessage.Builder built = DynamicMessage.newBuilder(message);
        JsonFormat.parser().merge(value, built);
        return built.build();
      }
      default:
        return fromAvroJson(new Schema.Parser().parse(schema), value);
    }
  }

  /** The deserializer's value as text. */
  private static void print(Object datum, ObjectNode answer) throws IOException {
    if (datum instanceof JsonDataWithSchema) {
      answer.put("schema", ((JsonDataWithSchema) datum).getSchema());
      answer.put("value", ((JsonDataWithSchema) datum).getPayload());
    } else if (datum instanceof DynamicMessage) {
      DynamicMessage message = (DynamicMessage) datum;
      answer.put("message", message.getDescriptorForType().getFullName());
      answer.put("value", JsonFormat.printer().omittingInsignificantWhitespace().print(message));
    } else {
      GenericContainer container = (GenericContainer) datum;
      answer.put("schema", container.getSchema().toString());
      answer.put("value", toAvroJson(container));
    }
  }

  private static String serialize(String topic, Object datum, JsonNode request) {
    Map<String, Object> settings = configuration(request);
    GlueSchemaRegistryKafkaSerializer serializer =
        SERIALIZERS.computeIfAbsent(
            settings.toString(),
            (name) -> {
              GlueSchemaRegistryKafkaSerializer made = new GlueSchemaRegistryKafkaSerializer();
              made.configure(settings, false);
              return made;
            });
    return Base64.getEncoder().encodeToString(serializer.serialize(topic, datum));
  }

  private static Object deserialize(String topic, JsonNode request) {
    byte[] bytes = Base64.getDecoder().decode(request.get("bytes").asText());
    Map<String, Object> settings = configuration(request);
    GlueSchemaRegistryKafkaDeserializer deserializer =
        DESERIALIZERS.computeIfAbsent(
            settings.toString(),
            (name) -> {
              GlueSchemaRegistryKafkaDeserializer made = new GlueSchemaRegistryKafkaDeserializer();
              made.configure(settings, false);
              return made;
            });
    return deserializer.deserialize(topic, bytes);
  }

  /** The settings of a request come last: they replace those that every test here needs. */
  private static Map<String, Object> configuration(JsonNode request) {
    Map<String, Object> settings = new TreeMap<>();
    settings.put("region", "us-east-1");
    settings.put("endpoint", endpoint);
    settings.put("registry.name", "conformance");
    settings.put("dataFormat", formatOf(request));
    settings.put("avroRecordType", "GENERIC_RECORD");
    settings.put("protobufMessageType", "DYNAMIC_MESSAGE");
    settings.put("schemaAutoRegistrationEnabled", "true");
    settings.put("compression", request.path("compression").asText("none").toUpperCase());
    if (request.has("settings")) {
      // Objects become a HashMap, the only map that the library takes for tags and metadata.
      HashMap<?, ?> given = JSON.convertValue(request.get("settings"), HashMap.class);
      given.forEach(
          (name, value) ->
              settings.put(
                  (String) name, value instanceof Map ? new HashMap<>((Map<?, ?>) value) : value));
    }
    return settings;
  }

  /** The library's own client, with which its users read tags and metadata. */
  private static AWSSchemaRegistryClient client(JsonNode request) {
    return new AWSSchemaRegistryClient(
        DefaultCredentialsProvider.create(),
        new GlueSchemaRegistryConfiguration(configuration(request)));
  }

  private static Object fromAvroJson(Schema schema, String text) throws IOException {
    GenericDatumReader<Object> reader =
        new GenericDatumReader<>(schema) {
          // Avro's HashMap would write the entries in another order than the text.
          @Override
          protected Object newMap(Object old, int size) {
            return new LinkedHashMap<>();
          }
        };
    return reader.read(null, DecoderFactory.get().jsonDecoder(schema, text));
  }

  /**
   * The datum as `{"value": ..., "end": 0}`, because Avro's JSON encoder omits a record without fields at the end.
   */
  private static String toAvroJson(GenericContainer datum) throws IOException {
    Schema.Field value = new Schema.Field("value", datum.getSchema());
    Schema.Field end = new Schema.Field("end", Schema.create(Schema.Type.INT));
    Schema schema = Schema.createRecord("Answer", null, "", false, List.of(value, end));
    GenericRecord answer = new GenericData.Record(schema);
    answer.put("value", datum);
    answer.put("end", 0);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    Encoder encoder = EncoderFactory.get().jsonEncoder(schema, text);
    new GenericDatumWriter<>(schema).write(answer, encoder);
    encoder.flush();
    return text.toString(StandardCharsets.UTF_8);
  }

  private static String chain(Throwable failure) {
    StringBuilder text = new StringBuilder(failure.toString());
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      text.append(" <- ").append(cause);
    }
    return text.toString();
  }
}
