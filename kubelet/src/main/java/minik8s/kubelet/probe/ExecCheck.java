package minik8s.kubelet.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import minik8s.kubelet.runtime.ContainerStreams;
import minik8s.kubelet.runtime.ContainerStreams.Frame;
import minik8s.kubelet.runtime.ContainerStreams.Session;

/**
 * A command in a container; success is exit code 0. Stateless.
 *
 * <p>A command that takes too long counts as failed, but is not ended: an engine can't be asked to.
 */
final class ExecCheck {
  /** What is kept of the output. Source: Kubernetes' {@code maxReadLength}. */
  private static final int MAX_OUTPUT = 10 << 10;

  private ExecCheck() {}

  static Answer ask(
      ContainerStreams streams, String id, List<String> command, Duration time, Limit limit) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Session session = streams.exec(id, command, false, false)) {
      limit.on(session::close);
      for (Frame frame = session.next(); frame != null; frame = session.next()) {
        output.write(frame.bytes(), 0, Math.min(frame.bytes().length, MAX_OUTPUT - output.size()));
      }
      if (!limit.over()) {
        int code = session.exitCode();
        return code == 0 ? Answer.success() : Answer.failure(output.toString(UTF_8));
      }
    } catch (IOException e) {
      if (!limit.over()) {
        return Answer.error(String.valueOf(e.getMessage()));
      }
    }
    return Answer.failure(
        "command timed out: \"%s\" timed out after %ds"
            .formatted(String.join(" ", command), time.toSeconds()));
  }
}
