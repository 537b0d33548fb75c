package minik8s.client.informer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import minik8s.api.Failure;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.ObjectList;
import minik8s.client.PatchType;
import minik8s.client.Watch;
import minik8s.client.WatchEvent;
import minik8s.testing.Pods;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ReflectorTest {
  private final Script script = new Script();
  private final Informer<Pod> informer = new Informer<>(Resources.PODS, ListOptions.ALL, List.of());
  private final Reflector<Pod> reflector = new Reflector<>(script, informer);

  @Test
  void resumesFromLastRevisionSeenWhenWatchEnds() {
    script.lists.add(new ObjectList<>(List.of(), "5"));
    script.watches.add(List.of(new WatchEvent.Bookmark<>("9")));
    script.watches.add(List.of());
    reflector.step();
    reflector.step();
    assertThat(script.calls).containsExactly("list 0", "watch 5", "watch 9");
  }

  @Test
  void listsAnewWhenRevisionIsGone() {
    script.lists.add(new ObjectList<>(List.of(Pods.pod("a").build()), "5"));
    script.lists.add(new ObjectList<>(List.of(), "50"));
    script.watches.add(Failure.expired("too old resource version"));
    script.watches.add(List.of());
    List<String> seen = new ArrayList<>();
    informer.onChange((old, now) -> seen.add(now == null ? "gone" : "here"));
    reflector.step();
    reflector.step();
    assertThat(script.calls).containsExactly("list 0", "watch 5", "list 0", "watch 50");
    assertThat(seen).containsExactly("here", "gone");
  }

  @Test
  void keepsRevisionAndCacheWhenServerIsAway() {
    script.lists.add(new ObjectList<>(List.of(Pods.pod("a").build()), "5"));
    script.watches.add(Failure.unavailable("down"));
    script.watches.add(List.of());
    reflector.step();
    reflector.step();
    assertThat(script.calls).containsExactly("list 0", "watch 5", "watch 5");
    assertThat(informer.lister().all()).hasSize(1);
  }

  /** Answers lists and watches from a script; nothing else. */
  private static final class Script implements Api {
    final Deque<ObjectList<Pod>> lists = new ArrayDeque<>();
    final Deque<Object> watches = new ArrayDeque<>();
    final List<String> calls = new ArrayList<>();

    @Override
    @SuppressWarnings("unchecked") // the test lists and watches pods only
    public <T> ObjectList<T> list(Resource<T> resource, ListOptions options) {
      calls.add("list " + options.resourceVersion());
      return (ObjectList<T>) lists.remove();
    }

    @Override
    @SuppressWarnings("unchecked") // the test lists and watches pods only
    public <T> Watch<T> watch(Resource<T> resource, ListOptions options, int timeoutSeconds) {
      calls.add("watch " + options.resourceVersion());
      Object next = watches.remove();
      if (next instanceof Failure failure) {
        throw failure.asException();
      }
      Deque<WatchEvent<T>> events = new ArrayDeque<>((List<WatchEvent<T>>) next);
      return new Watch<>() {
        @Override
        public @Nullable WatchEvent<T> next() {
          return events.poll();
        }

        @Override
        public void close() {
          events.clear();
        }
      };
    }

    @Override
    public <T> T get(Resource<T> resource, ObjectKey key) {
      throw new AssertionError("not in the script");
    }

    @Override
    public <T> T create(Resource<T> resource, String namespace, Object body) {
      throw new AssertionError("not in the script");
    }

    @Override
    public <T> T replace(Resource<T> resource, ObjectKey key, Object body) {
      throw new AssertionError("not in the script");
    }

    @Override
    public <T> T patch(
        Resource<T> resource, ObjectKey key, String subresource, PatchType type, JsonNode patch) {
      throw new AssertionError("not in the script");
    }

    @Override
    public JsonNode post(Resource<?> resource, ObjectKey key, String subresource, Object body) {
      throw new AssertionError("not in the script");
    }

    @Override
    public JsonNode put(Resource<?> resource, ObjectKey key, String subresource, Object body) {
      throw new AssertionError("not in the script");
    }

    @Override
    public void delete(Resource<?> resource, ObjectKey key, DeleteOptions options) {
      throw new AssertionError("not in the script");
    }

    @Override
    public JsonNode raw(String path) {
      throw new AssertionError("not in the script");
    }
  }
}
