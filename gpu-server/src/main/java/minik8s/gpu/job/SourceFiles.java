package minik8s.gpu.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minik8s.api.ConfigMap;
import minik8s.api.ObjectKey;
import minik8s.api.Resources;
import minik8s.api.Secret;
import minik8s.client.Api;
import minik8s.gpu.Allowed;
import minik8s.gpu.GpuJob;
import minik8s.gpu.slurm.UploadFile;
import org.jspecify.annotations.Nullable;

/**
 * The files of a job, from its manifest, a ConfigMap, a Secret, or a folder beside this process.
 * Thread-safe.
 */
final class SourceFiles {
  private static final int MOST_FILES = 20_000;
  private static final long MOST_BYTES = 8L << 30;
  private static final int PLAIN = 0644;

  private final Api api;
  private final @Nullable Path workDir;

  /** Why there are no files; a sentence for the user. */
  static final class Problem extends Exception {
    private static final long serialVersionUID = 1;
    private final boolean passing;

    Problem(boolean passing, String message) {
      super(message, null, false, false);
      this.passing = passing;
    }

    /** Whether it may be otherwise later, without a change of the job. */
    boolean passing() {
      return passing;
    }
  }

  /**
   * @param workDir where host paths lie; null refuses them
   */
  SourceFiles(Api api, @Nullable Path workDir) {
    this.api = api;
    this.workDir = workDir;
  }

  /** The files, sorted by path. */
  List<UploadFile> of(GpuJob job) throws Problem {
    GpuJob.Source source = job.spec().workDirectory().source();
    String volume = job.spec().volume();
    String hostPath = source.hostPath() != null ? source.hostPath().path() : volume;
    int kinds =
        (source.files().isEmpty() ? 0 : 1)
            + (source.configMap() == null ? 0 : 1)
            + (source.secret() == null ? 0 : 1)
            + (hostPath.isEmpty() ? 0 : 1);
    if (kinds > 1) {
      throw new Problem(
          false, "spec.workDirectory.source: exactly one of files, configMap, secret and hostPath");
    }
    String namespace = job.metadata().namespace();
    if (source.configMap() != null) {
      return configMap(new ObjectKey(namespace, source.configMap().name()));
    }
    if (source.secret() != null) {
      return secret(new ObjectKey(namespace, source.secret().secretName()));
    }
    if (!hostPath.isEmpty()) {
      return folder(hostPath);
    }
    if (source.files().isEmpty() && !job.spec().workDirectory().path().isEmpty()) {
      throw new Problem(
          false,
          "spec.workDirectory.path names a local folder, which only kubectl apply of this project packs; use it, or name a source");
    }
    return inline(source.files());
  }

  private static List<UploadFile> inline(List<GpuJob.InlineFile> files) throws Problem {
    Map<String, UploadFile> result = new TreeMap<>();
    for (GpuJob.InlineFile file : files) {
      String text = file.content();
      String base64 = file.contentBase64();
      if (text != null && base64 != null) {
        throw new Problem(
            false, "spec.workDirectory.source.files: content and contentBase64 exclude each other");
      }
      byte[] bytes =
          base64 != null ? decoded(base64) : text == null ? new byte[0] : text.getBytes(UTF_8);
      Integer mode = file.mode();
      if (result.put(file.path(), file(file.path(), bytes, mode == null ? PLAIN : mode & 0777))
          != null) {
        throw new Problem(false, "spec.workDirectory.source.files: two files have one path");
      }
    }
    return List.copyOf(result.values());
  }

  private static byte[] decoded(String base64) throws Problem {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new Problem(false, "spec.workDirectory.source.files: contentBase64 is no Base64");
    }
  }

  private static UploadFile file(String path, byte[] bytes, int mode) throws Problem {
    if (!Allowed.FILE.holds(path)) {
      throw new Problem(
          false,
          "spec.workDirectory: a file's name has characters that are not allowed, or leads out of the directory");
    }
    return UploadFile.of(path, bytes, mode);
  }

  private List<UploadFile> configMap(ObjectKey key) throws Problem {
    ConfigMap map =
        api.find(Resources.CONFIG_MAPS, key)
            .orElseThrow(() -> new Problem(true, "there is no ConfigMap " + key));
    List<UploadFile> files = new ArrayList<>();
    for (Map.Entry<String, String> entry : new TreeMap<>(map.data()).entrySet()) {
      files.add(file(entry.getKey(), entry.getValue().getBytes(UTF_8), PLAIN));
    }
    for (Map.Entry<String, String> entry : new TreeMap<>(map.binaryData()).entrySet()) {
      files.add(file(entry.getKey(), decoded(entry.getValue()), PLAIN));
    }
    return files;
  }

  private List<UploadFile> secret(ObjectKey key) throws Problem {
    Secret secret =
        api.find(Resources.SECRETS, key)
            .orElseThrow(() -> new Problem(true, "there is no Secret " + key));
    List<UploadFile> files = new ArrayList<>();
    for (Map.Entry<String, String> entry : new TreeMap<>(secret.data()).entrySet()) {
      files.add(file(entry.getKey(), decoded(entry.getValue()), 0600));
    }
    return files;
  }

  private List<UploadFile> folder(String hostPath) throws Problem {
    Path root = workDir;
    if (root == null) {
      throw new Problem(
          false,
          "spec.workDirectory.source.hostPath: this gpu-server has no --work-dir, so it reads no folders");
    }
    try {
      Path base = root.toRealPath();
      Path folder = base.resolve(hostPath).normalize();
      if (!folder.startsWith(base) || !folder.toRealPath().startsWith(base)) {
        throw new Problem(
            false, "spec.workDirectory.source.hostPath: not below the gpu-server's --work-dir");
      }
      return read(folder.toRealPath());
    } catch (IOException e) {
      throw new Problem(
          true,
          "spec.workDirectory.source.hostPath: the folder can't be read beside the gpu-server");
    }
  }

  private static List<UploadFile> read(Path folder) throws IOException, Problem {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              found.add(file);
            }
            return found.size() > MOST_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
          }
        });
    List<UploadFile> files = new ArrayList<>();
    long bytes = 0;
    for (Path file : found) {
      String path = folder.relativize(file).toString();
      if (!Allowed.FILE.holds(path)) {
        throw new Problem(
            false,
            "spec.workDirectory.source.hostPath: the name of a file in it has characters that are not allowed");
      }
      long size = Files.size(file);
      bytes += size;
      if (bytes > MOST_BYTES || found.size() > MOST_FILES) {
        throw new Problem(
            false,
            "spec.workDirectory.source.hostPath: more than " + MOST_FILES + " files or 8 GiB");
      }
      files.add(UploadFile.of(path, file, Files.isExecutable(file) ? 0755 : PLAIN));
    }
    files.sort(Comparator.comparing(UploadFile::path));
    return files;
  }
}
