package minik8s.scheduler.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.Cure;
import minik8s.scheduler.framework.PodView;
import minik8s.testing.Pods;
import org.junit.jupiter.api.Test;

class SchedulingQueueTest {
  private static final Cure FREED = new Cure(Set.of(ClusterChange.POD_FREED));

  private final SchedulingQueue queue = new SchedulingQueue();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void givesPodsByPriorityThenArrival() {
    put("first", 0);
    put("urgent", 1000);
    put("second", 0);
    put("low", -5);
    assertThat(drain()).containsExactly("urgent", "first", "second", "low");
  }

  @Test
  void queuesAPodOnceHoweverOftenItChanges() {
    put("a", 0);
    put("b", 0);
    put("a", 0);
    assertThat(drain()).containsExactly("a", "b");
  }

  @Test
  void obeysAPriorityThatChanges() {
    put("a", 0);
    put("b", 0);
    put("b", 10);
    assertThat(drain()).containsExactly("b", "a");
  }

  @Test
  void keepsRejectedPodsUntilACureHappens() {
    reject("a");
    pass(Duration.ofMinutes(4));
    assertThat(poll()).isEmpty();
    queue.wake(p -> help(p, ClusterChange.NODE_LABELS), now);
    assertThat(poll()).isEmpty();
    queue.wake(p -> help(p, ClusterChange.POD_FREED), now);
    assertThat(poll()).contains("a");
  }

  @Test
  void triesRejectedPodsAgainAfterFiveMinutes() {
    reject("a");
    assertThat(queue.nextDue()).contains(now.plus(Duration.ofMinutes(5)));
    pass(Duration.ofMinutes(5));
    assertThat(poll()).contains("a");
  }

  @Test
  void flushesTheOldestEvenWhenItsStatusChangedMeanwhile() {
    reject("old");
    pass(Duration.ofMinutes(2));
    reject("young");
    put("old", 5);
    assertThat(queue.depths().unschedulable()).isEqualTo(2);
    pass(Duration.ofMinutes(3));
    assertThat(drain()).containsExactly("old");
  }

  @Test
  void wakesARejectedPodWhenItsOwnLabelsChange() {
    reject("a");
    queue.put(PodView.of(Pods.pod("a").uid("uid-a").label("x", "y").build()), now);
    assertThat(poll()).contains("a");
  }

  @Test
  void putsWokenPodsBehindAllOthersWhileTheirBackoffLasts() {
    reject("woken");
    queue.wake(_ -> Help.LIKELY, now);
    assertThat(queue.depths()).isEqualTo(new Depths(0, 1, 0, 0));
    put("fresh", -10);
    assertThat(drain()).containsExactly("fresh", "woken");
  }

  @Test
  void putsWokenPodsInTheirPlaceOnceTheirBackoffIsOver() {
    reject("woken");
    queue.wake(_ -> Help.LIKELY, now);
    put("fresh", -10);
    pass(Duration.ofSeconds(1));
    assertThat(drain()).containsExactly("woken", "fresh");
  }

  @Test
  void makesPodsWithLittleHopeWaitOutTheirBackoff() {
    reject("a");
    queue.wake(_ -> Help.MAYBE, now);
    assertThat(poll()).isEmpty();
    assertThat(queue.nextDue()).contains(now.plus(Duration.ofSeconds(1)));
    pass(Duration.ofSeconds(1));
    assertThat(poll()).contains("a");
  }

  @Test
  void triesPodsEarlyWhenTheirHopeGrows() {
    reject("a");
    queue.wake(_ -> Help.MAYBE, now);
    queue.wake(_ -> Help.LIKELY, now);
    assertThat(poll()).contains("a");
  }

  @Test
  void makesPodsThatFailedToBindWaitLongerEachTime() {
    put("a", 0);
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      QueuedPod pod = queue.poll(now).orElseThrow();
      queue.retry(pod, now);
      queue.wake(p -> help(p, ClusterChange.POD_FREED), now);
      assertThat(poll()).isEmpty();
      Instant due = queue.nextDue().orElseThrow();
      waits.add(Duration.between(now, due));
      now = due;
    }
    assertThat(waits.stream().map(Duration::toSeconds)).containsExactly(1L, 2L, 4L, 8L, 10L, 10L);
  }

  @Test
  void neverGivesGatedPods() {
    queue.put(gated("a"), now);
    assertThat(queue.depths()).isEqualTo(new Depths(0, 0, 0, 1));
    pass(Duration.ofHours(1));
    assertThat(poll()).isEmpty();
    assertThat(queue.nextDue()).isEmpty();
    put("a", 0);
    assertThat(poll()).contains("a");
  }

  @Test
  void forgetsPodsInEveryPlace() {
    put("active", 0);
    reject("unschedulable");
    queue.put(gated("gated"), now);
    reject("woken");
    queue.wake(p -> p.pod().id().equals("uid-woken") ? Help.LIKELY : Help.NONE, now);
    for (String name : List.of("active", "unschedulable", "gated", "woken")) {
      queue.remove("uid-" + name);
    }
    assertThat(queue.depths()).isEqualTo(Depths.NONE);
    pass(Duration.ofMinutes(10));
    assertThat(poll()).isEmpty();
  }

  private static Help help(QueuedPod pod, ClusterChange change) {
    return pod.cure().among(Set.of(change)) ? Help.LIKELY : Help.NONE;
  }

  private void put(String name, int priority) {
    Pods pod = Pods.pod(name).uid("uid-" + name);
    pod.document().withObject("spec").put("priority", priority);
    queue.put(PodView.of(pod.build()), now);
  }

  private static PodView gated(String name) {
    Pods pod = Pods.pod(name).uid("uid-" + name);
    pod.document().withObject("spec").putArray("schedulingGates").addObject().put("name", "wait");
    return PodView.of(pod.build());
  }

  /** Puts a pod of such priority that it is polled at once, and rejects it. */
  private void reject(String name) {
    put(name, 5);
    QueuedPod pod = queue.poll(now).orElseThrow();
    assertThat(pod.pod().id()).isEqualTo("uid-" + name);
    queue.reject(pod, FREED, now);
    put(name, 5);
  }

  private Optional<String> poll() {
    return queue.poll(now).map(p -> p.pod().pod().metadata().name());
  }

  private List<String> drain() {
    List<String> names = new ArrayList<>();
    for (Optional<String> name = poll(); name.isPresent(); name = poll()) {
      names.add(name.get());
    }
    return names;
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }
}
