package minik8s.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an object, for people to read. Immutable.
 *
 * @param type {@code Normal} or {@code Warning}
 * @param count how often the same thing happened
 */
public record Event(
    ObjectMeta metadata,
    ObjectReference involvedObject,
    String type,
    String reason,
    String message,
    int count,
    @Nullable Instant firstTimestamp,
    @Nullable Instant lastTimestamp,
    @Nullable Source source,
    String reportingComponent,
    String reportingInstance)
    implements KubeObject {
  public Event {
    type = Lists.of(type);
    reason = Lists.of(reason);
    message = Lists.of(message);
    reportingComponent = Lists.of(reportingComponent);
    reportingInstance = Lists.of(reportingInstance);
  }

  /** Which component on which host said so. */
  public record Source(String component, String host) {
    public Source {
      component = Lists.of(component);
      host = Lists.of(host);
    }
  }
}
