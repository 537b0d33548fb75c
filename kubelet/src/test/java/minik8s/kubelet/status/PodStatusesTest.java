package minik8s.kubelet.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import minik8s.api.Condition;
import minik8s.api.ContainerState;
import minik8s.api.Pod;
import minik8s.api.PodStatus;
import minik8s.api.codec.Json;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedContainer.State;
import minik8s.kubelet.runtime.ObservedPod;
import minik8s.kubelet.runtime.PodRef;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class PodStatusesTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00.123Z");
  private static final PodRef REF = new PodRef("u1", "default", "web");
  private static final State RUNNING = new State.Running(T0);

  private static State exited(int code) {
    return new State.Exited(code, false, "", T0, T0.plusSeconds(1));
  }

  private static Pod pod(String policy, String status) {
    return Json.read(
        """
        {"metadata":{"name":"web","namespace":"default","uid":"u1"},
         "spec":{"restartPolicy":"%s","containers":[{"name":"a","image":"i"},{"name":"b","image":"i"}]},
         "status":%s}\
        """
            .formatted(policy, status),
        Pod.class);
  }

  private static ObservedContainer container(String name, State state) {
    return new ObservedContainer(
        "id-" + name,
        REF,
        name,
        0,
        "",
        "s",
        state,
        "sha256:i",
        T0,
        name.equals("POD") ? "10.0.0.2" : "",
        "SIGTERM",
        30);
  }

  private static PodStatus of(Pod pod, ObservedContainer... seen) {
    return PodStatuses.of(
        pod,
        ObservedPod.of(Arrays.asList(seen)),
        new PodStatuses.Facts("192.0.2.1", Map.of(), Map.of(), Map.of()),
        T0);
  }

  private static String phase(String policy, State a, State b) {
    return of(pod(policy, "{}"), container("POD", RUNNING), container("a", a), container("b", b))
        .phase();
  }

  @Test
  void findsThePhaseAsKubernetesDoes() {
    assertThat(phase("Always", RUNNING, RUNNING)).isEqualTo("Running");
    assertThat(phase("Always", exited(0), exited(1))).isEqualTo("Running");
    assertThat(phase("Always", RUNNING, new State.Created())).isEqualTo("Pending");
    assertThat(phase("OnFailure", exited(0), exited(0))).isEqualTo("Succeeded");
    assertThat(phase("OnFailure", exited(0), exited(1))).isEqualTo("Running");
    assertThat(phase("Never", exited(0), exited(0))).isEqualTo("Succeeded");
    assertThat(phase("Never", exited(0), exited(1))).isEqualTo("Failed");
    assertThat(phase("Never", RUNNING, exited(1))).isEqualTo("Running");
  }

  @Test
  void waitsWithAReasonBeforeAnythingRuns() {
    PodStatus status = of(pod("Always", "{}"));
    assertThat(status.phase()).isEqualTo("Pending");
    assertThat(status.containerStatuses().getFirst().state())
        .isEqualTo(new ContainerState.Waiting("ContainerCreating", ""));
    Condition ready = Condition.find(status.conditions(), "Ready");
    assertThat(ready).isNotNull();
    assertThat(ready.reason()).isEqualTo("ContainersNotReady");
    assertThat(ready.message()).isEqualTo("containers with unready status: [a b]");
    assertThat(status.startTime()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
  }

  @Test
  void isStableOnceWritten() {
    ObservedContainer[] seen = {
      container("POD", RUNNING), container("a", RUNNING), container("b", exited(1))
    };
    PodStatus first = of(pod("Never", "{}"), seen);
    Pod written = pod("Never", Json.string(first));
    assertThat(of(written, seen)).isEqualTo(written.status());
    assertThat(PodStatusPatch.between(written.status(), of(written, seen), "u1")).isNull();
  }

  @Test
  void keepsAddressAndConditionsOfOthers() {
    Pod before =
        pod(
            "Always",
            "{\"podIP\":\"10.0.0.9\",\"conditions\":[{\"type\":\"example.com/gate\",\"status\":\"True\"}]}");
    PodStatus status = of(before);
    assertThat(status.podIP()).isEqualTo("10.0.0.9");
    assertThat(Condition.isTrue(status.conditions(), "example.com/gate")).isTrue();
  }

  @Test
  void doesNotBelieveAVanishedContainerToRun() {
    Pod before =
        pod(
            "Never",
            Json.string(
                of(
                    pod("Never", "{}"),
                    container("POD", RUNNING),
                    container("a", RUNNING),
                    container("b", exited(0)))));
    PodStatus status = of(before, container("b", exited(0)));
    assertThat(status.containerStatuses().getFirst().state())
        .isInstanceOfSatisfying(
            ContainerState.Terminated.class,
            end -> {
              assertThat(end.reason()).isEqualTo("ContainerStatusUnknown");
              assertThat(end.exitCode()).isEqualTo(137);
            });
    assertThat(status.phase()).isEqualTo("Failed");
  }

  @Test
  void saysWhenMemoryWasTheCause() {
    PodStatus status =
        of(
            pod("Never", "{}"),
            container("a", new State.Exited(137, true, "", T0, T0)),
            container("b", RUNNING));
    assertThat(status.containerStatuses().getFirst().state())
        .isInstanceOfSatisfying(
            ContainerState.Terminated.class,
            end -> assertThat(end.reason()).isEqualTo("OOMKilled"));
  }

  @Test
  void patchesOnlyWhatChanged() {
    PodStatus old = of(pod("Always", "{}"), container("POD", RUNNING));
    Pod written = pod("Always", Json.string(old));
    PodStatus now =
        of(written, container("POD", RUNNING), container("a", RUNNING), container("b", RUNNING));
    ObjectNode patch = PodStatusPatch.between(written.status(), now, "u1");
    assertThat(patch).isNotNull();
    assertThat(patch.at("/metadata/uid").asString("")).isEqualTo("u1");
    assertThat(patch.path("status").propertyNames())
        .containsExactlyInAnyOrder("phase", "containerStatuses", "conditions");
    assertThat(patch.at("/status/conditions").findValuesAsString("type"))
        .containsExactlyInAnyOrder("Ready", "ContainersReady");
    assertThat(patch.at("/status/conditions/0/reason").isNull()).isTrue();
  }

  @Test
  void deletesAnAddressThatIsGone() {
    PodStatus old =
        Json.read("{\"podIP\":\"10.0.0.1\",\"podIPs\":[{\"ip\":\"10.0.0.1\"}]}", PodStatus.class);
    PodStatus now =
        Json.read("{\"podIP\":\"10.0.0.2\",\"podIPs\":[{\"ip\":\"10.0.0.2\"}]}", PodStatus.class);
    ObjectNode patch = PodStatusPatch.between(old, now, "u1");
    assertThat(patch).isNotNull();
    assertThat(patch.at("/status/podIPs"))
        .isEqualTo(
            Json.parse("[{\"ip\":\"10.0.0.1\",\"$patch\":\"delete\"},{\"ip\":\"10.0.0.2\"}]"));
  }
}
