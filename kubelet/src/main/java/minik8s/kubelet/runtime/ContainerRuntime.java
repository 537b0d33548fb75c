package minik8s.kubelet.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The container engine as the kubelet needs it: few verbs, each idempotent. Thread-safe. It shows
 * and touches only containers of this cluster and this node. Every method throws {@link
 * RuntimeFailure}.
 */
public interface ContainerRuntime extends AutoCloseable {
  /** The engine's version, such as {@code 20.10.24}. */
  String version();

  /** The ids of all containers, ended ones included, each with the word for its state. */
  Map<String, String> list();

  /** One container; empty when there is none or it is not ours. */
  Optional<ObservedContainer> inspect(String id);

  /** Creates a container and returns its id; one that has the name already is adopted. */
  String create(ContainerConfig config);

  /** Starts a container; one that runs is left alone. */
  void start(String id);

  /** Sends a signal such as {@code TERM}; one that has ended is left alone. */
  void signal(String id, String signal);

  /** Removes a container, killing it first when it runs; one that is gone is left alone. */
  void remove(String id);

  /** What is known of an image on this node; empty when it is not there. */
  Optional<Image> image(String reference);

  /** All images of this node. */
  List<Image> images();

  /**
   * Brings an image from its registry, blocking.
   *
   * @param login to show there; null for none
   */
  void pull(String reference, @Nullable Login login);

  /** Ids of the images that any container of the engine has, others' containers included. */
  Set<String> imagesInUse();

  /** Removes an image that no container has, with all its names; false when it has to stay. */
  boolean removeImage(Image image);

  /** The node's folder on whose file system the engine keeps images and containers. */
  Path folder();

  /**
   * Follows changes until closed. Hints may be lost, repeated or late: they only say where to look.
   */
  AutoCloseable follow(Consumer<Hint> hints);

  @Override
  void close();

  /**
   * Who pulls. Immutable; never printed.
   *
   * @param token instead of a password; empty for none
   */
  record Login(String registry, String username, String password, String token) {
    /** Names the user only, so that no log line can leak a password. */
    @Override
    public String toString() {
      return "Login[" + username + " at " + registry + "]";
    }
  }

  /**
   * An image.
   *
   * @param id such as {@code sha256:…}
   * @param names its tags and digests
   * @param user as which it wants to run: a name, a uid, or either with a group; empty for root
   */
  record Image(String id, List<String> names, long sizeBytes, String user) {
    public Image(String id, List<String> names, long sizeBytes) {
      this(id, names, sizeBytes, "");
    }
  }

  /** Where to look. */
  sealed interface Hint {
    /**
     * Something happened to this container.
     *
     * @param word for the state that it then had, as in a list; empty when it was removed
     */
    record Container(String id, String word) implements Hint {}

    /** Images came or went. */
    record Images() implements Hint {}

    /** Hints may have been missed. */
    record Everything() implements Hint {}
  }
}
