package minik8s.kubelet;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import minik8s.api.ObjectReference;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.Service;
import minik8s.client.Api;
import minik8s.client.HttpApi;
import minik8s.client.KubeConfig;
import minik8s.client.ListOptions;
import minik8s.client.Pem;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Reflector;
import minik8s.control.EventRecorder;
import minik8s.control.Timers;
import minik8s.daemon.Delegation;
import minik8s.daemon.Metrics;
import minik8s.kubelet.eviction.EvictionLoop;
import minik8s.kubelet.gc.GarbageLoop;
import minik8s.kubelet.gc.ImageLedger;
import minik8s.kubelet.manifest.ManifestFolder;
import minik8s.kubelet.manifest.MirrorPods;
import minik8s.kubelet.metrics.KubeletMeters;
import minik8s.kubelet.metrics.MeteredRuntime;
import minik8s.kubelet.metrics.NodeMetrics;
import minik8s.kubelet.node.Machine;
import minik8s.kubelet.node.NodeFacts;
import minik8s.kubelet.node.NodeLease;
import minik8s.kubelet.node.NodeReporter;
import minik8s.kubelet.probe.ContainerProber;
import minik8s.kubelet.runtime.ContainerRuntime;
import minik8s.kubelet.runtime.ContainerStreams;
import minik8s.kubelet.runtime.RelistLoop;
import minik8s.kubelet.runtime.RuntimePicture;
import minik8s.kubelet.runtime.docker.DockerRuntime;
import minik8s.kubelet.runtime.docker.DockerStreams;
import minik8s.kubelet.server.Access;
import minik8s.kubelet.server.ContainerRoutes;
import minik8s.kubelet.server.KubeletServer;
import minik8s.kubelet.source.ApiReferences;
import minik8s.kubelet.source.WatchedReferences;
import minik8s.kubelet.status.StatusWriter;
import minik8s.kubelet.sync.ImageStore;
import minik8s.kubelet.sync.PodWorkers;
import minik8s.kubelet.sync.StartSlots;
import minik8s.kubelet.sync.Workshop;
import minik8s.kubelet.volume.Mounts;
import minik8s.kubelet.volume.PodVolumes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kubelet's parts, wired and running. Owns them all; closing stops them, containers go on. */
final class KubeletDaemon implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KubeletDaemon.class);
  private static final Duration RELIST = Duration.ofSeconds(30);

  private final List<AutoCloseable> parts;

  private KubeletDaemon(List<AutoCloseable> parts) {
    this.parts = parts;
  }

  static KubeletDaemon start(Kubelet flags) throws InterruptedException, IOException {
    SSLContext tls = tls(flags);
    Metrics metrics = new Metrics();
    Timers timers = Timers.system();
    Api api =
        new HttpApi(KubeConfig.read(flags.kubeconfig), "minik8s-kubelet", metrics::clientRequest);
    DockerRuntime docker = new DockerRuntime(flags.runtime, flags.cluster, flags.node);
    ContainerRuntime runtime = new MeteredRuntime(docker, metrics.registry());
    ContainerStreams streams = new DockerStreams(flags.runtime);
    NodeFacts facts =
        new NodeFacts(
            flags.node,
            flags.nodeIp,
            flags.port,
            flags.maxPods,
            flags.root,
            flags.labels,
            flags.taints(),
            flags.pods.extended);

    RuntimePicture picture = new RuntimePicture(runtime);
    ImageLedger ledger = new ImageLedger(flags.root.resolve("pulled-images"));
    ImageStore images =
        new ImageStore(runtime, image -> ledger.pulled(image.id(), timers.clock().instant()));
    AtomicReference<@Nullable EvictionLoop> evictions = new AtomicReference<>();
    Supplier<Set<String>> pressures =
        () -> {
          EvictionLoop loop = evictions.get();
          return loop == null ? Set.of() : loop.pressures().get();
        };
    NodeLoop[] nodeLoop = new NodeLoop[1];
    RelistLoop relist =
        new RelistLoop(
            runtime,
            picture,
            RELIST,
            () -> {
              images.invalidate();
              if (nodeLoop[0] != null) {
                nodeLoop[0].imagesChanged();
              }
            });
    NodeReporter reporter =
        new NodeReporter(api, facts, runtime, relist::failure, pressures, timers);
    nodeLoop[0] =
        new NodeLoop(
            reporter, new NodeLease(api, flags.node, timers), timers, flags.statusPeriod());

    Informer<Service> services = new Informer<>(Resources.SERVICES, ListOptions.ALL, List.of());
    PodWorkers[] pokes = new PodWorkers[1];
    WatchedReferences references =
        new WatchedReferences(
            api,
            new ApiReferences(api, services.lister()),
            uid -> {
              if (pokes[0] != null) {
                pokes[0].volumesChanged(uid);
              }
            });
    Informer<Pod> pods =
        new Informer<>(
            Resources.PODS, ListOptions.ALL.withFields("spec.nodeName=" + flags.node), List.of());
    StatusWriter statuses =
        new StatusWriter(
            api, timers, StatusWriter.THREADS, pod -> StaticPods.stored(pod, pods.lister()));
    EventRecorder events = new EventRecorder(api, "kubelet", flags.node, timers);
    Workshop shop =
        new Workshop(
            api,
            runtime,
            streams,
            new ContainerProber(streams, timers),
            picture,
            relist::failure,
            images,
            new PodVolumes(flags.root.toAbsolutePath(), references, new Mounts(), timers.clock()),
            references,
            statuses,
            events,
            timers,
            new StartSlots(flags.parallelStarts()),
            flags.nodeIp,
            facts.capacity(),
            flags.sandboxImage,
            flags.pods.settings(flags.root.toAbsolutePath(), pressures));
    PodWorkers workers = new PodWorkers(shop);
    pokes[0] = workers;
    pods.onChange(
        new KubeletMeters(metrics.registry(), flags.node, picture::snapshot, timers.clock())
            ::changed);
    StaticPods statics =
        new StaticPods(
            workers,
            statuses,
            new MirrorPods(api, flags.node, pods.lister(), timers),
            pods.lister(),
            timers);
    PodRouter router = new PodRouter(pods, workers, picture, shop.volumes(), statics);
    NodeMetrics uses =
        new NodeMetrics(
            flags.node,
            flags.root,
            picture::snapshot,
            docker.inspector(),
            Thread.ofVirtual().name("walk")::start,
            timers.clock());
    EngineFolder storage = new EngineFolder(runtime, flags.root);
    GarbageLoop garbage =
        new GarbageLoop(
            runtime,
            picture,
            ledger,
            flags.pressure.containers(),
            flags.pressure.images(),
            new GarbageLoop.Node(
                () -> Machine.disk(storage.get()),
                () ->
                    workers.pods().stream()
                        .filter(pod -> !pod.finished())
                        .map(Pod::uid)
                        .collect(Collectors.toSet()),
                message -> events.offer(node(flags.node), "Warning", "ImageGCFailed", message)),
            timers);
    EvictionLoop eviction =
        new EvictionLoop(
            flags.pressure.eviction(),
            new NodeUses(
                flags.root,
                storage,
                workers,
                shop.volumes(),
                uses,
                garbage,
                nodeLoop[0]::conditionsChanged),
            timers);
    evictions.set(eviction);

    KubeletServer server =
        KubeletServer.open(
            flags.address,
            flags.port,
            tls,
            metrics,
            uses,
            new Access(Delegation.through(() -> api, timers.clock()), flags.node),
            new ContainerRoutes(pods.lister(), picture, streams, timers.clock()),
            pods.lister()::all);
    LOG.info("kubelet of node {} listens on {}:{}", flags.node, flags.address, flags.port);
    relist.start();
    List<AutoCloseable> parts = new ArrayList<>();
    if (flags.pods.manifests != null) {
      // Before the API server's pods: what is left of pods that nobody knows is removed.
      parts.add(new ManifestFolder(flags.pods.manifests, flags.node, statics::want).start());
    }
    nodeLoop[0].start();
    Reflector<Service> serviceFeed = new Reflector<>(api, services).start();
    Reflector<Pod> podFeed = new Reflector<>(api, pods).start();
    router.start();
    garbage.start();
    eviction.start();
    parts.addAll(
        List.of(
            server,
            podFeed,
            serviceFeed,
            references,
            router,
            workers,
            nodeLoop[0],
            eviction,
            garbage,
            relist,
            events,
            runtime,
            timers));
    return new KubeletDaemon(parts);
  }

  private static ObjectReference node(String name) {
    return new ObjectReference("v1", "Node", "", name, name, "", "");
  }

  private static SSLContext tls(Kubelet flags) {
    return Pem.context(
        pem(flags.clientCa, "--client-ca-file"),
        pem(flags.certificate, "--tls-cert-file"),
        pem(flags.key, "--tls-private-key-file"));
  }

  private static byte[] pem(@Nullable Path file, String flag) {
    if (file == null) {
      throw new IllegalArgumentException(flag + " is needed to serve logs and exec over HTTPS");
    }
    return Pem.file(file);
  }

  @Override
  public void close() {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("stopping {} failed", part.getClass().getSimpleName(), e);
      }
    }
  }
}
