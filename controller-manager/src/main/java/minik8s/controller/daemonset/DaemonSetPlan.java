package minik8s.controller.daemonset;

import static java.util.Comparator.comparing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import minik8s.api.DaemonSet;
import minik8s.api.Node;
import minik8s.api.Pod;
import minik8s.controller.daemonset.Placement.Verdict;
import minik8s.controller.pods.Readiness;

/**
 * Decides which nodes get a pod and which pods go. Pure. The rules are those of Kubernetes' {@code
 * podsShouldBeOnNode} and {@code rollingUpdate}.
 */
final class DaemonSetPlan {
  /** The most pods that one step makes, and the most that it deletes. */
  private static final int BURST = 250;

  static final Comparator<Pod> OLDEST_FIRST =
      comparing((Pod pod) -> !pod.bound())
          .thenComparing(
              pod -> Objects.requireNonNullElse(pod.metadata().creationTimestamp(), Instant.MAX))
          .thenComparing(pod -> pod.metadata().name());

  private final View view;
  private final List<Action> creations = new ArrayList<>();
  private final List<Action> deletions = new ArrayList<>();
  private final Set<String> condemned = new HashSet<>();
  private final Set<String> chosen = new HashSet<>();

  /**
   * The set's world as far as the step knows it.
   *
   * @param hash of the present template
   * @param pods by node: all that are not gone for good, also those being deleted
   * @param going uids of pods whose deletion was asked but is not shown yet
   * @param pending nodes for which a pod was created that is not shown yet
   * @param resting nodes whose failed pod is not to be replaced yet
   * @param taken names that some object holds or that are pending
   */
  record View(
      DaemonSet set,
      String hash,
      List<Node> nodes,
      Map<String, List<Pod>> pods,
      Set<String> going,
      Set<String> pending,
      Set<String> resting,
      Predicate<String> taken,
      Instant now) {
    List<Pod> on(String node) {
      return pods.getOrDefault(node, List.of());
    }

    private boolean leaving(Pod pod) {
      return pod.metadata().deleting() || going.contains(pod.uid());
    }
  }

  private DaemonSetPlan(View view) {
    this.view = view;
  }

  static List<Action> next(View view) {
    if (view.set().metadata().deleting()) {
      return List.of();
    }
    return new DaemonSetPlan(view).plan();
  }

  private List<Action> plan() {
    Placement placement = Placement.of(view.set());
    List<String> wanted = new ArrayList<>();
    for (Node node : view.nodes()) {
      Verdict verdict = placement.on(node);
      populate(node.metadata().name(), verdict);
      if (verdict == Verdict.RUN) {
        wanted.add(node.metadata().name());
      }
    }
    strays();
    if (Margins.rolls(view.set())) {
      Margins margins = Margins.of(view.set(), wanted.size());
      if (margins.surge() > 0) {
        surge(wanted, margins.surge());
      } else {
        replace(wanted, margins.unavailable());
      }
    }
    List<Action> actions = new ArrayList<>(creations.stream().limit(BURST).toList());
    deletions.stream().limit(BURST).forEach(actions::add);
    return actions;
  }

  /** Pods that wait for a node that is no more. */
  private void strays() {
    Set<String> known = new HashSet<>();
    view.nodes().forEach(node -> known.add(node.metadata().name()));
    view.pods()
        .forEach((node, pods) -> {
          if (!known.contains(node)) {
            pods.stream()
                .filter(pod -> !pod.bound() && !view.leaving(pod))
                .forEach(pod -> delete(pod, Action.Cause.UNWANTED));
          }
        });
  }

  private void populate(String node, Verdict verdict) {
    List<Pod> pods = view.on(node);
    if (verdict == Verdict.LEAVE) {
      pods.stream()
          .filter(pod -> !view.leaving(pod))
          .forEach(pod -> delete(pod, Action.Cause.UNWANTED));
      return;
    }
    List<Pod> running = new ArrayList<>();
    for (Pod pod : pods) {
      if (view.leaving(pod)) {
        continue;
      }
      switch (pod.status().phase()) {
        case "Failed" -> {
          if (!view.resting().contains(node)) {
            delete(pod, Action.Cause.FAILED);
          }
        }
        case "Succeeded" -> delete(pod, Action.Cause.SUCCEEDED);
        default -> running.add(pod);
      }
    }
    if (pods.isEmpty() && verdict == Verdict.RUN && !view.pending().contains(node)) {
      create(node);
    } else if (running.size() > 1) {
      thin(running);
    }
  }

  /** One pod a node; with surge the old one may stay until the new one is ready. */
  private void thin(List<Pod> running) {
    List<Pod> sorted = running.stream().sorted(OLDEST_FIRST).toList();
    if (!Margins.surges(view.set())) {
      sorted.stream().skip(1).forEach(pod -> delete(pod, Action.Cause.UNWANTED));
      return;
    }
    Optional<Pod> fresh = sorted.stream().filter(this::updated).findFirst();
    Optional<Pod> stale = sorted.stream().filter(pod -> !updated(pod)).findFirst();
    boolean keepStale =
        fresh.filter(this::available).isEmpty() && stale.filter(Pod::ready).isPresent();
    for (Pod pod : sorted) {
      boolean kept =
          fresh.isPresent()
              ? pod.equals(fresh.get()) || (keepStale && pod.equals(stale.get()))
              : pod.equals(sorted.getFirst());
      if (!kept) {
        delete(pod, Action.Cause.UNWANTED);
      }
    }
  }

  private record Pair(Optional<Pod> fresh, Optional<Pod> stale) {}

  private Pair pair(String node) {
    List<Pod> here =
        view.on(node).stream()
            .filter(pod -> pod.active() && !view.leaving(pod) && !condemned.contains(pod.uid()))
            .sorted(OLDEST_FIRST)
            .toList();
    return new Pair(
        here.stream().filter(this::updated).findFirst(),
        here.stream().filter(pod -> !updated(pod)).findFirst());
  }

  /** Old pods go first: useless ones at once, others as far as nodes may be without one. */
  private void replace(List<String> wanted, int maximum) {
    List<Pod> candidates = new ArrayList<>();
    int unavailable = 0;
    for (String node : wanted) {
      Pair pair = pair(node);
      if (pair.fresh().isPresent() || pair.stale().isEmpty()) {
        unavailable += pair.fresh().filter(this::available).isPresent() ? 0 : 1;
      } else if (!available(pair.stale().get())) {
        delete(pair.stale().get(), Action.Cause.UNWANTED);
        unavailable++;
      } else {
        candidates.add(pair.stale().get());
      }
    }
    candidates.stream()
        .limit(Math.max(0, maximum - unavailable))
        .forEach(pod -> delete(pod, Action.Cause.UNWANTED));
  }

  /** New pods come first: next to useless ones at once, next to others on so many nodes. */
  private void surge(List<String> wanted, int maximum) {
    List<String> candidates = new ArrayList<>();
    int surging = 0;
    for (String node : wanted) {
      Pair pair = pair(node);
      if (pair.stale().isEmpty()) {
        continue;
      }
      if (pair.fresh().isPresent()) {
        if (available(pair.fresh().get())) {
          delete(pair.stale().get(), Action.Cause.UNWANTED);
        } else {
          surging++;
        }
      } else if (view.pending().contains(node)) {
        surging++;
      } else if (!available(pair.stale().get())) {
        create(node);
      } else {
        candidates.add(node);
      }
    }
    candidates.stream().limit(Math.max(0, maximum - surging)).forEach(this::create);
  }

  private boolean updated(Pod pod) {
    return DaemonPods.updated(pod, view.hash());
  }

  private boolean available(Pod pod) {
    return Readiness.available(pod, view.set().spec().minReadySeconds(), view.now());
  }

  private void create(String node) {
    String name = DaemonPods.name(view.set(), node, view.hash(), view.taken().or(chosen::contains));
    chosen.add(name);
    creations.add(new Action.Create(name, node));
  }

  private void delete(Pod pod, Action.Cause cause) {
    if (condemned.add(pod.uid())) {
      deletions.add(new Action.Delete(pod, cause));
    }
  }
}
