package minik8s.apiserver.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The types of all built-in kinds, read from a resource made at build time. Thread-safe: the text
 * is indexed once, a type is parsed at its first use.
 */
final class TypeTable {
  private static final String RESOURCE = "types.txt";

  private static final class Holder {
    static final TypeTable TABLE = new TypeTable(read(RESOURCE));
  }

  private final String text;
  private final Map<Gvk, String> kinds = new LinkedHashMap<>();
  private final Map<String, Integer> offsets = new HashMap<>(1024);
  private final Set<String> kindTypes = new HashSet<>();
  private final Map<String, ObjectType> types = new ConcurrentHashMap<>();

  private TypeTable(String text) {
    this.text = text;
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      if (text.startsWith("T ", at)) {
        int space = text.indexOf(' ', at + 2);
        offsets.put(text.substring(at + 2, space < 0 || space > end ? end : space), at);
      } else if (text.startsWith("K ", at)) {
        String[] words = text.substring(at + 2, end).split(" ", -1);
        kinds.put(Gvk.of(words[0], words[1]), words[2]);
        kindTypes.add(words[2]);
      }
      at = end + 1;
    }
  }

  /** The one table of this process. */
  static TypeTable builtIn() {
    return Holder.TABLE;
  }

  static String read(String resource) {
    try (InputStream in = TypeTable.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + resource + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes when the table does. */
  String fingerprint() {
    return Integer.toHexString(text.hashCode()) + text.length();
  }

  /** All kinds with the names of their types, in the order of the resource. */
  Map<Gvk, String> kinds() {
    return Collections.unmodifiableMap(kinds);
  }

  /** The type of a kind; null if it is not built in. */
  @Nullable ObjectType kind(Gvk gvk) {
    String name = kinds.get(gvk);
    return name == null ? null : type(name);
  }

  /** A type by name, such as {@code core.v1.PodSpec}. */
  ObjectType type(String name) {
    ObjectType known = types.get(name);
    if (known != null) {
      return known;
    }
    ObjectType parsed = parse(name);
    types.put(name, parsed);
    return parsed;
  }

  private ObjectType parse(String name) {
    Integer offset = offsets.get(name);
    if (offset == null) {
      throw new IllegalStateException("the type table lacks " + name);
    }
    int at = offset;
    int end = text.indexOf('\n', at);
    List<String> head = List.of(text.substring(at, end).split(" ", -1));
    List<Field> fields = new ArrayList<>();
    List<Field> own = new ArrayList<>();
    Map<Integer, ObjectType> embedded = new HashMap<>();
    for (at = end + 1; at < text.length() && !text.startsWith("T ", at); at = end + 1) {
      end = text.indexOf('\n', at);
      List<String> words = List.of(text.substring(at, end).split(" ", -1));
      if (words.getFirst().equals("~")) {
        ObjectType inner = type(words.get(2).substring(1));
        embedded.put(Integer.valueOf(words.get(1)), inner);
        fields.addAll(inner.fields());
      } else {
        Field field = field(words);
        fields.add(field);
        own.add(field);
      }
    }
    return new ObjectType(
        name, MergeRule.parse(head).mapType(), kindTypes.contains(name), fields, own, embedded);
  }

  private static Field field(List<String> words) {
    List<String> flags = words.subList(3, words.size());
    return new Field(
        words.get(0),
        Integer.parseInt(words.get(1)),
        FieldType.parse(words.get(2)),
        flags.contains("!"),
        flags.contains("0"),
        flags.contains("*"),
        flags.isEmpty() ? MergeRule.NONE : MergeRule.parse(flags));
  }
}
