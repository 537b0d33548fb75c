package minik8s.kubectl.tar;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Writes files, folders and symbolic links as a POSIX tar stream. Confined to one thread. */
public final class TarWriter implements AutoCloseable {
  static final int BLOCK = 512;
  static final char FILE = '0';
  static final char LINK = '2';
  static final char FOLDER = '5';
  static final char LONG_NAME = 'L';
  static final char LONG_LINK = 'K';
  private static final int NAME = 100;
  private static final PosixFilePermission[] BITS = PosixFilePermission.values();

  private final OutputStream out;

  /** A writer on a stream that it closes. */
  public TarWriter(OutputStream out) {
    this.out = out;
  }

  /** Adds a file or a whole folder under a name. */
  public void add(Path source, String name) throws IOException {
    int mode = mode(source);
    if (Files.isSymbolicLink(source)) {
      header(name, LINK, 0777, 0, seconds(source), Files.readSymbolicLink(source).toString());
    } else if (Files.isDirectory(source)) {
      header(name + "/", FOLDER, mode, 0, seconds(source), "");
      List<Path> children;
      try (Stream<Path> list = Files.list(source)) {
        children = list.sorted().toList();
      }
      for (Path child : children) {
        add(child, name + "/" + child.getFileName());
      }
    } else if (Files.isRegularFile(source)) {
      long size = Files.size(source);
      header(name, FILE, mode, size, seconds(source), "");
      copy(source, size);
    }
  }

  /** Exactly as many bytes as the header says, should the file change meanwhile. */
  private void copy(Path source, long size) throws IOException {
    byte[] buffer = new byte[64 << 10];
    long left = size;
    try (var in = Files.newInputStream(source)) {
      while (left > 0) {
        int got = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (got < 0) {
          throw new IOException(source + " became shorter while it was read");
        }
        out.write(buffer, 0, got);
        left -= got;
      }
    }
    pad(size);
  }

  private static long seconds(Path source) throws IOException {
    return Files.getLastModifiedTime(source, LinkOption.NOFOLLOW_LINKS).toMillis() / 1000;
  }

  private static int mode(Path source) throws IOException {
    Set<PosixFilePermission> set = Files.getPosixFilePermissions(source, LinkOption.NOFOLLOW_LINKS);
    int mode = 0;
    for (PosixFilePermission bit : BITS) {
      mode = mode << 1 | (set.contains(bit) ? 1 : 0);
    }
    return mode;
  }

  private void header(String name, char type, int mode, long size, long time, String link)
      throws IOException {
    longer(name, LONG_NAME);
    longer(link, LONG_LINK);
    byte[] block = new byte[BLOCK];
    text(block, 0, NAME, name);
    octal(block, 100, 8, mode);
    octal(block, 108, 8, 0);
    octal(block, 116, 8, 0);
    octal(block, 124, 12, size);
    octal(block, 136, 12, time);
    block[156] = (byte) type;
    text(block, 157, NAME, link);
    text(block, 257, 8, "ustar  ");
    for (int i = 148; i < 156; i++) {
      block[i] = ' ';
    }
    long sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    octal(block, 148, 7, sum);
    out.write(block);
  }

  /** A name that does not fit goes before as a file of its own, as GNU tar does it. */
  private void longer(String text, char type) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    if (bytes.length > NAME) {
      header("././@LongLink", type, 0644, bytes.length + 1L, 0, "");
      out.write(bytes);
      out.write(0);
      pad(bytes.length + 1L);
    }
  }

  private void pad(long size) throws IOException {
    out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
  }

  private static void text(byte[] block, int at, int length, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    System.arraycopy(bytes, 0, block, at, Math.min(length, bytes.length));
  }

  private static void octal(byte[] block, int at, int length, long value) throws IOException {
    String digits = Long.toOctalString(value);
    if (digits.length() >= length) {
      throw new IOException("a file of " + value + " bytes does not fit a tar header");
    }
    text(block, at, length, "0".repeat(length - 1 - digits.length()) + digits);
  }

  @Override
  public void close() throws IOException {
    try (out) {
      out.write(new byte[2 * BLOCK]);
      out.flush();
    }
  }
}
