package minik8s.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import minik8s.api.PersistentVolumeClaim;
import minik8s.scheduler.framework.VolumeDuty;
import minik8s.scheduler.framework.Volumes;
import org.jspecify.annotations.Nullable;

/**
 * Pods that have a node and wait until their claims are bound there. Confined to the scheduling
 * loop; time is an argument. Source: the wait in Kubernetes' VolumeBinding before a pod is bound.
 */
final class VolumeWaits {
  /** Kubernetes' {@code bindTimeoutSeconds}. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Map<String, Wait> waits = new LinkedHashMap<>();

  private record Wait(Flight flight, Instant until, boolean seenAsked) {}

  /** How a wait ends. */
  sealed interface End {
    Flight flight();

    /** Every claim is bound. */
    record Bound(Flight flight) implements End {}

    /** It never will be, for this reason. */
    record Vain(Flight flight, String why) implements End {}
  }

  void add(Flight flight, Instant now) {
    waits.put(flight.pod().pod().id(), new Wait(flight, now.plus(PATIENCE), false));
  }

  void remove(String podId) {
    waits.remove(podId);
  }

  /** Ends the waits that the present state of the claims, or the time, ends. */
  List<End> ended(Volumes volumes, Instant now) {
    if (waits.isEmpty()) {
      return List.of();
    }
    List<End> ends = new ArrayList<>();
    for (Map.Entry<String, Wait> entry : waits.entrySet()) {
      Wait wait = entry.getValue();
      End end = end(wait, volumes, now);
      if (end != null) {
        ends.add(end);
      } else if (!wait.seenAsked() && asked(wait.flight(), volumes)) {
        entry.setValue(new Wait(wait.flight(), wait.until(), true));
      }
    }
    ends.forEach(end -> waits.remove(end.flight().pod().pod().id()));
    return ends;
  }

  private static @Nullable End end(Wait wait, Volumes volumes, Instant now) {
    Flight flight = wait.flight();
    boolean all = true;
    for (String key : flight.pod().pod().claims()) {
      PersistentVolumeClaim claim = volumes.claim(key);
      if (claim == null || claim.metadata().deleting()) {
        return new End.Vain(flight, "persistentvolumeclaim \"" + key + "\" is gone");
      }
      all &= Volumes.bound(claim);
    }
    if (all) {
      return new End.Bound(flight);
    }
    if (wait.seenAsked() && !asked(flight, volumes)) {
      return new End.Vain(flight, "the provisioner refused node " + flight.node());
    }
    return now.isBefore(wait.until())
        ? null
        : new End.Vain(flight, "binding volumes: context deadline exceeded");
  }

  /** Whether the claims show what was asked of the provisioner, or have it. */
  private static boolean asked(Flight flight, Volumes volumes) {
    for (VolumeDuty duty : flight.duties()) {
      if (duty instanceof VolumeDuty.Provision provision) {
        PersistentVolumeClaim claim = volumes.claim(provision.claim().key().toString());
        if (claim == null
            || (!Volumes.bound(claim)
                && !flight
                    .node()
                    .equals(claim.metadata().annotations().get(Volumes.SELECTED_NODE)))) {
          return false;
        }
      }
    }
    return true;
  }

  /** When the passing of time alone next ends a wait. */
  Optional<Instant> nextDue() {
    return waits.values().stream().map(Wait::until).min(Instant::compareTo);
  }
}
