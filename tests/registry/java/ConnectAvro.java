import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apicurio.registry.utils.converter.AvroConverter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;

/**
 * Calls Apicurio's Avro converter: reads one JSON request per line from stdin, writes one JSON answer per line to stdout.
 * Connect's JSON (schema and payload) represents a connector's data.
 */
public final class ConnectAvro {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] arguments) throws IOException {
    AvroConverter<Object> avro = new AvroConverter<>();
    avro.configure(
        Map.of(
            "apicurio.registry.url", arguments[0] + "/apis/registry/v2",
            "apicurio.registry.auto-register", "true",
            "apicurio.registry.headers.enabled", "false",
            // 4-byte ids, and the ids of the Confluent-compatible API.
            "apicurio.registry.as-confluent", "true",
            "apicurio.registry.use-id", "contentId"),
        false);
    JsonConverter json = new JsonConverter();
    json.configure(Map.of("schemas.enable", "true"), false);
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      ObjectNode answer = JSON.createObjectNode();
      try {
        JsonNode request = JSON.readTree(line);
        String topic = request.get("topic").asText();
        if (request.has("json")) {
          byte[] text = request.get("json").asText().getBytes(StandardCharsets.UTF_8);
          SchemaAndValue data = json.toConnectData(topic, text);
          byte[] bytes = avro.fromConnectData(topic, data.schema(), data.value());
          answer.put("bytes", Base64.getEncoder().encodeToString(bytes));
        } else {
          byte[] bytes = Base64.getDecoder().decode(request.get("bytes").asText());
          SchemaAndValue data = avro.toConnectData(topic, bytes);
          byte[] text = json.fromConnectData(topic, data.schema(), data.value());
          answer.put("json", new String(text, StandardCharsets.UTF_8));
        }
      } catch (Throwable failure) {
        answer.put("error", failure + " <- " + failure.getCause());
      }
      answers.println(JSON.writeValueAsString(answer));
    }
  }
}
