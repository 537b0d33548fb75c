package minik8s.kubectl.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.ApiServer;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.Response;
import minik8s.kubectl.client.Transport;
import minik8s.kubectl.document.Tree;

/** {@code kubectl logs}: what containers have written. */
final class Logs implements Verb {
  @Override
  public void flags(Flags flags) {
    flags
        .bool("-f --follow", "Specify if the logs should be streamed.")
        .bool("-p --previous", "Print the logs for the previous instance of the container.")
        .bool("--all-containers", "Get all containers' logs in the pod(s).")
        .bool("--all-pods", "Get logs from all pod(s) of a workload. Sets prefix to true.")
        .bool("--ignore-errors", "If following, tolerate errors.")
        .bool("--insecure-skip-tls-verify-backend", "Accepted and ignored.")
        .bool("--prefix", "Prefix each log line with the log source.")
        .bool("--timestamps", "Include timestamps on each line in the log output.")
        .text("-c --container", "", "Print the logs of this container.")
        .text("-l --selector", "", "Selector (label query) to filter on.")
        .text("--limit-bytes", "0", "Maximum bytes of logs to return.")
        .text("--max-log-requests", "5", "Maximum number of concurrent logs to follow.")
        .text("--pod-running-timeout", "20s", "Accepted and ignored.")
        .text("--since", "0s", "Only return logs newer than a relative duration.")
        .text("--since-time", "", "Only return logs after a specific date (RFC3339).")
        .text("--tail", "-1", "Lines of recent log file to display.");
  }

  @Override
  public Help help() {
    return new Help(
        "Print the logs for a container in a pod or specified resource. If the pod has only one"
            + " container, the container name is optional.",
        "kubectl logs nginx\nkubectl logs -f deployment/web --all-containers",
        "logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]");
  }

  private record Source(String namespace, String pod, String container) {}

  @Override
  public int run(Session session, Arguments arguments) {
    check(arguments);
    List<Source> sources = sources(session, arguments);
    boolean follow = arguments.bool("--follow");
    if (follow && sources.size() > 1) {
      long most = arguments.number("--max-log-requests");
      if (sources.size() > most) {
        throw KubectlException.error(
            "you are attempting to follow "
                + sources.size()
                + " log streams, but maximum allowed"
                + " concurrency is "
                + most
                + ", use --max-log-requests to increase the limit");
      }
      together(session, arguments, sources);
      return 0;
    }
    for (Source source : sources) {
      copy(session, session.server(), arguments, source);
    }
    return 0;
  }

  private static void check(Arguments arguments) {
    boolean selecting = !arguments.text("--selector").isEmpty();
    int words = arguments.words().size();
    if (words == 0 && !selecting) {
      throw new KubectlException(
          "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a"
              + " required argument for the logs command\nSee 'kubectl logs -h' for help and"
              + " examples");
    }
    if (words > 0 && selecting) {
      throw KubectlException.error("only a selector (-l) or a POD name is allowed");
    }
    if (words > 2) {
      throw new KubectlException(
          "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a"
              + " required argument for the logs command\nSee 'kubectl logs -h' for help and"
              + " examples");
    }
    if (!arguments.text("--since-time").isEmpty() && !arguments.duration("--since").isZero()) {
      throw KubectlException.error("at most one of `sinceTime` or `sinceSeconds` may be specified");
    }
    if (arguments.bool("--all-containers") && !container(arguments).isEmpty()) {
      throw KubectlException.error(
          "--all-containers=true should not be specified with container name "
              + container(arguments));
    }
    if (arguments.number("--tail") < -1) {
      throw KubectlException.error("--tail must be greater than or equal to -1");
    }
  }

  private static String container(Arguments arguments) {
    return arguments.words().size() == 2 ? arguments.words().get(1) : arguments.text("--container");
  }

  private static List<Source> sources(Session session, Arguments arguments) {
    Pods pods = new Pods(session);
    List<Map<String, Object>> found;
    String selector = arguments.text("--selector");
    if (!selector.isEmpty()) {
      found = pods.list(selector);
      if (found.isEmpty()) {
        session.complain("No resources found in " + session.namespace() + " namespace.");
      }
    } else {
      String word = arguments.words().get(0);
      found = pods.of(word);
      if (found.size() > 1 && !arguments.bool("--all-pods")) {
        session.complain("Found " + found.size() + " pods, using pod/" + name(found.get(0)));
        found = found.subList(0, 1);
      }
    }
    List<Source> out = new ArrayList<>();
    for (Map<String, Object> pod : found) {
      String namespace = Tree.text(pod, "metadata", "namespace");
      for (String container : containers(pods, pod, arguments)) {
        out.add(
            new Source(
                namespace.isEmpty() ? session.namespace() : namespace, name(pod), container));
      }
    }
    return out;
  }

  private static String name(Map<String, Object> pod) {
    return Tree.text(pod, "metadata", "name");
  }

  private static List<String> containers(Pods pods, Map<String, Object> pod, Arguments arguments) {
    if (!arguments.bool("--all-containers")) {
      return List.of(pods.container(pod, container(arguments)));
    }
    List<String> out = new ArrayList<>(Pods.containers(pod, "initContainers"));
    out.addAll(Pods.containers(pod, "containers"));
    out.addAll(Pods.containers(pod, "ephemeralContainers"));
    return out;
  }

  private static Query query(Arguments arguments, Source source) {
    long since = arguments.duration("--since").toSeconds();
    long tail = arguments.number("--tail");
    boolean selecting = !arguments.text("--selector").isEmpty();
    if (tail == -1 && selecting && !arguments.given("--tail")) {
      tail = 10;
    }
    long bytes = arguments.number("--limit-bytes");
    return new Query()
        .with("container", source.container())
        .with("follow", arguments.bool("--follow") ? "true" : "")
        .with("limitBytes", bytes > 0 ? Long.toString(bytes) : "")
        .with("previous", arguments.bool("--previous") ? "true" : "")
        .with("sinceSeconds", since > 0 ? Long.toString(since) : "")
        .with("sinceTime", arguments.text("--since-time"))
        .with("tailLines", tail >= 0 ? Long.toString(tail) : "")
        .with("timestamps", arguments.bool("--timestamps") ? "true" : "");
  }

  /** Follows all sources at once, one virtual thread and one connection each. */
  private static void together(Session session, Arguments arguments, List<Source> sources) {
    List<Thread> threads = new ArrayList<>();
    List<KubectlException> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    Transport shared = session.server().transport();
    for (Source source : sources) {
      threads.add(
          Thread.startVirtualThread(() -> {
            try (ApiServer server =
                new ApiServer(new Transport(shared.endpoint(), null), text -> {})) {
              copy(session, server, arguments, source);
            } catch (KubectlException e) {
              failures.add(e);
            }
          }));
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    Targets.settle(failures);
  }

  private static void copy(Session session, ApiServer server, Arguments arguments, Source source) {
    String path =
        Pods.type().path(source.namespace(), source.pod()) + "/log" + query(arguments, source);
    boolean prefixed = arguments.bool("--prefix") || arguments.bool("--all-pods");
    String prefix = prefixed ? "[pod/" + source.pod() + "/" + source.container() + "] " : "";
    try (Response response = server.open("GET", path, "application/json, */*", null, null)) {
      pour(session, response.body(), prefix.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw KubectlException.error(String.valueOf(e.getMessage()));
    }
  }

  /** Copies line by line so that sources do not mix within a line. */
  private static void pour(Session session, InputStream in, byte[] prefix) throws IOException {
    byte[] buffer = new byte[8192];
    boolean lineStart = true;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      synchronized (session) {
        if (prefix.length == 0) {
          session.streams().out().write(buffer, 0, n);
        } else {
          lineStart = prefixed(session, buffer, n, prefix, lineStart);
        }
        session.streams().out().flush();
      }
    }
  }

  private static boolean prefixed(
      Session session, byte[] buffer, int length, byte[] prefix, boolean atStart) {
    boolean lineStart = atStart;
    for (int i = 0; i < length; i++) {
      if (lineStart) {
        session.streams().out().write(prefix, 0, prefix.length);
      }
      session.streams().out().write(buffer[i]);
      lineStart = buffer[i] == '\n';
    }
    return lineStart;
  }
}
