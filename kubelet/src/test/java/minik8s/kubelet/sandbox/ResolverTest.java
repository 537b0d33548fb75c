package minik8s.kubelet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResolverTest {
  private static final Resolver NODE =
      Resolver.parse("# a comment\nnameserver 192.0.2.53\nsearch corp.example\noptions edns0\n");
  private static final Resolver.Cluster NAMELESS = new Resolver.Cluster(List.of(), "cluster.local");
  private static final Resolver.Cluster NAMED =
      new Resolver.Cluster(List.of("10.96.0.10"), "cluster.local");

  private static String text(String spec, Resolver.Cluster cluster) {
    return Resolver.of(Specs.pod(spec), NODE, cluster).text();
  }

  @Test
  void asksTheClusterFirst() {
    assertThat(text("{}", NAMED))
        .isEqualTo(
            """
            nameserver 10.96.0.10
            search default.svc.cluster.local svc.cluster.local cluster.local corp.example
            options ndots:5
            """);
  }

  @Test
  void fallsBackToTheNodeWhereTheClusterHasNoServer() {
    assertThat(text("{}", NAMELESS))
        .isEqualTo(
            """
            nameserver 192.0.2.53
            search default.svc.cluster.local svc.cluster.local cluster.local corp.example
            options edns0
            """);
  }

  @Test
  void inheritsTheNodesResolver() {
    String node = "nameserver 192.0.2.53\nsearch corp.example\noptions edns0\n";
    assertThat(text("{'dnsPolicy':'Default'}", NAMED)).isEqualTo(node);
    assertThat(text("{'hostNetwork':true}", NAMED)).isEqualTo(node);
    assertThat(text("{'hostNetwork':true,'dnsPolicy':'ClusterFirstWithHostNet'}", NAMED))
        .startsWith("nameserver 10.96.0.10\n");
  }

  @Test
  void saysWhatTheDocumentationsCustomConfigurationSays() {
    String spec =
        "{'dnsPolicy':'None','dnsConfig':{'nameservers':['192.0.2.1'],"
            + "'searches':['ns1.svc.cluster-domain.example','my.dns.search.suffix'],"
            + "'options':[{'name':'ndots','value':'2'},{'name':'edns0'}]}}";
    assertThat(text(spec, NAMED))
        .isEqualTo(
            """
            nameserver 192.0.2.1
            search ns1.svc.cluster-domain.example my.dns.search.suffix
            options ndots:2 edns0
            """);
  }

  @Test
  void addsThePodsConfigurationToItsPolicy() {
    String spec =
        "{'dnsConfig':{'nameservers':['10.96.0.10','1.1.1.1'],"
            + "'options':[{'name':'ndots','value':'1'}]}}";
    assertThat(text(spec, NAMED))
        .startsWith("nameserver 10.96.0.10\nnameserver 1.1.1.1\n")
        .endsWith("options ndots:1\n");
  }

  @Test
  void leavesOutServersThatAPodCannotReach() {
    Resolver stub = Resolver.parse("nameserver 127.0.0.53\nnameserver 192.0.2.1\n");
    assertThat(Resolver.of(Specs.pod("{'dnsPolicy':'Default'}"), stub, NAMED).servers())
        .containsExactly("192.0.2.1");
    assertThat(Resolver.of(Specs.pod("{'hostNetwork':true}"), stub, NAMED).servers())
        .containsExactly("127.0.0.53", "192.0.2.1");
  }

  @Test
  void keepsToTheLimitsOfResolvers() {
    String many = "nameserver 1.1.1.%d\n".repeat(5).formatted(1, 2, 3, 4, 5);
    assertThat(Resolver.parse(many).text().lines()).hasSize(3);
    String searches = "search " + "x.example ".repeat(40);
    assertThat(Resolver.parse(searches).text().strip().split(" ")).hasSize(33);
  }
}
