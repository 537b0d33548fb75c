package minik8s.gpu.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import minik8s.api.ObjectKey;
import minik8s.files.FolderTree;
import minik8s.gpu.GpuJob;

/**
 * The folder that the file server shows: {@code NAMESPACE/JOB/…}. Thread-safe as long as one thread
 * at a time works on a job. Readers see each file whole, as it was or as it is.
 */
public final class ResultsFolder {
  /** Holds the uid of the job that the results are of; file servers do not show dot files. */
  private static final String OWNER = ".job";

  private static final String FRESH = ".incoming";

  private final Path root;
  private final String url;

  /** Writes the content of one file. */
  @FunctionalInterface
  public interface Content<E extends Exception> {
    void writeTo(OutputStream out) throws IOException, E, InterruptedException;
  }

  /**
   * @param url under which people find {@code root}, with or without a slash at its end
   */
  public ResultsFolder(Path root, String url) {
    this.root = root.toAbsolutePath().normalize();
    this.url = url.endsWith("/") ? url : url + "/";
  }

  /** Where people find a job's results. */
  public String url(ObjectKey job) {
    return url + job.namespace() + "/" + job.name() + "/";
  }

  /** The folder of a job. */
  public Path of(ObjectKey job) {
    return root.resolve(job.namespace()).resolve(job.name());
  }

  /** Makes the folder this job's own: results of an earlier job of the same name go. */
  public void claim(ObjectKey job, String uid) throws IOException {
    Path folder = of(job);
    Path owner = folder.resolve(OWNER);
    if (Files.isRegularFile(owner) && Files.readString(owner).strip().equals(uid)) {
      return;
    }
    remove(job);
    Files.createDirectories(folder);
    Files.writeString(owner, uid + "\n");
  }

  /**
   * Lands one file.
   *
   * @param name relative, with slashes
   * @throws IOException when the name leads out of the job's folder, or the disk is full
   */
  public <E extends Exception> void land(ObjectKey job, String name, Content<E> content)
      throws IOException, E, InterruptedException {
    Path folder = of(job);
    Path target = confined(folder, name);
    Path fresh = folder.resolve(FRESH);
    Files.createDirectories(fresh);
    Path part = Files.createTempFile(fresh, "part", "");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
        content.writeTo(out);
      }
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-r--r--"));
      Files.createDirectories(target.getParent());
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Lands a text. */
  public void land(ObjectKey job, String name, String text)
      throws IOException, InterruptedException {
    this.<RuntimeException>land(job, name, out -> out.write(text.getBytes(UTF_8)));
  }

  /** The place of a name inside the folder; a name that leads out of it, or is no name, throws. */
  static Path confined(Path folder, String name) throws IOException {
    boolean odd =
        name.isEmpty()
            || name.startsWith("/")
            || name.startsWith(".")
            || name.contains("/.")
            || name.contains("//")
            || name.chars().anyMatch(c -> c < 0x20 || c == 0x7f || c == '\\');
    Path target = odd ? folder : folder.resolve(name).normalize();
    if (odd || target.equals(folder) || !target.startsWith(folder)) {
      throw new IOException("a result's name is not allowed");
    }
    return target;
  }

  /** Whether a file of this name may land. */
  public boolean allows(String name) {
    try {
      return !confined(root, name).equals(root.resolve("index.html"));
    } catch (IOException | java.nio.file.InvalidPathException e) {
      return false;
    }
  }

  /** The files of a job but for the index page, by name; at most {@code limit}. */
  public List<GpuJob.ResultFile> files(ObjectKey job, int limit) throws IOException {
    Path folder = of(job);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<GpuJob.ResultFile> files = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) walk::iterator) {
        String name = folder.relativize(path).toString();
        if (Files.isRegularFile(path) && !name.startsWith(".") && !name.equals("index.html")) {
          files.add(new GpuJob.ResultFile(name, Files.size(path)));
        }
      }
    }
    return files.stream()
        .sorted(Comparator.comparing(GpuJob.ResultFile::path))
        .limit(limit)
        .toList();
  }

  /** The last lines of a file, at most {@code most} bytes; empty when it is not there. */
  public String tail(ObjectKey job, String name, int most) throws IOException {
    Path file = confined(of(job), name);
    try (var channel = Files.newByteChannel(file)) {
      channel.position(Math.max(0, channel.size() - most));
      java.nio.ByteBuffer buffer = java.nio.ByteBuffer.allocate(most);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
      return new String(buffer.array(), 0, buffer.position(), UTF_8);
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  /** Removes a job's results, if they are of this very job. */
  public void removeOf(ObjectKey job, String uid) throws IOException {
    Path owner = of(job).resolve(OWNER);
    if (!Files.isRegularFile(owner) || Files.readString(owner).strip().equals(uid)) {
      remove(job);
    }
  }

  private void remove(ObjectKey job) throws IOException {
    FolderTree.delete(of(job));
  }
}
