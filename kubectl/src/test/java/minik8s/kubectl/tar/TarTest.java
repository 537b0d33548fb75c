package minik8s.kubectl.tar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarTest {
  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();

  private byte[] packed(Path source, String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(out)) {
      tar.add(source, name);
    }
    return out.toByteArray();
  }

  private int unpack(byte[] tar, String root, Path target) throws IOException {
    return new TarReader(new ByteArrayInputStream(tar), warnings::add).unpack(root, target, true);
  }

  @Test
  void bringsATreeBack() throws IOException {
    Path source = Files.createDirectories(folder.resolve("from/sub"));
    Files.writeString(source.resolve("a"), "x".repeat(1000));
    Files.writeString(source.resolve("b".repeat(150)), "long");
    Files.setPosixFilePermissions(
        source.resolve("a"), PosixFilePermissions.fromString("rwxr-x---"));
    Files.writeString(folder.resolve("from/empty"), "");
    byte[] tar = packed(folder.resolve("from"), "tmp/from");

    assertThat(unpack(tar, "tmp/from", folder.resolve("to"))).isEqualTo(5);

    assertThat(folder.resolve("to/sub/a")).hasContent("x".repeat(1000));
    assertThat(folder.resolve("to/sub/" + "b".repeat(150))).hasContent("long");
    assertThat(folder.resolve("to/empty")).isEmptyFile();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("to/sub/a"))))
        .isEqualTo("rwxr-x---");
  }

  @Test
  void readsWhatTarWrites() throws Exception {
    String deep = "é" + "d".repeat(60) + "/" + "n".repeat(60);
    Path source = Files.createDirectories(folder.resolve("src/" + deep).getParent());
    Files.writeString(source.resolve("n".repeat(60)), "posix");
    for (String format : List.of("gnu", "pax", "ustar")) {
      Process tar =
          new ProcessBuilder(
                  "tar", "--format=" + format, "-cf", "-", "-C", folder.toString(), "src")
              .start();
      byte[] bytes = tar.getInputStream().readAllBytes();
      Path to = folder.resolve(format);
      unpack(bytes, "src", to);
      assertThat(to.resolve(deep)).as(format).hasContent("posix");
    }
  }

  @Test
  void writesWhatTarReads() throws Exception {
    Path source = Files.createDirectories(folder.resolve("src"));
    Files.writeString(source.resolve("n".repeat(120)), "long");
    Files.createSymbolicLink(source.resolve("link"), Path.of("nowhere"));
    Path file = folder.resolve("all.tar");
    Files.write(file, packed(source, "dst"));
    Process tar =
        new ProcessBuilder("tar", "-xf", file.toString(), "-C", folder.toString()).start();
    assertThat(tar.waitFor()).isZero();
    assertThat(folder.resolve("dst/" + "n".repeat(120))).hasContent("long");
    assertThat(Files.readSymbolicLink(folder.resolve("dst/link"))).isEqualTo(Path.of("nowhere"));
  }

  @Test
  void writesNothingOutsideItsTarget() throws IOException {
    Path evil = Files.writeString(folder.resolve("evil"), "evil");
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    Path target = folder.resolve("target");
    unpack(packed(evil, "root/../../out"), "root", target);
    unpack(packed(evil, "other/out"), "root", target);
    unpack(packed(link, "root/way"), "root", target);
    Files.createDirectories(target);
    Files.createSymbolicLink(target.resolve("door"), folder);
    unpack(packed(evil, "root/door/out"), "root", target);
    assertThat(folder.resolve("out")).doesNotExist();
    assertThat(target.resolve("way")).doesNotExist();
    assertThat(warnings).hasSize(4);
  }
}
