import io.kafbat.ui.serde.api.DeserializeResult;
import io.kafbat.ui.serde.api.PropertyResolver;
import io.kafbat.ui.serde.api.RecordHeader;
import io.kafbat.ui.serde.api.RecordHeaders;
import io.kafbat.ui.serde.api.Serde;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Base64;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Loads the plugin as kafka-ui does: all jars of a folder, in a class loader that searches them before its parent.
 * Arguments: topic, then records in base64. Prints the topic's schema, then one line for each record.
 */
public final class PluginHost {
  public static void main(String[] arguments) throws Exception {
    File[] jars = new File("/serde").listFiles((folder, name) -> name.endsWith(".jar"));
    URL[] urls = new URL[jars.length];
    for (int i = 0; i < jars.length; i++) urls[i] = jars[i].toURI().toURL();
    ClassLoader loader = new ChildFirst(urls, PluginHost.class.getClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    Class<?> plugin = loader.loadClass(System.getenv("SERDE_CLASS"));
    Serde serde = (Serde) plugin.getDeclaredConstructor().newInstance();
    serde.configure(new Environment("SERDE_"), new Environment("-"), new Environment("-"));
    String topic = arguments[0];
    String schema = serde.getSchema(topic, Serde.Target.VALUE).map((one) -> one.getSchema()).orElse("none");
    System.out.println(schema.replace('\n', ' '));
    var deserializer = serde.deserializer(topic, Serde.Target.VALUE);
    for (String record : List.of(arguments).subList(1, arguments.length)) {
      try {
        DeserializeResult result = deserializer.deserialize(new NoHeaders(), Base64.getDecoder().decode(record));
        var facts = result.getAdditionalProperties();
        System.out.println(facts.get("schemaName") + " " + facts.get("schemaVersionNumber") + " " + result.getResult());
      } catch (RuntimeException rejected) {
        System.out.println("rejected: " + rejected.getMessage());
      }
    }
    serde.close();
  }

  private record Environment(String prefix) implements PropertyResolver {
    @Override
    public <T> Optional<T> getProperty(String name, Class<T> type) {
      return Optional.ofNullable(System.getenv(prefix + name)).map(type::cast);
    }

    @Override
    public <T> Optional<List<T>> getListProperty(String name, Class<T> type) {
      return Optional.empty();
    }

    @Override
    public <K, V> Optional<Map<K, V>> getMapProperty(String name, Class<K> key, Class<V> value) {
      return Optional.empty();
    }
  }

  private static final class NoHeaders implements RecordHeaders {
    @Override
    public Iterator<RecordHeader> iterator() {
      return Collections.emptyIterator();
    }
  }

  private static final class ChildFirst extends URLClassLoader {
    ChildFirst(URL[] urls, ClassLoader parent) {
      super(urls, parent);
    }

    @Override
    protected synchronized Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("java.")) return super.loadClass(name, resolve);
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) return loaded;
      try {
        return findClass(name);
      } catch (ClassNotFoundException elsewhere) {
        return super.loadClass(name, resolve);
      }
    }
  }
}
