package minik8s.kubelet.probe;

import java.time.Duration;
import minik8s.api.Probe;
import minik8s.control.Timers;
import minik8s.kubelet.runtime.ContainerStreams;

/** Probes as Kubernetes defines them: a command, a GET, a connection, a gRPC health call. */
public final class ContainerProber implements Prober {
  private final ContainerStreams streams;
  private final Timers timers;

  public ContainerProber(ContainerStreams streams, Timers timers) {
    this.streams = streams;
    this.timers = timers;
  }

  @Override
  public Answer ask(Probe probe, Target target) {
    Duration time = Duration.ofSeconds(probe.timeoutSeconds());
    try (Limit limit = new Limit(timers, time)) {
      if (probe.exec() != null) {
        return ExecCheck.ask(streams, target.id(), probe.exec().command(), time, limit);
      }
      if (probe.httpGet() != null) {
        return HttpCheck.of(probe.httpGet(), target).ask(limit);
      }
      if (probe.tcpSocket() != null) {
        return TcpCheck.ask(probe.tcpSocket(), target, limit);
      }
      if (probe.grpc() != null) {
        return GrpcCheck.ask(probe.grpc(), target, time, limit);
      }
      return Answer.error("missing probe handler for " + target.container().name());
    } catch (IllegalArgumentException e) {
      return Answer.error(String.valueOf(e.getMessage()));
    }
  }
}
