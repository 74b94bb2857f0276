import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes records to a topic's first partition with Kafka's own client: in one batch with this compression, or in a
 * transaction that is committed or aborted. Requests and answers are as in GlueSerde.
 */
public final class WriteTopic {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] arguments) throws IOException {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      ObjectNode answer = JSON.createObjectNode();
      try {
        write(JSON.readTree(line));
      } catch (Exception failure) {
        answer.put("error", failure.toString());
      }
      answers.println(JSON.writeValueAsString(answer));
    }
  }

  private static void write(JsonNode request) throws Exception {
    String topic = request.get("topic").asText();
    String end = request.path("transaction").asText("");
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", request.get("bootstrapServers").asText());
    settings.put("compression.type", request.path("compression").asText("none"));
    settings.put("batch.size", 1_000_000);
    settings.put("linger.ms", 60_000);
    if (!end.isEmpty()) settings.put("transactional.id", topic + end);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      if (!end.isEmpty()) {
        producer.initTransactions();
        producer.beginTransaction();
      }
      var last = send(producer, topic, request.get("values"));
      // Aborted records must be in the log first: the client drops those that it has not sent.
      producer.flush();
      last.get();
      if (end.equals("commit")) producer.commitTransaction();
      if (end.equals("abort")) producer.abortTransaction();
    }
  }

  private static Future<?> send(
      KafkaProducer<byte[], byte[]> producer, String topic, JsonNode values) {
    Future<?> last = null;
    for (JsonNode value : values) {
      byte[] bytes = Base64.getDecoder().decode(value.asText());
      last = producer.send(new ProducerRecord<>(topic, 0, null, bytes));
    }
    return last;
  }
}
