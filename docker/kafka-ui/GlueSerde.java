package orderstream;

import io.kafbat.ui.serde.api.DeserializeResult;
import io.kafbat.ui.serde.api.PropertyResolver;
import io.kafbat.ui.serde.api.SchemaDescription;
import io.kafbat.ui.serde.api.Serde;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.InflaterInputStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.DataFormat;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.GetSchemaVersionRequest;
import software.amazon.awssdk.services.glue.model.GetSchemaVersionResponse;

/**
 * Decodes records of an AWS Glue Schema Registry for kafka-ui: Avro and JSON Schema, plain and zlib. It does not write.
 *
 * <p>Properties: {@code region} and {@code registry} (required), {@code endpoint}, {@code keySchemaNameTemplate},
 * {@code valueSchemaNameTemplate} (default {@code %s-value}). Credentials come from the SDK's default chain.
 */
public final class GlueSerde implements Serde {
  private static final byte HEADER_VERSION = 3;
  private static final byte COMPRESSION_NONE = 0;
  private static final byte COMPRESSION_ZLIB = 5;
  private static final int HEADER_BYTES = 18;
  private static final int MAX_INFLATED_BYTES = 64 * 1024 * 1024;

  /** Cached without a limit of age: a schema version never changes. */
  private final Map<UUID, GetSchemaVersionResponse> versions = new ConcurrentHashMap<>();

  private GlueClient glue;
  private String registry;
  private Optional<String> keySchemaNameTemplate;
  private String valueSchemaNameTemplate;

  @Override
  public void configure(PropertyResolver serde, PropertyResolver cluster, PropertyResolver app) {
    registry = required(serde, "registry");
    keySchemaNameTemplate = serde.getProperty("keySchemaNameTemplate", String.class);
    valueSchemaNameTemplate =
        serde.getProperty("valueSchemaNameTemplate", String.class).orElse("%s-value");
    var client =
        GlueClient.builder()
            .region(Region.of(required(serde, "region")))
            .httpClient(UrlConnectionHttpClient.create());
    serde.getProperty("endpoint", String.class).map(URI::create).ifPresent(client::endpointOverride);
    glue = client.build();
  }

  private static String required(PropertyResolver properties, String name) {
    return properties
        .getProperty(name, String.class)
        .orElseThrow(() -> new IllegalArgumentException("GlueSerde: expected the property " + name));
  }

  @Override
  public Optional<String> getDescription() {
    return Optional.of("AWS Glue Schema Registry `" + registry + "`");
  }

  /** The latest version of the topic's schema, which is looked up by the name template. */
  @Override
  public Optional<SchemaDescription> getSchema(String topic, Target part) {
    Optional<String> template =
        part == Target.KEY ? keySchemaNameTemplate : Optional.of(valueSchemaNameTemplate);
    return template.flatMap(
        (name) -> {
          try {
            var request =
                GetSchemaVersionRequest.builder()
                    .schemaId((id) -> id.registryName(registry).schemaName(String.format(name, topic)))
                    .schemaVersionNumber((number) -> number.latestVersion(true))
                    .build();
            var version = glue.getSchemaVersion(request);
            return Optional.of(new SchemaDescription(version.schemaDefinition(), facts(version)));
          } catch (EntityNotFoundException absent) {
            return Optional.empty();
          }
        });
  }

  @Override
  public boolean canDeserialize(String topic, Target part) {
    return true;
  }

  @Override
  public boolean canSerialize(String topic, Target part) {
    return false;
  }

  @Override
  public Serializer serializer(String topic, Target part) {
    throw new UnsupportedOperationException("GlueSerde does not write records");
  }

  /** Throws for bytes without a Glue frame; kafka-ui then shows them as text. */
  @Override
  public Deserializer deserializer(String topic, Target part) {
    return (headers, bytes) -> {
      ByteBuffer frame = ByteBuffer.wrap(bytes);
      if (bytes.length < HEADER_BYTES || frame.get() != HEADER_VERSION) {
        throw new IllegalArgumentException("not a Glue Schema Registry frame");
      }
      byte compression = frame.get();
      var version =
          versions.computeIfAbsent(new UUID(frame.getLong(), frame.getLong()), this::schemaVersion);
      String json = toJson(version, payload(bytes, compression));
      return new DeserializeResult(json, DeserializeResult.Type.JSON, facts(version));
    };
  }

  private GetSchemaVersionResponse schemaVersion(UUID id) {
    return glue.getSchemaVersion(
        GetSchemaVersionRequest.builder().schemaVersionId(id.toString()).build());
  }

  private static ByteArrayInputStream payload(byte[] bytes, byte compression) {
    var framed = new ByteArrayInputStream(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
    if (compression == COMPRESSION_NONE) {
      return framed;
    }
    if (compression != COMPRESSION_ZLIB) {
      throw new IllegalArgumentException("expected compression byte 0 or 5, got " + compression);
    }
    try (var inflater = new InflaterInputStream(framed)) {
      byte[] inflated = inflater.readNBytes(MAX_INFLATED_BYTES + 1);
      if (inflated.length > MAX_INFLATED_BYTES) {
        throw new IllegalArgumentException("inflates to more than " + MAX_INFLATED_BYTES + " bytes");
      }
      return new ByteArrayInputStream(inflated);
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  private static String toJson(GetSchemaVersionResponse version, ByteArrayInputStream payload) {
    if (version.dataFormat() == DataFormat.JSON) {
      return new String(payload.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (version.dataFormat() != DataFormat.AVRO) {
      throw new IllegalArgumentException("expected data format AVRO or JSON, got " + version.dataFormatAsString());
    }
    try {
      Schema schema = new Schema.Parser().parse(version.schemaDefinition());
      BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(payload, null);
      Object value = new GenericDatumReader<>(schema).read(null, decoder);
      if (!decoder.isEnd()) {
        throw new IllegalArgumentException("bytes are left after the value: it was written with another schema");
      }
      return GenericData.get().toString(value);
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  /** Shown beside the value. kafka-ui's page uses {@code schemaId} and {@code type} by these names. */
  private static Map<String, Object> facts(GetSchemaVersionResponse version) {
    String arn = version.schemaArn();
    return Map.of(
        "schemaId", version.schemaVersionId(),
        "type", version.dataFormatAsString(),
        "schemaName", arn.substring(arn.lastIndexOf('/') + 1),
        "schemaVersionNumber", version.versionNumber(),
        "schema", version.schemaDefinition());
  }

  @Override
  public void close() {
    if (glue != null) {
      glue.close();
    }
  }
}
