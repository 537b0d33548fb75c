package minik8s.kubectl.command;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.WebSocket;
import minik8s.kubectl.document.Tree;

/**
 * {@code kubectl port-forward}: local ports that lead into a pod. Each connection has a WebSocket
 * and two threads of its own; WebSockets are opened one at a time.
 */
final class PortForward implements Verb {
  private static final String PROTOCOL = "v4.channel.k8s.io";
  private static final int DATA = 0;
  private static final int ERROR = 1;

  @Override
  public void flags(Flags flags) {
    flags
        .list("--address", "Addresses to listen on (comma separated).")
        .text("--pod-running-timeout", "1m0s", "Accepted and ignored.");
  }

  @Override
  public Help help() {
    return new Help(
        "Forward one or more local ports to a pod.",
        "# Listen on port 8888 locally, forwarding to 5000 in the pod\n"
            + "kubectl port-forward pod/mypod 8888:5000",
        "port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]");
  }

  /** A local port, 0 for any, and the pod's. */
  private record Pair(int local, int remote) {}

  @Override
  public int run(Session session, Arguments arguments) {
    List<String> words = arguments.words();
    if (words.size() < 2) {
      throw KubectlException.error(
          "TYPE/NAME and list of ports are required for port-forward\n"
              + "See 'kubectl port-forward -h' for help and examples");
    }
    String word = words.get(0);
    Map<String, Object> pod = new Pods(session).of(word).get(0);
    String phase = Tree.text(pod, "status", "phase");
    if (!phase.equals("Running")) {
      throw KubectlException.error(
          "unable to forward port because pod is not running. Current status=" + phase);
    }
    Map<String, Object> service = service(session, word);
    List<Pair> pairs = new ArrayList<>();
    for (String spec : words.subList(1, words.size())) {
      pairs.add(pair(spec, pod, service));
    }
    String path =
        Pods.type().path(session.namespace(), Tree.text(pod, "metadata", "name")) + "/portforward";
    List<String> addresses = arguments.commas("--address");
    serve(session, path, pairs, addresses.isEmpty() ? List.of("localhost") : addresses);
    return 0;
  }

  private static Map<String, Object> service(Session session, String word) {
    int slash = word.indexOf('/');
    boolean named =
        slash > 0 && List.of("svc", "service", "services").contains(word.substring(0, slash));
    return named
        ? session
            .server()
            .get(
                session
                    .discovery()
                    .byWord("services")
                    .path(session.namespace(), word.substring(slash + 1)))
        : Map.of();
  }

  private static Pair pair(String spec, Map<String, Object> pod, Map<String, Object> service) {
    int colon = spec.indexOf(':');
    String remote = spec.substring(colon + 1);
    String local = colon < 0 ? remote : spec.substring(0, colon);
    int number = remote(remote, pod, service);
    return new Pair(
        local.isEmpty() ? 0 : colon < 0 && !digits(local) ? number : port(local, spec), number);
  }

  /** A number or a name; of a service when that was named, else of the pod's containers. */
  private static int remote(String word, Map<String, Object> pod, Map<String, Object> service) {
    for (Object port : Tree.list(service, "spec", "ports")) {
      if (word.equals(Tree.text(port, "port")) || word.equals(Tree.text(port, "name"))) {
        String target = Tree.text(port, "targetPort");
        boolean headless = Tree.text(service, "spec", "clusterIP").equals("None");
        return target.isEmpty() || headless
            ? port(Tree.text(port, "port"), word)
            : digits(target) ? port(target, word) : named(target, pod);
      }
    }
    if (!service.isEmpty()) {
      throw KubectlException.error(
          "Service "
              + Tree.text(service, "metadata", "name")
              + " does not have a service port "
              + word);
    }
    return digits(word) ? port(word, word) : named(word, pod);
  }

  private static int named(String name, Map<String, Object> pod) {
    for (String list : List.of("containers", "initContainers")) {
      for (Object container : Tree.list(pod, "spec", list)) {
        for (Object port : Tree.list(container, "ports")) {
          if (Tree.text(port, "name").equals(name)) {
            return port(Tree.text(port, "containerPort"), name);
          }
        }
      }
    }
    throw KubectlException.error(
        "Pod '"
            + Tree.text(pod, "metadata", "name")
            + "' does not have a named port '"
            + name
            + "'");
  }

  private static boolean digits(String text) {
    return !text.isEmpty() && text.length() < 6 && text.chars().allMatch(Character::isDigit);
  }

  private static int port(String text, String spec) {
    int port = digits(text) ? Integer.parseInt(text) : -1;
    if (port < 0 || port > 65535) {
      throw KubectlException.error("invalid port \"" + spec + "\"");
    }
    return port;
  }

  private static void serve(
      Session session, String path, List<Pair> pairs, List<String> addresses) {
    List<Thread> listeners = new ArrayList<>();
    for (Pair pair : pairs) {
      for (String address : addresses) {
        for (String host :
            address.equals("localhost") ? List.of("127.0.0.1", "::1") : List.of(address)) {
          ServerSocket socket =
              listen(host, pair.local(), address.equals("localhost") && host.equals("::1"));
          if (socket != null) {
            String shown = host.contains(":") ? "[" + host + "]" : host;
            session.print(
                "Forwarding from " + shown + ":" + socket.getLocalPort() + " -> " + pair.remote());
            listeners.add(
                Thread.ofPlatform()
                    .name("listen")
                    .start(() -> accept(session, path, socket, pair.remote())));
          }
        }
      }
    }
    session.streams().out().flush();
    try {
      for (Thread listener : listeners) {
        listener.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static @org.jspecify.annotations.Nullable ServerSocket listen(
      String host, int port, boolean optional) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      return socket;
    } catch (IOException e) {
      if (optional) {
        return null;
      }
      throw KubectlException.error(
          "unable to listen on any of the requested ports: "
              + host
              + ":"
              + port
              + ": "
              + e.getMessage());
    }
  }

  private static void accept(Session session, String path, ServerSocket listener, int remote) {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        synchronized (session) {
          session.print("Handling connection for " + listener.getLocalPort());
          session.streams().out().flush();
        }
        Thread.ofPlatform()
            .daemon()
            .name("forward")
            .start(() -> carry(session, path, client, remote));
      } catch (IOException e) {
        session.complain("error accepting connection: " + e.getMessage());
        return;
      }
    }
  }

  private static void carry(Session session, String path, Socket client, int remote) {
    try (client;
        WebSocket socket = open(session, path, remote)) {
      Thread.ofPlatform().daemon().name("forward-up").start(() -> up(client, socket));
      boolean[] announced = new boolean[2];
      for (byte[] message = socket.receive(); message != null; message = socket.receive()) {
        int channel = message.length == 0 ? -1 : message[0];
        if (channel != DATA && channel != ERROR) {
          continue;
        }
        if (!announced[channel]) {
          // The first message on each channel is the port.
          announced[channel] = true;
        } else if (channel == DATA) {
          client.getOutputStream().write(message, 1, message.length - 1);
        } else {
          complain(
              session,
              new String(message, 1, message.length - 1, java.nio.charset.StandardCharsets.UTF_8));
          return;
        }
      }
    } catch (IOException | KubectlException e) {
      complain(session, String.valueOf(e.getMessage()));
    }
  }

  private static void complain(Session session, String why) {
    synchronized (session) {
      session.complain("an error occurred forwarding: " + why);
    }
  }

  private static WebSocket open(Session session, String path, int remote) {
    String query = new Query().with("ports", Integer.toString(remote)).toString();
    synchronized (session) {
      return WebSocket.open(session.server(), path + query, List.of(PROTOCOL));
    }
  }

  private static void up(Socket client, WebSocket socket) {
    byte[] buffer = new byte[16_384];
    try {
      InputStream in = client.getInputStream();
      for (int got = in.read(buffer, 1, buffer.length - 1);
          got >= 0;
          got = in.read(buffer, 1, buffer.length - 1)) {
        buffer[0] = DATA;
        socket.send(Arrays.copyOf(buffer, got + 1));
      }
    } catch (IOException e) {
      socket.close();
    }
  }
}
