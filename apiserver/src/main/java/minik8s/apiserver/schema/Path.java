package minik8s.apiserver.schema;

import org.jspecify.annotations.Nullable;

/**
 * A place inside a document; rendered only when something is wrong there. Immutable.
 *
 * @param parent null at the root
 * @param name the field's name; null for an element of a list
 * @param index the element's index; -1 for a field, -2 for the key of a map
 */
record Path(@Nullable Path parent, @Nullable String name, int index) {

  private static final int KEY = -2;
  static final Path ROOT = new Path(null, null, -1);

  Path field(String child) {
    return new Path(this, child, -1);
  }

  /** A key of a map: a field for people, but none of the fields that Go counts. */
  Path key(String child) {
    return new Path(this, child, KEY);
  }

  Path element(int child) {
    return new Path(this, null, child);
  }

  /** {@code spec.containers[0].image}. */
  @Override
  public String toString() {
    return append(new StringBuilder(), true).toString();
  }

  /** Without indexes and map keys, as encoding/json counts: {@code spec.containers.image}. */
  String go() {
    return append(new StringBuilder(), false).toString();
  }

  private StringBuilder append(StringBuilder out, boolean all) {
    if (parent != null) {
      parent.append(out, all);
    }
    if (name != null && (all || index != KEY)) {
      if (!out.isEmpty()) {
        out.append('.');
      }
      out.append(name);
    } else if (index >= 0 && all) {
      out.append('[').append(index).append(']');
    }
    return out;
  }
}
