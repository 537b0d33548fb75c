package minik8s.apiserver.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A certificate authority and certificates of its own, made with openssl as the launcher does.
 * Confined to one test.
 */
public final class Pki implements AutoCloseable {
  private final Path directory = Files.createTempDirectory("minik8s-pki");

  /** Makes the authority. */
  public Pki() throws IOException, InterruptedException {
    key("ca");
    openssl(
        "req", "-x509", "-new", "-key", "ca.key", "-days", "2", "-subj", "/CN=ca", "-out",
        "ca.crt");
  }

  /** Issues a certificate for servers and clients. */
  public void issue(String name, String subject, String alternativeNames)
      throws IOException, InterruptedException {
    key(name);
    openssl("req", "-new", "-key", name + ".key", "-subj", subject, "-out", name + ".csr");
    Files.writeString(
        directory.resolve(name + ".ext"),
        "subjectAltName=" + alternativeNames + "\nextendedKeyUsage=serverAuth,clientAuth\n");
    openssl(
        "x509",
        "-req",
        "-in",
        name + ".csr",
        "-CA",
        "ca.crt",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "2",
        "-out",
        name + ".crt",
        "-extfile",
        name + ".ext");
  }

  private void key(String name) throws IOException, InterruptedException {
    openssl(
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        name + ".key");
  }

  /** A file of the authority or of an issued certificate, such as {@code ca.crt}. */
  public Path file(String name) {
    return directory.resolve(name);
  }

  private void openssl(String... arguments) throws IOException, InterruptedException {
    String[] command =
        Stream.concat(Stream.of("openssl"), Stream.of(arguments)).toArray(String[]::new);
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("openssl.log").toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(Files.readString(directory.resolve("openssl.log")));
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }
}
