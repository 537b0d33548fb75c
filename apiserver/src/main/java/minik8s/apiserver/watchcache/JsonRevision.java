package minik8s.apiserver.watchcache;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Writes a resourceVersion into stored JSON without building a tree.
 *
 * <p>Stateless. Stored documents carry no resourceVersion, because it is the revision of the write
 * that stores them.
 */
final class JsonRevision {
  private static final byte[] KEY = "\"metadata\"".getBytes(US_ASCII);

  private JsonRevision() {}

  /**
   * A document with its resourceVersion in place.
   *
   * @param json the whole document
   * @param at where the inserted text begins
   * @param length how long the inserted text is
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed straight to CachedObject, which shares it.
  record Stamped(byte[] json, int at, int length) {}

  /** Inserts {@code "resourceVersion":"n"} as the first field of the metadata. */
  static Stamped stamp(byte[] stored, long revision) {
    int at = metadataStart(stored);
    boolean last = nextIs(stored, at, '}');
    byte[] text = text(revision, last);
    return new Stamped(splice(stored, at, 0, text), at, text.length);
  }

  /** The same document with another revision. */
  static Stamped restamp(Stamped old, long revision) {
    boolean last = old.json[old.at + old.length - 1] != ',';
    byte[] text = text(revision, last);
    return new Stamped(splice(old.json, old.at, old.length, text), old.at, text.length);
  }

  private static byte[] text(long revision, boolean last) {
    return ("\"resourceVersion\":\"" + revision + (last ? "\"" : "\",")).getBytes(US_ASCII);
  }

  private static byte[] splice(byte[] source, int at, int removed, byte[] text) {
    byte[] result = new byte[source.length - removed + text.length];
    System.arraycopy(source, 0, result, 0, at);
    System.arraycopy(text, 0, result, at, text.length);
    int rest = at + removed;
    System.arraycopy(source, rest, result, at + text.length, source.length - rest);
    return result;
  }

  /** The offset just behind the brace that opens the top-level {@code metadata}. */
  private static int metadataStart(byte[] json) {
    int depth = 0;
    for (int i = 0; i < json.length; i++) {
      switch (json[i]) {
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        case '"' -> {
          int end = stringEnd(json, i);
          if (depth == 1 && isKey(json, i, end)) {
            return opened(json, end);
          }
          i = end;
        }
        default -> {}
      }
    }
    throw new IllegalArgumentException("stored document without metadata");
  }

  /** The object that begins at this brace, braces included. */
  static byte[] objectAt(byte[] json, int brace) {
    int depth = 0;
    for (int i = brace; i < json.length; i++) {
      switch (json[i]) {
        case '{' -> depth++;
        case '}' -> {
          if (--depth == 0) {
            return java.util.Arrays.copyOfRange(json, brace, i + 1);
          }
        }
        case '"' -> i = stringEnd(json, i);
        default -> {}
      }
    }
    throw new IllegalArgumentException("stored document that does not end");
  }

  private static int opened(byte[] json, int from) {
    int i = from + 1;
    while (json[i] != '{') {
      i++;
    }
    return i + 1;
  }

  private static int stringEnd(byte[] json, int quote) {
    int i = quote + 1;
    while (json[i] != '"') {
      i += json[i] == '\\' ? 2 : 1;
    }
    return i;
  }

  private static boolean isKey(byte[] json, int from, int end) {
    return end - from + 1 == KEY.length
        && java.util.Arrays.equals(json, from, end + 1, KEY, 0, KEY.length)
        && nextIs(json, end + 1, ':');
  }

  private static boolean nextIs(byte[] json, int from, char wanted) {
    int i = from;
    while (i < json.length
        && (json[i] == ' ' || json[i] == '\n' || json[i] == '\r' || json[i] == '\t')) {
      i++;
    }
    return i < json.length && json[i] == wanted;
  }
}
