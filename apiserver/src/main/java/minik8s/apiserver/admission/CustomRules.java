package minik8s.apiserver.admission;

import tools.jackson.databind.node.ObjectNode;

/** The rules of custom resources; their schema is enforced where schemas live. Immutable. */
record CustomRules(boolean hasStatus) implements Rules {
  @Override
  public boolean countsInGeneration(ObjectNode doc, ObjectNode old) {
    return Rules.super.countsInGeneration(doc, old)
        || (!hasStatus && !Docs.same(doc, old, "status"));
  }
}
