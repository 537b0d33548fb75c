package minik8s.kubectl.document;

import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** The parser's complaint in the words that Go's YAML library uses for the same mistake. */
final class YamlComplaint {
  private YamlComplaint() {}

  static String of(MarkedYamlEngineException e) {
    String context = String.valueOf(e.getContext());
    String problem = e.getProblem().isEmpty() ? context : e.getProblem();
    if (problem.contains("mapping values are not allowed")) {
      return "mapping values are not allowed in this context";
    }
    if (problem.contains("'\\t(TAB)'") || problem.contains("\\t")) {
      return "found character that cannot start any token";
    }
    if (problem.startsWith("found undefined alias ")) {
      return "unknown anchor '"
          + problem.substring("found undefined alias ".length())
          + "' referenced";
    }
    if (problem.contains("that cannot start any token")) {
      return "found character that cannot start any token";
    }
    if (problem.startsWith("found unknown escape character")) {
      return "found unknown escape character";
    }
    if (context.contains("parsing a block collection")) {
      return "did not find expected '-' indicator";
    }
    if (context.contains("parsing a block mapping") || problem.contains("expected <block end>")) {
      return "did not find expected key";
    }
    if (context.contains("parsing a flow sequence")) {
      return "did not find expected ',' or ']'";
    }
    if (context.contains("parsing a flow mapping")) {
      return "did not find expected ',' or '}'";
    }
    if (problem.contains("could not find expected ':'")) {
      return "could not find expected ':'";
    }
    if (context.contains("parsing a flow node") || context.contains("parsing a block node")) {
      return "did not find expected node content";
    }
    return problem;
  }
}
