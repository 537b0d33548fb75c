package minik8s.kubelet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import minik8s.api.Pod;
import minik8s.kubelet.source.SourceFailure;
import org.junit.jupiter.api.Test;

class HostsFileTest {
  @Test
  void saysWhatKubernetesDocumentationShows() {
    Pod pod =
        Specs.pod(
            "{'hostAliases':[{'ip':'127.0.0.1','hostnames':['foo.local','bar.local']},"
                + "{'ip':'10.1.2.3','hostnames':['foo.remote','bar.remote']}]}");
    assertThat(HostsFile.own(pod, "10.200.0.5", "cluster.local"))
        .isEqualTo(
            """
            # Kubernetes-managed hosts file.
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::0\tip6-localnet
            fe00::0\tip6-mcastprefix
            fe00::1\tip6-allnodes
            fe00::2\tip6-allrouters
            10.200.0.5\tweb

            # Entries added by HostAliases.
            127.0.0.1\tfoo.local\tbar.local
            10.1.2.3\tfoo.remote\tbar.remote
            """);
  }

  @Test
  void namesThePodInItsSubdomain() {
    Pod pod = Specs.pod("{'hostname':'busybox-1','subdomain':'busybox-subdomain'}");
    assertThat(HostsFile.own(pod, "10.0.0.7", "cluster.local"))
        .endsWith("10.0.0.7\tbusybox-1.busybox-subdomain.default.svc.cluster.local\tbusybox-1\n");
  }

  @Test
  void keepsTheNodesNamesInTheNodesNetwork() {
    Pod pod = Specs.pod("{'hostNetwork':true,'hostAliases':[{'ip':'1.1.1.1','hostnames':['a']}]}");
    assertThat(HostsFile.ofNode(pod, "127.0.0.1 node\n"))
        .startsWith("# Kubernetes-managed hosts file (host network).\n127.0.0.1 node\n")
        .endsWith("\n# Entries added by HostAliases.\n1.1.1.1\ta\n");
  }

  @Test
  void callsAPodByItsFullNameOnlyWhenAsked() {
    String spec = "{'hostname':'a','subdomain':'s'%s}";
    assertThat(HostNames.kernel(Specs.pod(spec.formatted("")), "cluster.local")).isEqualTo("a");
    assertThat(
            HostNames.kernel(
                Specs.pod(spec.formatted(",'setHostnameAsFQDN':true")), "cluster.local"))
        .isEqualTo("a.s.default.svc.cluster.local");
    Pod tooLong =
        Specs.pod(
            "{'hostname':'%s','subdomain':'s','setHostnameAsFQDN':true}".formatted("a".repeat(50)));
    assertThatThrownBy(() -> HostNames.kernel(tooLong, "cluster.local"))
        .isInstanceOf(SourceFailure.class)
        .hasMessageContaining("is too long (64 characters is the max, 78 characters requested)");
  }

  @Test
  void letsAnOverrideSpeakForItself() {
    Pod pod = Specs.pod("{'hostnameOverride':'my.own.name','subdomain':'s'}");
    assertThat(HostNames.kernel(pod, "cluster.local")).isEqualTo("my.own.name");
    assertThat(HostsFile.own(pod, "10.0.0.1", "cluster.local")).endsWith("10.0.0.1\tmy.own.name\n");
  }

  @Test
  void cutsLongNamesAtALabelsEnd() {
    Pod pod = Specs.pod("{'hostname':'%s'}".formatted("a".repeat(62) + "-b"));
    assertThat(HostNames.of(pod)).isEqualTo("a".repeat(62));
  }
}
