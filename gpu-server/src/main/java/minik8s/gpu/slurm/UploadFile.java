package minik8s.gpu.slurm;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One file to upload. Immutable.
 *
 * @param path relative, in the working directory
 * @param mode permission bits
 * @param sha256 in hex
 */
public record UploadFile(String path, Content content, int mode, long size, String sha256) {
  /** Opens the content, any number of times. */
  @FunctionalInterface
  public interface Content {
    InputStream open() throws IOException;
  }

  /** A file of these bytes, which nobody changes afterwards. */
  public static UploadFile of(String path, byte[] bytes, int mode) {
    return new UploadFile(
        path, () -> new ByteArrayInputStream(bytes), mode, bytes.length, Checksums.sha256(bytes));
  }

  /** A file beside this process. */
  public static UploadFile of(String path, Path file, int mode) throws IOException {
    return new UploadFile(
        path, () -> Files.newInputStream(file), mode, Files.size(file), Checksums.sha256(file));
  }
}
