package minik8s.apiserver.schema.generator;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes the type table of the built-in kinds: field names, types and protobuf numbers from
 * Kubernetes' message descriptors, names checked against fabric8's model, merge rules and required
 * fields from the small fact files beside the tests.
 */
public final class SchemaGenerator {
  private static final String FACTS = "/schema/";

  private final ProtoTypes proto;
  private final Map<String, String> merge = new HashMap<>();
  private final Set<String> required;
  private final Set<String> zeroAbsent;
  private final Set<String> emptyKept;
  private final List<String> kinds;
  private final Set<String> used = new HashSet<>();

  /** What the two sources disagree about, one sentence each. */
  final List<String> differences = new ArrayList<>();

  SchemaGenerator() throws ReflectiveOperationException, IOException {
    proto = new ProtoTypes();
    for (String line : facts("merge.txt")) {
      String[] parts = line.split(" ", 3);
      merge.put(parts[0] + "." + parts[1], parts[2]);
    }
    required = fields("required.txt");
    zeroAbsent = fields("zero-absent.txt");
    emptyKept = fields("empty-kept.txt");
    kinds = facts("kinds.txt");
  }

  /** Rewrites the resource; the only argument is its path. */
  public static void main(String[] args) throws ReflectiveOperationException, IOException {
    SchemaGenerator generator = new SchemaGenerator();
    Files.writeString(Path.of(args[0]), generator.table());
    generator.differences.forEach(System.out::println);
  }

  /** The whole table as text. */
  String table() {
    StringBuilder out = new StringBuilder(200_000);
    out.append("# Types of the built-in kinds. Made by SchemaGenerator; do not edit.\n");
    Deque<String> todo = new ArrayDeque<>();
    for (String line : kinds) {
      String[] parts = line.split(" ");
      out.append("K ").append(line).append('\n');
      todo.add(parts[2]);
    }
    TreeMap<String, String> done = new TreeMap<>();
    while (!todo.isEmpty()) {
      String name = todo.remove();
      if (!done.containsKey(name)) {
        done.put(name, type(name, todo));
      }
    }
    done.values().forEach(out::append);
    reportUnused();
    return out.toString();
  }

  private String type(String name, Deque<String> todo) {
    StringBuilder out = new StringBuilder("T ").append(name);
    String self = merge.get(name + ".(self)");
    if (self != null) {
      used.add(name + ".(self)");
      out.append(' ').append(self);
    }
    out.append('\n');
    Descriptor message = proto.message(name);
    Set<String> names = new HashSet<>();
    for (FieldDescriptor field : message.getFields()) {
      String type = ProtoTypes.type(field);
      int at = type.indexOf('@');
      if (at >= 0) {
        todo.add(type.substring(at + 1));
      }
      if (type.startsWith("schemaOr")) {
        todo.add("apiextensions.v1.JSONSchemaProps");
      }
      if (ProtoTypes.embedded(field)) {
        out.append("~ ").append(field.getNumber()).append(' ').append(type).append('\n');
        names.addAll(namesOf(type.substring(1)));
        continue;
      }
      String json = ProtoTypes.jsonName(field);
      names.add(json);
      out.append(json).append(' ').append(field.getNumber()).append(' ').append(type);
      appendFacts(out, name + "." + json);
      out.append('\n');
    }
    compare(name, names);
    return out.toString();
  }

  private void appendFacts(StringBuilder out, String field) {
    appendFlag(out, required, field, "!");
    appendFlag(out, zeroAbsent, field, "0");
    appendFlag(out, emptyKept, field, "*");
    String rule = merge.get(field);
    if (rule != null) {
      used.add(field);
      out.append(' ').append(rule);
    }
  }

  private void appendFlag(StringBuilder out, Set<String> facts, String field, String flag) {
    if (facts.contains(field)) {
      used.add(field + flag);
      out.append(' ').append(flag);
    }
  }

  private Set<String> namesOf(String type) {
    Set<String> names = new HashSet<>();
    for (FieldDescriptor field : proto.message(type).getFields()) {
      if (ProtoTypes.embedded(field)) {
        names.addAll(namesOf(ProtoTypes.type(field).substring(1)));
      } else {
        names.add(ProtoTypes.jsonName(field));
      }
    }
    return names;
  }

  private void compare(String type, Set<String> names) {
    Set<String> theirs = Fabric8Types.fields(type);
    if (theirs.isEmpty()) {
      return;
    }
    for (String name : theirs) {
      if (!names.contains(name) && !name.equals("apiVersion") && !name.equals("kind")) {
        differences.add(type + ": fabric8 also has " + name);
      }
    }
    for (String name : names) {
      if (!theirs.contains(name)) {
        differences.add(type + ": fabric8 lacks " + name);
      }
    }
  }

  private void reportUnused() {
    reportUnused(required, "!");
    reportUnused(zeroAbsent, "0");
    reportUnused(emptyKept, "*");
    for (String fact : merge.keySet()) {
      if (!used.contains(fact)) {
        differences.add("merge.txt names an unknown field " + fact);
      }
    }
  }

  private void reportUnused(Set<String> facts, String flag) {
    for (String fact : facts) {
      if (!used.contains(fact + flag)) {
        differences.add("a fact file names an unknown field " + fact);
      }
    }
  }

  private static Set<String> fields(String file) throws IOException {
    Set<String> names = new HashSet<>();
    for (String line : facts(file)) {
      String[] parts = line.split(" ");
      for (int i = 1; i < parts.length; i++) {
        names.add(parts[0] + "." + parts[i]);
      }
    }
    return names;
  }

  private static List<String> facts(String file) throws IOException {
    try (var in = SchemaGenerator.class.getResourceAsStream(FACTS + file)) {
      if (in == null) {
        throw new IOException("no fact file " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }
}
