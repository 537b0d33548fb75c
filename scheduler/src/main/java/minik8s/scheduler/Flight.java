package minik8s.scheduler;

import java.util.List;
import minik8s.scheduler.framework.VolumeDuty;
import minik8s.scheduler.queue.QueuedPod;

/**
 * A pod that is assumed to be on a node until the informer shows it there. Immutable.
 *
 * @param duties what its volumes need first; none when they are bound
 */
record Flight(QueuedPod pod, String node, List<VolumeDuty> duties) {}
