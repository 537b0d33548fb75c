package minik8s.scheduler.framework;

import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;

/** What must be written before a pod can be bound to the node chosen for it. Immutable. */
public sealed interface VolumeDuty {
  PersistentVolumeClaim claim();

  /** Promises a volume that exists to a claim; the volume controller completes the binding. */
  record Promise(PersistentVolumeClaim claim, PersistentVolume volume) implements VolumeDuty {}

  /** Asks the claim's provisioner for a volume that the node can reach. */
  record Provision(PersistentVolumeClaim claim, String node) implements VolumeDuty {}
}
