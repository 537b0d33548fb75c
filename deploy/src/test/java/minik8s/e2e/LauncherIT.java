package minik8s.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What `minik8s up` and `down` promise. */
@OneByOne
class LauncherIT {
  private static final List<String> DAEMONS =
      List.of("etcd", "apiserver", "scheduler", "controller-manager", "kubelet-node-1");

  @Test
  void leavesWhatRunsAloneWhenAskedAgain() {
    TestCluster cluster = TestCluster.shared();
    List<Long> before = pids(cluster);
    assertThat(cluster.minik8s("up", "--no-build").ok().out()).contains("The cluster is up");
    assertThat(pids(cluster)).isEqualTo(before);
    assertThat(cluster.minik8s("status").ok().out()).contains("node-1: Ready");
    assertThat(cluster.minik8s("doctor").ok().out()).contains("Nothing to mend.");
  }

  @Test
  void runsTwoHomesSideBySideAndLeavesNothingBehind() {
    TestCluster other = TestCluster.named("other");
    other.minik8s("up", "--no-build", "--nodes", "2").ok();
    Client ours = new Clients(other).ours();
    assertThat(ours.run("get", "nodes").ok().out()).contains("node-1").contains("node-2");
    ours.apply(TestCluster.example("deployment.yaml")).ok();
    ours.run("rollout", "status", "deployment/web", "--timeout=120s").ok();
    assertThat(containers(other)).isNotEmpty();
    assertThat(TestCluster.shared().setting("API_PORT")).isNotEqualTo(other.setting("API_PORT"));
    assertThat(
            new Clients(TestCluster.shared())
                .ours()
                .run("get", "deployments", "-n", "default")
                .ok()
                .all())
        .doesNotContain("web");

    List<ProcessHandle> daemons = DAEMONS.stream().map(other::daemon).toList();
    String id = other.id();
    other.minik8s("down").ok();
    // Who has ended may wait, as a zombie, for a slow init to take notice.
    Patience.until(
        "the daemons to be gone", () -> daemons.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(containersOf(id)).isEmpty();
    assertThat(pids(TestCluster.shared()))
        .as("the other cluster's daemons")
        .hasSize(DAEMONS.size());

    other.minik8s("down", "--purge").ok();
    assertThat(other.home()).doesNotExist();
    assertThat(commandLines())
        .as("processes of the removed home")
        .noneMatch(line -> line.contains(other.home() + "/"));
  }

  @Test
  void bringsBackTheSameObjectsAfterDownAndUp() {
    TestCluster cluster = TestCluster.named("again");
    cluster.minik8s("up", "--no-build").ok();
    Client ours = new Clients(cluster).ours();
    ours.apply(TestCluster.example("shop.yaml")).ok();
    cluster.minik8s("down").ok();
    cluster.minik8s("up", "--no-build").ok();
    ours.in("shop").run("rollout", "status", "deployment/front", "--timeout=120s").ok();
    cluster.remove();
  }

  @Test
  void namesThePortInUseAndWhoHoldsIt() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TestCluster blocked = TestCluster.named("blocked");
      Ran ran =
          blocked.minik8s("up", "--no-build", "--api-port", Integer.toString(taken.getLocalPort()));
      assertThat(ran.exits(1).err())
          .contains(
              "Port " + taken.getLocalPort(),
              "apiserver",
              "pid " + ProcessHandle.current().pid(),
              "What to do");
      blocked.remove();
    }
  }

  @Test
  void namesTheAddOnsThereAreWhenAskedForAnotherOne() {
    assertThat(TestCluster.named("nonsense").minik8s("up", "--with", "nonsense").exits(1).err())
        .contains("there is no add-on \"nonsense\". There are:");
  }

  @Test
  void tellsWhyEtcdDoesNotStart() throws IOException {
    TestCluster broken = TestCluster.named("broken");
    Files.createDirectories(broken.home());
    Files.writeString(broken.home().resolve("etcd"), "not a directory");
    Ran ran = broken.minik8s("up", "--no-build");
    assertThat(ran.exits(1).err())
        .contains("etcd ends as soon as it is started", "etcd.log", "What to do");
    broken.remove();
  }

  @Test
  void keepsPrivateKeysPrivate() throws IOException {
    try (Stream<Path> keys = Files.list(TestCluster.shared().home().resolve("pki"))) {
      assertThat(keys.filter(file -> file.toString().endsWith(".key")))
          .isNotEmpty()
          .allSatisfy(key ->
              assertThat(Files.getPosixFilePermissions(key).toString())
                  .isIn("[OWNER_READ, OWNER_WRITE]", "[OWNER_WRITE, OWNER_READ]"));
    }
  }

  private static List<Long> pids(TestCluster cluster) {
    return DAEMONS.stream().map(cluster::daemon).map(ProcessHandle::pid).toList();
  }

  private static List<String> containers(TestCluster cluster) {
    return containersOf(cluster.id());
  }

  private static List<String> containersOf(String cluster) {
    return Programs.run(
            List.of("docker", "ps", "-aq", "--filter", "label=io.minik8s.cluster=" + cluster))
        .ok()
        .out()
        .lines()
        .toList();
  }

  private static List<String> commandLines() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .map(process -> process.info().commandLine().orElse(""))
        .toList();
  }
}
