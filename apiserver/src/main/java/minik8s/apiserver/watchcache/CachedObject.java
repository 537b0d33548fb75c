package minik8s.apiserver.watchcache;

import java.util.function.Function;
import minik8s.api.codec.Json;
import minik8s.apiserver.store.StorePaths;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One object as it was after one write: its JSON with the resourceVersion inside, ready to be sent.
 *
 * <p>Immutable apart from a memo; thread-safe.
 */
public final class CachedObject {
  private final String relative;
  private final long revision;
  private final JsonRevision.Stamped stamped;
  private volatile @Nullable JsonNode selectable;

  private CachedObject(String relative, long revision, JsonRevision.Stamped stamped) {
    this.relative = relative;
    this.revision = revision;
    this.stamped = stamped;
  }

  /** Makes the object out of stored bytes. */
  public static CachedObject of(String relative, byte[] stored, long revision) {
    return new CachedObject(relative, revision, JsonRevision.stamp(stored, revision));
  }

  /** The same state under another revision, as a deletion tells it. */
  CachedObject at(long otherRevision) {
    JsonRevision.Stamped other = JsonRevision.restamp(stamped, otherRevision);
    return new CachedObject(relative, otherRevision, other);
  }

  /** {@code namespace/name}, or the bare name. */
  public String relative() {
    return relative;
  }

  /** The namespace, or the empty string. */
  public String namespace() {
    return new StorePaths.Place("", relative).namespace();
  }

  /** The object's name. */
  public String name() {
    return new StorePaths.Place("", relative).name();
  }

  /** The revision of the write, which is the object's resourceVersion. */
  public long revision() {
    return revision;
  }

  /** The JSON document with its resourceVersion; shared, never to be written to. */
  public byte[] json() {
    return stamped.json();
  }

  /** The JSON of the metadata alone, resourceVersion inside; nothing is parsed for it. */
  public byte[] metadata() {
    return JsonRevision.objectAt(stamped.json(), stamped.at() - 1);
  }

  /** The stored bytes, without resourceVersion. */
  public byte[] stored() {
    byte[] json = stamped.json();
    byte[] raw = new byte[json.length - stamped.length()];
    System.arraycopy(json, 0, raw, 0, stamped.at());
    int rest = stamped.at() + stamped.length();
    System.arraycopy(json, rest, raw, stamped.at(), json.length - rest);
    return raw;
  }

  /** A fresh tree of the document; the caller owns it. */
  public ObjectNode tree() {
    return (ObjectNode) Json.parse(stamped.json());
  }

  /** What selectors look at, read from the document at the first call and kept. */
  public JsonNode selectable(Function<ObjectNode, JsonNode> reader) {
    JsonNode known = selectable;
    if (known == null) {
      known = reader.apply(tree());
      selectable = known;
    }
    return known;
  }
}
