package minik8s.apiserver.admission;

import org.jspecify.annotations.Nullable;

/**
 * Where in a document a rule looks; printed only when something is wrong there. Immutable.
 *
 * @param step {@code .name}, {@code [0]} or {@code [key]}
 */
record Path(@Nullable Path parent, String step, int index) {
  static final Path ROOT = new Path(null, "", -1);
  static final Path METADATA = ROOT.child("metadata");
  static final Path SPEC = ROOT.child("spec");
  static final Path STATUS = ROOT.child("status");

  Path child(String name) {
    return new Path(this, name, -1);
  }

  Path index(int i) {
    return new Path(this, "", i);
  }

  Path key(String key) {
    return new Path(this, key, -2);
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    print(out);
    return out.toString();
  }

  private void print(StringBuilder out) {
    if (parent == null) {
      return;
    }
    parent.print(out);
    if (index >= 0) {
      out.append('[').append(index).append(']');
    } else if (index == -2) {
      out.append('[').append(step).append(']');
    } else {
      if (!out.isEmpty()) {
        out.append('.');
      }
      out.append(step);
    }
  }
}
