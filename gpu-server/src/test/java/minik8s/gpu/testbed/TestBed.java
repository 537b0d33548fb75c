package minik8s.gpu.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import minik8s.api.ObjectMeta;
import minik8s.api.Secret;
import minik8s.gpu.SlurmCluster;

/**
 * A real Slurm of one node behind SSH, started on first use and removed when the JVM ends; or one
 * that somebody lends by {@code -Dminik8s.testbed}. Thread-safe.
 */
public final class TestBed {
  /** Where the credentials' Secrets are. */
  public static final String NAMESPACE = "kube-system";

  private static final class Shared {
    static final TestBed BED = start();
  }

  private final Path home;
  private final Map<String, String> settings = new HashMap<>();

  /** The API in memory gives the same uids in every run, and a lent test bed remembers them. */
  private final String suffix = "-" + Long.toHexString(System.nanoTime());

  private TestBed(Path home) {
    this.home = home;
    for (String line : run("env").split("\n")) {
      int equals = line.indexOf('=');
      if (line.startsWith("export ") && equals > 0) {
        settings.put(line.substring(7, equals), line.substring(equals + 1));
      }
    }
  }

  /** The test bed of this JVM. */
  public static TestBed shared() {
    return Shared.BED;
  }

  private static TestBed start() {
    String lent = System.getProperty("minik8s.testbed");
    if (lent != null) {
      return new TestBed(Path.of(lent));
    }
    // Its daemons need a folder that users who are not root can enter.
    Path home = Path.of("/var/lib/minik8s-slurm-gpu-server");
    execute(command(home, "start"));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> execute(command(home, "purge"))));
    return new TestBed(home);
  }

  private static List<String> command(Path home, String... args) {
    List<String> command = new ArrayList<>();
    command.add(source().resolve("deploy/gpu/testbed/slurm-testbed").toString());
    command.addAll(List.of("--home", home.toString()));
    command.addAll(Arrays.asList(args));
    return command;
  }

  private static Path source() {
    for (Path place = Path.of("").toAbsolutePath(); place != null; place = place.getParent()) {
      if (Files.exists(place.resolve("deploy/gpu/testbed/slurm-testbed"))) {
        return place;
      }
    }
    throw new AssertionError("deploy/gpu/testbed is not above " + Path.of("").toAbsolutePath());
  }

  /** Runs a command of the test bed, such as {@code run sdiag}, and answers what it prints. */
  public String run(String... args) {
    return execute(command(home, args));
  }

  private static String execute(List<String> command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("PORT_BASE", System.getProperty("minik8s.testbed.ports", "24200"));
      builder.environment().put("NO_COLOR", "1");
      Path output = Files.createTempFile("testbed", ".out");
      // Daemons keep what they inherit open, so not a pipe.
      Process process = builder.redirectOutput(output.toFile()).start();
      int code = process.waitFor();
      String text = Files.readString(output);
      Files.delete(output);
      if (code != 0) {
        throw new AssertionError(command + " ended with " + code + ":\n" + text);
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** A value that {@code slurm-testbed env} prints. */
  public String setting(String name) {
    String value = settings.get(name);
    if (value == null) {
      throw new AssertionError("the test bed has no " + name);
    }
    return value;
  }

  public Path home() {
    return home;
  }

  /** The text of a file that a setting names. */
  public String file(String name) {
    try {
      return Files.readString(Path.of(setting(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A cluster object for this test bed. */
  public SlurmCluster cluster(String name, String secret, String baseDirectory) {
    return cluster(
        name,
        secret,
        baseDirectory,
        Integer.parseInt(setting("HPC_PORT")),
        List.of(file("HPC_HOST_KEY").strip()),
        "Auto");
  }

  /** A cluster object that reaches this test bed in another way. */
  public SlurmCluster cluster(
      String name,
      String secret,
      String baseDirectory,
      int port,
      List<String> hostKeys,
      String authentication) {
    SlurmCluster.Spec spec =
        new SlurmCluster.Spec(
            "127.0.0.1",
            port,
            "",
            null,
            hostKeys,
            new SlurmCluster.CredentialsRef(secret, NAMESPACE),
            authentication,
            baseDirectory + suffix,
            List.of(
                "source /etc/profile",
                "export SLURM_CONF=" + setting("SLURM_CONF"),
                "export PATH=$PATH:/usr/local/cuda/bin"),
            List.of(),
            setting("HPC_PARTITION"),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            "10s",
            "300ms",
            "100ms",
            "60s");
    return new SlurmCluster(ObjectMeta.of("", name, Map.of()), spec, SlurmCluster.Status.NONE);
  }

  /** The Secret of the user who logs in by key. */
  public Secret keySecret(String name) {
    return secret(
        name, Map.of("username", setting("HPC_USER"), "ssh-privatekey", file("HPC_KEY_ED25519")));
  }

  /** A Secret of any content. */
  public static Secret secret(String name, Map<String, String> data) {
    Map<String, String> encoded = new HashMap<>();
    data.forEach((key, value) ->
        encoded.put(key, Base64.getEncoder().encodeToString(value.getBytes(UTF_8))));
    return new Secret(ObjectMeta.of(NAMESPACE, name, Map.of()), "Opaque", encoded);
  }
}
