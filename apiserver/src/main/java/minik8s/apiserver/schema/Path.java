package minik8s.apiserver.schema;

import org.jspecify.annotations.Nullable;

/**
 * A place inside a document; rendered only when something is wrong there. Immutable.
 *
 * @param parent null at the root
 * @param name the field's name; null for an element of a list
 * @param index the element's index, or -1
 */
record Path(@Nullable Path parent, @Nullable String name, int index) {

  static final Path ROOT = new Path(null, null, -1);

  Path field(String child) {
    return new Path(this, child, -1);
  }

  Path element(int child) {
    return new Path(this, null, child);
  }

  /** {@code spec.containers[0].image}. */
  @Override
  public String toString() {
    return append(new StringBuilder(), true).toString();
  }

  /** Without indexes, as encoding/json counts: {@code spec.containers.image}. */
  String go() {
    return append(new StringBuilder(), false).toString();
  }

  private StringBuilder append(StringBuilder out, boolean indexes) {
    if (parent != null) {
      parent.append(out, indexes);
    }
    if (name != null) {
      if (!out.isEmpty()) {
        out.append('.');
      }
      out.append(name);
    } else if (index >= 0 && indexes) {
      out.append('[').append(index).append(']');
    }
    return out;
  }
}
