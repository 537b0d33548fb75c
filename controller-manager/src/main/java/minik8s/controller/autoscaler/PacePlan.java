package minik8s.controller.autoscaler;

import java.time.Instant;
import java.util.List;
import minik8s.api.HorizontalPodAutoscaler;
import minik8s.api.HorizontalPodAutoscaler.Behavior;
import minik8s.api.HorizontalPodAutoscaler.Policy;
import minik8s.api.HorizontalPodAutoscaler.Rules;

/**
 * How far towards a recommended size the present one may go now. Pure. Source: {@code
 * normalizeDesiredReplicasWithBehaviors} in Kubernetes' {@code horizontal.go}; without a behaviour
 * the rules are those of {@code convertDesiredReplicasWithRules}.
 */
final class PacePlan {
  /** Source: {@code --horizontal-pod-autoscaler-downscale-stabilization}. */
  private static final int DOWN_WINDOW = 300;

  private PacePlan() {}

  /**
   * A reason and the sentence to it.
   *
   * @param holds whether the condition that says it is True
   */
  record Why(boolean holds, String reason, String message) {}

  /**
   * A size that may be set now.
   *
   * @param stable why it is or isn't what was recommended
   * @param limit why it is or isn't held back by a limit
   */
  record Pace(int replicas, Why stable, Why limit) {}

  private static final Why READY =
      new Why(true, "ReadyForNewScale", "recommended size matches current size");
  private static final Why WITHIN =
      new Why(false, "DesiredWithinRange", "the desired count is within the acceptable range");

  private static Why limited(String reason, String message) {
    return new Why(true, reason, message);
  }

  /** The size for now. */
  static Pace next(
      HorizontalPodAutoscaler scaler, int current, int recommended, History history, Instant now) {
    Behavior behavior = scaler.spec().behavior();
    return behavior == null
        ? usual(scaler, current, recommended, history, now)
        : ruled(scaler, behavior, current, recommended, history, now);
  }

  private static Pace usual(
      HorizontalPodAutoscaler scaler, int current, int recommended, History history, Instant now) {
    int stable = recommended;
    for (History.Note note : history.recommendations()) {
      if (note.at().isAfter(now.minusSeconds(DOWN_WINDOW))) {
        stable = Math.max(stable, note.amount());
      }
    }
    Why why = stable == recommended ? READY : held(false);
    int rate = Math.max(2 * current, 4);
    int most = Math.min(scaler.spec().maxReplicas(), rate);
    if (stable < scaler.spec().least()) {
      return new Pace(scaler.spec().least(), why, tooFew());
    }
    if (stable > most) {
      return new Pace(most, why, rate < scaler.spec().maxReplicas() ? tooFastUp() : tooMany());
    }
    return new Pace(stable, why, WITHIN);
  }

  private static Pace ruled(
      HorizontalPodAutoscaler scaler,
      Behavior behavior,
      int current,
      int recommended,
      History history,
      Instant now) {
    int stable = stabilized(behavior, current, recommended, history, now);
    Why why = stable == recommended ? READY : held(recommended >= current);
    if (stable > current) {
      int rate = Math.max(current, upLimit(behavior.scaleUp(), current, history, now));
      int most = Math.min(scaler.spec().maxReplicas(), rate);
      if (stable > most) {
        return new Pace(most, why, rate < scaler.spec().maxReplicas() ? tooFastUp() : tooMany());
      }
    } else if (stable < current) {
      int rate = Math.min(current, downLimit(behavior.scaleDown(), current, history, now));
      int least = Math.max(scaler.spec().least(), rate);
      if (stable < least) {
        return new Pace(least, why, rate > scaler.spec().least() ? tooFastDown() : tooFew());
      }
    }
    return new Pace(stable, why, WITHIN);
  }

  /** Within what was recommended of late: up to the least of it, down to the most of it. */
  private static int stabilized(
      Behavior behavior, int current, int recommended, History history, Instant now) {
    int up = recommended;
    int down = recommended;
    Instant upSince = now.minusSeconds(window(behavior.scaleUp(), 0));
    Instant downSince = now.minusSeconds(window(behavior.scaleDown(), DOWN_WINDOW));
    for (History.Note note : history.recommendations()) {
      up = note.at().isAfter(upSince) ? Math.min(up, note.amount()) : up;
      down = note.at().isAfter(downSince) ? Math.max(down, note.amount()) : down;
    }
    return Math.min(Math.max(current, up), down);
  }

  private static int window(@org.jspecify.annotations.Nullable Rules rules, int usual) {
    Integer own = rules == null ? null : rules.stabilizationWindowSeconds();
    return own == null ? usual : own;
  }

  private static int upLimit(
      @org.jspecify.annotations.Nullable Rules given, int current, History history, Instant now) {
    Rules rules = given == null ? UP : given;
    if (rules.selectPolicy().equals("Disabled")) {
      return current;
    }
    boolean least = rules.selectPolicy().equals("Min");
    int result = least ? Integer.MAX_VALUE : Integer.MIN_VALUE;
    for (Policy policy : rules.policies()) {
      int start = start(policy, current, history, now);
      int proposed =
          policy.type().equals("Pods")
              ? start + policy.value()
              : (int) Math.ceil(start * (1 + policy.value() / 100.0));
      result = least ? Math.min(result, proposed) : Math.max(result, proposed);
    }
    return result;
  }

  private static int downLimit(
      @org.jspecify.annotations.Nullable Rules given, int current, History history, Instant now) {
    Rules rules = given == null ? DOWN : given;
    if (rules.selectPolicy().equals("Disabled")) {
      return current;
    }
    boolean least = rules.selectPolicy().equals("Min");
    int result = least ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    for (Policy policy : rules.policies()) {
      int start = start(policy, current, history, now);
      int proposed =
          policy.type().equals("Pods")
              ? start - policy.value()
              : (int) (start * (1 - policy.value() / 100.0));
      result = least ? Math.max(result, proposed) : Math.min(result, proposed);
    }
    return result;
  }

  /** The size at the beginning of the policy's period. */
  private static int start(Policy policy, int current, History history, Instant now) {
    return current
        - history.added(policy.periodSeconds(), now)
        + history.removed(policy.periodSeconds(), now);
  }

  private static final Rules UP =
      new Rules(0, "Max", List.of(new Policy("Pods", 4, 15), new Policy("Percent", 100, 15)), null);
  private static final Rules DOWN =
      new Rules(null, "Max", List.of(new Policy("Percent", 100, 15)), null);

  private static Why held(boolean up) {
    return up
        ? new Why(
            true,
            "ScaleUpStabilized",
            "recent recommendations were lower than current one, applying the lowest recent"
                + " recommendation")
        : new Why(
            true,
            "ScaleDownStabilized",
            "recent recommendations were higher than current one, applying the highest recent"
                + " recommendation");
  }

  private static Why tooFew() {
    return limited(
        "TooFewReplicas", "the desired replica count is less than the minimum replica count");
  }

  private static Why tooMany() {
    return limited(
        "TooManyReplicas", "the desired replica count is more than the maximum replica count");
  }

  private static Why tooFastUp() {
    return limited(
        "ScaleUpLimit",
        "the desired replica count is increasing faster than the maximum scale rate");
  }

  private static Why tooFastDown() {
    return limited(
        "ScaleDownLimit",
        "the desired replica count is decreasing faster than the maximum scale rate");
  }
}
