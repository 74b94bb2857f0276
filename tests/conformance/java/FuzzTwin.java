import com.amazonaws.services.schemaregistry.deserializers.protobuf.ProtobufSchemaParser;
import com.amazonaws.services.schemaregistry.deserializers.protobuf.ProtobufWireFormatDecoder;
import com.amazonaws.services.schemaregistry.serializers.json.JsonValidator;
import com.amazonaws.services.schemaregistry.serializers.protobuf.MessageIndexFinder;
import com.amazonaws.services.schemaregistry.serializers.protobuf.ProtobufSerializer;
import com.amazonaws.services.schemaregistry.utils.ProtobufMessageType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.JsonFormat;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.everit.json.schema.ValidationException;

/**
 * Answers the questions of tests/fuzz by the official Java libraries: reads one JSON request per line from stdin, writes one
 * JSON answer per line to stdout. A refusal by a library is an answer, with its reason.
 */
public final class FuzzTwin {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The library asks the class loader of its classes for the files that it brings along, so it gets one of its own. */
  public static void main(String[] arguments) throws Exception {
    ClassLoader loader = new PlainFiles(System.getProperty("java.class.path"));
    Thread.currentThread().setContextClassLoader(loader);
    Class.forName("FuzzTwin", true, loader).getMethod("answer").invoke(null);
  }

  /**
   * Has the .proto files of the library in memory, without comments. The library reads and parses all of them again for
   * each file, which is nine tenths of the time of a case, and most of their text are comments.
   */
  private static final class PlainFiles extends URLClassLoader {
    private static final Pattern COMMENT = Pattern.compile("(\"[^\"]*\"|'[^']*')|//[^\n]*|/\\*[\\s\\S]*?\\*/");
    private final Map<String, byte[]> files = new HashMap<>();

    PlainFiles(String classPath) throws IOException {
      super(new URL[0], ClassLoader.getPlatformClassLoader());
      for (String path : classPath.split(File.pathSeparator)) {
        addURL(new File(path).toURI().toURL());
      }
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      if (!name.endsWith(".proto")) {
        return super.getResourceAsStream(name);
      }
      byte[] file = files.computeIfAbsent(name, this::withoutComments);
      return file == null ? null : new ByteArrayInputStream(file);
    }

    private byte[] withoutComments(String name) {
      try (InputStream file = super.getResourceAsStream(name)) {
        if (file == null) {
          return null;
        }
        String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        return COMMENT.matcher(text).replaceAll("$1 ").getBytes(StandardCharsets.UTF_8);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  public static void answer() throws IOException {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      ObjectNode answer = JSON.createObjectNode();
      try {
        act(JSON.readTree(line), answer);
      } catch (Throwable failure) {
        answer = JSON.createObjectNode().put("error", chain(failure));
      }
      answers.println(JSON.writeValueAsString(answer));
    }
  }

  private static void act(JsonNode request, ObjectNode answer) {
    switch (request.get("do").asText()) {
      case "avro-schemas":
        avroSchemas(request, answer);
        break;
      case "avro-values":
        avroValues(request, answer);
        break;
      case "json":
        json(request, answer);
        break;
      case "protobuf":
        protobuf(request, answer);
        break;
      default:
        throw new IllegalArgumentException("unknown request");
    }
  }

  // ---- Avro ----

  /** `writer` and `reader` are texts; the answer has Java's own text of each, and whether the reader can read the writer. */
  private static void avroSchemas(JsonNode request, ObjectNode answer) {
    Schema writer = parsed(request, answer, "writer");
    Schema reader = parsed(request, answer, "reader");
    if (writer == null || reader == null) {
      return;
    }
    answer.put("equal", writer.equals(reader));
    try {
      SchemaCompatibility.SchemaPairCompatibility found =
          SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
      answer.put("compatible", found.getType() == SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE);
      ArrayNode reasons = answer.putArray("incompatibilities");
      for (SchemaCompatibility.Incompatibility one : found.getResult().getIncompatibilities()) {
        reasons.add(one.getType() + " " + one.getLocation());
      }
    } catch (Throwable failure) {
      answer.put("compatibilityFailure", chain(failure));
    }
  }

  private static Schema parsed(JsonNode request, ObjectNode answer, String name) {
    try {
      Schema schema = new Schema.Parser().parse(request.get(name).asText());
      answer.putObject(name).put("text", schema.toString());
      return schema;
    } catch (Throwable failure) {
      answer.putObject(name).put("refused", chain(failure));
      return null;
    }
  }

  /** `values` in Avro's JSON encoding: their bodies, and those of the values that the reader schema makes of them. */
  private static void avroValues(JsonNode request, ObjectNode answer) {
    Schema writer = new Schema.Parser().parse(request.get("writer").asText());
    Schema reader =
        request.has("reader") ? new Schema.Parser().parse(request.get("reader").asText()) : null;
    ArrayNode values = answer.putArray("values");
    for (JsonNode value : request.get("values")) {
      ObjectNode one = values.addObject();
      byte[] body;
      try {
        DatumReader<Object> fromJson = new OrderedReader(writer, writer);
        Object datum =
            fromJson.read(null, DecoderFactory.get().jsonDecoder(writer, value.asText()));
        body = binary(writer, datum);
        one.put("body", Base64.getEncoder().encodeToString(body));
      } catch (Throwable failure) {
        one.put("refused", chain(failure));
        continue;
      }
      if (reader == null) {
        continue;
      }
      try {
        Object datum =
            new OrderedReader(writer, reader)
                .read(null, DecoderFactory.get().binaryDecoder(body, null));
        one.put("resolved", Base64.getEncoder().encodeToString(binary(reader, datum)));
      } catch (Throwable failure) {
        one.put("unresolved", chain(failure));
      }
    }
  }

  private static byte[] binary(Schema schema, Object datum) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<>(schema, OrderedData.INSTANCE).write(datum, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  /** Avro's HashMap would write the entries of a map in another order than they were read. */
  private static final class OrderedData extends GenericData {
    static final OrderedData INSTANCE = new OrderedData();

    @Override
    public DatumReader createDatumReader(Schema schema) {
      return new OrderedReader(schema, schema);
    }

    @Override
    public DatumReader createDatumReader(Schema writer, Schema reader) {
      return new OrderedReader(writer, reader);
    }
  }

  private static final class OrderedReader extends GenericDatumReader<Object> {
    OrderedReader(Schema writer, Schema reader) {
      super(writer, reader, OrderedData.INSTANCE);
    }

    @Override
    protected Object newMap(Object old, int size) {
      return new LinkedHashMap<>();
    }

    /** As text: bytes that are promoted to a string may not be UTF-8, and Utf8 would keep them. */
    @Override
    protected Object readString(Object old, Decoder in) throws IOException {
      return in.readString();
    }
  }

  // ---- JSON Schema ----

  private static void json(JsonNode request, ObjectNode answer) {
    ArrayNode verdicts = answer.putArray("verdicts");
    ArrayNode reasons = answer.putArray("reasons");
    for (JsonNode value : request.get("values")) {
      try {
        new JsonValidator()
            .validateDataWithSchema(
                JSON.readTree(request.get("schema").asText()), JSON.readTree(value.asText()));
        verdicts.add("valid");
        reasons.add("");
      } catch (Throwable failure) {
        verdicts.add(isMismatch(failure) ? "invalid" : "refused");
        reasons.add(chain(failure));
      }
    }
  }

  private static boolean isMismatch(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause instanceof ValidationException
        && !String.valueOf(cause.getMessage()).contains("reference is not allowed");
  }

  // ---- Protobuf ----

  /** Random messages of the file, made here, because only Java's descriptors say what Java takes the file for. */
  private static void protobuf(JsonNode request, ObjectNode answer) {
    Descriptors.FileDescriptor file;
    try {
      file = ProtobufSchemaParser.parse(request.get("schema").asText(), "file.proto");
    } catch (Throwable failure) {
      answer.put("refused", chain(failure));
      return;
    }
    try {
      answer.put(
          "text",
          com.amazonaws.services.schemaregistry.utils.ProtobufSchemaParser
              .getProtobufSchemaStringFromFileDescriptorProto(file.toProto()));
    } catch (Throwable failure) {
      answer.put("unprintable", chain(failure));
    }
    Random random = new Random(request.get("valueSeed").asLong());
    JsonFormat.TypeRegistry types =
        JsonFormat.TypeRegistry.newBuilder().add(file.getMessageTypes()).build();
    JsonFormat.Printer printer =
        JsonFormat.printer().usingTypeRegistry(types).omittingInsignificantWhitespace();
    List<Descriptors.Descriptor> messages =
        new ArrayList<>(new MessageIndexFinder().getAll(file).keySet());
    messages.removeIf((one) -> one.getOptions().getMapEntry());
    messages.sort(Comparator.comparing(Descriptors.Descriptor::getFullName));
    ProtobufSerializer serializer = new ProtobufSerializer(null);
    ProtobufWireFormatDecoder decoder = new ProtobufWireFormatDecoder(new MessageIndexFinder());
    ArrayNode values = answer.putArray("values");
    for (Descriptors.Descriptor message : messages) {
      for (int count = request.get("perMessage").asInt(); count > 0; count--) {
        ObjectNode one = values.addObject().put("message", message.getFullName());
        try {
          DynamicMessage drawn = draw(message, random, 0);
          one.put("value", printer.print(drawn));
          byte[] body = serializer.serialize(drawn);
          one.put("body", Base64.getEncoder().encodeToString(body));
          DynamicMessage read =
              (DynamicMessage) decoder.decode(body, file, ProtobufMessageType.DYNAMIC_MESSAGE);
          one.put("read", printer.print(read));
          one.put("readAs", read.getDescriptorForType().getFullName());
        } catch (Throwable failure) {
          one.put("failed", chain(failure));
        }
      }
    }
  }

  private static DynamicMessage draw(Descriptors.Descriptor type, Random random, int depth) {
    DynamicMessage.Builder built = DynamicMessage.newBuilder(type);
    if (type.getFullName().equals("google.protobuf.Any")) {
      return built.build();
    }
    Set<Descriptors.OneofDescriptor> chosen = new HashSet<>();
    for (Descriptors.FieldDescriptor field : type.getFields()) {
      if (field.getContainingOneof() != null
          && (random.nextInt(3) == 0 || !chosen.add(field.getContainingOneof()))) {
        continue;
      }
      boolean nests = field.getJavaType() == Descriptors.FieldDescriptor.JavaType.MESSAGE;
      boolean absent = random.nextInt(4) == 0 || (nests && depth >= 3);
      if (field.isMapField()) {
        drawMap(built, field, absent ? 0 : random.nextInt(3), random, depth);
      } else if (field.isRepeated()) {
        for (int count = absent ? 0 : random.nextInt(4); count > 0; count--) {
          built.addRepeatedField(field, drawValue(field, random, depth));
        }
      } else if (field.isRequired() ? !(nests && depth >= 5) : !absent) {
        built.setField(field, drawValue(field, random, depth));
      }
    }
    return built.build();
  }

  private static void drawMap(
      DynamicMessage.Builder built,
      Descriptors.FieldDescriptor field,
      int count,
      Random random,
      int depth) {
    Descriptors.Descriptor entry = field.getMessageType();
    Map<Object, Object> entries = new LinkedHashMap<>();
    for (int left = count; left > 0; left--) {
      entries.put(
          drawValue(entry.findFieldByNumber(1), random, depth),
          drawValue(entry.findFieldByNumber(2), random, depth));
    }
    List<Map.Entry<Object, Object>> ordered = new ArrayList<>(entries.entrySet());
    ordered.sort(Comparator.comparing((one) -> arrayIndex(keyText(field, one.getKey()))));
    ordered.forEach(
        (drawn) ->
            built.addRepeatedField(
                field,
                DynamicMessage.newBuilder(entry)
                    .setField(entry.findFieldByNumber(1), drawn.getKey())
                    .setField(entry.findFieldByNumber(2), drawn.getValue())
                    .build()));
  }

  /** The key of a map as its JSON mapping has it. */
  private static String keyText(Descriptors.FieldDescriptor map, Object key) {
    switch (map.getMessageType().findFieldByNumber(1).getType()) {
      case UINT32:
      case FIXED32:
        return Integer.toUnsignedString((Integer) key);
      case UINT64:
      case FIXED64:
        return Long.toUnsignedString((Long) key);
      default:
        return String.valueOf(key);
    }
  }

  /** The place of a key in an object of JavaScript, which has the indexes of arrays first. */
  private static long arrayIndex(String text) {
    boolean isIndex = text.matches("0|[1-9][0-9]{0,9}") && Long.parseLong(text) < (1L << 32) - 1;
    return isIndex ? Long.parseLong(text) : Long.MAX_VALUE;
  }

  private static final String[] TEXTS = {"", "a", "Ünï", "a_b", "\u2028\"\\", "\uD83D\uDE00", "0"};
  private static final long[] LONGS = {0, 1, -1, 63, 64, 300, 1L << 31, -(1L << 31), (1L << 53) + 1};

  private static Object drawValue(Descriptors.FieldDescriptor field, Random random, int depth) {
    String owner = field.getContainingType().getFullName();
    boolean isTime =
        owner.equals("google.protobuf.Timestamp") || owner.equals("google.protobuf.Duration");
    switch (field.getJavaType()) {
      case INT:
        if (isTime) {
          return random.nextInt(3) * 5_000_000;
        }
        return random.nextBoolean() ? (int) LONGS[random.nextInt(LONGS.length)] : random.nextInt();
      case LONG:
        if (isTime) {
          return (long) random.nextInt(1_000_000_000);
        }
        return random.nextBoolean() ? LONGS[random.nextInt(LONGS.length)] : random.nextLong();
      case FLOAT:
        return random.nextInt(8) == 0 ? Float.NEGATIVE_INFINITY : random.nextInt(4000) / 8f;
      case DOUBLE:
        return random.nextInt(8) == 0 ? Double.NaN : (random.nextInt(4000) - 2000) / 16d;
      case BOOLEAN:
        return random.nextBoolean();
      case STRING:
        if (owner.equals("google.protobuf.FieldMask")) {
          return "a_b.c";
        }
        return TEXTS[random.nextInt(TEXTS.length)];
      case BYTE_STRING:
        byte[] bytes = new byte[random.nextInt(5)];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
      case ENUM:
        List<Descriptors.EnumValueDescriptor> known = field.getEnumType().getValues();
        // Not an alias: in proto3, Java writes one of the number 0, which is the default.
        return field.getEnumType().findValueByNumber(known.get(random.nextInt(known.size())).getNumber());
      default:
        return draw(field.getMessageType(), random, depth + 1);
    }
  }

  private static String chain(Throwable failure) {
    StringBuilder text = new StringBuilder(failure.toString());
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      text.append(" <- ").append(cause);
    }
    return text.toString();
  }
}
