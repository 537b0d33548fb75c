package minik8s.scheduler.framework;

import java.util.Arrays;

/**
 * How many pods of one sort are on which node, by the node's slot. Confined to the scheduling loop;
 * changed only by {@link ClusterState}, read by plugins.
 *
 * <p>A table of plain numbers (open addressing, at most half full), since plugins run through
 * thousands of entries for one decision.
 */
public final class Tally {
  static final Tally EMPTY = new Tally();

  private static final int FREE = -1;

  private int[] slots = {FREE, FREE};
  private int[] counts = new int[2];
  private int size;

  /** Is shown one node and its count. */
  @FunctionalInterface
  public interface Visitor {
    void count(int slot, int pods);
  }

  void add(int slot, int by) {
    int place = place(slot);
    if (slots[place] == FREE) {
      if ((size + 1) * 2 > slots.length) {
        grow();
        place = place(slot);
      }
      slots[place] = slot;
      size++;
    }
    counts[place] += by;
    if (counts[place] == 0) {
      remove(place);
    }
  }

  /** Where the slot is, or where it would go. */
  private int place(int slot) {
    int mask = slots.length - 1;
    int place = wanted(slot);
    while (slots[place] != slot && slots[place] != FREE) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private int wanted(int slot) {
    int mixed = slot * 0x9E3779B9;
    return (mixed ^ (mixed >>> 16)) & (slots.length - 1);
  }

  private void grow() {
    int[] oldSlots = slots;
    int[] oldCounts = counts;
    slots = new int[oldSlots.length * 2];
    Arrays.fill(slots, FREE);
    counts = new int[slots.length];
    for (int i = 0; i < oldSlots.length; i++) {
      if (oldSlots[i] != FREE) {
        int place = place(oldSlots[i]);
        slots[place] = oldSlots[i];
        counts[place] = oldCounts[i];
      }
    }
  }

  /** Closes the gap, so that what was put past this place is still found. */
  private void remove(int place) {
    int mask = slots.length - 1;
    int gap = place;
    for (int next = (gap + 1) & mask; slots[next] != FREE; next = (next + 1) & mask) {
      int way = (next - wanted(slots[next])) & mask;
      if (way >= ((next - gap) & mask)) {
        slots[gap] = slots[next];
        counts[gap] = counts[next];
        gap = next;
      }
    }
    slots[gap] = FREE;
    counts[gap] = 0;
    size--;
  }

  /** Whether no pod of the sort is on any node. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** How many of them are on the node in this slot. */
  public int at(int slot) {
    return counts[place(slot)];
  }

  /** Shows every node that has any, in no order. */
  public void forEach(Visitor visitor) {
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] != FREE) {
        visitor.count(slots[i], counts[i]);
      }
    }
  }
}
