package minik8s.controller.statefulset;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import minik8s.api.ControllerRevision;
import minik8s.api.IntOrString;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import minik8s.api.StatefulSet;
import minik8s.api.codec.Raw;
import minik8s.controller.pods.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a stateful set does next. Pure. The rules and their order are those of Kubernetes'
 * {@code updateStatefulSet}: pods come up in order, go down in reverse order, are updated in
 * reverse order; policy Parallel waits for nobody while it scales.
 *
 * <p>A number has one pod because a number is a name: as long as the object of the old pod is
 * there, whatever became of its node, no new one can be.
 */
final class StatefulSetPlan {
  /**
   * The set's world as far as the step knows it.
   *
   * @param pods all pods of the set, also those being deleted
   * @param current the revision that the pods come from
   * @param update the revision of the present template
   * @param claims the claim of a name, if there is one
   */
  record View(
      StatefulSet set,
      List<Pod> pods,
      ControllerRevision current,
      ControllerRevision update,
      Function<String, Optional<PersistentVolumeClaim>> claims,
      Instant now) {
    /** Pods by number. */
    TreeMap<Integer, Pod> numbered() {
      TreeMap<Integer, Pod> numbered = new TreeMap<>();
      for (Pod pod : pods) {
        Ordinals.of(set.metadata().name(), pod).ifPresent(ordinal -> numbered.put(ordinal, pod));
      }
      return numbered;
    }

    boolean serves(Pod pod) {
      return pod.active()
          && pod.status().phase().equals("Running")
          && Readiness.available(pod, set.spec().minReadySeconds(), now);
    }
  }

  private final View view;
  private final StatefulSet set;
  private final TreeMap<Integer, Pod> pods;
  private final boolean ordered;
  private final Retention retention;
  private final List<Action> actions = new ArrayList<>();

  private StatefulSetPlan(View view) {
    this.view = view;
    this.set = view.set();
    this.pods = view.numbered();
    this.ordered = !set.spec().podManagementPolicy().equals("Parallel");
    this.retention = Retention.of(set);
  }

  static List<Action> next(View view) {
    if (view.set().metadata().deleting()) {
      return List.of();
    }
    StatefulSetPlan plan = new StatefulSetPlan(view);
    if (plan.populate() && plan.shrink()) {
      plan.roll();
    }
    return plan.actions;
  }

  /** Brings up every wanted number; false when the rest has to wait for one of them. */
  private boolean populate() {
    int first = set.spec().first();
    for (int ordinal = first; ordinal < first + set.spec().wanted(); ordinal++) {
      if (!populate(ordinal)) {
        return false;
      }
    }
    return true;
  }

  private boolean populate(int ordinal) {
    Pod pod = pods.get(ordinal);
    if (pod == null) {
      if (!claims(ordinal)) {
        return !ordered;
      }
      actions.add(new Action.Create(ordinal, revisionFor(ordinal)));
      return !ordered;
    }
    if (pod.finished()) {
      if (!pod.metadata().deleting()) {
        boolean failed = pod.status().phase().equals("Failed");
        actions.add(new Action.Delete(pod, failed ? Action.Cause.FAILED : Action.Cause.SUCCEEDED));
      }
      return !ordered;
    }
    if (pod.metadata().deleting()) {
      return !ordered;
    }
    if (pod.status().phase().isEmpty() || pod.status().phase().equals("Pending")) {
      claims(ordinal);
    }
    if (!view.serves(pod) && ordered) {
      return false;
    }
    if (!StatefulPods.identified(pod, ordinal)) {
      actions.add(new Action.Identify(pod));
    }
    own(pod, ordinal, false);
    return true;
  }

  /** Makes the claims that a number lacks; false when one is on its way out. */
  private boolean claims(int ordinal) {
    for (Raw template : set.spec().volumeClaimTemplates()) {
      String name = Ordinals.claim(set, StatefulPods.templateName(template), ordinal);
      Optional<PersistentVolumeClaim> claim = view.claims().apply(name);
      if (claim.filter(found -> found.metadata().deleting()).isPresent()) {
        return false;
      }
      if (claim.isEmpty()) {
        actions.add(new Action.CreateClaim(name, ordinal));
      }
    }
    return true;
  }

  private void own(Pod pod, int ordinal, boolean condemned) {
    for (Raw template : set.spec().volumeClaimTemplates()) {
      String name = Ordinals.claim(set, StatefulPods.templateName(template), ordinal);
      view.claims()
          .apply(name)
          .ifPresent(claim ->
              retention
                  .change(set, claim, pod, condemned)
                  .ifPresent(owners -> actions.add(new Action.SetOwners(claim, owners))));
    }
  }

  /** Numbers below the partition stay at the old revision also when they are made anew. */
  private ControllerRevision revisionFor(int ordinal) {
    boolean held = rolls(set) && ordinal < set.spec().first() + partition(set);
    return held ? view.current() : view.update();
  }

  /** Takes the highest of the unwanted numbers down; false when the rest has to wait for it. */
  private boolean shrink() {
    List<Map.Entry<Integer, Pod>> condemned =
        pods.entrySet().stream()
            .filter(entry -> !Ordinals.wanted(set, entry.getKey()))
            .sorted(Map.Entry.<Integer, Pod>comparingByKey(Comparator.reverseOrder()))
            .toList();
    Pod unhealthy = ordered ? firstUnhealthy() : null;
    for (Map.Entry<Integer, Pod> entry : condemned) {
      Pod pod = entry.getValue();
      if (pod.metadata().deleting()) {
        if (ordered) {
          return false;
        }
        continue;
      }
      if (ordered && !view.serves(pod) && !pod.equals(unhealthy)) {
        return false;
      }
      own(pod, entry.getKey(), true);
      actions.add(new Action.Delete(pod, Action.Cause.UNWANTED));
      if (ordered) {
        return false;
      }
    }
    return true;
  }

  /** The lowest wanted number that does not serve, else the lowest unwanted one. */
  private @Nullable Pod firstUnhealthy() {
    Comparator<Map.Entry<Integer, Pod>> wantedFirst =
        Comparator.comparing(
                (Map.Entry<Integer, Pod> entry) -> !Ordinals.wanted(set, entry.getKey()))
            .thenComparing(Map.Entry.comparingByKey());
    return pods.entrySet().stream()
        .filter(entry -> !view.serves(entry.getValue()))
        .min(wantedFirst)
        .map(Map.Entry::getValue)
        .orElse(null);
  }

  /** Takes pods of other revisions down from the highest number on, as far as some may miss. */
  private void roll() {
    if (!rolls(set)) {
      return;
    }
    int first = set.spec().first();
    int room = maxUnavailable(set);
    for (int ordinal = first + set.spec().wanted() - 1;
        ordinal >= first + partition(set) && room > 0;
        ordinal--) {
      Pod pod = pods.get(ordinal);
      if (pod == null) {
        room--;
        continue;
      }
      boolean old = !StatefulPods.isOf(pod, view.update());
      if (old && !pod.metadata().deleting() && !pod.finished()) {
        actions.add(new Action.Delete(pod, Action.Cause.UNWANTED));
        room--;
      } else if (!view.serves(pod)) {
        room--;
      }
    }
  }

  static boolean rolls(StatefulSet set) {
    StatefulSet.UpdateStrategy strategy = set.spec().updateStrategy();
    return strategy == null || strategy.type().equals("RollingUpdate");
  }

  static int partition(StatefulSet set) {
    StatefulSet.RollingUpdate rolling = rolling(set);
    return rolling == null || rolling.partition() == null ? 0 : rolling.partition();
  }

  private static int maxUnavailable(StatefulSet set) {
    StatefulSet.RollingUpdate rolling = rolling(set);
    IntOrString most = rolling == null ? null : rolling.maxUnavailable();
    return most == null ? 1 : Math.max(1, most.scaled(set.spec().wanted(), false));
  }

  private static StatefulSet.@Nullable RollingUpdate rolling(StatefulSet set) {
    StatefulSet.UpdateStrategy strategy = set.spec().updateStrategy();
    return strategy == null ? null : strategy.rollingUpdate();
  }
}
