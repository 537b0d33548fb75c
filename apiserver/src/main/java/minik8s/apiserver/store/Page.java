package minik8s.apiserver.store;

import java.util.List;

/**
 * One page of a list, consistent at one revision. Immutable.
 *
 * @param entries in key order
 * @param revision the store revision that the page shows
 * @param remaining how many entries follow this page at that revision
 */
public record Page(List<Entry> entries, long revision, long remaining) {
  /** Takes its own copy of the entries. */
  public Page {
    entries = List.copyOf(entries);
  }
}
