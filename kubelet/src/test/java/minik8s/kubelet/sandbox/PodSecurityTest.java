package minik8s.kubelet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import minik8s.api.Pod;
import minik8s.kubelet.runtime.ContainerConfig.Security;
import minik8s.kubelet.source.SourceFailure;
import org.junit.jupiter.api.Test;

class PodSecurityTest {
  private static Security security(String ofPod, String ofContainer, String imageUser) {
    Pod pod =
        Specs.pod(
            "{'securityContext':"
                + ofPod
                + ",'containers':[{'name':'c','securityContext':"
                + ofContainer
                + "}]}");
    return PodSecurity.of(pod, Specs.first(pod), imageUser, name -> "{profile " + name + "}");
  }

  @Test
  void leavesEverythingToTheImageAndEngineByDefault() {
    assertThat(security("{}", "{}", "nobody")).isEqualTo(Security.DEFAULT);
  }

  @Test
  void prefersTheContainersContextToThePods() {
    String ofPod =
        "{'runAsUser':1000,'runAsGroup':3000,'fsGroup':2000,'supplementalGroups':[4000,2000]}";
    assertThat(security(ofPod, "{}", "").user()).isEqualTo("1000:3000");
    assertThat(security(ofPod, "{'runAsUser':2000}", "").user()).isEqualTo("2000:3000");
    assertThat(security(ofPod, "{}", "").groups()).containsExactly("4000", "2000");
  }

  @Test
  void keepsTheImagesUserWhenOnlyAGroupIsGiven() {
    assertThat(security("{'runAsGroup':7}", "{}", "www:www").user()).isEqualTo("www:7");
    assertThat(security("{'runAsGroup':7}", "{}", "").user()).isEqualTo("0:7");
  }

  @Test
  void addsNoGroupsOfTheImageUnderThePolicyStrict() {
    String strict = "{'runAsUser':1000,'supplementalGroupsPolicy':'Strict'}";
    assertThat(security(strict, "{}", "").user()).isEqualTo("1000:0");
  }

  @Test
  void refusesRootWhereItMustNotRun() {
    String nonRoot = "{'runAsNonRoot':true}";
    String where = " (pod: \"web_default(u)\", container: c)";
    assertThatThrownBy(() -> security(nonRoot, "{}", ""))
        .isInstanceOf(SourceFailure.class)
        .hasMessage("container has runAsNonRoot and image will run as root" + where);
    assertThatThrownBy(() -> security(nonRoot, "{'runAsUser':0}", "1"))
        .hasMessage("container's runAsUser breaks non-root policy" + where);
    assertThatThrownBy(() -> security(nonRoot, "{}", "nginx"))
        .hasMessage(
            "container has runAsNonRoot and image has non-numeric user (nginx), cannot verify user"
                + " is non-root"
                + where);
    assertThat(security(nonRoot, "{}", "101:101").user()).isEmpty();
    assertThat(security(nonRoot, "{'runAsUser':5}", "").user()).isEqualTo("5");
    assertThat(security(nonRoot, "{'runAsNonRoot':false}", "").user()).isEmpty();
  }

  @Test
  void namesCapabilitiesAsTheEngineDoes() {
    Security security =
        security("{}", "{'capabilities':{'add':['NET_ADMIN','CAP_SYS_TIME'],'drop':['all']}}", "");
    assertThat(security.capAdd()).containsExactly("NET_ADMIN", "SYS_TIME");
    assertThat(security.capDrop()).containsExactly("ALL");
  }

  @Test
  void hardensAsAsked() {
    Security security =
        security(
            "{'seccompProfile':{'type':'Localhost','localhostProfile':'p.json'},"
                + "'seLinuxOptions':{'level':'s0:c123,c456'}}",
            "{'allowPrivilegeEscalation':false,'readOnlyRootFilesystem':true}",
            "");
    assertThat(security.noNewPrivileges()).isTrue();
    assertThat(security.readOnlyRoot()).isTrue();
    assertThat(security.seccomp()).isEqualTo("{profile p.json}");
    assertThat(security.labels()).containsExactly("level:s0:c123,c456");
    assertThat(security("{}", "{'seccompProfile':{'type':'Unconfined'}}", "").seccomp())
        .isEqualTo("unconfined");
    assertThat(security("{'seccompProfile':{'type':'RuntimeDefault'}}", "{}", "").seccomp())
        .isNull();
    assertThat(security("{}", "{'privileged':true}", "").privileged()).isTrue();
  }
}
