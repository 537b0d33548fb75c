package minik8s.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One observed aspect of an object's state. Immutable.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param lastTransitionTime when the status last changed; moved only by {@link #set}
 * @param lastHeartbeatTime node conditions only: when the node last reported it
 * @param lastUpdateTime deployment conditions only: when reason or status last changed
 */
public record Condition(
    String type,
    String status,
    String reason,
    String message,
    @Nullable Instant lastTransitionTime,
    @Nullable Instant lastHeartbeatTime,
    @Nullable Instant lastUpdateTime) {
  public Condition {
    type = Lists.of(type);
    status = Lists.of(status);
    reason = Lists.of(reason);
    message = Lists.of(message);
  }

  /** A condition that became so at {@code now}. */
  public static Condition of(
      String type, boolean status, String reason, String message, Instant now) {
    return new Condition(type, status ? "True" : "False", reason, message, now, null, null);
  }

  @JsonIgnore // or Jackson takes it for a field
  public boolean isTrue() {
    return status.equals("True");
  }

  /** The condition of this type, or null. */
  public static @Nullable Condition find(List<Condition> conditions, String type) {
    for (Condition condition : conditions) {
      if (condition.type().equals(type)) {
        return condition;
      }
    }
    return null;
  }

  /** Whether the condition of this type is there and True. */
  public static boolean isTrue(List<Condition> conditions, String type) {
    Condition found = find(conditions, type);
    return found != null && found.isTrue();
  }

  /**
   * The list with {@code next} in place of the condition of its type. The transition time moves
   * only when the status does, so setting the same state twice changes nothing (habit 9).
   */
  public static List<Condition> set(List<Condition> conditions, Condition next) {
    List<Condition> result = new ArrayList<>(conditions.size() + 1);
    boolean placed = false;
    for (Condition old : conditions) {
      if (!old.type().equals(next.type())) {
        result.add(old);
      } else if (!placed) {
        result.add(next.keepingTransitionOf(old));
        placed = true;
      }
    }
    if (!placed) {
      result.add(next);
    }
    return List.copyOf(result);
  }

  private Condition keepingTransitionOf(Condition old) {
    return old.status.equals(status)
        ? new Condition(
            type,
            status,
            reason,
            message,
            old.lastTransitionTime,
            lastHeartbeatTime,
            lastUpdateTime)
        : this;
  }
}
