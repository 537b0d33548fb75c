package minik8s.kubectl.client;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.document.Tree;

/** Works out the {@link Endpoint} from kubeconfig and flags; flags win. Confined to one thread. */
public final class EndpointReader {
  private final KubeConfig config;
  private final Overrides flags;
  private final Map<String, String> environment;

  /**
   * The flags that speak of the connection; empty text means not given.
   *
   * @param context the context
   * @param cluster the cluster's entry
   * @param user the user's entry
   * @param server the address
   * @param token a bearer token
   * @param authority a file with certificates to trust
   * @param certificate a file with the client's certificate
   * @param key a file with the client's key
   * @param serverName the name expected in the server's certificate
   * @param insecure whether to trust anyone
   * @param timeoutMillis the limit of a request
   * @param asUser whom to impersonate
   * @param asGroups the groups to impersonate
   */
  public record Overrides(
      String context,
      String cluster,
      String user,
      String server,
      String token,
      String authority,
      String certificate,
      String key,
      String serverName,
      boolean insecure,
      int timeoutMillis,
      String asUser,
      List<String> asGroups) {}

  /** A reader of the merged configuration. */
  public EndpointReader(KubeConfig config, Overrides flags, Map<String, String> environment) {
    this.config = config;
    this.flags = flags;
    this.environment = environment;
  }

  /** The namespace of the context; empty when it names none. */
  public String namespace() {
    return Tree.text(context(), "namespace");
  }

  private Map<String, Object> context() {
    String name = flags.context().isEmpty() ? config.currentContext() : flags.context();
    Map<String, Object> context = config.entry("contexts", name);
    if (context == null && !flags.context().isEmpty()) {
      throw new KubectlException(
          "Error in configuration: context was not found for specified context: " + name);
    }
    return context == null ? Map.of() : context;
  }

  /** The endpoint, with every file read. */
  public Endpoint read() {
    String clusterName = first(flags.cluster(), Tree.text(context(), "cluster"));
    String userName = first(flags.user(), Tree.text(context(), "user"));
    Map<String, Object> cluster = body("clusters", clusterName, !flags.cluster().isEmpty());
    Map<String, Object> user = body("users", userName, !flags.user().isEmpty());
    if (cluster.isEmpty() && flags.server().isEmpty() && Cluster.inside(environment)) {
      return Cluster.endpoint(environment, flags);
    }
    boolean insecure = flags.insecure() || Tree.flag(cluster, "insecure-skip-tls-verify");
    String authority =
        pem(flags.authority(), cluster, "certificate-authority", "clusters", clusterName);
    String certificate = pem(flags.certificate(), user, "client-certificate", "users", userName);
    String key = pem(flags.key(), user, "client-key", "users", userName);
    String authorization = authorization(user, userName);
    if (authorization.isEmpty() && user.containsKey("exec")) {
      ExecPlugin.Credential credential =
          ExecPlugin.run(Tree.map(user, "exec"), config.folder("users", userName), environment);
      authorization = credential.token().isEmpty() ? "" : "Bearer " + credential.token();
      certificate = credential.certificate().isEmpty() ? certificate : credential.certificate();
      key = credential.key().isEmpty() ? key : credential.key();
    }
    return new Endpoint(
        server(first(flags.server(), Tree.text(cluster, "server"))),
        insecure ? "" : authority,
        insecure,
        first(flags.serverName(), Tree.text(cluster, "tls-server-name")),
        certificate,
        key,
        authorization,
        impersonation(user),
        flags.timeoutMillis());
  }

  private Map<String, Object> body(String list, String name, boolean demanded) {
    Map<String, Object> body = name.isEmpty() ? Map.of() : config.entry(list, name);
    if (body == null && demanded) {
      String what = list.equals("users") ? "auth info" : "cluster";
      throw KubectlException.error(what + " \"" + name + "\" does not exist");
    }
    return body == null ? Map.of() : body;
  }

  private List<String> impersonation(Map<String, Object> user) {
    List<String> out = new ArrayList<>();
    String name = first(flags.asUser(), Tree.text(user, "as"));
    if (!name.isEmpty()) {
      out.add("Impersonate-User");
      out.add(name);
    }
    for (String group : flags.asGroups()) {
      out.add("Impersonate-Group");
      out.add(group);
    }
    return out;
  }

  private String authorization(Map<String, Object> user, String userName) {
    if (!flags.token().isEmpty()) {
      return "Bearer " + flags.token();
    }
    String token = Tree.text(user, "token");
    String file = Tree.text(user, "tokenFile");
    if (token.isEmpty() && !file.isEmpty()) {
      Path path = config.folder("users", userName).resolve(file);
      token = file(path).strip();
    }
    if (!token.isEmpty()) {
      return "Bearer " + token;
    }
    String name = Tree.text(user, "username");
    if (name.isEmpty()) {
      return "";
    }
    String pair = name + ":" + Tree.text(user, "password");
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private String pem(String flag, Map<String, Object> body, String key, String list, String name) {
    if (!flag.isEmpty()) {
      return file(Path.of(flag));
    }
    String data = Tree.text(body, key + "-data");
    if (!data.isEmpty()) {
      try {
        return new String(Base64.getMimeDecoder().decode(data), StandardCharsets.ISO_8859_1);
      } catch (IllegalArgumentException e) {
        throw KubectlException.error("illegal base64 data in " + key + "-data of \"" + name + "\"");
      }
    }
    String file = Tree.text(body, key);
    return file.isEmpty() ? "" : file(config.folder(list, name).resolve(file));
  }

  private static String file(Path path) {
    try {
      return Files.readString(path, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw KubectlException.error(
          "unable to read " + path + ": open " + path + ": no such file or directory");
    }
  }

  private static String first(String a, String b) {
    return a.isEmpty() ? b : a;
  }

  private static URI server(String address) {
    String full = address.isEmpty() ? "http://localhost:8080" : address;
    full = full.contains("://") ? full : "http://" + full;
    try {
      return new URI(full);
    } catch (URISyntaxException e) {
      throw KubectlException.error("parse \"" + full + "\": " + e.getReason());
    }
  }

  /** Inside a pod the service account's files stand in for a kubeconfig. */
  private static final class Cluster {
    private static final Path FOLDER = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    static boolean inside(Map<String, String> environment) {
      return environment.containsKey("KUBERNETES_SERVICE_HOST")
          && Files.exists(FOLDER.resolve("token"));
    }

    static Endpoint endpoint(Map<String, String> environment, Overrides flags) {
      String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
      String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
      String token = file(FOLDER.resolve("token")).strip();
      return new Endpoint(
          server("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port),
          file(FOLDER.resolve("ca.crt")),
          flags.insecure(),
          "",
          "",
          "",
          "Bearer " + token,
          List.of(),
          flags.timeoutMillis());
    }
  }
}
