package minik8s.kubectl.tar;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Unpacks a tar stream that a container made, which is not to be trusted: nothing is written
 * outside the target, nor through a link, and links are left out as kubectl leaves them out.
 * Confined to one thread.
 */
public final class TarReader {
  private static final PosixFilePermission[] BITS = PosixFilePermission.values();
  private static final int MAX_NAME = 64 << 10;

  private final InputStream in;
  private final Consumer<String> warn;

  /** A reader of a stream; told of what it leaves out. */
  public TarReader(InputStream in, Consumer<String> warn) {
    this.in = in;
    this.warn = warn;
  }

  /** One header. */
  private record Header(String name, char type, int mode, long size, String link) {}

  /**
   * Unpacks what is under {@code root} in the stream to {@code target}, which takes its place;
   * returns how many entries there were.
   */
  public int unpack(String root, Path target, boolean permissions) throws IOException {
    Path base = target.toAbsolutePath().normalize();
    String name = "";
    int count = 0;
    for (Header header = header(); header != null; header = header()) {
      switch (header.type()) {
        case TarWriter.LONG_NAME -> name = string(header.size());
        case TarWriter.LONG_LINK -> string(header.size());
        case 'x' -> name = path(string(header.size()), name);
        case 'g' -> skip(header.size());
        default -> {
          entry(name.isEmpty() ? header : renamed(header, name), root, base, permissions);
          name = "";
          count++;
        }
      }
    }
    return count;
  }

  private static Header renamed(Header header, String name) {
    return new Header(name, header.type(), header.mode(), header.size(), header.link());
  }

  private void entry(Header header, String root, Path base, boolean permissions)
      throws IOException {
    String name = header.name().replaceFirst("^(\\./|/)+", "").replaceFirst("/+$", "");
    String inside =
        name.equals(root) ? "" : name.startsWith(root + "/") ? name.substring(root.length()) : null;
    Path place = inside == null ? null : base.resolve(inside.replaceFirst("^/+", "")).normalize();
    if (place == null || !place.startsWith(base) || throughLink(base, place)) {
      warn.accept(
          "warning: file \"" + header.name() + "\" is outside target destination, skipping");
      skip(header.size());
      return;
    }
    switch (header.type()) {
      case TarWriter.FOLDER -> Files.createDirectories(place);
      case TarWriter.FILE, 0 -> {
        Path parent = place.getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        try (OutputStream out = Files.newOutputStream(place)) {
          copy(header.size(), out);
        }
        if (permissions) {
          Files.setPosixFilePermissions(place, permissions(header.mode()));
        }
      }
      default -> {
        warn.accept("warning: skipping symlink: \"" + place + "\" -> \"" + header.link() + "\"");
        skip(header.size());
      }
    }
  }

  private static boolean throughLink(Path base, Path place) {
    for (Path at = place; at != null && !at.equals(base); at = at.getParent()) {
      if (Files.isSymbolicLink(at)) {
        return true;
      }
    }
    return Files.exists(base, LinkOption.NOFOLLOW_LINKS) && Files.isSymbolicLink(base);
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < BITS.length; i++) {
      if ((mode >> (BITS.length - 1 - i) & 1) != 0) {
        set.add(BITS[i]);
      }
    }
    return set;
  }

  private @org.jspecify.annotations.Nullable Header header() throws IOException {
    byte[] block = in.readNBytes(TarWriter.BLOCK);
    if (block.length < TarWriter.BLOCK || block[0] == 0) {
      // What follows the last file is read, so that the sender is not cut off.
      in.transferTo(OutputStream.nullOutputStream());
      return null;
    }
    String name = text(block, 0, 100);
    boolean posix = text(block, 257, 6).equals("ustar") && block[262] == 0;
    String prefix = posix ? text(block, 345, 155) : "";
    return new Header(
        prefix.isEmpty() ? name : prefix + "/" + name,
        (char) block[156],
        (int) octal(block, 100, 8),
        octal(block, 124, 12),
        text(block, 157, 100));
  }

  private static String text(byte[] block, int at, int length) {
    int end = at;
    while (end < at + length && block[end] != 0) {
      end++;
    }
    return new String(block, at, end - at, UTF_8);
  }

  /** Octal digits, or GNU's binary form for what does not fit. */
  private static long octal(byte[] block, int at, int length) throws IOException {
    if ((block[at] & 0x80) != 0) {
      long value = block[at] & 0x7f;
      for (int i = 1; i < length; i++) {
        value = value << 8 | (block[at + i] & 0xff);
      }
      return value;
    }
    String digits = text(block, at, length).strip();
    try {
      return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new IOException("malformed tar header", e);
    }
  }

  private String string(long size) throws IOException {
    if (size < 0 || size > MAX_NAME) {
      throw new IOException("malformed tar header");
    }
    byte[] bytes = in.readNBytes((int) size);
    in.skipNBytes(padding(size));
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return new String(bytes, 0, end, UTF_8);
  }

  /** The {@code path} of a pax header, whose lines are {@code LENGTH NAME=VALUE}. */
  private static String path(String lines, String otherwise) {
    for (String line : lines.split("\n", -1)) {
      int space = line.indexOf(' ');
      if (space > 0 && line.startsWith("path=", space + 1)) {
        return line.substring(space + 6);
      }
    }
    return otherwise;
  }

  private void copy(long size, OutputStream out) throws IOException {
    byte[] buffer = new byte[64 << 10];
    long left = size;
    while (left > 0) {
      int got = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (got < 0) {
        throw new EOFException("unexpected end of the tar stream");
      }
      out.write(buffer, 0, got);
      left -= got;
    }
    in.skipNBytes(padding(size));
  }

  private void skip(long size) throws IOException {
    in.skipNBytes(size + padding(size));
  }

  private static long padding(long size) {
    return (TarWriter.BLOCK - size % TarWriter.BLOCK) % TarWriter.BLOCK;
  }
}
