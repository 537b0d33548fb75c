package minik8s.kubelet.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import minik8s.api.Container;
import minik8s.api.Probe;
import minik8s.api.codec.Json;
import minik8s.control.Timers;
import minik8s.kubelet.runtime.FakeStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gRPC probe against a real gRPC server: etcd serves the health protocol. */
class GrpcCheckIT {
  @TempDir Path folder;

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void asksAHealthService() throws Exception {
    int port = free();
    String client = "http://127.0.0.1:" + port;
    String peer = "http://127.0.0.1:" + free();
    Process etcd =
        new ProcessBuilder(
                List.of(
                    "etcd",
                    "--data-dir=" + folder.resolve("etcd"),
                    "--listen-client-urls=" + client,
                    "--advertise-client-urls=" + client,
                    "--listen-peer-urls=" + peer,
                    "--initial-advertise-peer-urls=" + peer,
                    "--initial-cluster=default=" + peer))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try (Timers timers = Timers.system()) {
      Prober prober = new ContainerProber(new FakeStreams(), timers);
      Answer answer = ask(prober, port, "");
      for (int i = 0; i < 200 && !answer.good(); i++) {
        LockSupport.parkNanos(100_000_000);
        answer = ask(prober, port, "");
      }
      assertThat(answer.text()).isEmpty();
      assertThat(answer.good()).isTrue();
      assertThat(ask(prober, port, "no.such.Service").good()).isFalse();
    } finally {
      etcd.destroy();
      assertThat(etcd.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Answer ask(Prober prober, int port, String service) {
    Probe probe =
        Json.read(
            "{\"timeoutSeconds\":5,\"grpc\":{\"port\":%d,\"service\":\"%s\"}}"
                .formatted(port, service),
            Probe.class);
    Container container = Json.read("{\"name\":\"c\",\"image\":\"i\"}", Container.class);
    return prober.ask(probe, new Target("id", container, "127.0.0.1"));
  }
}
