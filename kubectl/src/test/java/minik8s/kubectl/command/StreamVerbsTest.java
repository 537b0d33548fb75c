package minik8s.kubectl.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import minik8s.kubectl.FakeServer;
import minik8s.kubectl.FakeServer.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that talk to a container. */
class StreamVerbsTest {
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String POD =
      "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\",\"namespace\":\"default\"},"
          + "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]},\"status\":{\"phase\":\"Running\"}}";
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private FakeServer server;

  @BeforeEach
  void start() {
    server = FakeServer.start(folder);
    server.on("GET " + PODS + "/web", POD);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static byte[] message(int channel, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] frame = new byte[bytes.length + 3];
    frame[0] = (byte) 0x82;
    frame[1] = (byte) (bytes.length + 1);
    frame[2] = (byte) channel;
    System.arraycopy(bytes, 0, frame, 3, bytes.length);
    return frame;
  }

  @Test
  void attachShowsWhatTheContainerSays() {
    server.upgrade(
        "GET " + PODS + "/web/attach?container=c&stderr=true&stdout=true",
        (in, out) -> {
          out.write(message(1, "tick\n"));
          out.write(message(3, "{\"status\":\"Success\"}"));
          out.flush();
        });
    assertThat(server.run("attach", "web")).isEqualTo(new Outcome(0, "tick\n", ""));
  }

  @Test
  void debugAddsAnEphemeralContainer() {
    server.on("PATCH " + PODS + "/web/ephemeralcontainers", POD);
    Outcome outcome =
        server.run(
            "debug",
            "web",
            "--image=busybox",
            "--target=c",
            "-c",
            "d",
            "--profile=netadmin",
            "-q",
            "--",
            "ps");
    assertThat(outcome).isEqualTo(new Outcome(0, "", ""));
    assertThat(server.last().headers())
        .containsEntry("content-type", "application/strategic-merge-patch+json");
    assertThat(server.last().body())
        .contains("\"ephemeralContainers\":[{", "\"name\":\"d\"")
        .contains("\"targetContainerName\":\"c\"", "\"command\":[\"ps\"]", "NET_ADMIN");
    assertThat(server.run("debug", "web").err()).contains("you must specify --image");
  }

  @Test
  void cpSaysWhatIsWrongWithItsPlaces() {
    assertThat(server.run("cp", "a").err()).contains("source and destination are required");
    assertThat(server.run("cp", "web:/a", "web:/b").code()).isEqualTo(1);
    assertThat(server.run("cp", "./a", "./b").err())
        .contains("one of src or dest must be a remote file specification");
    assertThat(server.run("cp", folder.resolve("no").toString(), "web:/b").err())
        .contains("doesn't exist in local filesystem");
  }

  @Test
  void cpBringsAFile() throws IOException {
    server.upgrade(
        "GET "
            + PODS
            + "/web/exec?command=tar&command=cf&command=-&command=%2Ftmp%2Fx&container=c&stderr=true&stdout=true",
        (in, out) -> {
          java.io.ByteArrayOutputStream tar = new java.io.ByteArrayOutputStream();
          try (minik8s.kubectl.tar.TarWriter writer = new minik8s.kubectl.tar.TarWriter(tar)) {
            Path file = java.nio.file.Files.writeString(folder.resolve("src"), "content");
            writer.add(file, "tmp/x");
          }
          byte[] bytes = tar.toByteArray();
          out.write(
              new byte[] {
                (byte) 0x82, 126, (byte) ((bytes.length + 1) >> 8), (byte) (bytes.length + 1), 1
              });
          out.write(bytes);
          out.write(message(3, "{\"status\":\"Success\"}"));
          out.flush();
        });
    assertThat(server.run("cp", "web:/tmp/x", folder.resolve("y").toString()))
        .isEqualTo(new Outcome(0, "", ""));
    assertThat(folder.resolve("y")).hasContent("content");
  }

  @Test
  void portForwardRefusesWhatItCannotServe() throws IOException {
    assertThat(server.run("port-forward", "web").err()).contains("list of ports are required");
    assertThat(server.run("port-forward", "web", "nosuch").err())
        .contains("does not have a named port 'nosuch'");
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      assertThat(server.run("port-forward", "web", taken.getLocalPort() + ":80").err())
          .contains("unable to listen on any of the requested ports");
    }
  }
}
