package minik8s.kubectl.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.tar.TarReader;
import minik8s.kubectl.tar.TarWriter;

/** {@code kubectl cp}: files to and from containers, as a tar stream through exec. */
final class Copy implements Verb {
  private static final int PIPE = 64 << 10;

  @Override
  public void flags(Flags flags) {
    flags
        .text("-c --container", "", "Container name.")
        .bool("--no-preserve", "The copied file's ownership and permissions are not preserved.")
        .text("--retries", "0", "Accepted and ignored.");
  }

  @Override
  public Help help() {
    return new Help(
        "Copy files and directories to and from containers. The container needs tar.",
        "# Copy /tmp/foo from a remote pod to /tmp/bar locally\n"
            + "kubectl cp <some-namespace>/<some-pod>:/tmp/foo /tmp/bar",
        "cp <file-spec-src> <file-spec-dest>");
  }

  /** One side: a path here, or one in a pod. Empty pod means here. */
  private record Place(String namespace, String pod, String path) {
    static Place of(String spec) {
      int colon = spec.indexOf(':');
      if (colon < 0 || spec.startsWith("/") || spec.startsWith(".")) {
        return new Place("", "", spec);
      }
      String pod = spec.substring(0, colon);
      int slash = pod.indexOf('/');
      if (pod.isEmpty() || (slash >= 0 && pod.indexOf('/', slash + 1) >= 0)) {
        throw KubectlException.error(
            "filespec must match the canonical format: [[namespace/]pod:]file/path");
      }
      return new Place(
          slash < 0 ? "" : pod.substring(0, slash),
          pod.substring(slash + 1),
          spec.substring(colon + 1));
    }

    boolean remote() {
      return !pod.isEmpty();
    }
  }

  @Override
  public int run(Session session, Arguments arguments) {
    List<String> words = arguments.words();
    if (words.size() != 2) {
      throw KubectlException.error("source and destination are required");
    }
    Place from = Place.of(words.get(0));
    Place to = Place.of(words.get(1));
    if (from.path().isEmpty() || to.path().isEmpty()) {
      throw KubectlException.error("filepath can not be empty");
    }
    if (from.remote() == to.remote()) {
      throw KubectlException.error(
          from.remote()
              ? "src doesn't exist in local filesystem: one of src or dest must be a local file"
              : "one of src or dest must be a remote file specification");
    }
    Place remote = from.remote() ? from : to;
    String namespace = remote.namespace().isEmpty() ? session.namespace() : remote.namespace();
    String path = Pods.type().path(namespace, remote.pod());
    Map<String, Object> pod = session.server().get(path);
    String container = new Pods(session).container(pod, arguments.text("--container"));
    Remote side = new Remote(session, path, container);
    try {
      if (from.remote()) {
        side.download(from.path(), Path.of(to.path()), !arguments.bool("--no-preserve"));
      } else {
        side.upload(Path.of(from.path()), to.path(), arguments.bool("--no-preserve"));
      }
    } catch (IOException e) {
      throw KubectlException.error(String.valueOf(e.getMessage()));
    }
    return 0;
  }

  /** The container at the other end. */
  private record Remote(Session session, String path, String container) {
    int exec(
        List<String> command,
        @org.jspecify.annotations.Nullable InputStream in,
        OutputStream out,
        OutputStream err) {
      return Exec.run(session, path, container, command, in, out, err);
    }

    private boolean directory(String path) {
      try {
        OutputStream none = OutputStream.nullOutputStream();
        return exec(List.of("test", "-d", path), null, none, none) == 0;
      } catch (KubectlException e) {
        return false;
      }
    }

    void upload(Path source, String wanted, boolean fresh) throws IOException {
      if (!Files.exists(source)) {
        throw new IOException(source + " doesn't exist in local filesystem");
      }
      String target =
          wanted.length() > 1 && wanted.endsWith("/")
              ? wanted.substring(0, wanted.length() - 1)
              : wanted;
      if (directory(target)) {
        String name = String.valueOf(source.toRealPath().getFileName());
        target = (target.equals("/") ? "" : target) + "/" + name;
      }
      int slash = target.lastIndexOf('/');
      String folder = slash < 0 ? "" : slash == 0 ? "/" : target.substring(0, slash);
      String name = target.substring(slash + 1);
      List<String> command = new ArrayList<>(List.of("tar"));
      command.addAll(fresh ? List.of("--no-same-permissions", "--no-same-owner") : List.of());
      command.addAll(List.of("-xmf", "-"));
      if (!folder.isEmpty()) {
        command.addAll(List.of("-C", folder));
      }
      PipedInputStream in = new PipedInputStream(PIPE);
      PipedOutputStream out = new PipedOutputStream(in);
      AtomicReference<String> failure = new AtomicReference<>("");
      Thread packer =
          Thread.ofPlatform()
              .daemon()
              .name("tar")
              .start(() -> {
                try (TarWriter tar = new TarWriter(out)) {
                  tar.add(source, name);
                } catch (IOException e) {
                  failure.set(String.valueOf(e.getMessage()));
                }
              });
      var _ = exec(command, in, session.streams().out(), session.streams().err());
      packer.interrupt();
      if (!failure.get().isEmpty()) {
        throw new IOException(failure.get());
      }
    }

    void download(String source, Path target, boolean owned) throws IOException {
      String clean =
          source.length() > 1 && source.endsWith("/")
              ? source.substring(0, source.length() - 1)
              : source;
      String prefix = clean.startsWith("/") ? clean.substring(1) : clean;
      while (prefix.startsWith("../") || prefix.startsWith("./")) {
        prefix = prefix.substring(prefix.indexOf('/') + 1);
      }
      String name = prefix.substring(prefix.lastIndexOf('/') + 1);
      Path to = Files.isDirectory(target) ? target.resolve(name) : target;
      PipedInputStream in = new PipedInputStream(PIPE);
      PipedOutputStream out = new PipedOutputStream(in);
      ByteArrayOutputStream complaint = new ByteArrayOutputStream();
      AtomicReference<String> failure = new AtomicReference<>("");
      String root = prefix;
      Thread unpacker =
          Thread.ofPlatform()
              .name("untar")
              .start(() -> {
                try (in) {
                  if (new TarReader(in, session::complain).unpack(root, to, owned) == 0) {
                    failure.set("no such file or directory: " + source);
                  }
                } catch (IOException e) {
                  failure.set(String.valueOf(e.getMessage()));
                }
              });
      try (out) {
        var _ = exec(List.of("tar", "cf", "-", clean), null, out, complaint);
      } catch (KubectlException e) {
        String why = complaint.toString(StandardCharsets.UTF_8).strip();
        throw why.isEmpty() ? e : KubectlException.error(why);
      }
      try {
        unpacker.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (!failure.get().isEmpty()) {
        throw new IOException(failure.get());
      }
    }
  }
}
