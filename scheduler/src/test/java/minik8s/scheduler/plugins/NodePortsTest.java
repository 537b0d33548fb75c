package minik8s.scheduler.plugins;

import static minik8s.scheduler.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodePortsTest {
  private final NodePorts filter = new NodePorts();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{containerPort: 80, hostPort: 8080}                       | true",
        "{containerPort: 80, hostPort: 8081}                       | false",
        "{containerPort: 8080}                                     | false",
        "{containerPort: 80, hostPort: 8080, protocol: UDP}        | false",
        "{containerPort: 80, hostPort: 8080, hostIP: 10.0.0.1}     | true",
        "{containerPort: 80, hostPort: 9090, hostIP: 127.0.0.1}    | true",
        "{containerPort: 80, hostPort: 9090, hostIP: 10.0.0.1}     | false",
        "{containerPort: 80, hostPort: 9090}                       | true",
      })
  void rejectsPortsThatAreTaken(String port, boolean taken) {
    NodeView node =
        node("a")
            .view()
            .with(wanting("other", "{containerPort: 1, hostPort: 8080}"))
            .with(wanting("local", "{containerPort: 1, hostPort: 9090, hostIP: 127.0.0.1}"));
    assertThat(Ask.reasons(filter, wanting("p", port), node).isEmpty()).isEqualTo(!taken);
  }

  @org.junit.jupiter.api.Test
  void countsContainerPortsOnTheHostsNetwork() {
    PodView host =
        PodView.of(
            Ask.pod(
                "host",
                """
                hostNetwork: true
                containers: [{name: c, image: i, ports: [{containerPort: 8080}]}]
                """));
    NodeView node = node("a").view().with(host);
    assertThat(Ask.reasons(filter, wanting("p", "{containerPort: 1, hostPort: 8080}"), node))
        .containsExactly("node(s) didn't have free ports for the requested pod ports");
  }

  private static PodView wanting(String name, String port) {
    return PodView.of(Ask.pod(name, "containers: [{name: c, image: i, ports: [" + port + "]}]"));
  }
}
