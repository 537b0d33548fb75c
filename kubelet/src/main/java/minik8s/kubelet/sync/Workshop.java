package minik8s.kubelet.sync;

import java.util.Map;
import java.util.function.Supplier;
import minik8s.api.Quantity;
import minik8s.client.Api;
import minik8s.control.EventRecorder;
import minik8s.control.Timers;
import minik8s.kubelet.probe.Prober;
import minik8s.kubelet.runtime.ContainerRuntime;
import minik8s.kubelet.runtime.ContainerStreams;
import minik8s.kubelet.runtime.RuntimePicture;
import minik8s.kubelet.sandbox.NodeSettings;
import minik8s.kubelet.source.References;
import minik8s.kubelet.status.StatusWriter;
import minik8s.kubelet.volume.PodVolumes;

/**
 * What all pods of the node share. Immutable; its parts are thread-safe.
 *
 * @param runtimeFailure why the runtime can't be used; empty when it can
 */
public record Workshop(
    Api api,
    ContainerRuntime runtime,
    ContainerStreams streams,
    Prober prober,
    RuntimePicture picture,
    Supplier<String> runtimeFailure,
    ImageStore images,
    PodVolumes volumes,
    References references,
    StatusWriter statuses,
    EventRecorder events,
    Timers timers,
    StartSlots slots,
    String nodeIp,
    Map<String, Quantity> allocatable,
    String sandboxImage,
    NodeSettings settings) {}
