package minik8s.kubelet.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventType;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import minik8s.kubelet.runtime.ContainerRuntime.Hint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Docker's event stream as hints; opened again when it breaks. One thread of its own. */
final class DockerEvents implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DockerEvents.class);

  /** What a container is after an event that matters. */
  private static final Map<String, String> STATES =
      Map.of("start", "running", "die", "exited", "destroy", "");

  private static final long PAUSE_NANOS = 500_000_000;

  private final DockerClient docker;
  private final Predicate<Map<String, String>> ours;
  private final Consumer<Hint> hints;
  private final Thread thread;
  private volatile boolean closed;

  DockerEvents(DockerClient docker, Predicate<Map<String, String>> ours, Consumer<Hint> hints) {
    this.docker = docker;
    this.ours = ours;
    this.hints = hints;
    this.thread = Thread.ofVirtual().name("docker-events").start(this::run);
  }

  private void run() {
    while (!closed) {
      try (Answers<Event> answers =
          docker.eventsCmd().exec(new Answers<>(this::opened, this::event))) {
        answers.end().get();
      } catch (InterruptedException e) {
        return;
      } catch (Exception e) {
        LOG.debug("event stream broke", e);
      }
      if (!closed) {
        hints.accept(new Hint.Everything());
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** What happened before the stream was open is only found by listing. */
  private void opened() {
    hints.accept(new Hint.Everything());
  }

  private void event(Event event) {
    if (event.getType() == EventType.IMAGE) {
      hints.accept(new Hint.Images());
    } else if (event.getType() == EventType.CONTAINER && event.getActor() != null) {
      String word = STATES.get(String.valueOf(event.getAction()));
      Map<String, String> attributes = event.getActor().getAttributes();
      if (word != null && attributes != null && ours.test(attributes)) {
        hints.accept(new Hint.Container(String.valueOf(event.getActor().getId()), word));
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
