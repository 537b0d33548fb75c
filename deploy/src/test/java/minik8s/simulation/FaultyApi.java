package minik8s.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import minik8s.api.Failure;
import minik8s.api.KubeObject;
import minik8s.api.ObjectKey;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.ObjectList;
import minik8s.client.PatchType;
import minik8s.client.Watch;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One process' way to the API server, on which requests get lost, answers get lost, and the process
 * may be killed before or after any write. Events, which nobody acts on, end here. Confined to one
 * thread but for events.
 */
final class FaultyApi implements Api {
  /** Ends the process as {@code kill -9} does: nothing catches it on the way out. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("killed", null, false, false);
    }
  }

  /** What becomes of one write. */
  enum Fate {
    DONE,
    REFUSED,
    ANSWER_LOST,
    KILLED_BEFORE,
    KILLED_AFTER
  }

  private final Api api;
  private final Supplier<Fate> fates;
  private final Observer observer;
  private final Map<String, Long> generations = new HashMap<>();
  private boolean dead;

  /** Hears of each write that is about to be done. */
  @FunctionalInterface
  interface Observer {
    /**
     * @param told the newest generation of the object that an answer told the process; 0 for none
     */
    void writes(
        Resource<?> resource, ObjectKey key, String subresource, @Nullable Object body, long told);
  }

  FaultyApi(Api api, Supplier<Fate> fates, Observer observer) {
    this.api = api;
    this.fates = fates;
    this.observer = observer;
  }

  /** Whatever of the process still runs reaches nothing any more. */
  void kill() {
    dead = true;
  }

  private <R> R write(
      Resource<?> resource,
      ObjectKey key,
      String subresource,
      @Nullable Object body,
      Supplier<R> request) {
    if (dead) {
      throw new Killed();
    }
    Fate fate = fates.get();
    if (fate == Fate.KILLED_BEFORE) {
      throw new Killed();
    }
    if (fate == Fate.REFUSED) {
      throw Failure.unavailable("the network is down").asException();
    }
    long told = generations.getOrDefault(resource.plural() + " " + key, 0L);
    observer.writes(resource, key, subresource, body, told);
    R answer = request.get();
    if (fate == Fate.KILLED_AFTER) {
      throw new Killed();
    }
    if (fate == Fate.ANSWER_LOST) {
      throw Failure.unavailable("the connection broke before the answer came").asException();
    }
    return remember(resource, answer);
  }

  private <R> R remember(Resource<?> resource, R answer) {
    if (answer instanceof KubeObject object) {
      generations.merge(
          resource.plural() + " " + object.key(), object.metadata().generation(), Math::max);
    }
    return answer;
  }

  @Override
  public <T> T get(Resource<T> resource, ObjectKey key) {
    return remember(resource, api.get(resource, key));
  }

  @Override
  public <T> ObjectList<T> list(Resource<T> resource, ListOptions options) {
    return api.list(resource, options);
  }

  @Override
  @SuppressWarnings("NullAway") // nobody reads the answer to an event
  public <T> T create(Resource<T> resource, String namespace, Object body) {
    if (resource.plural().equals(Resources.EVENTS.plural())) {
      return null;
    }
    return write(
        resource,
        new ObjectKey(namespace, ""),
        "",
        body,
        () -> api.create(resource, namespace, body));
  }

  @Override
  public <T> T replace(Resource<T> resource, ObjectKey key, Object body) {
    return write(resource, key, "", body, () -> api.replace(resource, key, body));
  }

  @Override
  @SuppressWarnings("NullAway") // nobody reads the answer to an event
  public <T> T patch(
      Resource<T> resource, ObjectKey key, String subresource, PatchType type, JsonNode patch) {
    if (resource.plural().equals(Resources.EVENTS.plural())) {
      return null;
    }
    return write(
        resource,
        key,
        subresource,
        patch,
        () -> api.patch(resource, key, subresource, type, patch));
  }

  @Override
  public JsonNode post(Resource<?> resource, ObjectKey key, String subresource, Object body) {
    return write(
        resource, key, subresource, body, () -> api.post(resource, key, subresource, body));
  }

  @Override
  public JsonNode put(Resource<?> resource, ObjectKey key, String subresource, Object body) {
    return write(resource, key, subresource, body, () -> api.put(resource, key, subresource, body));
  }

  @Override
  public void delete(Resource<?> resource, ObjectKey key, DeleteOptions options) {
    write(
        resource,
        key,
        "",
        null,
        () -> {
          api.delete(resource, key, options);
          return true;
        });
  }

  @Override
  public <T> Watch<T> watch(Resource<T> resource, ListOptions options, int timeoutSeconds) {
    return api.watch(resource, options, timeoutSeconds);
  }

  @Override
  public JsonNode raw(String path) {
    return api.raw(path);
  }
}
