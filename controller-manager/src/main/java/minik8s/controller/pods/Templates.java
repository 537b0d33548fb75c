package minik8s.controller.pods;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.TreeMap;
import minik8s.api.codec.Json;
import minik8s.api.codec.Raw;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Compares and hashes pod templates, which stay the user's own JSON. Pure. */
public final class Templates {
  /** The label that tells the replica sets of one deployment, and their pods, apart. */
  public static final String HASH_LABEL = "pod-template-hash";

  /** Kubernetes' alphabet for generated names: no vowels, so no words; no 0, 1 or 3. */
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private Templates() {}

  /** Whether two templates make equal pods, their hash label aside. */
  public static boolean same(Raw one, Raw other) {
    return canonical(one.node()).equals(canonical(other.node()));
  }

  /**
   * A short stable name for the template: FNV-1a over its canonical form, spelt as Kubernetes does.
   *
   * @param collisions how often this name turned out to be taken; null for never
   */
  public static String hash(Raw template, @Nullable Integer collisions) {
    int hash = fnv(0x811c9dc5, Json.bytes(canonical(template.node())));
    if (collisions != null) {
      byte[] count =
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(collisions).array();
      hash = fnv(hash, count);
    }
    StringBuilder name = new StringBuilder();
    for (byte digit : Integer.toUnsignedString(hash).getBytes(UTF_8)) {
      name.append(ALPHABET.charAt(digit % ALPHABET.length()));
    }
    return name.toString();
  }

  private static int fnv(int seed, byte[] bytes) {
    int hash = seed;
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * 0x01000193;
    }
    return hash;
  }

  /** The template with the hash label added. */
  public static ObjectNode labelled(Raw template, String hash) {
    ObjectNode copy = (ObjectNode) template.copy();
    copy.withObject("metadata").withObject("labels").put(HASH_LABEL, hash);
    return copy;
  }

  /** Sorted fields, no nulls, no hash label, no empty metadata. */
  private static JsonNode canonical(JsonNode template) {
    JsonNode sorted = sorted(template);
    if (sorted.path("metadata") instanceof ObjectNode metadata) {
      if (metadata.path("labels") instanceof ObjectNode labels) {
        labels.remove(HASH_LABEL);
        if (labels.isEmpty()) {
          metadata.remove("labels");
        }
      }
      if (metadata.isEmpty()) {
        ((ObjectNode) sorted).remove("metadata");
      }
    }
    return sorted;
  }

  private static JsonNode sorted(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        TreeMap<String, JsonNode> fields = new TreeMap<>();
        object.forEachEntry((name, value) -> {
          if (!value.isNull()) {
            fields.put(name, sorted(value));
          }
        });
        yield Json.object().setAll(fields);
      }
      case ArrayNode array -> {
        ArrayNode copy = array.arrayNode();
        array.forEach(element -> copy.add(sorted(element)));
        yield copy;
      }
      default -> node;
    };
  }
}
