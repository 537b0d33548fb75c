package minik8s.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The pods of docs/examples/pods find around them what they ask for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@OneByOne
class PodEnvironmentIT {
  private static final List<String> RUNNING =
      List.of(
          "security-context-demo",
          "downward-volume",
          "volume-test",
          "configmap-volume",
          "memory-volume",
          "names",
          "shared-processes",
          "sysctl-example");

  private final TestCluster cluster = TestCluster.shared();
  private final Client kubectl = Namespaces.fresh(new Clients(cluster).ours(), "pod-environment");

  /** All at once: most of the time is Docker's, and two cores start four pods as fast as one. */
  @BeforeAll
  void apply() {
    for (String file :
        List.of(
            "security-context",
            "run-as-non-root",
            "downward-environment",
            "downward-volume",
            "projected-volume",
            "configmap-volume",
            "memory-volume",
            "names",
            "share-process-namespace",
            "sysctls")) {
      String warnings = kubectl.apply(example(file)).ok().err();
      assertThat(warnings).as(file).doesNotContain("not acted on");
    }
    for (String pod : RUNNING) {
      kubectl.run("wait", "--for=condition=Ready", "pod/" + pod, "--timeout=120s").ok();
    }
  }

  private static Path example(String name) {
    return TestCluster.example("pods/" + name + ".yaml");
  }

  private String in(String pod, String container, String script) {
    return kubectl.run("exec", pod, "-c", container, "--", "sh", "-c", script).ok().out();
  }

  @Test
  void runsProcessesAsTheUserAndGroupsOfTheSecurityContext() {
    String out =
        in(
            "security-context-demo",
            "sec-ctx-demo",
            "id; echo hello > /data/demo/testfile; ls -ln /data/demo; ls -lnd /data/demo;"
                + " grep NoNewPrivs /proc/1/status; touch /x 2>&1 || true");
    assertThat(out)
        .contains("uid=1000 gid=3000 groups=2000,3000,4000")
        .contains("1000     2000")
        .contains("drwxrwsrwx")
        .contains("NoNewPrivs:\t1")
        .contains("Read-only file system");
    assertThat(in("security-context-demo", "override", "id; grep CapEff /proc/1/status"))
        .contains("uid=0(root) gid=3000")
        .contains("CapEff:\t00000000aa0435fa");
  }

  @Test
  void makesNoContainerThatWouldRunAsRoot() {
    Patience.until(
        "the refusal",
        () -> state("run-as-non-root", "reason").equals("CreateContainerConfigError"));
    assertThat(state("run-as-non-root", "message"))
        .startsWith(
            "container has runAsNonRoot and image will run as root (pod:"
                + " \"run-as-non-root_pod-environment(");
  }

  private String state(String pod, String field) {
    return kubectl.field(
        "pod/" + pod, "{.status.containerStatuses[0].state.waiting." + field + "}");
  }

  @Test
  void tellsThePodOfItselfInVariables() {
    Patience.until(
        "the end of the pod",
        () -> kubectl.field("pod/dapi-envars", "{.status.phase}").equals("Succeeded"));
    String env = kubectl.run("logs", "dapi-envars").ok().out();
    assertThat(env)
        .contains("MY_NODE_NAME=node-1\n")
        .contains("MY_POD_NAME=dapi-envars\n")
        .contains("MY_POD_NAMESPACE=pod-environment\n")
        .contains("MY_POD_SERVICE_ACCOUNT=default\n")
        .contains("MY_CPU_REQUEST=125\n")
        .contains("MY_MEM_LIMIT=67108864\n")
        .contains("KUBERNETES_SERVICE_HOST=")
        .containsPattern("MY_POD_IP=\\d+\\.\\d+\\.\\d+\\.\\d+\n");
  }

  @Test
  void showsLabelsAsAFileThatFollowsThem() {
    assertThat(in("downward-volume", "client-container", "cat /etc/podinfo/labels"))
        .isEqualTo("cluster=\"test-cluster1\"\nzone=\"us-est-coast\"");
    assertThat(in("downward-volume", "client-container", "cat /etc/podinfo/mem_limit"))
        .isEqualTo("64");
    kubectl.run("label", "pod", "downward-volume", "zone=moon", "--overwrite").ok();
    Patience.until(
        "the new label",
        () ->
            in("downward-volume", "client-container", "cat /etc/podinfo/labels")
                .contains("zone=\"moon\""));
  }

  @Test
  void projectsSeveralSourcesIntoOneFolder() {
    String out =
        in(
            "volume-test",
            "container-test",
            "cd /projected-volume; cat my-group/my-username labels my-group/my-config;"
                + " ls -lL my-group/my-username; cut -d. -f2 token; cat /single;"
                + " touch x 2>&1 || true");
    assertThat(out)
        .contains("admin")
        .contains("volume-test")
        .contains("colour=blue")
        .contains("-r--------")
        .contains("Read-only file system");
    String claims = out.lines().filter(line -> line.startsWith("eyJ")).findFirst().orElseThrow();
    assertThat(
            new String(
                java.util.Base64.getUrlDecoder().decode(claims),
                java.nio.charset.StandardCharsets.UTF_8))
        .contains("\"vault\"")
        .contains("volume-test");
  }

  @Test
  void letsMountedConfigMapsFollowTheirChanges() {
    try (Running logs = kubectl.start("logs", "-f", "configmap-volume")) {
      logs.awaitLine("football", line -> line.contains("My preferred sport is football"));
      kubectl.run("patch", "configmap", "sport", "-p", "{\"data\":{\"sport\":\"cricket\"}}").ok();
      logs.awaitLine("cricket", line -> line.contains("My preferred sport is cricket"));
    }
  }

  @Test
  void keepsFilesInMemoryWithinTheirLimit() {
    assertThat(in("memory-volume", "reader", "cat /cache/*; mount | grep /cache"))
        .contains("hello")
        .contains("tmpfs")
        .contains("size=8192k");
    assertThat(
            kubectl
                .run(
                    "exec",
                    "memory-volume",
                    "-c",
                    "writer",
                    "--",
                    "sh",
                    "-c",
                    "dd if=/dev/zero of=/cache/big bs=1M count=9 2>&1; rm -f /cache/big")
                .all())
        .contains("No space left on device");
    assertThat(in("memory-volume", "reader", "touch /cache/x 2>&1 || true"))
        .contains("Read-only file system");
    assertThat(in("memory-volume", "reader", "grep /logs /proc/self/mountinfo"))
        .contains("/logs/memory-volume /logs ");
  }

  @Test
  void writesNamesIntoTheFilesOfResolvers() {
    String hosts = in("names", "cat", "cat /etc/hosts");
    assertThat(hosts)
        .startsWith("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n")
        .contains("\tbusybox-1.busybox-subdomain.pod-environment.svc.cluster.local\tbusybox-1\n")
        .endsWith(
            """
            # Entries added by HostAliases.
            127.0.0.1\tfoo.local\tbar.local
            10.1.2.3\tfoo.remote\tbar.remote
            """);
    assertThat(in("names", "cat", "cat /etc/resolv.conf"))
        .isEqualTo(
            """
            nameserver 192.0.2.1
            search ns1.svc.cluster-domain.example my.dns.search.suffix
            options ndots:2 edns0
            """);
    assertThat(in("names", "cat", "hostname").strip()).isEqualTo("busybox-1");
  }

  @Test
  void letsContainersSeeAndSignalEachOther() {
    String out =
        in("shared-processes", "shell", "ps; kill -HUP $(pidof sleep | tr ' ' '\\n' | tail -1)");
    assertThat(out).contains("/pause").contains("sleep 4321");
  }

  @Test
  void setsKernelParametersAndRefusesThoseOfTheNode() {
    assertThat(
            in(
                "sysctl-example",
                "demo",
                "cat /proc/sys/kernel/shm_rmid_forced /proc/sys/net/ipv4/ip_local_port_range"))
        .isEqualTo("1\n20000\t30000\n");
    Patience.until(
        "the refusal",
        () ->
            kubectl
                .field("pod/sysctl-refused", "{.status.phase} {.status.reason}")
                .equals("Failed SysctlForbidden"));
  }

  @Test
  void runsPodsOfTheNodesFolderAndShowsTheirMirrors() throws IOException {
    Client inDefault = new Clients(cluster).ours().in("default");
    Path folder = cluster.home().resolve("kubelet/node-1/manifests");
    Path file = folder.resolve("static-web.yaml");
    Path draft =
        Files.copy(
            example("static-web"), folder.resolve(".draft"), StandardCopyOption.REPLACE_EXISTING);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    try {
      Patience.until(
          "the mirror", () -> inDefault.run("get", "pod", "static-web-node-1").exit() == 0);
      inDefault
          .run("wait", "--for=condition=Ready", "pod/static-web-node-1", "--timeout=120s")
          .ok();
      String uid = inDefault.field("pod/static-web-node-1", "{.metadata.uid}");
      assertThat(
              inDefault
                  .run("exec", "static-web-node-1", "--", "wget", "-qO-", "localhost")
                  .ok()
                  .out())
          .isNotEmpty();
      inDefault.run("delete", "pod", "static-web-node-1", "--wait=false").ok();
      Patience.until(
          "another mirror",
          () -> {
            Ran ran =
                inDefault.run(
                    "get",
                    "pod",
                    "static-web-node-1",
                    "-o",
                    "jsonpath={.metadata.uid} {.status.phase}");
            return ran.exit() == 0 && ran.out().endsWith("Running") && !ran.out().startsWith(uid);
          });
      assertThat(
              inDefault.field(
                  "pod/static-web-node-1", "{.status.containerStatuses[0].restartCount}"))
          .isEqualTo("0");
    } finally {
      Files.deleteIfExists(file);
    }
    Patience.until(
        "the mirror's end", () -> inDefault.run("get", "pod", "static-web-node-1").exit() != 0);
  }

  @Test
  void sendsAwayAPodThatWritesMoreThanItMay() {
    kubectl
        .feed(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: writes-too-much}
            spec:
              terminationGracePeriodSeconds: 0
              volumes: [{name: v, emptyDir: {sizeLimit: 1Mi}}]
              containers:
              - name: c
                image: busybox:1.36
                command: ["sh", "-c", "dd if=/dev/zero of=/v/big bs=1M count=3; sleep 1h"]
                volumeMounts: [{name: v, mountPath: /v}]
            """,
            "apply",
            "-f",
            "-")
        .ok();
    Patience.until(
        "the eviction",
        Duration.ofMinutes(1),
        () ->
            kubectl
                .field("pod/writes-too-much", "{.status.phase} {.status.reason}")
                .equals("Failed Evicted"));
    assertThat(kubectl.field("pod/writes-too-much", "{.status.message}"))
        .isEqualTo("Usage of EmptyDir volume \"v\" exceeds the limit \"1Mi\".");
  }
}
