package minik8s.apiserver.testbed;

import io.etcd.jetcd.Client;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import minik8s.api.codec.Json;
import minik8s.apiserver.store.etcd.EtcdClients;
import minik8s.apiserver.store.etcd.EtcdProcess;
import minik8s.apiserver.wiring.RunningServer;
import minik8s.apiserver.wiring.Settings;
import minik8s.client.Pem;
import tools.jackson.databind.JsonNode;

/**
 * A whole API server over TLS on an etcd over TLS, and a client that is its administrator. Confined
 * to one test class.
 */
public final class TestServer implements AutoCloseable {
  private final Pki pki = new Pki();
  private final EtcdProcess etcd;
  private final HttpClient admin;
  private RunningServer server;

  /** Starts everything. */
  public TestServer() throws Exception {
    pki.issue("server", "/CN=kube-apiserver", "IP:127.0.0.1,DNS:localhost");
    pki.issue("admin", "/O=system:masters/CN=admin", "DNS:admin");
    pki.issue("nobody", "/CN=nobody", "DNS:nobody");
    pki.issue("node", "/O=system:nodes/CN=system:node:n1", "DNS:n1,IP:127.0.0.1");
    etcd =
        new EtcdProcess(
            "https",
            List.of(
                "--cert-file=" + pki.file("server.crt"),
                "--key-file=" + pki.file("server.key"),
                "--client-cert-auth",
                "--trusted-ca-file=" + pki.file("ca.crt")));
    server = RunningServer.start(settings());
    admin = client("admin");
  }

  private Settings settings() {
    return new Settings(
        List.of(etcd.endpoint()),
        new EtcdClients.Tls(pki.file("ca.crt"), pki.file("admin.crt"), pki.file("admin.key")),
        "/registry",
        "127.0.0.1",
        "127.0.0.1",
        0,
        pki.file("server.crt"),
        pki.file("server.key"),
        pki.file("ca.crt"),
        List.of(),
        null,
        "https://kubernetes.default.svc",
        null,
        new Settings.KubeletTls(pki.file("ca.crt"), pki.file("admin.crt"), pki.file("admin.key")),
        "10.96.0.0/16");
  }

  /** A client with one of the issued certificates. */
  public HttpClient client(String name) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(
            Pem.context(
                Pem.file(pki.file("ca.crt")),
                Pem.file(pki.file(name + ".crt")),
                Pem.file(pki.file(name + ".key"))))
        .build();
  }

  /** A client without a certificate. */
  public HttpClient stranger() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(Pem.context(Pem.file(pki.file("ca.crt")), null, null))
        .build();
  }

  /** The certificates. */
  public Pki pki() {
    return pki;
  }

  /** The etcd, to be killed. */
  public EtcdProcess etcd() {
    return etcd;
  }

  /** The server's port. */
  public int port() {
    return server.port();
  }

  /** Starts another server beside this one, on the same etcd. */
  public RunningServer beside() {
    return RunningServer.start(settings());
  }

  /** Stops the server and starts another on the same etcd. */
  public void restart() {
    server.close();
    server = RunningServer.start(settings());
  }

  /** Makes etcd forget what came before a revision. */
  public void compact(long revision) throws Exception {
    EtcdClients.Tls tls =
        new EtcdClients.Tls(pki.file("ca.crt"), pki.file("admin.crt"), pki.file("admin.key"));
    try (Client client = EtcdClients.connect(List.of(etcd.endpoint()), tls)) {
      client.getKVClient().compact(revision).get(10, TimeUnit.SECONDS);
    }
  }

  /** A request under construction. */
  public HttpRequest.Builder request(String path) {
    return request(server, path);
  }

  /** A request to a server of {@link #beside}. */
  public HttpRequest.Builder request(RunningServer to, String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + to.port() + path));
  }

  /** The answer to a request of the administrator. */
  public Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        admin.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return new Reply(response);
  }

  /** GET. */
  public Reply get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  /** DELETE, with a body unless it is empty. */
  public Reply delete(String path, String body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .method("DELETE", HttpRequest.BodyPublishers.ofString(body)));
  }

  /** POST of JSON. */
  public Reply post(String path, String body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** PUT of JSON. */
  public Reply put(String path, String body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** PATCH of a type such as {@code merge}. */
  public Reply patch(String path, String type, String body)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/" + type + "-patch+json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
  }

  /** An open WebSocket of the administrator. */
  public WebSocket socket(String path, WebSocket.Listener listener) {
    URI uri = URI.create("wss://127.0.0.1:" + server.port() + path);
    return admin.newWebSocketBuilder().buildAsync(uri, listener).join();
  }

  /** The lines of a watch or log, as they come. */
  public Stream<String> lines(String path) throws IOException, InterruptedException {
    HttpResponse<Stream<String>> response =
        admin.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofLines());
    return response.body();
  }

  /** A kubeconfig of the administrator. */
  public Path kubeconfig() throws IOException {
    String text =
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", certificate-authority: %s}}]
        users: [{name: a, user: {client-certificate: %s, client-key: %s}}]
        contexts: [{name: x, context: {cluster: c, user: a}}]
        current-context: x
        """
            .formatted(
                server.port(), pki.file("ca.crt"), pki.file("admin.crt"), pki.file("admin.key"));
    return Files.writeString(pki.file("admin.conf"), text);
  }

  @Override
  public void close() throws IOException {
    server.close();
    admin.close();
    etcd.close();
    pki.close();
  }

  /** An answer that was read whole. */
  public record Reply(HttpResponse<byte[]> response) {
    /** The status code. */
    public int code() {
      return response.statusCode();
    }

    /** The body as a document. */
    public JsonNode json() {
      return Json.parse(response.body());
    }

    /** A text inside the document by JSON pointer. */
    public String at(String pointer) {
      return json().at(pointer).asString("");
    }
  }
}
