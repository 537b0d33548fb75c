package minik8s.kubelet.eviction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import minik8s.api.Pod;
import minik8s.api.codec.Json;
import minik8s.kubelet.eviction.EvictionPlan.Finding;
import minik8s.kubelet.eviction.EvictionPlan.Memory;
import org.junit.jupiter.api.Test;

class EvictionPlanTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration TRANSITION = Duration.ofMinutes(5);
  private static final long MI = 1 << 20;

  private static Finding look(List<Threshold> thresholds, Memory before, long freeMi, int second) {
    return EvictionPlan.look(
        thresholds,
        Map.of(Signal.MEMORY, new Reading(1000 * MI, freeMi * MI)),
        before,
        TRANSITION,
        START.plusSeconds(second));
  }

  private static PodUse use(String name, int priority, long usedMi, String requestMi) {
    Pod pod =
        Json.read(
            Json.parse(
                """
                {"metadata":{"name":"%s"},"spec":{"priority":%d,"containers":[{"name":"c",
                "resources":{"requests":{"memory":"%sMi"}}}]}}
                """
                    .formatted(name, priority, requestMi)),
            Pod.class);
    return new PodUse(pod, "Burstable", Map.of("c", usedMi * MI), Map.of(), Map.of(), usedMi);
  }

  private static List<String> names(List<PodUse> uses) {
    return uses.stream().map(u -> u.pod().metadata().name()).toList();
  }

  @Test
  void actsAtOnceOnAHardThreshold() {
    List<Threshold> hard = Threshold.parse("memory.available<100Mi", Map.of(), Map.of());
    assertThat(look(hard, Memory.NONE, 100, 0).conditions()).isEmpty();
    Finding low = look(hard, Memory.NONE, 99, 0);
    assertThat(low.conditions()).containsExactly("MemoryPressure");
    assertThat(low.due()).isEqualTo(hard.getFirst());
  }

  @Test
  void waitsForASoftThresholdsGrace() {
    List<Threshold> soft =
        Threshold.parse(
            "memory.available<20%", Map.of("memory.available", Duration.ofSeconds(90)), Map.of());
    Finding first = look(soft, Memory.NONE, 150, 0);
    assertThat(first.conditions()).containsExactly("MemoryPressure");
    assertThat(first.due()).isNull();
    assertThat(look(soft, first.memory(), 150, 89).due()).isNull();
    assertThat(look(soft, first.memory(), 150, 90).due()).isEqualTo(soft.getFirst());
    Finding recovered = look(soft, first.memory(), 250, 60);
    assertThat(look(soft, recovered.memory(), 150, 91).due()).isNull();
  }

  @Test
  void showsAConditionForAWhileAfterItWasLastSeen() {
    List<Threshold> hard = Threshold.parse("memory.available<100Mi", Map.of(), Map.of());
    Finding low = look(hard, Memory.NONE, 50, 0);
    Finding better = look(hard, low.memory(), 500, 10);
    assertThat(better.due()).isNull();
    assertThat(better.conditions()).containsExactly("MemoryPressure");
    assertThat(look(hard, better.memory(), 500, 300).conditions()).isEmpty();
  }

  @Test
  void goesOnUntilEnoughIsReclaimed() {
    List<Threshold> hard =
        Threshold.parse("memory.available<100Mi", Map.of(), Map.of("memory.available", "50Mi"));
    Finding low = look(hard, Memory.NONE, 90, 0);
    assertThat(look(hard, low.memory(), 120, 10).due()).isNotNull();
    assertThat(look(hard, low.memory(), 151, 10).due()).isNull();
    assertThat(look(hard, Memory.NONE, 120, 10).due()).isNull();
  }

  @Test
  void letsGoFirstWhoUsesMoreThanAskedThenTheLeastImportantThenTheGreediest() {
    List<PodUse> pods =
        List.of(
            use("modest", 0, 10, "20"),
            use("important", 100, 50, "10"),
            use("greedy", 0, 90, "10"),
            use("less-greedy", 0, 30, "10"),
            use("system", 2_000_000_000, 900, "1"));
    assertThat(names(EvictionPlan.ranked(Signal.MEMORY, pods)))
        .containsExactly("greedy", "less-greedy", "important", "modest");
    assertThat(names(EvictionPlan.ranked(Signal.PIDS, pods)))
        .containsExactly("greedy", "less-greedy", "modest", "important");
  }

  @Test
  void saysWhyInKubernetesWords() {
    Threshold threshold = Threshold.parse("memory.available<100Mi", Map.of(), Map.of()).getFirst();
    assertThat(
            EvictionPlan.message(
                threshold, new Reading(1000 * MI, 60 * MI), use("greedy", 0, 90, "10")))
        .isEqualTo(
            "The node was low on resource: memory. Threshold quantity: 102400Ki, available:"
                + " 61440Ki. Container c was using 92160Ki, request is 10240Ki, has larger"
                + " consumption of memory. ");
  }

  @Test
  void findsWhoWroteMoreThanAllowed() {
    Pod pod =
        Json.read(
            Json.parse(
                """
                {"metadata":{"name":"w"},"spec":{"volumes":[{"name":"cache",
                "emptyDir":{"sizeLimit":"1Mi"}}],"containers":[{"name":"c",
                "resources":{"limits":{"ephemeral-storage":"2Mi"}}}]}}
                """),
            Pod.class);
    PodUse over =
        new PodUse(pod, "Burstable", Map.of(), Map.of("c", 3 * MI), Map.of("cache", 2 * MI), 1);
    assertThat(EvictionPlan.overLimits(over))
        .containsExactly(
            "Usage of EmptyDir volume \"cache\" exceeds the limit \"1Mi\". ",
            "Pod ephemeral local storage usage exceeds the total limit of containers 2Mi. ",
            "Container c exceeded its local ephemeral storage limit \"2Mi\". ");
    PodUse within = new PodUse(pod, "Burstable", Map.of(), Map.of("c", MI), Map.of("cache", MI), 1);
    assertThat(EvictionPlan.overLimits(within)).isEmpty();
  }

  @Test
  void readsKubernetesDefaultsAndRefusesNonsense() {
    assertThat(Threshold.parse(Threshold.HARD, Map.of(), Map.of())).hasSize(4);
    assertThat(Threshold.parse("nodefs.inodesFree<5%", Map.of(), Map.of())).isEmpty();
    assertThatThrownBy(() -> Threshold.parse("memory.free<5%", Map.of(), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unsupported eviction signal");
    assertThatThrownBy(() -> Threshold.parse("memory.available<some", Map.of(), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
