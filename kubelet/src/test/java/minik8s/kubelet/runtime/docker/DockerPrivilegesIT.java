package minik8s.kubelet.runtime.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubelet.runtime.ContainerConfig;
import minik8s.kubelet.runtime.ContainerConfig.Isolation;
import minik8s.kubelet.runtime.ContainerConfig.Limits;
import minik8s.kubelet.runtime.ContainerConfig.Mount;
import minik8s.kubelet.runtime.ContainerConfig.Network;
import minik8s.kubelet.runtime.ContainerConfig.NodeDevice;
import minik8s.kubelet.runtime.ContainerConfig.Processes;
import minik8s.kubelet.runtime.ContainerConfig.Propagation;
import minik8s.kubelet.runtime.ContainerConfig.Security;
import minik8s.kubelet.runtime.ContainerStreams.Frame;
import minik8s.kubelet.runtime.ContainerStreams.Frames;
import minik8s.kubelet.runtime.PodRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real Docker Engine makes of privileges, namespaces and mounts. */
class DockerPrivilegesIT {
  private static final String ENDPOINT = "unix:///var/run/docker.sock";
  private static final String SHELL = "minik8s/toolbox:1";
  private static final Security PLAIN = Security.DEFAULT;

  @TempDir Path folder;
  private final DockerRuntime docker =
      new DockerRuntime(ENDPOINT, "minik8s-privileges-" + ProcessHandle.current().pid(), "node");
  private final DockerStreams streams = new DockerStreams(ENDPOINT);
  private final List<String> made = new ArrayList<>();

  @AfterEach
  void clean() {
    made.forEach(docker::remove);
    docker.close();
  }

  private static Security security(
      String user, List<String> add, List<String> drop, String seccomp) {
    return new Security(
        user,
        false,
        true,
        add,
        drop,
        List.of("2000", "4000"),
        true,
        seccomp.isEmpty() ? null : seccomp,
        null,
        List.of(),
        false);
  }

  private String start(
      String name, Isolation isolation, Security security, List<Mount> mounts, String script) {
    String id =
        docker.create(
            new ContainerConfig(
                new PodRef("uid", "default", "p"),
                name,
                0,
                "h",
                0,
                SHELL,
                List.of("sh", "-c", script),
                List.of(),
                List.of(),
                "",
                mounts,
                new Network.Own("p", List.of()),
                isolation,
                new Limits(0, 0, 0, 321, Map.of()),
                security,
                false,
                false,
                false));
    made.add(id);
    docker.start(id);
    return id;
  }

  /** All that a script writes until it ends. */
  private String output(
      String name, Isolation isolation, Security security, List<Mount> mounts, String script)
      throws IOException {
    String id = start(name, isolation, security, mounts, script);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (Frames frames = streams.logs(id, true, null, null, false)) {
      for (Frame frame = frames.next(); frame != null; frame = frames.next()) {
        all.writeBytes(frame.bytes());
      }
    }
    return all.toString(UTF_8);
  }

  @Test
  void runsAsTheUserWithItsGroupsAndNothingMore() throws IOException {
    String out =
        output(
            "user",
            Isolation.DEFAULT,
            security("1000:3000", List.of(), List.of("ALL"), ""),
            List.of(),
            "id; grep -E 'NoNewPrivs|CapEff|Seccomp:' /proc/self/status; cat"
                + " /proc/self/oom_score_adj; touch /x");
    assertThat(out)
        .contains("uid=1000 gid=3000 groups=2000,3000,4000")
        .contains("NoNewPrivs:\t1")
        .contains("CapEff:\t0000000000000000")
        .contains("Seccomp:\t2")
        .contains("321")
        .contains("Read-only file system");
  }

  @Test
  void givesCapabilitiesAndLiftsTheSystemCallFilter() throws IOException {
    String out =
        output(
            "caps",
            Isolation.DEFAULT,
            security("", List.of("NET_ADMIN", "SYS_TIME"), List.of("CHOWN"), "unconfined"),
            List.of(),
            "grep -E 'CapEff|Seccomp:' /proc/self/status");
    // Docker's fourteen, without the first, with the twelfth and twenty-fifth.
    assertThat(out).contains("CapEff:\t00000000aa0435fa").contains("Seccomp:\t0");
  }

  @Test
  void filtersSystemCallsByAProfileOfTheNode() throws IOException {
    String noMkdir =
        "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\",\"mkdirat\"],"
            + "\"action\":\"SCMP_ACT_ERRNO\"}]}";
    Security filtered =
        new Security(
            "", false, false, List.of(), List.of(), List.of(), false, noMkdir, null, List.of(),
            false);
    assertThat(output("seccomp", Isolation.DEFAULT, filtered, List.of(), "mkdir /tmp/x"))
        .contains("Operation not permitted");
  }

  @Test
  void givesAPrivilegedContainerAllThatThereIs() throws IOException {
    Security privileged =
        new Security(
            "", true, false, List.of(), List.of(), List.of(), false, null, null, List.of(), false);
    String out =
        output(
            "privileged",
            Isolation.DEFAULT,
            privileged,
            List.of(),
            "mkdir /m && mount -t tmpfs none /m && echo mounted; sysctl -w net.core.somaxconn=77;"
                + " ls /dev | grep -c .");
    // Only with /proc/sys writable.
    assertThat(out).contains("mounted").contains("net.core.somaxconn = 77");
    assertThat(Integer.parseInt(out.strip().lines().toList().getLast())).isGreaterThan(20);
  }

  @Test
  void sharesProcessesAndSetsKernelParameters() throws IOException {
    Isolation tuned =
        new Isolation(
            new Processes.Own(),
            false,
            Map.of("net.ipv4.ip_local_port_range", "20000 30000"),
            "",
            "",
            List.of(new NodeDevice("/dev/zero", "/dev/xvda", true)));
    String first =
        start(
            "first",
            tuned,
            PLAIN,
            List.of(),
            "echo $(cat /proc/sys/net/ipv4/ip_local_port_range) $(head -c5 /dev/xvda | wc -c);"
                + " exec sleep 77");
    String out =
        output(
            "second",
            Isolation.DEFAULT.with(new Processes.Of(first)),
            PLAIN,
            List.of(),
            // A started container's first process is not yet the one that its script ends as.
            "for i in $(seq 100); do seen=$(tr '\\0' ' ' < /proc/1/cmdline); case $seen in *77*)"
                + " break;; esac; sleep 0.1; done; echo $seen");
    assertThat(out).contains("sleep 77");
    try (Frames frames = streams.logs(first, false, null, null, false)) {
      Frame frame = frames.next();
      assertThat(frame).isNotNull();
      assertThat(new String(frame.bytes(), UTF_8)).contains("20000 30000 5");
    }
    assertThat(output("host", Isolation.DEFAULT.with(new Processes.Host()), PLAIN, List.of(), "ps"))
        .contains("dockerd");
  }

  @Test
  void sharesMountsOnlyTheWayThatWasAsked() throws Exception {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    node("mount", "--bind", shared.toString(), shared.toString());
    try {
      node("mount", "--make-shared", shared.toString());
      Files.createDirectory(shared.resolve("later"));
      String id =
          start(
              "slave",
              Isolation.DEFAULT,
              PLAIN,
              List.of(new Mount(shared.toString(), "/s", false, Propagation.TO_CONTAINER)),
              "while ! test -e /s/later/here; do sleep 0.1; done; echo seen");
      node("mount", "-t", "tmpfs", "none", shared.resolve("later").toString());
      Files.createFile(shared.resolve("later/here"));
      try (Frames frames = streams.logs(id, true, null, null, false)) {
        Frame frame = frames.next();
        assertThat(frame).isNotNull();
        assertThat(new String(frame.bytes(), UTF_8)).contains("seen");
      }
    } finally {
      node("umount", "-R", shared.toString());
    }
  }

  private static void node(String... command) throws Exception {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  @Test
  void putsAFileOverTheEnginesOwn() throws IOException {
    Path hosts = Files.writeString(folder.resolve("hosts"), "10.1.2.3\tfoo.remote\n");
    List<Mount> mounts =
        List.of(
            new Mount(hosts.toString(), "/etc/hosts", false),
            new Mount(hosts.toString(), "/etc/resolv.conf", true));
    assertThat(
            output(
                "files",
                Isolation.DEFAULT,
                PLAIN,
                mounts,
                "cat /etc/hosts /etc/resolv.conf; echo x > /etc/resolv.conf"))
        .contains("10.1.2.3\tfoo.remote\n10.1.2.3\tfoo.remote")
        .contains("Read-only file system");
  }
}
