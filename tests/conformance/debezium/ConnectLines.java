import com.amazonaws.services.schemaregistry.kafkaconnect.AWSKafkaAvroConverter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;

/**
 * Prints the lines that a Kafka Connect sink with JSON files stores for the values of a topic: the Glue converter, or the
 * JSON converter, reads a value, and the JSON converter without schemas prints it, decimals as digits. Requests and answers
 * are as in GlueSerde.
 */
public final class ConnectLines {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] arguments) throws IOException {
    Converter glue = glue(arguments[0]);
    Converter json = json();
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      ObjectNode answer = JSON.createObjectNode();
      try {
        JsonNode request = JSON.readTree(line);
        String topic = request.get("topic").asText();
        Converter reader = request.get("converter").asText().equals("json") ? json : glue;
        ArrayNode lines = answer.putArray("lines");
        for (JsonNode value : request.get("values")) {
          lines.add(line(topic, reader.toConnectData(topic, value.binaryValue()), json));
        }
      } catch (Throwable failure) {
        answer.put("error", failure + " <- " + failure.getCause());
      }
      answers.println(JSON.writeValueAsString(answer));
    }
  }

  /** As the writer of JSON files in Confluent's S3 sink: only a Struct goes through the converter. */
  private static String line(String topic, SchemaAndValue read, Converter printer) throws IOException {
    if (!(read.value() instanceof Struct)) return JSON.writeValueAsString(read.value());
    byte[] line = printer.fromConnectData(topic, read.schema(), read.value());
    return new String(line, StandardCharsets.UTF_8);
  }

  private static Converter json() {
    JsonConverter converter = new JsonConverter();
    converter.configure(Map.of("schemas.enable", "false", "decimal.format", "NUMERIC"), false);
    return converter;
  }

  private static Converter glue(String endpoint) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("region", "us-east-1");
    settings.put("endpoint", endpoint);
    settings.put("avroRecordType", "GENERIC_RECORD");
    AWSKafkaAvroConverter converter = new AWSKafkaAvroConverter();
    converter.configure(settings, false);
    return converter;
  }
}
