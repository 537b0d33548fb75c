package minik8s.kubelet.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.control.Backoff;
import minik8s.kubelet.runtime.ContainerRuntime.Image;
import minik8s.kubelet.runtime.ContainerRuntime.Login;

/**
 * The images that one pod's containers want: what the pull policy says, and how pulls go. Used by
 * the pod's worker; results of pulls arrive from other threads.
 */
final class PodImages {
  private static final Duration INITIAL = Duration.ofSeconds(10);
  private static final Duration MAX = Duration.ofMinutes(5);

  /** How long a failed pull shows its error before it shows the back-off. */
  private static final Duration SHOW_ERROR = Duration.ofSeconds(2);

  private static final Pattern REFERENCE =
      Pattern.compile(
          "([a-zA-Z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
              + "(:[\\w][\\w.-]{0,127})?(@sha256:[0-9a-f]{64})?");

  private sealed interface Pull {
    record Running() implements Pull {}

    record Done() implements Pull {}

    record Failed(String message, Instant at, int count) implements Pull {}
  }

  private final ImageStore store;
  private final PodEvents events;
  private final Map<String, Pull> pulls = new ConcurrentHashMap<>();
  private final Map<String, String> reported = new HashMap<>();

  PodImages(ImageStore store, PodEvents events) {
    this.store = store;
    this.events = events;
  }

  /** The state for each container of the pod. */
  Map<String, ImageState> states(Pod pod, Instant now) {
    Map<String, ImageState> states = new HashMap<>();
    pod.spec().allContainers().forEach(c -> states.put(c.name(), state(c, now)));
    return states;
  }

  private ImageState state(Container container, Instant now) {
    if (!REFERENCE.matcher(container.image()).matches()) {
      return unavailable(
          "InvalidImageName",
          "Failed to apply default image tag \""
              + container.image()
              + "\": couldn't parse image name \""
              + container.image()
              + "\": invalid reference format",
          now.plus(MAX));
    }
    Pull pull = pulls.get(container.name());
    boolean always = container.imagePullPolicy().equals("Always");
    return switch (pull) {
      case Pull.Running _ -> new ImageState.Pulling();
      case Pull.Done _ -> new ImageState.Ready();
      case Pull.Failed failed -> failed(container, failed, now);
      case null -> {
        if (!always && store.find(container.image()).isPresent()) {
          yield new ImageState.Ready();
        }
        yield container.imagePullPolicy().equals("Never")
            ? unavailable(
                "ErrImageNeverPull",
                "Container image \""
                    + container.image()
                    + "\" is not present with pull policy of Never",
                now.plus(INITIAL))
            : new ImageState.Needed();
      }
    };
  }

  private static ImageState failed(Container container, Pull.Failed failed, Instant now) {
    Instant retryAt = failed.at().plus(Backoff.delay(INITIAL, MAX, failed.count()));
    Instant shown = failed.at().plus(SHOW_ERROR);
    if (now.isBefore(shown)) {
      return unavailable("ErrImagePull", failed.message(), shown);
    }
    return now.isBefore(retryAt)
        ? unavailable(
            "ImagePullBackOff",
            "Back-off pulling image \""
                + container.image()
                + "\": ErrImagePull: "
                + failed.message(),
            retryAt)
        : new ImageState.Needed();
  }

  private static ImageState unavailable(String reason, String message, Instant retryAt) {
    return new ImageState.Unavailable(new Trouble(reason, message, retryAt, 1));
  }

  /** Tells people of a container's image trouble when it is a new one. */
  void report(Pod pod, Map<String, ImageState> states) {
    for (Container container : pod.spec().allContainers()) {
      String reason =
          states.get(container.name()) instanceof ImageState.Unavailable unavailable
              ? unavailable.trouble().reason()
              : "";
      String before = reported.put(container.name(), reason);
      if (!reason.isEmpty()
          && !reason.equals(before)
          && states.get(container.name()) instanceof ImageState.Unavailable unavailable) {
        report(container, unavailable.trouble());
      }
    }
  }

  private void report(Container container, Trouble trouble) {
    switch (trouble.reason()) {
      case "ImagePullBackOff" ->
          events.normal(
              container, "BackOff", "Back-off pulling image \"" + container.image() + "\"");
      case "ErrImageNeverPull" -> events.warning(container, "ErrImageNeverPull", trouble.message());
      case "InvalidImageName" -> events.warning(container, "InspectFailed", trouble.message());
      default -> {
        // The failed pull has told the rest.
        return;
      }
    }
    events.warning(container, "Failed", "Error: " + trouble.reason());
  }

  /** Starts a pull; {@code done} is told on another thread when it ended. */
  void pull(
      Container container,
      List<Login> logins,
      Instant started,
      java.time.InstantSource clock,
      Runnable done) {
    Pull before = pulls.put(container.name(), new Pull.Running());
    int failures = before instanceof Pull.Failed failed ? failed.count() : 0;
    events.normal(container, "Pulling", "Pulling image \"" + container.image() + "\"");
    var _ =
        store
            .pull(container.image(), logins)
            .whenComplete((image, failure) -> {
              Instant now = clock.instant();
              if (failure == null) {
                pulls.put(container.name(), new Pull.Done());
                events.normal(container, "Pulled", pulled(container, image, started, now));
              } else {
                String message = String.valueOf(failure.getMessage());
                pulls.put(container.name(), new Pull.Failed(message, now, failures + 1));
                events.warning(
                    container,
                    "Failed",
                    "Failed to pull image \"" + container.image() + "\": " + message);
                events.warning(container, "Failed", "Error: ErrImagePull");
              }
              done.run();
            });
  }

  private static String pulled(Container container, Image image, Instant from, Instant to) {
    return "Successfully pulled image \""
        + container.image()
        + "\" in "
        + Duration.between(from, to).toMillis()
        + "ms. Image size: "
        + image.sizeBytes()
        + " bytes.";
  }

  /** The id of a container's image; empty while unknown. */
  String id(Container container) {
    return store.find(container.image()).map(Image::id).orElse("");
  }

  /** Whether the image was pulled for the coming start, rather than found. */
  boolean wasPulled(Container container) {
    return pulls.get(container.name()) instanceof Pull.Done;
  }

  /** A container was started: under policy Always its next start pulls again. */
  void used(Container container) {
    pulls.remove(container.name());
  }

  /** The image turned out to be gone. */
  void lost(Container container) {
    pulls.remove(container.name());
    store.invalidate();
  }
}
