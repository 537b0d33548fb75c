package minik8s.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import minik8s.api.codec.Json;

/**
 * More pods on the first node than a kubelet takes by default, until closed. The kubelet starts
 * again at both ends, by its supervisor; pods do not notice.
 */
final class NodeRoom implements AutoCloseable {
  private static final int TRIES = 60;

  private final Cluster cluster;
  private final Path service;
  private final String before;
  private final String roomBefore;

  private NodeRoom(Cluster cluster, Path service) throws IOException {
    this.cluster = cluster;
    this.service = service;
    this.before = Files.readString(service);
    this.roomBefore = room();
  }

  static NodeRoom make(Cluster cluster, int pods) throws IOException {
    try (Stream<Path> services = Files.list(cluster.home().resolve("run/services"))) {
      Path first =
          services
              .filter(path -> path.getFileName().toString().startsWith("kubelet-"))
              .sorted()
              .findFirst()
              .orElseThrow(() -> new IOException("no kubelet runs here"));
      NodeRoom room = new NodeRoom(cluster, first);
      room.restart(room.before.strip() + " --max-pods=" + pods + "\n", Integer.toString(pods));
      return room;
    }
  }

  private String daemon() {
    return service.getFileName().toString();
  }

  private String room() throws IOException {
    String node = daemon().substring("kubelet-".length());
    try (Wire wire = cluster.wire()) {
      byte[] body = wire.call("GET", "/api/v1/nodes/" + node, null).ok("get node").body();
      return Json.parse(body).path("status").path("allocatable").path("pods").asString("");
    }
  }

  private void restart(String line, String room) throws IOException {
    Path next = cluster.home().resolve(daemon() + ".next");
    Files.writeString(next, line);
    Files.move(next, service, StandardCopyOption.ATOMIC_MOVE);
    ProcessHandle.of(cluster.pid(daemon())).ifPresent(ProcessHandle::destroy);
    for (int i = 0; !room().equals(room); i++) {
      if (i == TRIES) {
        throw new IOException(daemon() + " did not come back with room for " + room + " pods");
      }
      Rest.seconds(1);
    }
  }

  @Override
  public void close() {
    try {
      restart(before, roomBefore);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
