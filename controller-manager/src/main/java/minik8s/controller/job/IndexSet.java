package minik8s.controller.job;

import java.util.BitSet;
import java.util.regex.Pattern;

/** Indexes, written as Kubernetes does: {@code 1,3-5}. Immutable. Pure. */
final class IndexSet {
  private static final Pattern RANGE = Pattern.compile("[0-9]{1,9}(-[0-9]{1,9})?");

  static final IndexSet EMPTY = new IndexSet(new BitSet());

  private final BitSet bits;

  private IndexSet(BitSet bits) {
    this.bits = bits;
  }

  /** The set as it is written; what is no number is skipped, and so is what is {@code limit}+. */
  static IndexSet parse(String text, int limit) {
    BitSet bits = new BitSet();
    for (String part : text.split(",", -1)) {
      if (RANGE.matcher(part).matches()) {
        String[] ends = part.split("-", -1);
        int from = Integer.parseInt(ends[0]);
        int to = ends.length == 2 ? Integer.parseInt(ends[1]) : from;
        bits.set(Math.min(from, limit), Math.min(Math.max(from, to + 1), limit));
      }
    }
    return new IndexSet(bits);
  }

  IndexSet with(int index) {
    BitSet next = (BitSet) bits.clone();
    next.set(index);
    return new IndexSet(next);
  }

  boolean has(int index) {
    return index >= 0 && bits.get(index);
  }

  int size() {
    return bits.cardinality();
  }

  /** How many indexes both have. */
  int common(IndexSet other) {
    BitSet both = (BitSet) bits.clone();
    both.and(other.bits);
    return both.cardinality();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int from = bits.nextSetBit(0); from >= 0; ) {
      int end = bits.nextClearBit(from);
      if (!text.isEmpty()) {
        text.append(',');
      }
      text.append(from);
      if (end - from > 1) {
        text.append(end - from == 2 ? "," : "-").append(end - 1);
      }
      from = bits.nextSetBit(end);
    }
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IndexSet set && set.bits.equals(bits);
  }

  @Override
  public int hashCode() {
    return bits.hashCode();
  }
}
