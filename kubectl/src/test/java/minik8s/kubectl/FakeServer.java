package minik8s.kubectl;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import minik8s.kubectl.command.Streams;

/**
 * An HTTPS server in this process that answers by rote and remembers what it was asked, and the
 * kubectl that talks to it. Each connection has a virtual thread.
 */
public final class FakeServer implements AutoCloseable {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path folder;
  private final SSLServerSocket socket;
  private final String certificate;
  private final Map<String, Deque<Answer>> answers = new HashMap<>();
  private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());

  /** What was asked. */
  public record Request(String method, String path, Map<String, String> headers, String body) {
    /** The method and the path. */
    public String line() {
      return method + " " + path;
    }
  }

  /** What came of a run. */
  public record Outcome(int code, String out, String err) {}

  /** Talks on after a switch of protocols. */
  @FunctionalInterface
  public interface Upgraded {
    void talk(InputStream in, OutputStream out) throws IOException;
  }

  private record Answer(int status, String body, String header, Upgraded upgraded) {}

  private FakeServer(Path folder, SSLServerSocket socket, String certificate) {
    this.folder = folder;
    this.socket = socket;
    this.certificate = certificate;
  }

  /** Starts on a free port with a new key. */
  public static FakeServer start(Path folder) {
    try {
      KeyStore store = store();
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      SSLServerSocket socket =
          (SSLServerSocket)
              context
                  .getServerSocketFactory()
                  .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
      byte[] der = store.getCertificate("server").getEncoded();
      String pem =
          "-----BEGIN CERTIFICATE-----\n"
              + Base64.getMimeEncoder().encodeToString(der)
              + "\n-----END CERTIFICATE-----\n";
      FakeServer server = new FakeServer(folder, socket, pem);
      Thread.ofVirtual().start(server::accept);
      return server;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The JDK's keytool makes the only self-signed certificates that need no library. */
  private static KeyStore store() throws IOException, GeneralSecurityException {
    Path shared =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "minik8s-test-" + ProcessHandle.current().pid() + ".p12");
    if (!Files.exists(shared)) {
      String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
      List<String> command =
          List.of(
              tool,
              "-genkeypair",
              "-alias",
              "server",
              "-keyalg",
              "EC",
              "-groupname",
              "secp256r1",
              "-dname",
              "CN=fake",
              "-ext",
              "san=ip:127.0.0.1,dns:localhost",
              "-ext",
              "bc=ca:true",
              "-validity",
              "2",
              "-storetype",
              "PKCS12",
              "-keystore",
              shared.toString(),
              "-storepass",
              new String(PASSWORD));
      Process process = new ProcessBuilder(command).inheritIO().start();
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      shared.toFile().deleteOnExit();
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(shared)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  /** Answers a request with 200 and a body; later answers to the same request follow in order. */
  public FakeServer on(String line, String body) {
    return on(line, 200, body);
  }

  /** Answers a request with a status and a body. */
  public FakeServer on(String line, int status, String body) {
    return add(line, new Answer(status, body, "", FakeServer::silence));
  }

  /** Answers with a header of its own. */
  public FakeServer on(String line, String body, String header) {
    return add(line, new Answer(200, body, header, FakeServer::silence));
  }

  /** Switches protocols and talks on. */
  public FakeServer upgrade(String line, Upgraded upgraded) {
    return add(line, new Answer(101, "", "", upgraded));
  }

  private static void silence(InputStream in, OutputStream out) {}

  private FakeServer add(String line, Answer answer) {
    synchronized (answers) {
      answers.computeIfAbsent(line, key -> new ArrayDeque<>()).add(answer);
    }
    return this;
  }

  /** All requests so far. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Methods and paths of all requests so far. */
  public List<String> lines() {
    return requests().stream().map(Request::line).toList();
  }

  /** The last request. */
  public Request last() {
    return requests().get(requests().size() - 1);
  }

  /** Runs kubectl against this server. */
  public Outcome run(String... args) {
    return runWith("", args);
  }

  /** Runs kubectl with a text on standard input. */
  public Outcome runWith(String stdin, String... args) {
    return kubectl(
        stdin, Map.of("KUBECONFIG", config().toString(), "HOME", folder.toString()), args);
  }

  /** Runs kubectl in any environment. */
  public static Outcome kubectl(String stdin, Map<String, String> environment, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Streams streams =
        new Streams(
            new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    int code = Kubectl.run(args, streams, environment);
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** A kubeconfig for this server. */
  public Path config() {
    Path file = folder.resolve("config");
    String data = Base64.getEncoder().encodeToString(certificate.getBytes(StandardCharsets.UTF_8));
    String text =
        """
        apiVersion: v1
        kind: Config
        current-context: fake
        clusters:
        - name: fake
          cluster:
            server: https://127.0.0.1:%d
            certificate-authority-data: %s
        contexts:
        - name: fake
          context: {cluster: fake, user: me}
        users:
        - name: me
          user:
            token: secret-token
        """
            .formatted(socket.getLocalPort(), data);
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (true) {
      try {
        Socket connection = socket.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection;
        InputStream in = new BufferedInputStream(connection.getInputStream());
        OutputStream out = connection.getOutputStream()) {
      boolean more = true;
      while (more) {
        more = exchange(in, out);
      }
    } catch (IOException e) {
      // the client went away, as clients do
      return;
    }
  }

  private boolean exchange(InputStream in, OutputStream out) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return false;
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    String[] words = first.split(" ", -1);
    Request request = new Request(words[0], words[1], headers, body);
    requests.add(request);
    Answer answer = answer(request);
    if (answer.status() == 101) {
      write(
          out,
          String.join(
              "\r\n",
              "HTTP/1.1 101 Switching Protocols",
              "Upgrade: websocket",
              "Connection: Upgrade",
              "Sec-WebSocket-Protocol: v5.channel.k8s.io",
              "",
              ""));
      answer.upgraded().talk(in, out);
      return false;
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    String header = answer.header().isEmpty() ? "" : answer.header() + "\r\n";
    write(
        out,
        "HTTP/1.1 "
            + answer.status()
            + " X\r\n"
            + header
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
    write(out, Integer.toHexString(bytes.length) + "\r\n");
    out.write(bytes);
    write(out, (bytes.length == 0 ? "" : "\r\n0\r\n") + "\r\n");
    return true;
  }

  private Answer answer(Request request) {
    synchronized (answers) {
      Deque<Answer> found = answers.get(request.line());
      if (found != null) {
        return found.size() > 1 ? found.removeFirst() : found.getFirst();
      }
    }
    String path = request.path().replaceFirst("\\?.*", "");
    String[] steps = path.split("/", -1);
    return new Answer(
        404,
        status(
            "NotFound",
            steps[Math.max(0, steps.length - 2)]
                + " \\\""
                + steps[steps.length - 1]
                + "\\\" not found",
            404),
        "",
        FakeServer::silence);
  }

  /** A refusal as the API server words it. */
  public static String status(String reason, String message, int code) {
    return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\""
        + reason
        + "\",\"message\":\""
        + message
        + "\",\"code\":"
        + code
        + "}";
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder out = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        out.append((char) c);
      }
    }
    return out.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
