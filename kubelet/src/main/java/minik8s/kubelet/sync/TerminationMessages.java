package minik8s.kubelet.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.kubelet.runtime.ContainerConfig.Mount;
import minik8s.kubelet.runtime.ContainerStreams;
import minik8s.kubelet.runtime.ContainerStreams.Frame;
import minik8s.kubelet.runtime.ContainerStreams.Frames;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedContainer.State;
import minik8s.kubelet.runtime.ObservedPod;

/** What containers leave behind when they end, read once per container. Confined to a worker. */
final class TerminationMessages {
  private static final int MAX_BYTES = 4096;
  private static final int MAX_LOG_BYTES = 2048;
  private static final long LOG_LINES = 80;

  private final Path folder;
  private final ContainerStreams streams;
  private final Map<String, String> read = new HashMap<>();

  /**
   * @param folder the pod's own
   */
  TerminationMessages(Path folder, ContainerStreams streams) {
    this.folder = folder.resolve("messages");
    this.streams = streams;
  }

  /** An empty file for the container to write into. */
  Mount mount(Container container, int attempt) throws IOException {
    Path file = file(container.name(), attempt);
    Files.createDirectories(folder);
    if (!Files.exists(file)) {
      Files.createFile(file);
      if (!file.toFile().setWritable(true, false)) {
        throw new IOException("cannot make " + file + " writable");
      }
    }
    String path = container.terminationMessagePath();
    return new Mount(file.toString(), path.isEmpty() ? "/dev/termination-log" : path, false);
  }

  private Path file(String container, int attempt) {
    return folder.resolve(container + "_" + attempt);
  }

  /** The messages of all containers that ended, by container id. */
  Map<String, String> of(Pod pod, ObservedPod observed) {
    Map<String, String> messages = new HashMap<>();
    for (ObservedContainer container : observed.containers()) {
      if (container.state() instanceof State.Exited exited) {
        messages.put(
            container.id(),
            read.computeIfAbsent(container.id(), _ -> message(pod, container, exited)));
      }
    }
    read.keySet().retainAll(messages.keySet());
    return messages;
  }

  private String message(Pod pod, ObservedContainer container, State.Exited exited) {
    String text = text(file(container.name(), container.attempt()));
    boolean fallback =
        text.isEmpty()
            && exited.code() != 0
            && pod.spec().allContainers().stream()
                .anyMatch(c ->
                    c.name().equals(container.name())
                        && c.terminationMessagePolicy().equals("FallbackToLogsOnError"));
    return fallback ? logs(container.id()) : text;
  }

  private static String text(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MAX_BYTES), UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private String logs(String id) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (Frames frames = streams.logs(id, false, LOG_LINES, null, false)) {
      for (Frame frame = frames.next(); frame != null; frame = frames.next()) {
        all.write(frame.bytes());
      }
    } catch (IOException e) {
      return "";
    }
    byte[] bytes = all.toByteArray();
    int from = Math.max(0, bytes.length - MAX_LOG_BYTES);
    return new String(bytes, from, bytes.length - from, UTF_8);
  }
}
