package minik8s.kubectl.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import minik8s.kubectl.client.ApiServer;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.document.YamlWriter;
import minik8s.kubectl.output.ObjectPrinter;
import minik8s.kubectl.patch.ThreeWay;

/** {@code kubectl diff}: what an apply would change, told by {@code diff -u -N}. */
final class Diff implements Verb {
  @Override
  public void flags(Flags flags) {
    Targets.files(flags)
        .text("--field-manager", "kubectl-client-side-apply", "Name of the field manager.")
        .text("-l --selector", "", "Selector (label query) on the objects of the files.")
        .bool("--server-side", "Apply runs in the server instead of the client.")
        .bool("--force-conflicts", "Server-side apply forces changes against conflicts.")
        .bool("--show-managed-fields", "Include managed fields in the diff.");
  }

  @Override
  public Help help() {
    return new Help(
        "Diff configurations specified by file name or stdin between the current online"
            + " configuration, and the configuration as it would be if applied.",
        "kubectl diff -f pod.json",
        "diff -f FILENAME");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    try {
      return compare(session, arguments);
    } catch (KubectlException e) {
      throw new KubectlException(e.text(), e.exitCode() + 1, e);
    } catch (IOException e) {
      throw new KubectlException("error: " + e.getMessage(), 2, e);
    }
  }

  private static int compare(Session session, Arguments arguments) throws IOException {
    Targets targets = new Targets(session, arguments);
    if (!targets.fromFiles()) {
      throw KubectlException.error("must specify one of -f and -k");
    }
    Path root = Files.createTempDirectory("kubectl-diff");
    try {
      Path live = Files.createDirectory(root.resolve("LIVE-minik8s"));
      Path merged = Files.createDirectory(root.resolve("MERGED-minik8s"));
      boolean all = arguments.bool("--show-managed-fields");
      for (Item item : targets.packedItems()) {
        String group = item.type().group().isEmpty() ? "" : item.type().group() + ".";
        String name =
            group
                + item.type().version()
                + "."
                + item.type().kind()
                + "."
                + item.namespace()
                + "."
                + item.name();
        Map<String, Object> now = session.server().find(item.path());
        if (now != null) {
          write(live.resolve(name), now, all);
        }
        write(
            merged.resolve(name),
            after(session, arguments, item, now == null ? Map.of() : now),
            all);
      }
      targets.settle();
      return program(session, live, merged);
    } finally {
      delete(root);
    }
  }

  private static void write(Path file, Map<String, Object> object, boolean all) throws IOException {
    Files.writeString(file, YamlWriter.write(ObjectPrinter.clean(object, all)));
  }

  private static Map<String, Object> after(
      Session session, Arguments arguments, Item item, Map<String, Object> now) {
    String manager = "&fieldManager=" + arguments.text("--field-manager");
    if (arguments.bool("--server-side")) {
      String query =
          "?dryRun=All&fieldManager=kubectl&force=" + arguments.bool("--force-conflicts");
      return session.server().patch(item.path() + query, ApiServer.APPLY, item.object());
    }
    if (now.isEmpty()) {
      String path = item.type().path(item.namespace()) + "?dryRun=All" + manager;
      return session.server().post(path, item.object());
    }
    Tree.child(Tree.child(item.object(), "metadata"), "annotations");
    Map<String, Object> original = LastApplied.of(now);
    boolean builtIn = Apply.builtIn(item);
    Map<String, Object> patch =
        builtIn
            ? ThreeWay.strategic(item.type().kind(), original, item.object(), now)
            : ThreeWay.merge(original, item.object(), now);
    if (patch.isEmpty()) {
      return now;
    }
    Tree.put(patch, Tree.text(now, "metadata", "resourceVersion"), "metadata", "resourceVersion");
    return session
        .server()
        .patch(
            item.path() + "?dryRun=All" + manager,
            builtIn ? ApiServer.STRATEGIC : ApiServer.MERGE,
            patch);
  }

  private static int program(Session session, Path live, Path merged) throws IOException {
    String own = session.environment().getOrDefault("KUBECTL_EXTERNAL_DIFF", "");
    List<String> line =
        new ArrayList<>(own.isEmpty() ? List.of("diff", "-u", "-N") : List.of(own.split(" ", -1)));
    line.add(live.toString());
    line.add(merged.toString());
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    session.streams().out().append(text);
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 2;
    }
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> entries = Files.walk(root)) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(entry);
      }
    }
  }
}
