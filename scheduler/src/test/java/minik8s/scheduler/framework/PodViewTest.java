package minik8s.scheduler.framework;

import static org.assertj.core.api.Assertions.assertThat;

import minik8s.api.Pod;
import minik8s.api.codec.Json;
import minik8s.api.codec.Yaml;
import org.junit.jupiter.api.Test;

class PodViewTest {
  @Test
  void reservesTheSumOfContainersOrTheLargestInitContainerPlusOverhead() {
    PodView view =
        view(
            """
            spec:
              overhead: {cpu: 10m}
              initContainers:
              - {name: i, resources: {requests: {cpu: 800m, memory: 1Mi}}}
              - {name: j, resources: {requests: {cpu: 700m, memory: 64Mi}}}
              containers:
              - {name: a, resources: {requests: {cpu: 200m, memory: 100Mi}}}
              - {name: b, resources: {requests: {cpu: 300m, memory: 100Mi}}}
            """);
    assertThat(view.requests().cpu()).isEqualTo(810);
    assertThat(view.requests().memory()).isEqualTo(200L << 20);
    assertThat(view.requests().pods()).isEqualTo(1);
  }

  @Test
  void countsSidecarsBesideWhateverRunsWithThem() {
    PodView view =
        view(
            """
            spec:
              initContainers:
              - {name: before, resources: {requests: {cpu: 500m}}}
              - {name: side, restartPolicy: Always, resources: {requests: {cpu: 100m}}}
              - {name: after, resources: {requests: {cpu: 600m}}}
              containers:
              - {name: a, resources: {requests: {cpu: 300m}}}
            """);
    assertThat(view.requests().cpu())
        .as("the sidecar and the init container after it")
        .isEqualTo(700);
    PodView lasting =
        view(
            """
            spec:
              initContainers:
              - {name: side, restartPolicy: Always, resources: {requests: {cpu: 100m}}}
              containers:
              - {name: a, resources: {requests: {cpu: 300m}}}
            """);
    assertThat(lasting.requests().cpu()).isEqualTo(400);
  }

  @Test
  void putsWhatThePodAsAWholeAsksForBeforeItsContainers() {
    PodView view =
        view(
            """
            spec:
              resources: {requests: {cpu: 2}}
              containers:
              - {name: a, resources: {requests: {cpu: 300m, memory: 1Mi}}}
            """);
    assertThat(view.requests().cpu()).isEqualTo(2000);
    assertThat(view.requests().memory()).isEqualTo(1L << 20);
  }

  @Test
  void takesLimitsForRequestsThatAreMissing() {
    PodView view =
        view(
            """
            spec:
              containers:
              - {name: a, resources: {limits: {cpu: 2, memory: 1Gi}, requests: {cpu: 500m}}}
            """);
    assertThat(view.requests().cpu()).isEqualTo(500);
    assertThat(view.requests().memory()).isEqualTo(1L << 30);
  }

  @Test
  void weighsContainersWithoutRequests() {
    PodView view = view("spec: {containers: [{name: a}, {name: b}]}");
    assertThat(view.requests().cpu()).isZero();
    assertThat(view.weighedCpu()).isEqualTo(200);
    assertThat(view.weighedMemory()).isEqualTo(400L << 20);
  }

  @Test
  void comparesImagesByOneName() {
    PodView view =
        view(
            """
            spec:
              containers:
              - {name: a, image: nginx}
              - {name: b, image: "docker.io/library/nginx:1.27"}
              - {name: c, image: "localhost:5000/web"}
              - {name: d, image: "web@sha256:1"}
            """);
    assertThat(view.images())
        .containsExactly("nginx:latest", "nginx:1.27", "localhost:5000/web:latest", "web@sha256:1");
  }

  private static PodView view(String yaml) {
    return PodView.of(
        Json.read(Yaml.documents("metadata: {name: p}\n" + yaml).getFirst(), Pod.class));
  }
}
