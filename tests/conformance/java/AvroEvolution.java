import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;

/** Reads data of one schema with another schema, with Avro for Java. Requests and answers are as in GlueSerde. */
public final class AvroEvolution {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] arguments) throws IOException {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      answers.println(JSON.writeValueAsString(evolve(JSON.readTree(line))));
    }
  }

  private static ObjectNode evolve(JsonNode request) throws IOException {
    ObjectNode answer = JSON.createObjectNode();
    Schema writer;
    Schema reader;
    try {
      writer = new Schema.Parser().parse(request.get("writer").asText());
      reader = new Schema.Parser().parse(request.get("reader").asText());
    } catch (RuntimeException failure) {
      return answer.put("invalid", failure.toString());
    }
    try {
      byte[] body = Base64.getDecoder().decode(request.get("body").asText());
      Object datum =
          new GenericDatumReader<>(writer, reader)
              .read(null, DecoderFactory.get().binaryDecoder(body, null));
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      JsonEncoder encoder = EncoderFactory.get().jsonEncoder(reader, text);
      new GenericDatumWriter<>(reader).write(datum, encoder);
      encoder.flush();
      return answer.put("value", text.toString(StandardCharsets.UTF_8));
    } catch (RuntimeException failure) {
      return answer.put("refusal", failure.toString());
    }
  }
}
