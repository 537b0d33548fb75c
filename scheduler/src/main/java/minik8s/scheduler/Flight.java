package minik8s.scheduler;

import minik8s.scheduler.queue.QueuedPod;

/** A pod that is assumed to be on a node until the informer shows it there. Immutable. */
record Flight(QueuedPod pod, String node) {}
