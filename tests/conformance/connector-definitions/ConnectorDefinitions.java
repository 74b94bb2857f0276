import com.amazonaws.services.schemaregistry.utils.AWSSchemaRegistryConstants;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apicurio.registry.resolver.SchemaResolverConfig;
import io.apicurio.registry.serde.SerdeConfig;
import io.apicurio.registry.serde.avro.AvroKafkaSerdeConfig;
import io.debezium.config.Configuration;
import io.debezium.config.Field;
import io.debezium.connector.common.RelationalBaseSourceConnector;
import io.debezium.storage.kafka.history.KafkaSchemaHistory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.json.JsonConverterConfig;
import org.apache.kafka.connect.runtime.SinkConnectorConfig;
import org.apache.kafka.connect.runtime.SourceConnectorConfig;
import org.apache.kafka.connect.runtime.TopicCreationConfig;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.StringConverterConfig;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Asks a connector, its converters, its transformations and Kafka Connect itself which properties they have and whether they
 * accept the values. Connects to nothing. Request: {"config"}, and {"kind", "names"} for a connector whose jar is not here:
 * `source` or `sink`, and the names of its properties. Answer: {"unknown": [name], "errors": ["name: message"]}.
 */
public final class ConnectorDefinitions {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, String> config = new TreeMap<>();
  private final Set<String> known = new TreeSet<>();
  private final Set<String> errors = new TreeSet<>();

  public static void main(String[] arguments) throws IOException {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    // Libraries that print must not get between the answers.
    System.setOut(System.err);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      ObjectNode answer;
      try {
        answer = new ConnectorDefinitions().answer(JSON.readTree(line));
      } catch (Throwable failure) {
        answer = JSON.createObjectNode();
        answer.put("error", failure + " <- " + failure.getCause());
      }
      answers.println(JSON.writeValueAsString(answer));
    }
  }

  private ObjectNode answer(JsonNode request) throws Exception {
    request.get("config").fields().forEachRemaining((one) -> config.put(one.getKey(), one.getValue().asText()));
    config.putIfAbsent("name", "connector");
    if (request.has("names")) {
      request.get("names").forEach((name) -> known.add(name.asText()));
      addConnect(request.get("kind").asText().equals("sink"));
    } else {
      addConnector((Connector) create(config.get("connector.class")));
    }
    for (String part : new String[] {"key.converter", "value.converter", "header.converter"})
      if (config.containsKey(part)) addConverter(part);
    for (String alias : config.getOrDefault("transforms", "").split(","))
      if (!alias.isBlank()) addTransformation("transforms." + alias.strip() + ".");
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode unknown = answer.putArray("unknown");
    for (String name : config.keySet()) if (!known.contains(name)) unknown.add(name);
    ArrayNode wrong = answer.putArray("errors");
    errors.forEach(wrong::add);
    return answer;
  }

  /** Properties that Connect itself has for every source or sink. */
  private void addConnect(boolean isSink) {
    check(isSink ? SinkConnectorConfig.configDef() : SourceConnectorConfig.configDef(), config, "");
    if (isSink) {
      addNames("consumer.override.", ConsumerConfig.configNames());
    } else {
      addNames("topic.creation.default.", TopicCreationConfig.defaultGroupConfigDef().names());
      addNames("producer.override.", ProducerConfig.configNames());
    }
  }

  private void addConnector(Connector connector) throws Exception {
    addConnect(connector instanceof SinkConnector);
    check(connector.config(), config, "");
    if (!(connector instanceof RelationalBaseSourceConnector)) return;
    for (Field field : KafkaSchemaHistory.ALL_FIELDS) known.add(field.name());
    addNames("schema.history.internal.producer.", ProducerConfig.configNames());
    addNames("schema.history.internal.consumer.", ConsumerConfig.configNames());
    // Debezium's rules for each field. The public method also connects to the database.
    Method rules = ruleMethod(connector.getClass());
    rules.setAccessible(true);
    @SuppressWarnings("unchecked")
    Map<String, ConfigValue> values = (Map<String, ConfigValue>) rules.invoke(connector, Configuration.from(config));
    values.values().forEach(this::addErrors);
  }

  private void addConverter(String part) throws Exception {
    Converter converter = (Converter) create(config.get(part));
    Map<String, String> own = ownProperties(part + ".");
    switch (converter.getClass().getSimpleName()) {
      case "AWSKafkaAvroConverter":
        addConstants(part + ".", AWSSchemaRegistryConstants.class);
        break;
      case "AvroConverter":
        addConstants(part + ".", SerdeConfig.class);
        addConstants(part + ".", SchemaResolverConfig.class);
        addConstants(part + ".", AvroKafkaSerdeConfig.class);
        break;
      case "JsonConverter":
        check(JsonConverterConfig.configDef(), typed(own, part), part + ".");
        break;
      case "StringConverter":
        check(StringConverterConfig.configDef(), typed(own, part), part + ".");
        break;
      default:
        throw new IllegalArgumentException("this program does not know the properties of " + converter.getClass());
    }
    try {
      converter.configure(own, part.startsWith("key"));
    } catch (RuntimeException rejected) {
      errors.add(part + ": " + rejected);
    }
  }

  private void addTransformation(String prefix) throws Exception {
    known.add(prefix + "type");
    known.add(prefix + "predicate");
    known.add(prefix + "negate");
    Map<String, String> own = ownProperties(prefix);
    try (Transformation<?> transformation = (Transformation<?>) create(config.get(prefix + "type"))) {
      check(transformation.config(), own, prefix);
      transformation.configure(own);
    } catch (RuntimeException rejected) {
      errors.add(prefix + "type: " + rejected);
    }
  }

  /** Adds the names of a definition, and the errors that it finds in the values. */
  private void check(ConfigDef definition, Map<String, String> values, String prefix) {
    addNames(prefix, definition.names());
    for (ConfigValue value : definition.validate(values))
      for (String message : value.errorMessages()) errors.add(prefix + value.name() + ": " + message);
  }

  private void addErrors(ConfigValue value) {
    for (String message : value.errorMessages()) errors.add(value.name() + ": " + message);
  }

  private void addNames(String prefix, Iterable<String> names) {
    for (String name : names) known.add(prefix + name);
  }

  /** The converters of Glue and Apicurio have no definitions, only constants with the names. */
  private void addConstants(String prefix, Class<?> definition) throws IllegalAccessException {
    for (java.lang.reflect.Field field : definition.getFields())
      if (field.getType() == String.class) known.add(prefix + field.get(null));
  }

  private Map<String, String> ownProperties(String prefix) {
    Map<String, String> own = new HashMap<>();
    config.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) own.put(name.substring(prefix.length()), value);
        });
    return own;
  }

  /** As Connect does: it tells a converter whether it converts keys or values. */
  private static Map<String, String> typed(Map<String, String> own, String part) {
    Map<String, String> typed = new HashMap<>(own);
    typed.put("converter.type", part.substring(0, part.indexOf('.')));
    return typed;
  }

  private static Method ruleMethod(Class<?> connector) throws NoSuchMethodException {
    for (Class<?> one = connector; one != null; one = one.getSuperclass())
      for (Method method : one.getDeclaredMethods())
        if (method.getName().equals("validateAllFields")) return method;
    throw new NoSuchMethodException(connector + " has no validateAllFields");
  }

  private static Object create(String name) throws Exception {
    try {
      return Class.forName(name).getDeclaredConstructor().newInstance();
    } catch (InvocationTargetException failed) {
      throw new IllegalArgumentException(name, failed.getCause());
    }
  }
}
