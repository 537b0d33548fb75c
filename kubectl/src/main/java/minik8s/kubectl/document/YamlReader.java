package minik8s.kubectl.document;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads YAML the way kubectl does: the values of YAML 1.1, anchors, merge keys. Stateless; the only
 * user of the YAML library.
 */
public final class YamlReader {
  private YamlReader() {}

  /** Reads one document; {@link Json#NULL} for an empty one. */
  public static Object read(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setUseMarks(true)
            .setMaxAliasesForCollections(1000)
            .setAllowDuplicateKeys(true)
            .build();
    try {
      Composer composer =
          new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text)));
      Optional<Node> node = composer.getSingleNode();
      return node.isEmpty() ? Json.NULL : new YamlReader.Builder().value(node.get());
    } catch (MarkedYamlEngineException e) {
      throw new DocumentException(YamlComplaint.of(e), line(e), e);
    } catch (YamlEngineException e) {
      throw new DocumentException(String.valueOf(e.getMessage()), 0, e);
    }
  }

  private static int line(MarkedYamlEngineException e) {
    return e.getProblemMark().map(Mark::getLine).orElse(-1) + 1;
  }

  /** Turns nodes into values, each shared node once. */
  private static final class Builder {
    private final IdentityHashMap<Node, Object> done = new IdentityHashMap<>();
    private int expanded;

    Object value(Node node) {
      if (++expanded > 1_000_000) {
        throw new DocumentException("document contains excessive aliasing", 0);
      }
      return switch (node) {
        case ScalarNode scalar -> scalar(scalar);
        case SequenceNode sequence -> sequence(sequence);
        case MappingNode mapping -> mapping(mapping);
        default -> throw new DocumentException("unsupported node " + node.getNodeType(), 0);
      };
    }

    private static Object scalar(ScalarNode node) {
      boolean text = node.getScalarStyle() != ScalarStyle.PLAIN || tagged(node);
      return text ? node.getValue() : YamlScalar.resolve(node.getValue());
    }

    /** Whether the text says itself that it is a string, as in {@code !!str 1}. */
    private static boolean tagged(ScalarNode node) {
      return node.getTag().getValue().endsWith(":str")
          && node.getStartMark().map(Builder::startsWithBang).orElse(false);
    }

    private static boolean startsWithBang(Mark mark) {
      int at = mark.getPointer();
      return at < mark.getBuffer().length && mark.getBuffer()[at] == '!';
    }

    private Object sequence(SequenceNode node) {
      if (done.containsKey(node)) {
        return Tree.copy(done.getOrDefault(node, Json.NULL));
      }
      List<Object> list = new ArrayList<>();
      done.put(node, list);
      for (Node item : node.getValue()) {
        list.add(value(item));
      }
      return list;
    }

    private Object mapping(MappingNode node) {
      if (done.containsKey(node)) {
        return Tree.copy(done.getOrDefault(node, Json.NULL));
      }
      Map<String, Object> map = new LinkedHashMap<>();
      done.put(node, map);
      Map<String, Object> merged = new LinkedHashMap<>();
      for (NodeTuple tuple : node.getValue()) {
        String key = key(tuple.getKeyNode());
        if (key.equals("<<")) {
          merge(merged, value(tuple.getValueNode()));
        } else {
          map.put(key, value(tuple.getValueNode()));
        }
      }
      merged.forEach(map::putIfAbsent);
      return map;
    }

    private static void merge(Map<String, Object> into, Object source) {
      if (source instanceof List<?> list) {
        for (Object item : list) {
          Tree.asMap(item).forEach(into::putIfAbsent);
        }
      } else {
        Tree.asMap(source).forEach(into::putIfAbsent);
      }
    }

    private String key(Node node) {
      Object key = value(node);
      if (key instanceof Map<?, ?> || key instanceof List<?>) {
        int line = node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
        throw new DocumentException("invalid map key: " + Json.compact(key), line);
      }
      return key == Json.NULL ? "null" : Tree.scalar(key);
    }
  }
}
