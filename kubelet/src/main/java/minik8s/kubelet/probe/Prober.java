package minik8s.kubelet.probe;

import minik8s.api.Probe;

/** Asks a container one question and waits for the answer. Thread-safe. */
@FunctionalInterface
public interface Prober {
  /** Never throws for what a container does; blocks no longer than the probe's time-out. */
  Answer ask(Probe probe, Target target);
}
