package minik8s.kubectl.manifest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;
import org.jspecify.annotations.Nullable;

/**
 * A folder of source files on its way into a GpuJob. Reads only what lies in the folder itself: a
 * symbolic link that would be packed is refused, for it may lead anywhere. Confined to one thread.
 *
 * @param folder the folder
 * @param include patterns of files to pack; the usual ones when empty
 * @param exclude patterns of files and folders to leave out
 */
record WorkFolder(Path folder, List<String> include, List<String> exclude) {
  /** What etcd and the API server take for one object, with room for the rest of the job. */
  static final long LIMIT = 1 << 20;

  private static final List<String> USUAL =
      List.of(
          "*.{cu,cuh,h,hh,hpp,hxx,inl,c,cc,cpp,cxx,mk,cmake,sh,py}",
          "{Makefile,makefile,GNUmakefile,CMakeLists.txt}");

  /** The files as {@code source.files} holds them, sorted by path. */
  List<Object> pack() {
    List<Path> found = find();
    if (found.isEmpty()) {
      throw KubectlException.error(
          "no file in "
              + folder
              + " is one to pack"
              + (include.isEmpty() ? "; name some with spec.workDirectory.include" : ""));
    }
    weigh(found);
    List<Object> out = new ArrayList<>();
    for (Path file : found) {
      out.add(packed(file));
    }
    return out;
  }

  private List<Path> find() {
    Patterns wanted = new Patterns(include.isEmpty() ? USUAL : include);
    Patterns unwanted = new Patterns(exclude);
    List<Path> out = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          EnumSet.noneOf(FileVisitOption.class),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path place, BasicFileAttributes attributes) {
              boolean skipped =
                  !place.equals(folder) && (hidden(place) || unwanted.match(relative(place)));
              return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (!hidden(file) && !unwanted.match(relative(file))) {
                if (attributes.isSymbolicLink()) {
                  link(file, wanted);
                } else if (attributes.isRegularFile() && wanted.match(relative(file))) {
                  out.add(file);
                }
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw KubectlException.error("reading " + folder + ": " + e.getMessage());
    }
    out.sort(Comparator.comparing(file -> relative(file).toString()));
    return out;
  }

  /** Links to folders hold what would have been packed, so they are refused like links to files. */
  private void link(Path file, Patterns wanted) {
    if (wanted.match(relative(file)) || Files.isDirectory(file)) {
      throw KubectlException.error(
          file
              + " is a symbolic link, and those are not packed: put the file itself in its place, or"
              + " leave it out with spec.workDirectory.exclude");
    }
  }

  /** What begins with a dot is somebody's settings or history, never a source. */
  private static boolean hidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  private Path relative(Path path) {
    return folder.relativize(path);
  }

  private void weigh(List<Path> files) {
    long sum = 0;
    for (Path file : files) {
      sum += size(file);
    }
    if (sum > LIMIT) {
      String largest =
          files.stream()
              .sorted(Comparator.comparingLong(WorkFolder::size).reversed())
              .limit(3)
              .map(file -> relative(file) + " (" + mebibytes(size(file)) + ")")
              .collect(Collectors.joining(", "));
      throw KubectlException.error(
          folder
              + " holds "
              + mebibytes(sum)
              + " in "
              + files.size()
              + " files, and a GpuJob carries at most 1 MiB. The largest: "
              + largest
              + ". Leave files out with spec.workDirectory.exclude, or lay the folder beside the"
              + " gpu-server and name it in spec.workDirectory.source.hostPath");
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static String mebibytes(long bytes) {
    return bytes < 10_486
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%.2f MiB", bytes / 1048576.0);
  }

  private Map<String, Object> packed(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    String text = text(bytes);
    // The same on every system: the separator of the cluster.
    String path = relative(file).toString().replace('\\', '/');
    Map<String, Object> out =
        text == null
            ? Tree.of("path", path, "contentBase64", Base64.getEncoder().encodeToString(bytes))
            : Tree.of("path", path, "content", text);
    if (Files.isExecutable(file)) {
      out.put("mode", 0755L);
    }
    return out;
  }

  private static KubectlException unreadable(Path file, IOException e) {
    return KubectlException.error("reading " + file + ": " + e.getMessage());
  }

  /** The bytes as text, or null when they are none. */
  private static @Nullable String text(byte[] bytes) {
    for (byte one : bytes) {
      if (one == 0) {
        return null;
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** The folder that a manifest names: below the manifest's own, by no link. */
  static Path below(Path home, String path) {
    Path named = home.resolve(path).normalize();
    boolean inside = !Path.of(path).isAbsolute() && named.startsWith(home.normalize());
    if (!inside) {
      throw KubectlException.error(
          "spec.workDirectory.path \""
              + path
              + "\" leads out of the folder of the manifest; only folders below it are packed");
    }
    if (!Files.isDirectory(named, LinkOption.NOFOLLOW_LINKS)) {
      throw KubectlException.error(
          "spec.workDirectory.path \""
              + path
              + "\" is no folder beside the manifest (looked at "
              + named
              + ")");
    }
    Path step = home.normalize();
    for (Path name : step.relativize(named)) {
      step = step.resolve(name);
      if (Files.isSymbolicLink(step)) {
        throw KubectlException.error(
            "spec.workDirectory.path \"" + path + "\" goes over the symbolic link " + step);
      }
    }
    return named;
  }
}
