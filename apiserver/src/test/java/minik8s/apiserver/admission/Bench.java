package minik8s.apiserver.admission;

import java.util.List;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.FakeLookup;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import tools.jackson.databind.node.ObjectNode;

/** Documents and the strategies they pass, for tests of this package. Stateless. */
final class Bench {
  static final KindTable KINDS = new KindTable();
  static final Strategies STRATEGIES = new Strategies();

  private Bench() {}

  static Kind kind(String apiVersion, String kind) {
    return KINDS.findByKind(apiVersion, kind).orElseThrow();
  }

  static Strategy strategy(ObjectNode doc) {
    return STRATEGIES.of(kind(doc.path("apiVersion").asString(""), doc.path("kind").asString("")));
  }

  /** A document; single quotes stand for double ones. */
  static ObjectNode doc(String json) {
    return (ObjectNode) Json.parse(json.replace('\'', '"'));
  }

  /** As it is after a create: owned, defaulted. */
  static ObjectNode created(String json) {
    ObjectNode doc = doc(json);
    strategy(doc).prepareForCreate(doc);
    strategy(doc).applyDefaults(doc);
    return doc;
  }

  /** The sentences about a new document. */
  static List<String> errors(String json) {
    ObjectNode doc = created(json);
    return strategy(doc).validate(doc).stream().map(FieldError::toString).toList();
  }

  /** The sentences about a change. */
  static List<String> errors(ObjectNode doc, ObjectNode old) {
    strategy(doc).prepareForUpdate(doc, old);
    strategy(doc).applyDefaults(doc);
    return strategy(doc).validateUpdate(doc, old).stream().map(FieldError::toString).toList();
  }

  static Admission admission(FakeLookup lookup) {
    return new Admission(lookup, "10.96.0.0/16");
  }

  static final String POD =
      """
      {'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'default'},
       'spec':{'containers':[{'name':'c','image':'nginx:1.27'}]}}
      """;

  static final String DEPLOYMENT =
      """
      {'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'ap','namespace':'default'},
       'spec':{'replicas':1,'selector':{'matchLabels':{'app':'ap'}},
        'template':{'metadata':{'labels':{'app':'ap'}},
         'spec':{'containers':[{'image':'nginx:1','name':'c1'},
           {'command':['sleep','1'],'image':'busybox','name':'c2'}]}}}}
      """;
}
