import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.everit.json.schema.Schema;
import org.everit.json.schema.ValidationException;
import org.everit.json.schema.loader.SchemaClient;
import org.everit.json.schema.loader.SchemaLoader;
import org.everit.json.schema.loader.internal.ReferenceResolver;
import org.json.JSONArray;
import org.json.JSONObject;

/**
 * Checks values by Everit, as AWS's library loads a schema, or with references as Confluent's library loads it. Reads one
 * JSON request per line, and answers with a verdict for each value: valid, invalid, refused or overflow.
 */
public final class JsonScopes {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SchemaClient NO_DOWNLOADS =
      (url) -> {
        throw new IllegalStateException("no download of " + url);
      };

  public static void main(String[] arguments) throws IOException {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      JsonNode request = JSON.readTree(line);
      ObjectNode answer = JSON.createObjectNode();
      Schema schema = load(request);
      for (JsonNode value : request.get("values")) {
        answer.withArray("verdicts").add(verdict(schema, value));
      }
      answers.println(JSON.writeValueAsString(answer));
    }
  }

  /** Null if Everit refuses the schema. */
  private static Schema load(JsonNode request) {
    try {
      JsonNode node = JSON.readTree(request.get("schema").asText());
      JSONObject schema = new JSONObject(JSON.writeValueAsString(node));
      JsonNode references = request.get("references");
      if (references.isEmpty()) {
        return SchemaLoader.load(schema, NO_DOWNLOADS);
      }
      String keyword = node.path("$schema").asText().contains("draft-04") ? "id" : "$id";
      URI id = node.has(keyword) ? ReferenceResolver.resolve((URI) null, node.get(keyword).asText()) : null;
      SchemaLoader.SchemaLoaderBuilder builder =
          SchemaLoader.builder().draftV7Support().schemaClient(NO_DOWNLOADS).schemaJson(schema);
      for (JsonNode reference : references) {
        URI name = ReferenceResolver.resolve(id, reference.get("name").asText());
        builder.registerSchemaByURI(name, new JSONObject(reference.get("definition").asText()));
      }
      return builder.build().load().build();
    } catch (Exception | StackOverflowError refusal) {
      return null;
    }
  }

  private static String verdict(Schema schema, JsonNode value) {
    if (schema == null) {
      return "refused";
    }
    try {
      schema.validate(plain(value));
      return "valid";
    } catch (ValidationException mismatch) {
      return "invalid";
    } catch (StackOverflowError circle) {
      return "overflow";
    }
  }

  private static Object plain(JsonNode value) {
    if (value.isObject()) return new JSONObject(value.toString());
    if (value.isArray()) return new JSONArray(value.toString());
    if (value.isTextual()) return value.textValue();
    if (value.isNumber()) return value.numberValue();
    return value.isNull() ? JSONObject.NULL : value.booleanValue();
  }
}
