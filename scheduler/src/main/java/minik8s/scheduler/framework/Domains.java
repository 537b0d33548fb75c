package minik8s.scheduler.framework;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values that nodes have for one label, numbered, so that counting per value is counting in an
 * array. Confined to the scheduling loop; kept up to date node by node by {@link ClusterState}.
 */
public final class Domains {
  /** The number of no domain: the node lacks the label. */
  public static final int NONE = -1;

  private final String key;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Deque<Integer> free = new ArrayDeque<>();
  private String[] values = new String[8];
  private int[] members = new int[8];
  private int[] bySlot = new int[0];
  private int bound;
  private int labelled;

  Domains(String key) {
    this.key = key;
  }

  /** The label. */
  public String key() {
    return key;
  }

  /** The domain of a node, or {@link #NONE}. */
  public int of(NodeView node) {
    if (node.slot() >= 0) {
      return at(node.slot());
    }
    String value = node.node().metadata().labels().get(key);
    return value == null ? NONE : numbers.getOrDefault(value, NONE);
  }

  /** The domain of the node in a slot, or {@link #NONE}. */
  public int at(int slot) {
    return slot < bySlot.length ? bySlot[slot] : NONE;
  }

  /** Above every number in use; some numbers below may be out of use. */
  public int bound() {
    return bound;
  }

  /** How many nodes are in a domain. */
  public int nodesIn(int domain) {
    return members[domain];
  }

  /** How many nodes have the label. */
  public int labelled() {
    return labelled;
  }

  /** Notes the value of a node; null when the node has none or is gone. */
  void set(int slot, @Nullable String value) {
    if (slot >= bySlot.length) {
      int old = bySlot.length;
      bySlot = Arrays.copyOf(bySlot, Math.max(16, (slot + 1) * 2));
      Arrays.fill(bySlot, old, bySlot.length, NONE);
    }
    int before = bySlot[slot];
    if (before != NONE && values[before].equals(value)) {
      return;
    }
    if (before != NONE) {
      leave(before);
    }
    bySlot[slot] = value == null ? NONE : join(value);
  }

  private int join(String value) {
    Integer known = numbers.get(value);
    int number;
    if (known != null) {
      number = known;
    } else {
      number = free.isEmpty() ? bound++ : free.pop();
      if (number >= members.length) {
        members = Arrays.copyOf(members, number * 2);
        values = Arrays.copyOf(values, number * 2);
      }
      numbers.put(value, number);
      values[number] = value;
    }
    members[number]++;
    labelled++;
    return number;
  }

  private void leave(int domain) {
    labelled--;
    if (--members[domain] == 0) {
      numbers.remove(values[domain]);
      free.push(domain);
    }
  }
}
