package minik8s.kubelet.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import minik8s.api.Pod;
import minik8s.kubelet.sandbox.Admission.Facts;
import minik8s.kubelet.sandbox.Admission.Refusal;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final Facts PLAIN = new Facts(List.of(), false, Set.of());

  private static Optional<Refusal> refusal(String spec, Facts facts) {
    return Admission.refusal(Specs.pod(spec), "Burstable", facts);
  }

  private static String sysctl(String name, String more) {
    return "{'securityContext':{'sysctls':[{'name':'" + name + "','value':'1'}]}" + more + "}";
  }

  @Test
  void takesWhatIsSafe() {
    assertThat(refusal("{}", PLAIN)).isEmpty();
    assertThat(refusal(sysctl("kernel.shm_rmid_forced", ""), PLAIN)).isEmpty();
    assertThat(refusal(sysctl("net/ipv4/tcp_syncookies", ""), PLAIN)).isEmpty();
    assertThat(refusal("{'os':{'name':'linux'}}", PLAIN)).isEmpty();
  }

  @Test
  void refusesKernelParametersThatNobodyAllowed() {
    assertThat(refusal(sysctl("kernel.msgmax", ""), PLAIN))
        .contains(
            new Refusal("SysctlForbidden", "forbidden sysctl: \"kernel.msgmax\" not allowlisted"));
    Facts lenient = new Facts(List.of("kernel.msg*"), false, Set.of());
    assertThat(refusal(sysctl("kernel.msgmax", ""), lenient)).isEmpty();
    Facts reckless = new Facts(List.of("vm.swappiness"), false, Set.of());
    assertThat(refusal(sysctl("vm.swappiness", ""), reckless)).isPresent();
  }

  @Test
  void refusesKernelParametersOfTheNodesOwnNamespaces() {
    assertThat(refusal(sysctl("net.ipv4.tcp_syncookies", ",'hostNetwork':true"), PLAIN))
        .contains(
            new Refusal(
                "SysctlForbidden",
                "forbidden sysctl: \"net.ipv4.tcp_syncookies\" not allowed with host net enabled"));
    assertThat(refusal(sysctl("kernel.shm_rmid_forced", ",'hostIPC':true"), PLAIN)).isPresent();
  }

  @Test
  void refusesWhatItCannotEnforce() {
    String profiled =
        "{'containers':[{'name':'c','securityContext':{'appArmorProfile':{'type':'%s'}}}]}";
    assertThat(refusal(profiled.formatted("RuntimeDefault"), PLAIN))
        .contains(
            new Refusal(
                "AppArmor", "Cannot enforce AppArmor: AppArmor is not enabled on the host"));
    assertThat(refusal(profiled.formatted("Unconfined"), PLAIN)).isEmpty();
    assertThat(refusal(profiled.formatted("RuntimeDefault"), new Facts(List.of(), true, Set.of())))
        .isEmpty();
    assertThat(refusal("{'os':{'name':'windows'}}", PLAIN))
        .map(Refusal::reason)
        .contains("PodOSNotSupported");
  }

  @Test
  void takesOnlyTheImportantUnderPressure() {
    Facts memory = new Facts(List.of(), false, Set.of("MemoryPressure"));
    Facts disk = new Facts(List.of(), false, Set.of("DiskPressure", "MemoryPressure"));
    Pod plain = Specs.pod("{}");
    assertThat(Admission.refusal(plain, "BestEffort", memory))
        .contains(new Refusal("Evicted", "The node had condition: [MemoryPressure]. "));
    assertThat(Admission.refusal(plain, "Burstable", memory)).isEmpty();
    assertThat(Admission.refusal(plain, "Guaranteed", disk))
        .contains(
            new Refusal("Evicted", "The node had condition: [DiskPressure MemoryPressure]. "));
    Pod critical = Specs.pod("{'priority':2000000000}");
    assertThat(Admission.refusal(critical, "BestEffort", disk)).isEmpty();
    Pod patient =
        Specs.pod(
            "{'tolerations':[{'key':'node.kubernetes.io/memory-pressure','operator':'Exists'}]}");
    assertThat(Admission.refusal(patient, "BestEffort", memory)).isEmpty();
  }

  @Test
  void killsTheLeastDeservingFirst() {
    String request = "{'containers':[{'name':'c','resources':{'requests':{'memory':'%s'}}}]%s}";
    Pod small = Specs.pod(request.formatted("1Gi", ""));
    long node = 4L << 30;
    assertThat(OomScores.of(small, Specs.first(small), "Burstable", node)).isEqualTo(750);
    assertThat(OomScores.of(small, Specs.first(small), "BestEffort", node)).isEqualTo(1000);
    assertThat(OomScores.of(small, Specs.first(small), "Guaranteed", node)).isEqualTo(-997);
    Pod tiny = Specs.pod(request.formatted("1", ""));
    assertThat(OomScores.of(tiny, Specs.first(tiny), "Burstable", node)).isEqualTo(999);
    Pod critical = Specs.pod(request.formatted("1", ",'priority':2000001000"));
    assertThat(OomScores.of(critical, Specs.first(critical), "Burstable", node)).isEqualTo(-997);
  }
}
