package minik8s.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/pod-fields.md tells the truth about every field of PodSpec and Container. */
class PodFieldsTest {
  private static final Path SOURCE = source();
  private static final Pattern TYPE = Pattern.compile("@(core\\.v1\\.\\w+)");
  private static final int DEPTH = 8;
  private static final Set<String> CONTAINERS =
      Set.of("core.v1.Container", "core.v1.EphemeralContainer");

  private record Field(String name, String type) {}

  /** One row of the table. */
  private record Row(String field, String state, String proof) {}

  private static Path source() {
    for (Path place = Path.of("").toAbsolutePath(); place != null; place = place.getParent()) {
      if (Files.exists(place.resolve("docs/pod-fields.md"))) {
        return place;
      }
    }
    throw new AssertionError("docs/pod-fields.md is not above " + Path.of("").toAbsolutePath());
  }

  private static Map<String, List<Field>> types() {
    Map<String, List<Field>> types = new LinkedHashMap<>();
    List<Field> fields = new ArrayList<>();
    try (var in = ActedOn.class.getResourceAsStream("/minik8s/apiserver/schema/types.txt")) {
      assertThat(in).isNotNull();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (line.startsWith("T ")) {
          fields = new ArrayList<>();
          types.put(line.split(" ")[1], fields);
        } else if (!line.startsWith("K ") && line.contains(" ")) {
          Matcher type = TYPE.matcher(line);
          fields.add(new Field(line.split(" ")[0], type.find() ? type.group(1) : ""));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return types;
  }

  /** The fields of a type, those of inlined types among them. */
  private static List<Field> fields(Map<String, List<Field>> types, String type) {
    List<Field> all = new ArrayList<>();
    for (Field field : types.getOrDefault(type, List.of())) {
      if (field.name().equals("~")) {
        all.addAll(fields(types, field.type()));
      } else {
        all.add(field);
      }
    }
    return all;
  }

  /** What nothing acts on below a path, the shortest paths that say so. */
  private static void idle(
      Map<String, List<Field>> types, String path, String type, int depth, Set<String> idle) {
    if (ActedOn.covers(path)) {
      return;
    }
    if (!ActedOn.touches(path)) {
      idle.add(path);
      return;
    }
    if (CONTAINERS.contains(type) || depth == 0) {
      // They have a table of their own.
      return;
    }
    fields(types, type).forEach(f -> idle(types, path + "." + f.name(), f.type(), depth - 1, idle));
  }

  private static Set<String> idle(Map<String, List<Field>> types, String path, String type) {
    Set<String> idle = new TreeSet<>();
    idle(types, path, type, DEPTH, idle);
    return idle;
  }

  private static List<Row> rows(String heading) throws IOException {
    String text = Files.readString(SOURCE.resolve("docs/pod-fields.md"));
    String part = text.substring(text.indexOf("## " + heading + "\n"));
    int next = part.indexOf("\n## ");
    List<Row> rows = new ArrayList<>();
    for (String line : (next < 0 ? part : part.substring(0, next)).split("\n")) {
      if (line.startsWith("| `")) {
        String[] cells = line.split("\\|");
        rows.add(new Row(cells[1].strip().replace("`", ""), cells[2].strip(), cells[3].strip()));
      }
    }
    return rows;
  }

  private static void check(String heading, String type, String prefix) throws IOException {
    Map<String, List<Field>> types = types();
    List<Row> rows = rows(heading);
    assertThat(rows)
        .extracting(Row::field)
        .containsExactlyElementsOf(fields(types, type).stream().map(Field::name).toList());
    for (Field field : fields(types, type)) {
      Row row = rows.stream().filter(r -> r.field().equals(field.name())).findFirst().orElseThrow();
      String path = prefix + field.name();
      Set<String> idle = idle(types, path, field.type());
      if (idle.contains(path) && !prefix.isEmpty()) {
        // Some fields mean something only in a container that runs before the others.
        idle = ActedOn.covers("initContainers." + field.name()) ? Set.of() : idle;
      }
      if (idle.contains(path)) {
        assertThat(row.state()).as(path).isEqualTo("stored with a warning");
        continue;
      }
      Set<String> names = new TreeSet<>();
      idle.forEach(one -> names.add("`" + one.substring(path.length() + 1) + "`"));
      assertThat(row.state())
          .as(path)
          .isEqualTo(idle.isEmpty() ? "acted on" : "acted on, but for " + String.join(", ", names));
      assertThat(row.proof()).as("a test for " + path).isNotEmpty();
    }
  }

  @Test
  void tellsWhatBecomesOfEachFieldOfAPod() throws IOException {
    check("PodSpec", "core.v1.PodSpec", "");
  }

  @Test
  void tellsWhatBecomesOfEachFieldOfAContainer() throws IOException {
    check("Container", "core.v1.Container", "containers.");
  }

  @Test
  void actsOnNineFieldsOfTen() throws IOException {
    List<Row> all = new ArrayList<>(rows("PodSpec"));
    all.addAll(rows("Container"));
    long acted = all.stream().filter(r -> r.state().startsWith("acted on")).count();
    assertThat(acted * 10).as(acted + " of " + all.size()).isGreaterThanOrEqualTo(all.size() * 9L);
  }

  @Test
  void namesTestsThatExist() throws IOException {
    String tests;
    try (Stream<Path> files = Files.walk(SOURCE)) {
      tests =
          String.join(
              " ",
              files
                  .map(file -> String.valueOf(file.getFileName()))
                  .filter(name -> name.endsWith("Test.java") || name.endsWith("IT.java"))
                  .map(name -> "/" + name)
                  .toList());
    }
    List<Row> all = new ArrayList<>(rows("PodSpec"));
    all.addAll(rows("Container"));
    for (Row row : all) {
      for (String name : row.proof().isEmpty() ? new String[0] : row.proof().split(", ")) {
        assertThat(tests).as(row.field()).contains("/" + name.replace("`", "") + ".java");
      }
    }
  }
}
